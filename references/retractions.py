"""The list of retractions, corrections and concerns that Retraction Watch keeps and Crossref publishes. Plain Python.

A CSV of some 60,000 rows (doi.org/10.13003/c23rw1d9; columns as described at retractionwatch.com, “user guide”): one row
is one notice about one paper. It is read row by row, and only rows about our references are kept.
"""

import codecs
import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Protocol, TypeVar

from basics.text import legible
from references import identifiers
from references.vocabulary import Nature

COLUMNS = (
    "Record ID",
    "Title",
    "RetractionDate",
    "RetractionDOI",
    "RetractionPubMedID",
    "OriginalPaperDOI",
    "OriginalPaperPubMedID",
    "RetractionNature",
    "Reason",
)
# Written m/d/yyyy h:mm, now and then without the time, and by some spreadsheets as an ISO 8601 date.
_AMERICAN = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?: \d{1,2}:\d{2}(?::\d{2})?(?: [AP]M)?)?", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?", re.ASCII)
_LONGEST_VALUE = 131_072  # characters: a quotation mark that nobody closes swallows no more rows than that
_LONGEST = 600  # characters of a title, or of one reason
_NATURES = {nature.value.casefold(): nature for nature in Nature}


class NotTheList(ValueError):
    """The file is no list of retractions. The message says what it lacks."""


class _Unreadable(ValueError):
    """A value of a row cannot be read. The message names the column."""


@dataclass(frozen=True)
class Act:
    """What a notice does to a paper. `made_on` is None where the list does not know the day."""

    record: int
    title: str
    nature: Nature
    made_on: date | None
    notice_doi: str
    notice_pmid: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Match:
    """An act that concerns a reference of ours: it is the paper or, with `is_notice`, the notice itself."""

    key: str
    act: Act
    is_notice: bool = False


@dataclass(frozen=True)
class BrokenRow:
    """A row that could not be read, by its number in a spreadsheet: the header is row 1."""

    row: int
    sentence: str


@dataclass
class Found:
    """What a reading found: rows read, what concerns our references, and what could not be read."""

    rows: int = 0
    matches: list[Match] = field(default_factory=list)
    broken: list[BrokenRow] = field(default_factory=list)


@dataclass(frozen=True)
class Ours:
    """Our references by their DOIs and PubMed numbers, as identifiers.py writes them."""

    dois: Mapping[str, str]
    pmids: Mapping[str, str]

    def keys_of(self, doi: str, pmid: str) -> set[str]:
        """The references with either identifier: one, unless two of ours are the same paper."""
        return {key for key in (self.dois.get(doi), self.pmids.get(pmid)) if key}


def read(path: Path, ours: Ours, watch: Callable[[Iterable], Iterable] = lambda rows: rows) -> Found:
    """What a list says of our references. Raises NotTheList, OSError.

    A row with too few or too many values is told, whatever it is about; what is wrong inside a row, only where the row
    concerns us: the list has oddities of its own, which nobody here can mend.
    """
    found = Found()
    csv.field_size_limit(_LONGEST_VALUE)  # of the whole process, so an import of tables may have raised it
    with path.open(encoding=_encoding(path), newline="") as file:
        rows = csv.reader(file)
        header = next(rows, [])
        places, width = _places(header), len(header)
        for number, row in watch(_numbered(rows, found)):
            found.rows += 1
            if len(row) != width:
                found.broken.append(BrokenRow(number, f"it has {len(row)} values, and the header names {width}"))
                continue
            try:
                found.matches += _matches({name: row[places[name]].strip() for name in COLUMNS}, ours)
            except _Unreadable as problem:
                found.broken.append(BrokenRow(number, str(problem)))
    return found


def _encoding(path: Path) -> str:
    """UTF-8, with or without a mark, where the whole file can be read so; else Latin-1, as older lists are written."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        try:
            while piece := file.read(1 << 20):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "latin-1"
    return "utf-8-sig"


def _places(header: list[str]) -> dict[str, int]:
    """Where each column stands, in whatever order. Raises NotTheList."""
    places = {_bare(name): place for place, name in enumerate(header)}
    missing = [name for name in COLUMNS if _bare(name) not in places]
    if missing:
        raise NotTheList(
            f"The file lacks the columns {', '.join(missing)}. Take the file as Crossref publishes it, with its header."
        )
    return {name: places[_bare(name)] for name in COLUMNS}


def _bare(name: str) -> str:
    return "".join(name.split()).casefold()


def _numbered(rows: Iterator[list[str]], found: Found) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not empty, with their numbers. One that the reader gives up on is noted."""
    number = 1
    while True:
        number += 1
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as problem:
            found.rows += 1
            found.broken.append(BrokenRow(number, f"it is not CSV ({problem})"))
            continue
        if row:
            yield number, row


def _matches(row: dict[str, str], ours: Ours) -> list[Match]:
    paper = ours.keys_of(_doi(row["OriginalPaperDOI"]), _pmid(row["OriginalPaperPubMedID"]))
    # Some journals replace a paper by its notice under the same DOI: then the reference is the paper.
    notice = ours.keys_of(_doi(row["RetractionDOI"]), _pmid(row["RetractionPubMedID"])) - paper
    if not paper and not notice:
        return []
    act = _act(row)
    return [Match(key, act, key in notice) for key in sorted(paper | notice)]


def _act(row: dict[str, str]) -> Act:
    if not re.fullmatch(r"\d{1,12}", row["Record ID"], re.ASCII):
        raise _Unreadable(f"its Record ID is “{legible(row['Record ID'], 60)}”, not a number")
    nature = _NATURES.get(row["RetractionNature"].casefold())
    if nature is None:
        raise _Unreadable(
            f"its RetractionNature is “{legible(row['RetractionNature'], 60)}”, which is none that we know"
        )
    return Act(
        record=int(row["Record ID"]),
        title=legible(row["Title"], _LONGEST),
        nature=nature,
        made_on=_day(row["RetractionDate"]),
        notice_doi=_doi(row["RetractionDOI"]),
        notice_pmid=_pmid(row["RetractionPubMedID"]),
        reasons=tuple(legible(reason, _LONGEST) for part in row["Reason"].split(";") if (reason := part.strip(" +"))),
    )


def _doi(text: str) -> str:
    """A DOI as we write it; empty for “unavailable” and whatever else is none."""
    try:
        return identifiers.doi(text)
    except identifiers.NotAnIdentifier:
        return ""


def _pmid(text: str) -> str:
    """A PubMed number as we write it; empty for “0”, which stands for none."""
    try:
        return identifiers.pmid(text)
    except identifiers.NotAnIdentifier:
        return ""


def _day(text: str) -> date | None:
    """A day of the list. Raises _Unreadable for what is neither one nor empty."""
    if not text:
        return None
    try:
        if found := _AMERICAN.fullmatch(text):
            month, day, year = (int(part) for part in found.groups())
            return date(year, month, day)
        if found := _ISO.fullmatch(text):
            return date(*(int(part) for part in found.groups()))
    except ValueError:
        pass
    raise _Unreadable(f"its RetractionDate is “{legible(text, 60)}”, which is no day written as 3/31/2018 0:00")


class Dated(Protocol):
    """What was done to a paper, and when: an act of a list, or what is kept of one."""

    record: int
    nature: str
    made_on: date | None


D = TypeVar("D", bound=Dated)


def holding(acts: Iterable[D]) -> D | None:
    """The act that holds for a paper: the newest, but a retraction holds until a reinstatement. None if there is none."""
    newest_first = sorted(acts, key=lambda act: (act.made_on or date.min, act.record), reverse=True)
    newest = next(iter(newest_first), None)
    grave = (act for act in newest_first if act.nature in {Nature.RETRACTION, Nature.REINSTATEMENT})
    newest_grave = next(grave, None)
    return newest_grave if newest_grave and newest_grave.nature == Nature.RETRACTION else newest
