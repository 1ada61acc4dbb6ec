"""RIS: the tags of Reference Manager, as EndNote, Zotero, Mendeley and publishers write them.

Rules: the RIS format specification (Research Information Systems, 2001, and Thomson Reuters, 2011) for the tags; EndNote
for AN (accession number), C2 (PubMed Central number), C7 (article number) and the comma behind a body's name. “et al.”
in an author's place stands for authors who are not named: RIS has no sign of its own for it.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from rispy import RisParser, RisWriter

from references.content import Author, Source, SourceType
from references.formats import dates
from references.formats.names import inverted, unmarked, without_et_al
from references.formats.record import Draft, Name
from references.formats.words import one_line, plain, protected

_TYPES = {
    SourceType.ARTICLE: ("JOUR", "EJOUR", "JFULL", "ABST", "INPR"),
    SourceType.BOOK: ("BOOK", "EBOOK", "EDBOOK"),
    SourceType.CHAPTER: ("CHAP", "ECHAP"),
    SourceType.REPORT: ("RPRT", "GOVDOC", "STAND"),
    SourceType.WEBPAGE: ("ELEC", "WEB", "BLOG"),
    SourceType.DATASET: ("DATA", "DBASE", "AGGR"),
    SourceType.THESIS: ("THES",),
    SourceType.PAPER: ("CPAPER", "CONF"),
}
_READ_AS = {tag: kind for kind, tags in _TYPES.items() for tag in tags}
# Types for which we have no word, and the one that comes closest.
_CLOSEST = {
    "MGZN": SourceType.ARTICLE,
    "NEWS": SourceType.ARTICLE,
    "DICT": SourceType.CHAPTER,
    "ENCYC": SourceType.CHAPTER,
    "MULTI": SourceType.WEBPAGE,
    "ICOMM": SourceType.WEBPAGE,
    "SLIDE": SourceType.PAPER,
}
_STRICT = re.compile(r"([A-Z][A-Z0-9]) {1,2}-(?:\s(.*)|$)")
# Files that were typed or mended by hand: tags in small letters, with one space or set in.
_LOOSE = re.compile(r"\s{0,8}([A-Za-z][A-Za-z0-9])\s{0,4}-(?:\s(.*)|$)")
BEGINS = re.compile(r"^[ \t]{0,8}TY[ \t]{0,4}-(?:[ \t]|$)", re.MULTILINE | re.IGNORECASE)
_BEGINS_STRICTLY = re.compile(r"^TY {1,2}-", re.MULTILINE)

_READ_TAGS = """TY ID AU A1 A2 ED TI T1 CT BT T2 JF JO JA J1 J2 PB PY Y1 DA VL IS SP EP C7 M3 L3 DO AN DB DP C2 N1 M1 M2
    UR L2 LK Y2"""
_TAGS = _READ_TAGS.split()
_MAPPING = {tag: tag.lower() for tag in [*_TAGS, "ER", "UK"]}
_LISTS = [tag for tag in _TAGS if tag != "TY"]
_PUBMED = re.compile(r"pubmed|medline|\bnlm\b|national library of medicine", re.IGNORECASE)
_PMID = re.compile(r"\bPMID\s{0,2}:?\s{0,2}(\d{1,8})\b", re.IGNORECASE)
_PMCID = re.compile(r"\bPMC\d{1,9}\b", re.IGNORECASE)
_DOI = re.compile(r"\b10\.\d{4,9}/\S{1,250}")


class _Writer(RisWriter):
    """rispy's writer without its number above each record, which other programs read as text."""

    REFERENCE_TYPE_KEY = "ty"

    def set_header(self, count: int) -> str:
        return ""


def read(text: str) -> Iterator[Draft]:
    """The records of a file, also where a record does not end, ends twice or has its tags in small letters."""
    for position, (line, lines) in enumerate(_pieces(text), start=1):
        # One record at a time, every tag a list: by itself rispy drops a record without an end, keeps the first
        # only of repeated tags, divides addresses at a semicolon, and does not know the lines.
        parser = RisParser(mapping=_MAPPING, list_tags=_LISTS, delimiter_tags_mapping={}, skip_unknown_tags=True)
        for record in parser.parse_lines(iter(lines)):
            yield _draft(record, position, line)


def write(sources: Iterable[Source]) -> str:
    """Sources as RIS with line feeds. No value can begin a line of its own: all are on one line behind their tag."""
    records = [_tagged(source) for source in sources]
    return _Writer(mapping=_MAPPING, list_tags=_LISTS, delimiter_tags_mapping={}).formats(records)


def _pieces(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each record's first line, and its lines as rispy wants them: `TY  - JOUR` to `ER  - `.

    A line without a tag goes on with the value above it; behind an empty line it belongs to nothing.
    """
    pattern = _STRICT if _BEGINS_STRICTLY.search(text) else _LOOSE
    begin, values, goes_on = 0, list[list[str]](), False
    for number, line in enumerate(text.split("\n"), start=1):
        found = pattern.match(line)
        tag = found[1].upper() if found else ""
        if found and tag in {"TY", "ER"}:
            if values:
                yield begin, _lines(values)
            begin, values = number, [[f"TY  - {found[2] or ''}"]] if tag == "TY" else []
        elif found and values:
            values.append([f"{tag}  - {found[2] or ''}"])
        elif values and goes_on and line.strip():
            values[-1].append(line.strip())
        goes_on = bool(line.strip()) if goes_on else bool(found)
    if values:
        yield begin, _lines(values)


def _lines(values: list[list[str]]) -> list[str]:
    return [*map(" ".join, values), "ER  - "]


def _draft(record: dict, position: int, line: int) -> Draft:
    def first(*tags: str) -> str:
        return next(filter(None, chain.from_iterable(record.get(tag.lower(), ()) for tag in tags)), "")

    draft = Draft(position, line, key=first("ID"))
    draft.type = _type(record["ty"].strip().upper(), draft.notes)
    texts, draft.et_al = without_et_al(
        chain.from_iterable(map(_listed, [*record.get("au", ()), *record.get("a1", ())]))
    )
    draft.authors = [_name(text) for text in texts]
    draft.editors = [_name(text) for text in without_et_al([*record.get("a2", ()), *record.get("ed", ())])[0]]
    draft.fields = {
        "title": first("TI", "T1", "CT", "BT"),
        "container": first("T2", "JF", "JO", "BT", "JA", "J1", "J2"),
        "publisher": first("PB"),
        "issued": _issued(first("PY", "Y1"), first("DA")),
        "volume": first("VL"),
        "issue": first("IS"),
        "pages": _pages(first("SP"), first("EP")),
        "article_number": first("C7"),
        "doi": first("DO") or _found(_DOI, record, "m3", "l3", "n1"),
        "url": first("UR", "LK", "L2"),
        "accessed": first("Y2"),
        "pmid": _pmid(record),
        "pmcid": _found(_PMCID, record, "c2", "n1", "m1", "m2"),
    }
    if draft.fields["container"] == draft.fields["title"]:
        draft.fields["container"] = first("T2")
    return draft


def _type(name: str, notes: list[str]) -> SourceType:
    if name in _READ_AS:
        return _READ_AS[name]
    closest = _CLOSEST.get(name, SourceType.REPORT)
    notes.append(f"We have no type “{name[:20]}”; it was read as {closest.label}.")
    return closest


def _listed(text: str) -> list[str]:
    """Authors of one tag, one where each has its own tag; some exports list them with semicolons. Entities stay whole."""
    return re.findall(r"(?:&#?[A-Za-z0-9]{1,31};|[^;])+", text)


def _name(text: str) -> Name:
    """A body where a comma ends the text or is doubled, as EndNote writes bodies; else a person, or what it looks like."""
    text = text.strip()
    if ",," in text:
        return Name(corporate=text.replace(",,", ",", 1))
    if text.endswith(","):
        return Name(corporate=text[:-1])
    return inverted(text) if "," in text else unmarked(text)


def _issued(year: str, date: str) -> str:
    """The more precise of a year and a date, if they are of one year; `Mar 3` belongs to the year given."""
    if not year or not date:
        return year or date
    known = dates.when(plain(year))[0]
    told = [text for text in (date, f"{known} {date}") if dates.when(plain(text))[0].startswith(known)]
    return max([year, *told], key=lambda text: len(dates.when(plain(text))[0]))


def _pages(first: str, last: str) -> str:
    return f"{first}-{last}" if last and last != first and not first.endswith(f"-{last}") else first


def _found(pattern: re.Pattern[str], record: dict, *tags: str) -> str:
    for text in chain.from_iterable(record.get(tag, ()) for tag in tags):
        if found := pattern.search(text):
            return found[0]
    return ""


def _pmid(record: dict) -> str:
    """AN is the number in whatever database DB or DP names; without PubMed's name it may be any other's."""
    numbers = [text for text in record.get("an", ()) if text.strip().isdigit()]
    if numbers and any(map(_PUBMED.search, [*record.get("db", ()), *record.get("dp", ())])):
        return numbers[0]
    found = _found(_PMID, record, "an", "n1", "m1", "m2", "c2")
    return found and re.sub(r"\D", "", found)


def _tagged(source: Source) -> dict:
    first, last = _ends(source.pages)
    authors = [_written(author) for author in source.authors] + (["et al."] if source.et_al else [])
    plain_tags = {
        "id": source.key,
        "ti": source.title,
        "t2": source.container,
        "pb": source.publisher,
        "py": source.issued[:4],
        "da": _slashed(source.issued) if "-" in source.issued else "",
        "vl": source.volume,
        "is": source.issue,
        "sp": first,
        "ep": last,
        "c7": source.article_number,
        "do": source.doi,
        "an": source.pmid,
        "db": "PubMed" if source.pmid else "",
        "c2": source.pmcid,
        "ur": source.url,
        "y2": _slashed(source.accessed),
    }
    written = {tag: [protected(value)] for tag, value in plain_tags.items() if value}
    return {"ty": _TYPES[source.type][0], "id": written.pop("id"), "au": authors, **written}


def _written(author: Author) -> str:
    """`Family, Given`; a body as EndNote marks it, with its first comma doubled or one behind its name."""
    if author.corporate:
        name = protected(author.corporate, also=";")
        return name.replace(",", ",,", 1) if "," in name else f"{name},"
    family, given = protected(author.family, also=";,"), protected(author.given, also=";,")
    if given:
        return f"{family}, {given}"
    # A single name stands alone where it is read as such; else an empty given name says that it is a person's.
    return family if _name(family) == Name(family=family) else f"{family}, &#32;"


def _ends(pages: str) -> tuple[str, str]:
    first, _, last = one_line(pages).partition("-")
    return (first, last) if first.isdigit() and last.isdigit() and first != last else (pages, "")


def _slashed(date: str) -> str:
    """`2018-04` as `2018/04//`: the specification wants all three slashes."""
    return f"{date.replace('-', '/')}{'/' * (3 - date.count('-'))}" if date else ""
