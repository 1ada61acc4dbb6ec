"""What changed between two texts, word by word. Plain Python: the texts go in as they are, and nothing is escaped here."""

import re
from typing import Literal, NamedTuple

from diff_match_patch import diff_match_patch

# A word with the white space behind it, or a mark of punctuation: the units that a reader sees change.
_UNITS = re.compile(r"\w+(?:[’'-]\w+)*\s*|\W")
_SECONDS = 0.5  # past it, the comparison gets coarser instead of slower
_FIRST_UNIT = 0xE000  # units are compared as characters; they start where no surrogate is met


_NEAR = 25  # words that stay in sight on either side of a change
_LONG = 80  # a run that stayed is folded from here on


Kind = Literal["same", "removed", "added", "folded"]


class Piece(NamedTuple):
    """A run of text that stayed, was taken out or was put in; `folded` is one that stayed, far from any change."""

    kind: Kind
    text: str

    @property
    def length(self) -> int:
        """How many words it has."""
        return len(self.text.split())


def pieces(old: str, new: str) -> list[Piece]:
    """The runs of words that lead from one text to the other, in reading order.

    Joined, the same and removed pieces are `old`, the same and added ones `new`.
    """
    if old == new:
        return [Piece("same", old)] if old else []
    known: dict[str, str] = {}
    units: list[str] = []

    def as_characters(text: str) -> str:
        characters = []
        for unit in _UNITS.findall(text):
            if unit not in known:
                known[unit] = chr(_FIRST_UNIT + len(units))
                units.append(unit)
            characters.append(known[unit])
        return "".join(characters)

    comparison = diff_match_patch()
    comparison.Diff_Timeout = _SECONDS
    steps = comparison.diff_main(as_characters(old), as_characters(new), False)
    comparison.diff_cleanupSemantic(steps)
    kinds: dict[int, Kind] = {0: "same", -1: "removed", 1: "added"}
    return [Piece(kinds[step], "".join(units[ord(one) - _FIRST_UNIT] for one in run)) for step, run in steps]


def folded(runs: list[Piece]) -> list[Piece]:
    """The same runs, with the middle of those that stayed and are long as pieces of their own. Joined, nothing is lost."""
    found: list[Piece] = []
    for position, run in enumerate(runs):
        before = _NEAR if position else 0
        after = _NEAR if position < len(runs) - 1 else 0
        words = re.findall(r"\S+\s*|\s+", run.text)
        if run.kind != "same" or len(words) < _LONG:
            found.append(run)
            continue
        middle = len(words) - after
        parts: tuple[tuple[Kind, list[str]], ...] = (
            ("same", words[:before]),
            ("folded", words[before:middle]),
            ("same", words[middle:]),
        )
        found += [Piece(kind, "".join(part)) for kind, part in parts if part]
    return found
