"""Bibliographic records from and to the formats of reference managers, PubMed and publishers. Plain Python.

`read` takes whatever an editor pastes or uploads; `write` gives what those programs read. `read(write([source], format))`
gives the source again, if it is as we keep sources: texts on one line, pages written out, a key with a letter in it. Only
its standing is lost, which no format can say.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from references.content import Source
from references.formats import bibtex, csl_json, nbib, pubmed_xml, ris
from references.formats.decoding import decoded, for_xml, recognised
from references.formats.finishing import finished
from references.formats.record import (
    MOST_BYTES,
    MOST_RECORDS,
    Draft,
    Found,
    NotReferences,
    Problem,
    Record,
    TooManyRecords,
)

__all__ = [
    "FORMATS",
    "MOST_BYTES",
    "MOST_RECORDS",
    "Format",
    "Found",
    "NotReferences",
    "Problem",
    "Record",
    "read",
    "write",
]


class Format(NamedTuple):
    """A format as people see it, and as a file of it is sent. `write` is nothing where we only read it."""

    label: str
    ending: str
    media_type: str
    write: Callable[[Iterable[Source]], str] | None = None


FORMATS = {
    "ris": Format("RIS", ".ris", "application/x-research-info-systems", ris.write),
    "bibtex": Format("BibTeX", ".bib", "application/x-bibtex", bibtex.write),
    "csl-json": Format("CSL-JSON", ".json", "application/vnd.citationstyles.csl+json", csl_json.write),
    "nbib": Format("PubMed NBIB", ".nbib", "application/nbib"),
    "pubmed-xml": Format("PubMed XML", ".xml", "application/xml"),
}
_READERS: dict[str, Callable[[str], Iterator[Draft | Problem]]] = {
    "ris": ris.read,
    "bibtex": bibtex.read,
    "csl-json": csl_json.read,
    "nbib": nbib.read,
}


def read(data: bytes | str, name: str = "") -> Found:
    """All records of a file, or of pasted text, with what had to be tidied and which of them cannot be kept.

    The content says which format it is; `name`, the file's, is for sentences only. Raises NotReferences, a ValueError
    with a sentence that names the remedy, if nothing of the whole can be read.
    """
    text = decoded(data)
    format = recognised(text, name)
    drafts = pubmed_xml.read(for_xml(data)) if format == "pubmed-xml" else _READERS[format](text)
    return Found(format, *finished(_counted(drafts)))


def write(sources: Iterable[Source], format: str) -> str:
    """Sources in “ris”, “bibtex” or “csl-json”, to be sent in UTF-8. Raises ValueError for another format."""
    writer = FORMATS[format].write if format in FORMATS else None
    if writer is None:
        known = ", ".join(name for name, one in FORMATS.items() if one.write)
        raise ValueError(f"References are not written as “{format}”. Choose one of {known}.")
    return writer(sources)


def _counted(found: Iterable[Draft | Problem]) -> Iterator[Draft | Problem]:
    """The records as they come, until there are too many: what follows is not even taken apart."""
    for number, one in enumerate(found, start=1):
        if number > MOST_RECORDS:
            raise TooManyRecords
        yield one
