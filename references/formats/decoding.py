"""From the bytes of a file to its text and its format, before anything takes it apart."""

import codecs
import re

from references.formats import bibtex, nbib, ris
from references.formats.record import MOST_BYTES, NotReferences

_REMEDY = "Export the references as RIS, BibTeX, CSL-JSON, or from PubMed as NBIB or XML."
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_PUBMED = re.compile(r"<(?:PubmedArticleSet|PubmedArticle|PubmedBookArticle)\b")
_DECLARATION = re.compile(r"^\s{0,100}<\?xml[^<>]{0,200}\?>")
_HEAD = 100_000  # where PubMed's first element must stand


def decoded(data: bytes | str) -> str:
    """A file as text with line feeds: UTF-8 or UTF-16 by its mark, else UTF-8, else Windows-1252.

    Raises NotReferences for what is empty, too large, or no text.
    """
    if len(data) > MOST_BYTES:
        raise NotReferences(
            f"This is larger than {MOST_BYTES // 1_000_000} MB. Export fewer references at once, without attached files."
        )
    text = data if isinstance(data, str) else _text(data)
    if "\x00" in text:
        raise NotReferences(f"This is no text file. {_REMEDY}")
    # Where exports were joined to one file, the mark of UTF-8 stands before the first tag of each.
    text = text.replace("\ufeff", "").replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise NotReferences(f"There is nothing here to read. {_REMEDY}")
    return text


def recognised(text: str, name: str = "") -> str:
    """The format of a text by its content, as a key of FORMATS. Raises NotReferences for one that we do not know.

    Where a text could be of several, the one whose first record stands first counts: RIS quotes BibTeX in its notes.
    """
    start = text.lstrip()
    if start.startswith("<"):
        if _PUBMED.search(start[:_HEAD]):
            return "pubmed-xml"
        raise NotReferences(f"{_called(name)} is XML or a web page, but not PubMed's. {_REMEDY}")
    if start[0] in "[{":
        return "csl-json"
    begins = {"ris": ris.BEGINS, "nbib": nbib.BEGINS, "bibtex": bibtex.BEGINS}
    found = {format: begin.start() for format, pattern in begins.items() if (begin := pattern.search(text))}
    if not found:
        raise NotReferences(f"{_called(name)} is in none of the formats that we read. {_REMEDY}")
    return min(found, key=found.__getitem__)


def for_xml(data: bytes | str) -> bytes:
    """What an XML reader is given: the bytes as they came, so that its own declaration counts; text as UTF-8."""
    if isinstance(data, bytes):
        return data if data.startswith(_UTF_16) else data.removeprefix(codecs.BOM_UTF8).lstrip()
    return _DECLARATION.sub("", data.removeprefix("\ufeff"), count=1).lstrip().encode("utf-8", "replace")


def _text(data: bytes) -> str:
    try:
        if data.startswith(_UTF_16):
            return data.decode("utf-16")
        return data.decode("utf-8")
    except UnicodeDecodeError as problem:
        if problem.encoding.startswith("utf-16"):
            raise NotReferences("The file ends in the middle of a letter. Export it anew.") from None
        # Five bytes mean nothing in Windows-1252; Latin-1 takes every byte.
        return data.decode("cp1252") if not set(b"\x81\x8d\x8f\x90\x9d") & set(data) else data.decode("latin-1")


def _called(name: str) -> str:
    return f"“{name[:80]}”" if name else "This"
