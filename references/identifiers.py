"""Identifiers of publications, checked and brought into one form. Plain Python."""

import re
from urllib.parse import quote, unquote, urlsplit

# Crossref's recommended pattern for DOIs (crossref.org/blog/dois-and-matching-regular-expressions).
_DOI = re.compile(r"10\.\d{4,9}/[-._;()/:a-z0-9<>\[\]+%&#~=@!*',$?\\]+", re.ASCII)
_DOI_PREFIX = re.compile(r"^(https?://(dx\.)?doi\.org/|doi:?\s*)", re.IGNORECASE)


class NotAnIdentifier(ValueError):
    """Text is not an identifier of the kind it is given as. The message says how one looks."""


def doi(text: str) -> str:
    """A DOI in lower case without its resolver: `10.3390/ijms19030739`. Empty text stays empty.

    DOIs are case-insensitive (DOI Handbook, 2.4), so lower case makes two spellings equal.
    """
    text = unquote(_DOI_PREFIX.sub("", text.strip())).rstrip(".").lower()
    if text and not _DOI.fullmatch(text):
        raise NotAnIdentifier(f"“{text}” is not a DOI. One looks like 10.3390/ijms19030739.")
    return text


def pmid(text: str) -> str:
    """A PubMed identifier: 1 to 8 digits, no leading zero."""
    text = re.sub(r"^(pmid:?\s*|https?://pubmed\.ncbi\.nlm\.nih\.gov/)", "", text.strip(), flags=re.IGNORECASE).rstrip(
        "/"
    )
    if text and not re.fullmatch(r"[1-9]\d{0,7}", text, re.ASCII):
        raise NotAnIdentifier(f"“{text}” is not a PubMed number. One looks like 29510588: digits only.")
    return text


def pmcid(text: str) -> str:
    """A PubMed Central identifier: `PMC` and digits."""
    found = re.search(r"(?:pmc)?\s*(\d{1,9})/?$", text.strip(), re.IGNORECASE | re.ASCII)
    if not text.strip():
        return ""
    if not found or not re.fullmatch(r"(https?://\S+/)?(pmcid:?\s*)?(pmc)?\s*\d{1,9}/?", text.strip(), re.IGNORECASE):
        raise NotAnIdentifier(f"“{text}” is not a PubMed Central number. One looks like PMC5485075.")
    return f"PMC{found[1]}"


def url(text: str) -> str:
    """A web address with a scheme and a host. Empty text stays empty."""
    text = text.strip()
    if not text:
        return ""
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        host = None
    if not host or parts.scheme not in {"http", "https"} or re.search(r"\s", text) or "@" in parts.netloc:
        raise NotAnIdentifier(f"“{text}” is not a web address. One looks like https://www.nice.org.uk/guidance/ta488.")
    return text


def doi_address(text: str) -> str:
    """Where a DOI leads: its characters that mean something in an address are quoted (DOI Handbook, 3.8)."""
    return f"https://doi.org/{quote(text, safe='/:;()')}"
