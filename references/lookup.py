"""The record of a publication, asked of those who keep it, in the bytes that references/formats reads. Plain Python."""

from urllib.parse import urlencode

from references import identifiers
from references.fetching import STRICT, Answer, Gate, NameUnknown, NoNetwork, NotFetched, fetch

CSL_JSON = "application/vnd.citationstyles.csl+json"
_EFETCH = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils/efetch.fcgi"
_MOST_BYTES = 2_000_000  # of one record; the longest, with thousands of authors, have about half of it


class NotKnown(NotFetched):
    """Those who keep the records have none of this number, or none that can be read."""


class AskedTooOften(NotFetched):
    """They want to be asked again later."""


def by_doi(doi: str, *, site: str = "", gate: Gate = STRICT) -> bytes:
    """The record of a DOI as CSL-JSON, by content negotiation (Crossref, DataCite, mEDRA: citation.doi.org/docs.html).

    `site` is our own address, by which those who are asked can find us. Raises NotFetched, of which NotKnown and
    AskedTooOften are kinds, and identifiers.NotAnIdentifier.
    """
    doi = identifiers.doi(doi)
    if not doi:
        raise identifiers.NotAnIdentifier("A DOI is needed. One looks like 10.3390/ijms19030739.")
    answer = _asked(identifiers.doi_address(doi), "doi.org", accept=CSL_JSON, site=site, gate=gate)
    if answer.status == 404:
        raise NotKnown(f"The DOI {doi} is not known at doi.org. Compare it with the publication, letter by letter.")
    _check(answer, "doi.org")
    if "json" not in answer.media_type:  # agencies without this service send their page for readers instead
        raise NotKnown(f"The DOI {doi} exists, but whoever registered it gives no record of it. Type it in by hand.")
    return answer.body


def by_pmid(pmid: str, *, site: str = "", gate: Gate = STRICT) -> bytes:
    """The record of a PubMed number in MEDLINE's format, as UTF-8 (NCBI E-utilities, efetch). Takes and raises as `by_doi`.

    Without a key NCBI allows three requests in a second: whoever asks for many waits between them.
    """
    pmid = identifiers.pmid(pmid)
    if not pmid:
        raise identifiers.NotAnIdentifier("A PubMed number is needed. One looks like 29510588.")
    query = urlencode({"db": "pubmed", "id": pmid, "rettype": "medline", "retmode": "text"})
    answer = _asked(f"{_EFETCH}?{query}", "PubMed", accept="text/plain", site=site, gate=gate)
    # An unknown number is answered by 400, or by 200 and a text without a record.
    if answer.status in {400, 404} or (answer.status == 200 and b"PMID-" not in answer.body):
        raise NotKnown(f"The number {pmid} is not known at PubMed. Compare it with the publication, digit by digit.")
    _check(answer, "PubMed")
    return answer.body


def _asked(url: str, keeper: str, *, accept: str, site: str, gate: Gate) -> Answer:
    user_agent = f"ReferenceLookup/1.0 (+{site})" if site else "ReferenceLookup/1.0"
    try:
        answer = fetch(url, user_agent=user_agent, accept=accept, most_bytes=_MOST_BYTES, gate=gate)
    except NameUnknown as problem:  # these names exist: whoever says otherwise has nobody to ask
        raise NoNetwork(f"{keeper} could not be reached: this machine has no network.") from problem
    if answer.status == 429:
        wait = f"{answer.retry_after} seconds" if answer.retry_after.isdigit() else "a few minutes"
        raise AskedTooOften(f"{keeper} was asked too often. Wait {wait}, then try again.")
    return answer


def _check(answer: Answer, keeper: str) -> None:
    if answer.status in {204, 406}:
        raise NotKnown(f"{keeper} has no record of it in a form that can be read here. Type it in by hand.")
    if answer.status != 200:
        raise NotFetched(
            f"{keeper} cannot answer now (status {answer.status}). Try again later, or type it in by hand."
        )
