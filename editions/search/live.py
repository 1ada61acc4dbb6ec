"""The pages of a moment as the search knows them: under which names, and which of them are listed lower.

Small, and kept in this process while what is public stays the same: `PublishedSite.generation` says when it changes.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache, reduce
from operator import itemgetter
from threading import Lock
from typing import TYPE_CHECKING

from django.db.models import Max

from editions import lists
from editions.kinds import kind
from editions.models import Edition, SearchEntry
from editions.search.document import Name
from editions.search.query import Word
from editions.search.words import compact, plain_words

if TYPE_CHECKING:
    from editions.site import PublishedSite

_KEPT = 4  # moments at once: the present, and a few past days
_LAST = "\U0010ffff"


@dataclass(frozen=True)
class Place:
    """A page at a moment."""

    edition: int
    kind: str
    title: str
    names: tuple[Name, ...]
    is_withdrawn: bool
    is_lower: bool  # withdrawn, or lower by its kind


@dataclass(frozen=True)
class Called:
    """That a page, or a part of it, has a name. Without a `name`, it is the page's own."""

    place: Place
    name: Name | None = None

    @property
    def text(self) -> str:
        return self.name.text if self.name else self.place.title

    @property
    def is_part(self) -> bool:
        return bool(self.name and self.name.anchor)

    @property
    def says(self) -> str:
        """What the name means, in a sentence: “Glivec is a brand name of imatinib”. Nothing for a page's own name."""
        return f"{self.name.text} is {self._meaning}" if self.name else ""

    @property
    def what(self) -> str:
        """What it is, for a list of names: “a brand name of imatinib”, “drug, withdrawn”."""
        return f"{self._meaning}{', withdrawn' if self.place.is_withdrawn else ''}"

    @property
    def _meaning(self) -> str:
        if self.name is None:
            return kind(self.place.kind).label
        note = f" ({self.name.note})" if self.name.note else ""
        return self.name.what if self.is_part else f"{self.name.what} {self.place.title}{note}"


@dataclass
class Live:
    """The pages that are live at a moment, and those that are withdrawn."""

    places: dict[int, Place] = field(default_factory=dict)
    called: dict[str, list[Called]] = field(default_factory=dict)  # by their names in one piece
    words: dict[str, list[Called]] = field(default_factory=dict)  # by single words of their names
    _in_names: dict[str, set[int]] = field(default_factory=dict)
    _name_words: list[str] = field(default_factory=list)
    _starts: list[tuple[str, int, str]] = field(default_factory=list)

    def add(self, place: Place, names_words: str) -> None:
        self.places[place.edition] = place
        for one in (Called(place), *(Called(place, name) for name in place.names)):
            if one.is_part and place.is_withdrawn:
                continue
            words = _words_of(one.text)
            self.called.setdefault("".join(words), []).append(one)
            for word in dict.fromkeys(words):
                self.words.setdefault(word, []).append(one)
        for compared in names_words.split():
            self._in_names.setdefault(compared, set()).add(place.edition)

    def ready(self) -> Live:
        self._name_words = sorted(self._in_names)
        starts = []
        for name, found in self.called.items():
            words = _words_of(found[0].text)
            starts += [("".join(words[at:]), at, name) for at in range(len(words))]
        self._starts = sorted(starts)
        return self

    def named(self, words: Sequence[Word]) -> set[int]:
        """The editions whose pages have all of these words in their names."""
        each = [set().union(*(self._in_names.get(one, set()) for one in self._fitting(word))) for word in words]
        return reduce(set.intersection, each) if each else set()

    def _fitting(self, word: Word) -> set[str]:
        found = set(word.exact)
        for start in word.starts:
            first, end = (bisect_left(self._name_words, one) for one in (start, start + _LAST))
            found.update(self._name_words[first:end])
        return found

    def starting(self, typed: str, most: int) -> list[Called]:
        """Names of pages and of their parts that begin so, or in which a word does: names that begin so first."""
        begun = compact(typed)
        if not begun:
            return []
        first, end = bisect_left(self._starts, (begun,)), bisect_right(self._starts, (begun + _LAST,))
        names = dict.fromkeys(name for _, name in sorted((min(at, 1), name) for _, at, name in self._starts[first:end]))
        return [self.called[name][0] for name in list(names)[:most]]


@lru_cache(maxsize=50_000)  # of one reading the next differs in a few names
def _words_of(name: str) -> tuple[str, ...]:
    return tuple(plain_words(name))


_kept: OrderedDict[tuple, Live] = OrderedDict()
_lock = Lock()


def live(site: PublishedSite) -> Live:
    """The pages of a site, kept until what is public changes or the rows of the search are made anew."""
    key = (
        site.generation,
        site.at if site.is_past else None,
        SearchEntry.objects.aggregate(newest=Max("pk"))["newest"],
    )
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    found = _read(site)
    with _lock:
        _kept[key] = found
        while len(_kept) > _KEPT:
            _kept.popitem(last=False)
    return found


def _read(site: PublishedSite) -> Live:
    withdrawn = set(Edition.objects.withdrawn(site.at).values_list("pk", flat=True))
    columns = ("edition", "edition__page__kind", "title", "names", "is_lower", "names_words")
    rows = SearchEntry.objects.filter(edition__in=lists.live_editions(site)).values_list(*columns)
    gone_rows = SearchEntry.objects.filter(edition__in=withdrawn).values_list(*columns)
    found = Live()
    for edition, kind_name, title, names, is_lower, names_words in sorted([*rows, *gone_rows], key=itemgetter(0)):
        gone = edition in withdrawn
        names_found = tuple(Name(*one) for one in names)
        found.add(Place(edition, kind_name, title, names_found, gone, gone or is_lower), names_words)
    return found.ready()
