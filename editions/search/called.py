"""Pages of a moment under the names that they have, as one value that changes into the next.

Of ten thousand pages a publication changes one. So what is known of the others is taken over: dictionaries are copied, and
in them only the names of pages that came or went are written anew.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache, reduce

from editions.kinds import kind
from editions.search.document import Name
from editions.search.query import Word
from editions.search.words import compact, plain_words

_LAST = "\U0010ffff"


@dataclass(frozen=True)
class Place:
    """A page at a moment."""

    edition: int
    entry: int  # the row of the search that it was read from
    digest: str  # of the edition: after a restore another may have its number
    kind: str
    title: str
    names: tuple[Name, ...]
    compared: tuple[str, ...]  # the words of its names as they are compared
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


@dataclass(frozen=True)
class Live:
    """The pages that are live at a moment, and those that are withdrawn. Nothing in it changes: see `changed`.

    Under each name stand those that have it in the order of their editions.
    """

    places: dict[int, Place] = field(default_factory=dict)
    called: dict[str, list[Called]] = field(default_factory=dict)  # by their names in one piece
    words: dict[str, list[Called]] = field(default_factory=dict)  # by single words of their names
    _in_names: dict[str, frozenset[int]] = field(default_factory=dict)
    _name_words: list[str] = field(default_factory=list)  # those of _in_names, in order
    _starts: list[tuple[str, int, str]] = field(default_factory=list)

    @classmethod
    def of(cls, places: Iterable[Place]) -> Live:
        """These pages, and no others."""
        made = cls()
        called: dict[str, list[Called]] = {}
        words: dict[str, list[Called]] = {}
        in_names: dict[str, set[int]] = {}
        for place in sorted(places, key=lambda place: place.edition):
            made.places[place.edition] = place
            for one in _names_of(place):
                called.setdefault(_in_one_piece(one), []).append(one)
                for word in dict.fromkeys(_words_of(one.text)):
                    words.setdefault(word, []).append(one)
            for compared in place.compared:
                in_names.setdefault(compared, set()).add(place.edition)
        made.called.update(called)
        made.words.update(words)
        made._in_names.update((word, frozenset(found)) for word, found in in_names.items())
        made._name_words.extend(sorted(in_names))
        made._starts.extend(sorted(start for name in called for start in made._starts_of(name)))
        return made

    @cached_property
    def states(self) -> set[tuple[int, int, str, bool]]:
        """(edition, row of the search, digest, whether it is withdrawn) of each page: two of the same differ in nothing."""
        return {(one.edition, one.entry, one.digest, one.is_withdrawn) for one in self.places.values()}

    def changed(self, gone: Iterable[int], come: Iterable[Place]) -> Live:
        """The same pages without some editions and with some places more."""
        other = Live(
            dict(self.places),
            dict(self.called),
            dict(self.words),
            dict(self._in_names),
            self._name_words.copy(),
            self._starts.copy(),
        )
        for edition in gone:
            other._take_away(other.places.pop(edition))
        for place in come:
            other.places[place.edition] = place
            other._put_in(place)
        return other

    def _take_away(self, place: Place) -> None:
        for one in _names_of(place):
            name = _in_one_piece(one)
            self._write(name, _without(self.called.get(name, ()), place))
            for word in dict.fromkeys(_words_of(one.text)):
                _put(self.words, word, _without(self.words.get(word, ()), place))
        for word in place.compared:
            left = self._in_names.get(word, frozenset()) - {place.edition}
            if not left and word in self._in_names:
                del self._name_words[bisect_left(self._name_words, word)]
            _put(self._in_names, word, left)

    def _put_in(self, place: Place) -> None:
        for one in _names_of(place):
            name = _in_one_piece(one)
            self._write(name, _with(self.called.get(name, ()), one))
            for word in dict.fromkeys(_words_of(one.text)):
                self.words[word] = _with(self.words.get(word, ()), one)
        for word in place.compared:
            if word not in self._in_names:
                insort(self._name_words, word)
            self._in_names[word] = self._in_names.get(word, frozenset()) | {place.edition}

    def _write(self, name: str, called: list[Called]) -> None:
        """Say who has a name. How it begins is known by the first who has it: “IMC-3G3” and “IMC3G3” are one name."""
        for start in self._starts_of(name):
            del self._starts[bisect_left(self._starts, start)]
        _put(self.called, name, called)
        for start in self._starts_of(name):
            insort(self._starts, start)

    def _starts_of(self, name: str) -> list[tuple[str, int, str]]:
        if name not in self.called:
            return []
        words = _words_of(self.called[name][0].text)
        return [("".join(words[at:]), at, name) for at in range(len(words))]

    def named(self, words: Sequence[Word]) -> set[int]:
        """The editions whose pages have all of these words in their names."""
        each = [set().union(*(self._in_names.get(one, frozenset()) for one in self._fitting(word))) for word in words]
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


def _put(into: dict, key: str, value) -> None:
    """Write a value under a key, or nothing at all where it is empty."""
    if value:
        into[key] = value
    else:
        into.pop(key, None)


def _without(called: Sequence[Called], place: Place) -> list[Called]:
    return [one for one in called if one.place.edition != place.edition]


def _with(called: Sequence[Called], one: Called) -> list[Called]:
    """One more, after those of its own and of earlier editions."""
    at = bisect_right([other.place.edition for other in called], one.place.edition)
    return [*called[:at], one, *called[at:]]


def _names_of(place: Place) -> list[Called]:
    """What a page is called, and its parts; those of a withdrawn page are not to be found."""
    names = [Called(place), *(Called(place, name) for name in place.names)]
    return [one for one in names if not (one.is_part and place.is_withdrawn)]


def _in_one_piece(one: Called) -> str:
    return "".join(_words_of(one.text))


@lru_cache(maxsize=50_000)  # of one reading the next differs in a few names
def _words_of(name: str) -> tuple[str, ...]:
    return tuple(plain_words(name))
