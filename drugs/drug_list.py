"""The A–Z of drugs: all of it while it is short; by letter, condition and way of working, in parts, when it is long.

What is asked for stands in the address, so a list needs no script, and can be sent to somebody.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from urllib.parse import urlencode

from django.core.paginator import Page as Part
from django.urls import reverse

from editions.lists import Group, Line
from editions.parts import part_of
from editions.published import PublishedPage
from editions.rows import OTHER
from editions.site import PublishedSite

MOST = 100  # drugs that one list shows as a whole, and lines of a part of a longer one
_FILTERS = ("condition", "way")
READS = ("letter", *_FILTERS, "page")


@dataclass(frozen=True)
class Choice:
    """A letter, a condition or a way of working that the list can be narrowed to."""

    name: str  # what is chosen: “letter”, “condition”, “way”
    group: Group
    address: str
    is_chosen: bool
    pages: tuple[PublishedPage, ...] = ()  # that stand there, by title, in a list that is shown as a whole


class DrugList:
    """What was asked for, and what answers to it. Raises Http404 for a part that the list does not have."""

    def __init__(self, site: PublishedSite, asked: Mapping[str, str]):
        self.site = site
        self.asked = {name: value for name in READS if (value := _plain(asked.get(name, "")))}
        self.letter = self.asked.get("letter", "")
        self.under = {name: self.asked[name] for name in _FILTERS if name in self.asked}
        self.is_narrowed = bool(self.under or self.letter)
        self.count = len(site.listed("drug"))
        self.is_long = self.count > MOST
        names = site.names("drug", letter=self.letter, also=self.under)
        self.part: Part[Line] = part_of(names, self.asked.get("page", "1"), MOST if self.is_long else MOST * MOST)
        self.lines = list(self.part)

    @property
    def is_known(self) -> bool:
        """Whether all that was asked for is something that drugs here are listed under, or a letter that they could be."""
        chosen = all(any(one.is_chosen for one in self.choices(name)) for name in self.under)
        return chosen and (
            not self.letter or self.letter == OTHER or (len(self.letter) == 1 and "a" <= self.letter <= "z")
        )

    @cached_property
    def letters(self) -> list[Choice]:
        return self._choices("letter", self.site.letters("drug", also=self.under))

    @property
    def sections(self) -> list[tuple[str, list[Line]]]:
        """The lines of this part by their letters."""
        return [(letter, list(lines)) for letter, lines in groupby(self.lines, key=lambda line: line.letter)]

    @cached_property
    def conditions(self) -> list[Choice]:
        return self._choices("condition", self._groups("condition"))

    @cached_property
    def ways(self) -> list[Choice]:
        return self._choices("way", self._groups("way"))

    def choices(self, name: str) -> list[Choice]:
        return self.conditions if name == "condition" else self.ways

    @property
    def fields(self) -> list[tuple[str, str, str, list[Choice]]]:
        """(name, label, what stands for no choice, choices) of the fields by which a long list is narrowed."""
        return [
            ("condition", "Condition", "Any condition", self.conditions),
            ("way", "Way of working", "Any way of working", self.ways),
        ]

    @property
    def is_in_one(self) -> bool:
        """Whether every letter's names are on this page."""
        return not self.is_long and not self.letter

    @property
    def all_address(self) -> str:
        return self.site.prefix + reverse("drugs:drug-list")

    @property
    def chosen(self) -> list[Choice]:
        """The condition and the way of working that the list is narrowed to."""
        return [one for name in self.under for one in self.choices(name) if one.is_chosen]

    @property
    def canonical(self) -> str:
        """The query under which search engines know this list: without what it is narrowed to besides a letter."""
        number = {"page": str(self.part.number)} if self.part.number > 1 else {}
        kept = ({"letter": self.letter} if self.letter else {}) | number
        return _query(kept) if not self.under else ""

    def _pages(self, group: Group) -> tuple[PublishedPage, ...]:
        here = {line.page.edition_id: line.page for line in self.lines if not line.what}
        return tuple(here[edition] for edition in here if edition in group.editions)

    def _groups(self, name: str) -> Sequence[Group]:
        return self.site.groups("drug", name, as_a_whole=not self.is_long)

    def _choices(self, name: str, groups: Sequence[Group]) -> list[Choice]:
        asked = {key: value for key, value in self.asked.items() if key != "page"}
        return [
            Choice(name, one, _query(asked | {name: one.key}), self.asked.get(name) == one.key, self._pages(one))
            for one in groups
        ]


def _plain(value: str) -> str:
    """A value as it can be looked for: PostgreSQL takes no NUL, and no key has one."""
    return value.strip().replace("\0", "?")


def _query(asked: Mapping[str, str]) -> str:
    """A query in the one way in which answers to it are kept: by the names in their order (sarcoma_site/front)."""
    return f"?{urlencode(sorted(asked.items()))}" if asked else ""
