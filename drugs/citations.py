"""Numbered citations: numbers are given by first appearance on the page, while the page is drawn. Plain Python."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from string import ascii_lowercase
from typing import Any

from references.content import Source


@dataclass(frozen=True)
class Place:
    """One place on a page that cites a source: the anchor of the place, and the letter that leads back to it."""

    anchor: str
    letter: str


@dataclass
class Cited:
    """A source of the page with its number, the places that cite it, and the mark that stands on it, if any."""

    source: Source
    number: int
    mark: Any = None
    places: list[Place] = field(default_factory=list)

    @property
    def anchor(self) -> str:
        return f"source-{self.number}"


class Citations:
    """The citations of one drawn page, its own and those of the pages it shows, in one row of numbers."""

    def __init__(self, sources: Iterable[Source], marks: Mapping[str, Any] | None = None):
        self._sources = {source.key: source for source in reversed(list(sources))}
        self._marks = marks or {}
        self._cited: dict[str, Cited] = {}

    def cite(self, key: str) -> tuple[Cited, Place] | None:
        """Cite a source at the next place of the page. None if the page does not hold the source."""
        cited = self.listed(key)
        if cited is None:
            return None
        count = len(cited.places)
        letter = ascii_lowercase[count % 26] * (count // 26 + 1)
        place = Place(f"cite-{cited.number}-{letter}", letter)
        cited.places.append(place)
        return cited, place

    def listed(self, key: str) -> Cited | None:
        """The source with its number, without a place in the text: for sources of a page as a whole."""
        if key not in self._sources:
            return None
        if key not in self._cited:
            self._cited[key] = Cited(self._sources[key], len(self._cited) + 1, self._marks.get(key))
        return self._cited[key]

    def __iter__(self):
        return iter(self._cited.values())

    def __bool__(self):
        return bool(self._cited)
