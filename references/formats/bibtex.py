"""BibTeX and BibLaTeX, as Zotero, Mendeley, Google Scholar and publishers write them.

Rules: BibTeXing (btxdoc, O. Patashnik, 1988) for types, names and `and others`; the BibLaTeX manual, 2.1 and 2.2, for
@online, @dataset, `urldate`, `eid` (article number) and `eprint`; PubMed's exporters for `pmid` and `pmcid`.
"""

import logging
import re
from collections.abc import Iterable, Iterator
from itertools import islice

import bibtexparser
from bibtexparser.library import Library
from bibtexparser.middlewares import RemoveEnclosingMiddleware, ResolveStringReferencesMiddleware
from bibtexparser.middlewares.names import parse_single_name_into_parts, split_multiple_persons_names
from bibtexparser.model import Block, DuplicateBlockKeyBlock, DuplicateFieldKeyBlock, Entry, Field, ParsingFailedBlock

from references.content import Author, Source, SourceType
from references.formats import dates, latex
from references.formats.names import is_et_al, looks_like_a_body, person, unmarked
from references.formats.record import MOST_RECORDS, Draft, Name, Problem, TooManyRecords, place
from references.formats.words import protected

# Each broken entry is a problem that the reader is told; the library's log would say it a second time.
logging.getLogger("bibtexparser").setLevel(logging.ERROR)

BEGINS = re.compile(r"^[ \t]{0,40}@[A-Za-z]{1,30}[ \t]{0,8}[{(]", re.MULTILINE)
_BLOCKS = re.compile(r"@\w{0,40}[ \t]{0,8}[{(]")
_MOST_OTHER_BLOCKS = 2_000  # @string, @comment and @ in a text

_TYPES = {
    SourceType.ARTICLE: ("article",),
    SourceType.BOOK: ("book", "mvbook", "proceedings"),
    SourceType.CHAPTER: ("incollection", "inbook"),
    SourceType.REPORT: ("techreport", "report"),
    SourceType.WEBPAGE: ("online", "electronic", "www"),
    SourceType.DATASET: ("dataset",),
    SourceType.THESIS: ("phdthesis", "mastersthesis", "thesis"),
    SourceType.PAPER: ("inproceedings", "conference"),
}
_READ_AS = {name: kind for kind, names in _TYPES.items() for name in names}
_CONTAINER = {SourceType.CHAPTER: "booktitle", SourceType.PAPER: "booktitle"}
_PUBLISHER = {SourceType.REPORT: "institution", SourceType.THESIS: "school"}
_VERBATIM = {"doi", "url", "eprint", "pmid", "pmcid", "pmc"}
_ADDRESS = re.compile(r"https?://[^\s{}]{1,600}")
_NUMBERS = {"pmid": re.compile(r"\bPMID:?\s?(\d{1,8})\b"), "pmcid": re.compile(r"\bPMCID:?\s?(PMC\d{1,9})\b")}
# One letter in braces, with its accent or as a command: `{\'E}`, `{\v{S}}`, `{\o}`.
_ACCENT = re.compile(r"\{\\(?:[^\w\s{}&$#%]|[A-Za-z]{1,2})\s?\{?\\?\w?\}?\}")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def read(text: str) -> Iterator[Draft | Problem]:
    """The entries of a file. One that is broken is a problem; one whose key was there before is read all the same."""
    blocks_at_most = MOST_RECORDS + _MOST_OTHER_BLOCKS
    if sum(1 for _ in islice(_BLOCKS.finditer(text), blocks_at_most + 1)) > blocks_at_most:
        raise TooManyRecords
    parsed = bibtexparser.parse_string(text, parse_stack=[])
    blocks = [block for block in map(_whole, parsed.blocks) if isinstance(block, (Entry, ParsingFailedBlock))]
    entries = [block for block in blocks if isinstance(block, Entry)]
    keys = {id(entry): entry.key for entry in entries}
    _resolve(entries, parsed)
    for position, block in enumerate(blocks, start=1):
        line = (block.start_line or 0) + 1
        if isinstance(block, Entry):
            yield _draft(block, keys[id(block)], position, line)
        else:
            yield Problem(
                position,
                line,
                f"{place(position, line)} cannot be read: a brace, a quotation mark or a comma is missing in it or above "
                "it. Mend it, or take it out.",
            )


def write(sources: Iterable[Source]) -> str:
    """Sources as BibTeX in UTF-8. Braces, backslashes and all else that LaTeX would misread are escaped."""
    return bibtexparser.write_string(Library([_entry(source) for source in sources]), unparse_stack=[])


def _whole(block: Block) -> Block:
    """The entry in a block that was set aside because its key, or one of its fields, stands twice."""
    if isinstance(block, (DuplicateBlockKeyBlock, DuplicateFieldKeyBlock)):
        return block.ignore_error_block or block
    return block


def _resolve(entries: list[Entry], parsed: Library) -> None:
    """Put the text of @string abbreviations in their places and take the braces and quotation marks off values.

    In the order that the library asks for, on a library in which every entry has a key of its own.
    """
    for number, entry in enumerate(entries):
        entry.key = str(number)
    library = Library([*parsed.strings, *entries])
    for middleware in (ResolveStringReferencesMiddleware(), RemoveEnclosingMiddleware()):
        library = middleware.transform(library)


def _draft(entry: Entry, key: str, position: int, line: int) -> Draft:
    raw: dict[str, str] = {}
    for field in entry.fields:
        raw.setdefault(field.key.lower(), str(field.value))

    def first(*names: str) -> str:
        found = ((name, raw[name]) for name in names if raw.get(name, "").strip(" {}"))
        return next((latex.verbatim(text) if name in _VERBATIM else latex.words(text) for name, text in found), "")

    draft = Draft(position, line, key=key.strip())
    draft.type = _type(entry.entry_type.lower(), "url" in raw or "howpublished" in raw, draft.notes)
    draft.authors, draft.et_al = _names(raw.get("author", ""))
    draft.editors = _names(raw.get("editor", ""))[0]
    draft.fields = {
        "title": first("title"),
        "container": first("journal", "journaltitle", "booktitle", "maintitle", "series"),
        "publisher": first("publisher", "institution", "school", "organization"),
        "issued": first("date") or _date(first("year"), raw.get("month", ""), first("day")),
        "volume": first("volume"),
        "issue": first("number", "issue"),
        "pages": first("pages").replace("—", "-"),
        "article_number": first("eid", "articleno", "article-number"),
        "doi": first("doi"),
        "url": first("url") or _address(raw.get("howpublished", "")),
        "accessed": first("urldate"),
        "pmid": first("pmid"),
        "pmcid": first("pmcid", "pmc"),
    }
    _from_elsewhere(draft, raw)
    if first("subtitle"):
        draft.fields["title"] += f": {first('subtitle')}"
    if "crossref" in raw and not draft.fields["container"]:
        draft.notes.append(f"What it takes from “{raw['crossref'][:80]}” was not filled in.")
    return draft


def _type(name: str, is_online: bool, notes: list[str]) -> SourceType:
    """@misc with an address is how BibTeX, which has no type for it, keeps a web page."""
    if name in _READ_AS:
        return _READ_AS[name]
    if name == "misc" and is_online:
        return SourceType.WEBPAGE
    closest = {"booklet": SourceType.BOOK, "software": SourceType.DATASET}.get(name, SourceType.REPORT)
    notes.append(f"We have no type “@{name[:40]}”; it was read as {closest.label}.")
    return closest


def _from_elsewhere(draft: Draft, raw: dict[str, str]) -> None:
    """PubMed's numbers where others keep them: `eprint` with its type, or a note of Zotero's."""
    eprint, kind = latex.verbatim(raw.get("eprint", "")), raw.get("eprinttype", raw.get("archiveprefix", "")).lower()
    name = {"pubmed": "pmid", "pmid": "pmid", "pmc": "pmcid", "pmcid": "pmcid"}.get(kind, "")
    if name and not draft.fields[name]:
        draft.fields[name] = eprint
    for name, pattern in _NUMBERS.items():
        if not draft.fields[name] and (found := pattern.search(raw.get("note", ""))):
            draft.fields[name] = found[1]


def _names(value: str) -> tuple[list[Name], bool]:
    """Names that `and` divides. LaTeX is read after they are taken apart, for its braces hold a body's name together."""
    found = [name for name in split_multiple_persons_names(value) if name.strip()]
    named = [name for name in found if not is_et_al(name)]
    return [_name(name) for name in named], len(named) < len(found)


def _name(text: str) -> Name:
    """A body where braces hold the whole name, else a person in one of BibTeX's three forms of names."""
    text = text.strip()
    if _is_one_group(text):
        return Name(corporate=latex.words(text))
    if "," not in text:
        whole = latex.words(text)
        if looks_like_a_body(whole) or len(text.split()) == 1:
            return unmarked(whole)
    name = parse_single_name_into_parts(text, strict=False)
    family, given, suffix, particle = (
        latex.words(" ".join(part)) for part in (name.last, name.first, name.jr, name.von)
    )
    return person(family, given, suffix, particle)


def _is_one_group(text: str) -> bool:
    """True for `{National Institute}`, not for `{\\"O}zt{\\"u}rk` or `{\\'E}`: there the brace holds an accent."""
    if not (text.startswith("{") and text.endswith("}")) or _ACCENT.fullmatch(text):
        return False
    depth = 0
    for found in re.finditer(r"(?<!\\)[{}]", text):
        depth += 1 if found[0] == "{" else -1
        if depth <= 0:
            return found.end() == len(text)
    return False


def _date(year: str, month: str, day: str) -> str:
    """Year, month and day as one; the month may hold the day too: `mar # "~3"`, `3~mar`."""
    words = re.sub(r"[#\"{}~\s]+", " ", month).strip()
    if number := dates.month(words):
        return "-".join(filter(None, (year.strip(), number, day.strip().zfill(2) if day else "")))
    return f"{year} {words}".strip()


def _address(howpublished: str) -> str:
    found = _ADDRESS.search(latex.verbatim(howpublished))
    return found[0] if found else ""


def _entry(source: Source) -> Entry:
    year, month, day = [*source.issued.split("-"), "", ""][:3]
    authors = [_written(author) for author in source.authors] + (["others"] if source.et_al else [])
    texts = {
        "title": source.title,
        _CONTAINER.get(source.type, "journal"): source.container,
        _PUBLISHER.get(source.type, "publisher"): source.publisher,
        "year": year,
        "day": str(int(day)) if day else "",
        "volume": source.volume,
        "number": source.issue,
        "pages": source.pages,
        "eid": source.article_number,
        "urldate": source.accessed,
    }
    verbatim = {"doi": source.doi, "pmid": source.pmid, "pmcid": source.pmcid, "url": source.url}
    fields = {name: f"{{{latex.written(protected(text))}}}" for name, text in texts.items() if text}
    fields |= {name: f"{{{latex.written_verbatim(protected(text))}}}" for name, text in verbatim.items() if text}
    if month:
        fields["month"] = _MONTHS[int(month) - 1]
    if authors:
        fields = {"author": f"{{{' and '.join(authors)}}}", **fields}
    return Entry(_TYPES[source.type][0], source.key, [Field(name, value) for name, value in fields.items()])


def _written(author: Author) -> str:
    """`Family, Given`, with braces around what BibTeX would take apart; a body in braces of its own."""
    if author.corporate:
        return f"{{{latex.written(protected(author.corporate))}}}"
    return f"{_part(author.family)}, {_part(author.given) or '{}'}"


def _part(text: str) -> str:
    text = latex.written(protected(text))
    return f"{{{text}}}" if re.search(r",|\band\b|[{}\\]", text, re.IGNORECASE) else text
