"""Numbered citations: numbers are given by first appearance on the page, while the page is drawn. Plain Python."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from string import ascii_lowercase
from typing import Any

from drugs.terms import Terms
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


@dataclass(frozen=True)
class Mark:
    """What stands for one source at a place, or for a run of three and more whose numbers follow one another."""

    places: tuple[tuple[Cited, Place], ...]
    locator: str = ""


class Citations:
    """The citations of one drawn page, its own and those of the pages it shows, in one row of numbers.

    With them go the terms that the page uses, which are met in the same order of drawing.
    """

    def __init__(
        self, sources: Iterable[Source], marks: Mapping[str, Any] | None = None, *, terms: Terms | None = None
    ):
        self.terms = Terms() if terms is None else terms  # one that met no word yet is false
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

    def cite_together(self, cited: Iterable[tuple[str, str]]) -> list[Mark]:
        """Cite sources, as (key, locator), at one place: by number, each once, `1–3, 5`. Unknown sources are left out."""
        once = dict.fromkeys((key, locator) for key, locator in cited if self.listed(key))
        places = [(found, locator) for key, locator in once if (found := self.cite(key))]
        places.sort(key=lambda one: (one[0][0].number, one[1]))
        marks: list[Mark] = []
        for run in _runs(places):
            marks += (
                [Mark(tuple(place for place, _ in run))] if len(run) > 2 else [Mark((at,), said) for at, said in run]
            )
        return marks

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


_Placed = tuple[tuple[Cited, Place], str]


def _runs(places: list[_Placed]) -> list[list[_Placed]]:
    """Places in order, those together whose numbers follow one another. One that names where in its source stands alone."""
    runs: list[list[_Placed]] = []
    for one in places:
        (cited, _), locator = one
        follows = runs and not locator and not runs[-1][-1][1] and cited.number == runs[-1][-1][0][0].number + 1
        if follows:
            runs[-1].append(one)
        else:
            runs.append([one])
    return runs
