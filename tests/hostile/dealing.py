"""Deals the corpus out to many places, so that few requests try much; or crosses both, with HOSTILE=all (`make hostile`)."""

import os
from collections.abc import Iterable, Iterator, Sequence
from itertools import cycle, product
from typing import TypeVar

from tests.hostile import Payload, corpus

ALL = os.environ.get("HOSTILE") == "all"  # every payload at every place
Place = TypeVar("Place")


class Dealer:
    """Hands out payloads class after class, each class from its beginning to its end and again.

    With HOSTILE=all whoever is dealt to as often as the corpus is large got every payload.
    """

    def __init__(self, *kinds: str):
        self._kinds = kinds or tuple(dict.fromkeys(one.kind for one in corpus()))
        self._decks = {kind: cycle(corpus(kind)) for kind in self._kinds}
        self._turn = 0
        self._places: dict[str, int] = {}
        self.dealt: set[Payload] = set()

    def deal(self, names: Iterable[str]) -> dict[str, Payload]:
        """A payload for each name: neighbours get different classes, and the next time each gets another."""
        hand = self._next_of_all(names) if ALL else self._next_of_classes(names)
        self.dealt.update(hand.values())
        return hand

    def _next_of_classes(self, names: Iterable[str]) -> dict[str, Payload]:
        hand = {
            name: next(self._decks[self._kinds[(self._turn + place) % len(self._kinds)]])
            for place, name in enumerate(names)
        }
        self._turn += len(hand) + (len(hand) % 7 == 0)
        return hand

    def _next_of_all(self, names: Iterable[str]) -> dict[str, Payload]:
        """A name keeps its place for good, and gets the payload that stands as far from the last one's as it stands."""
        payloads = corpus(*self._kinds)
        hand = {}
        for name in names:
            place = self._places.setdefault(name, len(self._places))
            hand[name] = payloads[(self._turn + 47 * place) % len(payloads)]
        self._turn += 1
        return hand


def tried_at(places: Sequence[Place], *kinds: str) -> Iterator[tuple[Payload, Place]]:
    """Each payload of these classes, or of all, with one of the places in turn; with each of them if HOSTILE=all."""
    return product(corpus(*kinds), places) if ALL else zip(corpus(*kinds), cycle(places), strict=False)


def shares(most: int) -> range:
    """Into how many tests a crossing is cut, so that two cores have something to do; what is dealt out is one."""
    return range(most if ALL else 1)
