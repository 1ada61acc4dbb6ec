"""What of a page's content stands in lists: plain values that a kind of page makes of it."""

import unicodedata
from dataclasses import dataclass, field
from typing import Any

_COMPARED = 200  # characters: an index of the database holds no long texts
OTHER = "0-9"  # the letter of names that begin with a digit or a sign


@dataclass(frozen=True)
class Heading:
    """That a page is found under something in a list: under a letter by one of its names, or with others of its kind.

    `group` says what is gone by (“name”, “condition”), `key` what is asked for in an address, `label` what is read.
    """

    group: str
    key: str
    label: str
    note: str = ""  # what a name is, where it is not the page's own

    @property
    def sort(self) -> str:
        return sortable(self.label)


@dataclass(frozen=True)
class Row:
    """All of a content that a list shows. `columns` are plain values that JSON can hold."""

    title: str
    columns: dict[str, Any] = field(default_factory=dict)
    headings: tuple[Heading, ...] = ()

    @property
    def sort(self) -> str:
        return sortable(self.title)


def named(name: str, note: str = "") -> Heading:
    """The place of a name in an A–Z."""
    return Heading("name", letter_of(name), name, note)


def sortable(text: str) -> str:
    """A text as lists are ordered by it: without case and accents."""
    plain = "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))
    return plain.casefold()[:_COMPARED]


def letter_of(name: str) -> str:
    """The letter under which a name stands in an A–Z, as addresses write it: “a” for Álvocidib, “0-9” for 5-FU."""
    first = sortable(name)[:1]
    return first if "a" <= first <= "z" else OTHER
