"""What changed between two texts, word by word. Plain Python: the texts go in as they are, and nothing is escaped here."""

import re
from typing import Literal, NamedTuple

from diff_match_patch import diff_match_patch

# A word with the white space behind it, or a mark of punctuation: the units that a reader sees change.
_UNITS = re.compile(r"\w+(?:[’'-]\w+)*\s*|\W")
_SECONDS = 0.5  # past it, the comparison gets coarser instead of slower
_FIRST_UNIT = 0xE000  # units are compared as characters; they start where no surrogate is met


class Piece(NamedTuple):
    """A run of text that stayed, was taken out or was put in."""

    kind: Literal["same", "removed", "added"]
    text: str


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
    kinds: dict[int, Literal["same", "removed", "added"]] = {0: "same", -1: "removed", 1: "added"}
    return [Piece(kinds[step], "".join(units[ord(one) - _FIRST_UNIT] for one in run)) for step, run in steps]
