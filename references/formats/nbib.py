"""NBIB: PubMed's MEDLINE format, “Citation manager” and “PubMed” under Save. It is read and not written.

Rules: MEDLINE/PubMed Data Element (Field) Descriptions, nlm.nih.gov/bsd/mms/medlineelements.html: a tag of up to four
letters, a hyphen in the fifth place, values that go on behind six spaces, an empty line between records.
"""

import re
from collections import defaultdict
from collections.abc import Iterator

from references.content import SourceType
from references.formats import medline
from references.formats.names import medline as medline_name
from references.formats.names import without_et_al
from references.formats.record import Draft, Name

BEGINS = re.compile(r"^PMID {0,2}-(?: |$)", re.MULTILINE)
_LINE = re.compile(r"([A-Z][A-Z0-9]{1,3}) {0,2}-(?: (.*)|$)")
_LOCATED = re.compile(r"(.*?)\s*\[(doi|pii)\]")

Tags = defaultdict[str, list[str]]


def read(text: str) -> Iterator[Draft]:
    """The records of a file. What follows an empty line without a tag belongs to none."""
    for position, (line, pairs) in enumerate(_pieces(text), start=1):
        tags: Tags = defaultdict(list)
        for tag, value in pairs:
            tags[tag].append(value)
        yield _draft(tags, pairs, position, line)


def _pieces(text: str) -> Iterator[tuple[int, list[tuple[str, str]]]]:
    """Each record's first line, and its tags with their values in the file's order."""
    begin, values, goes_on = 0, list[tuple[str, list[str]]](), False
    for number, line in enumerate(text.split("\n"), start=1):
        found = _LINE.match(line)
        if found and found[1] == "PMID":
            if values:
                yield begin, _pairs(values)
            begin, values = number, []
        if found and begin:
            values.append((found[1], [(found[2] or "").strip()]))
        elif values and goes_on and line.strip():
            values[-1][1].append(line.strip())
        goes_on = bool(line.strip()) if goes_on else bool(found)
    if values:
        yield begin, _pairs(values)


def _pairs(values: list[tuple[str, list[str]]]) -> list[tuple[str, str]]:
    return [(tag, " ".join(lines)) for tag, lines in values]


def _draft(tags: Tags, pairs: list[tuple[str, str]], position: int, line: int) -> Draft:
    def first(*names: str) -> str:
        return next((value for name in names for value in tags[name] if value), "")

    draft = Draft(position, line)
    draft.type = medline.kind(tags["PT"], draft.notes)
    draft.authors, draft.et_al = _authors(pairs)
    draft.editors = [medline_name(text) for text in tags["FED"] or tags["ED"]]
    located = _located(tags["LID"] + tags["AID"])
    draft.fields = {
        "title": medline.title(first("TI"), first("TT"), draft.notes),
        "container": first("JT", "TA"),
        "publisher": first("PB"),
        "issued": first("DP"),
        "volume": first("VI"),
        "issue": first("IP"),
        "pages": first("PG"),
        "doi": located.get("doi", ""),
        "pmid": first("PMID"),
        "pmcid": first("PMC"),
    }
    if book := first("BTI"):
        _in_a_book(draft, book)
    else:
        medline.number_articles(draft, located.get("pii", ""))
    return draft


def _in_a_book(draft: Draft, book: str) -> None:
    """A record of the NCBI Bookshelf: BTI is the book, TI one of its chapters."""
    book = medline.title(book, "", draft.notes)
    if draft.fields["title"]:
        draft.type, draft.fields["container"] = SourceType.CHAPTER, book
    else:
        draft.type, draft.fields["title"] = SourceType.BOOK, book


def _authors(pairs: list[tuple[str, str]]) -> tuple[list[Name], bool]:
    """People and bodies in their order. FAU has the whole name, AU the same with initials."""
    personal = "FAU" if any(tag == "FAU" for tag, _ in pairs) else "AU"
    found, others = list[Name](), False
    for tag, value in pairs:
        if tag in {personal, "CN"} and value:
            named, more = without_et_al([value])
            others = others or more
            found += [Name(corporate=text) if tag == "CN" else medline_name(text) for text in named]
    return found, others


def _located(values: list[str]) -> dict[str, str]:
    """Identifiers by their kind: `10.3390/ijms19030739 [doi]`, `E739 [pii]`. The first of a kind counts."""
    found: dict[str, str] = {}
    for value in values:
        if located := _LOCATED.fullmatch(value):
            found.setdefault(located[2], located[1])
    return found
