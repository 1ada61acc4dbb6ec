"""Deals the corpus out to many fields at a time, so that few requests try much."""

from collections.abc import Iterable
from itertools import cycle

from tests.hostile import Payload, corpus


class Dealer:
    """Hands out payloads class after class, each class from its beginning to its end and again."""

    def __init__(self, *kinds: str):
        self._kinds = kinds or tuple(dict.fromkeys(one.kind for one in corpus()))
        self._decks = {kind: cycle(corpus(kind)) for kind in self._kinds}
        self._turn = 0
        self.dealt: set[Payload] = set()

    def deal(self, names: Iterable[str]) -> dict[str, Payload]:
        """A payload for each name: neighbours get different classes, and the next time each gets another."""
        hand = {}
        for place, name in enumerate(names):
            payload = next(self._decks[self._kinds[(self._turn + place) % len(self._kinds)]])
            hand[name] = payload
            self.dealt.add(payload)
        self._turn += len(hand) + (len(hand) % 7 == 0)
        return hand
