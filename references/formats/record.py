"""What reading references gives, and what it takes to refuse them."""

from dataclasses import dataclass, field
from typing import NamedTuple

from references.content import Source, SourceType

MOST_BYTES = 10_000_000
MOST_RECORDS = 20_000


class NotReferences(ValueError):
    """The whole input cannot be read. The message says why, and what to do."""


class TooManyRecords(NotReferences):
    """The input holds more records than are read at once."""

    def __init__(self) -> None:
        super().__init__(
            f"There are more than {MOST_RECORDS:,} records here. Export them in smaller files and read one after another."
        )


@dataclass(frozen=True)
class Record:
    """One source of a file, ready to be kept, with what was tidied or left out on the way."""

    source: Source
    position: int  # which record of the file it is, from 1
    line: int | None = None  # where it begins, from 1, where the format has lines
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Problem:
    """One record of a file that cannot be kept, with a sentence that names it and the remedy."""

    position: int
    line: int | None
    message: str


@dataclass(frozen=True)
class Found:
    """All that a file holds. The caller decides whether the records are kept when there are problems."""

    format: str
    records: tuple[Record, ...]
    problems: tuple[Problem, ...]


class Name(NamedTuple):
    """An author as a file has it: still with the file's own spaces and markup."""

    family: str = ""
    given: str = ""
    corporate: str = ""


@dataclass
class Draft:
    """A record as a format's reader hands it on: taken apart, but not yet tidied or checked.

    `fields` holds raw text under the names of Source's fields; an empty text is as good as none.
    """

    position: int
    line: int | None = None
    key: str = ""
    type: SourceType = SourceType.ARTICLE
    fields: dict[str, str] = field(default_factory=dict)
    authors: list[Name] = field(default_factory=list)
    editors: list[Name] = field(default_factory=list)
    et_al: bool = False
    notes: list[str] = field(default_factory=list)


def place(position: int, line: int | None, title: str = "") -> str:
    """How a record is named in a sentence: `Record 3 (line 42, “Imatinib in …”)`."""
    known = [f"line {line}"] if line else []
    if title:
        known.append(f"“{title[:60]}…”" if len(title) > 60 else f"“{title}”")
    return f"Record {position}" + (f" ({', '.join(known)})" if known else "")
