"""Names that look like what was typed. They are asked about, never taken for it: sound-alike names are other drugs."""

from collections.abc import Collection

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

MOST_ASKED = 4


def may_differ(name: str) -> int:
    """By how many letters (left out, put in, changed, or two exchanged) a name may differ and still be asked about.

    Names of one class of drugs end alike: more than this, and every “…tinib” would look like every other.
    """
    return 0 if len(name) < 4 else 1 if len(name) < 6 else 2


def near(typed: str, names: Collection[str], *, most: int | None = None) -> list[tuple[str, int]]:
    """(name, letters that differ), nearest first. Names about as near as the nearest are among them.

    `typed` and the names are folded, without gaps (`words.compact`).
    """
    limit = may_differ(typed) if most is None else min(most, may_differ(typed))
    if not limit:
        return []
    found = extract(typed, list(names), scorer=OSA.distance, score_cutoff=limit, limit=None)  # type: ignore[arg-type]
    close = sorted((round(distance), name) for name, distance, _ in found if distance)
    return [(name, distance) for distance, name in close if distance <= close[0][0] + 1]
