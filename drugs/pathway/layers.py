"""Which step stands on which level of the picture, and beside which: a small layered layout after Sugiyama.

Everything is sorted by keys first, so that the same pathway is drawn alike whatever order it came in.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from drugs.pathway.graph import Key

Edge = tuple[Key, Key]
SWEEPS = 4


@dataclass(frozen=True)
class Layered:
    """Levels from top to bottom, and by which of their places each edge goes from its start to its end.

    Where an edge passes a level, it has a place of its own there, known by a key that is no step's.
    """

    levels: tuple[tuple[Key, ...], ...]
    routes: dict[Edge, tuple[Key, ...]]

    def into(self, key: Key) -> list[tuple[Key, ...]]:
        """The routes that end at a step."""
        return [route for (_, after), route in self.routes.items() if after == key]

    def hops_to(self, level: Collection[Key]) -> list[Edge]:
        """The parts of routes that lead from the level above to this one."""
        return [hop for route in self.routes.values() for hop in pairwise(route) if hop[1] in level]


def pieces(keys: Iterable[Key], edges: Collection[Edge]) -> list[list[Key]]:
    """The keys in groups that no edge joins."""
    beside: dict[Key, set[Key]] = defaultdict(set)
    for before, after in edges:
        beside[before].add(after)
        beside[after].add(before)
    found: list[list[Key]] = []
    seen: set[Key] = set()
    for key in sorted(keys):
        group, open_ends = [], [key]
        while open_ends:
            one = open_ends.pop()
            if one not in seen:
                seen.add(one)
                group.append(one)
                open_ends += beside[one]
        found += [sorted(group)] if group else []
    return found


def layered(keys: Collection[Key], edges: Collection[Edge]) -> Layered:
    """Each step below all that come before it. The edges must not close a circle."""
    edges = sorted(edges)
    depth = _depths(keys, edges)
    routes = {edge: _route(edge, depth) for edge in edges}
    levels: list[list[Key]] = [[] for _ in range(1 + max(depth.values(), default=-1))]
    for key in sorted(keys):
        levels[depth[key]].append(key)
    for before, *passing, _ in routes.values():
        for level, place in enumerate(passing, start=depth[before] + 1):
            levels[level].append(place)
    hops = [hop for route in routes.values() for hop in pairwise(route)]
    return Layered(tuple(map(tuple, _uncrossed(levels, hops))), routes)


def _depths(keys: Iterable[Key], edges: Sequence[Edge]) -> dict[Key, int]:
    """The level of each step: one below the lowest that comes before it. What starts late stands just above its next."""
    depth = dict.fromkeys(sorted(keys), 0)
    followers: dict[Key, list[Key]] = defaultdict(list)
    waits: dict[Key, int] = defaultdict(int)
    for before, after in edges:
        followers[before].append(after)
        waits[after] += 1
    starts = [key for key in depth if not waits[key]]
    ready = list(starts)
    while ready:
        key = ready.pop()
        for after in followers[key]:
            depth[after] = max(depth[after], depth[key] + 1)
            waits[after] -= 1
            ready += [] if waits[after] else [after]
    for key in starts:
        depth[key] = min((depth[after] - 1 for after in followers[key]), default=0)
    return depth


def _route(edge: Edge, depth: dict[Key, int]) -> tuple[Key, ...]:
    """The places of an edge: its start, one on each level that it passes, its end."""
    before, after = edge
    passed = range(depth[before] + 1, depth[after])
    return before, *((*before, "→", *after, f"{level:04}") for level in passed), after


def _uncrossed(levels: list[list[Key]], hops: Sequence[Edge]) -> list[list[Key]]:
    """The levels, each ordered by the middle of what its places are joined with above, then below, a few times."""
    above: dict[Key, list[Key]] = defaultdict(list)
    below: dict[Key, list[Key]] = defaultdict(list)
    for one, other in hops:
        below[one].append(other)
        above[other].append(one)
    for sweep in range(SWEEPS):
        downwards = sweep % 2 == 0
        order = range(1, len(levels)) if downwards else range(len(levels) - 2, -1, -1)
        for level in order:
            fixed = _positions(levels[level - 1 if downwards else level + 1])
            levels[level] = _by_middle(levels[level], above if downwards else below, fixed)
    return levels


def _positions(level: Sequence[Key]) -> dict[Key, float]:
    """Where each place of a level stands, from 0 to 1."""
    return {key: (number + 0.5) / len(level) for number, key in enumerate(level)}


def _by_middle(level: list[Key], joined: dict[Key, list[Key]], fixed: dict[Key, float]) -> list[Key]:
    own = _positions(level)

    def middle(key: Key) -> float:
        met = [fixed[one] for one in joined[key]]
        return sum(met) / len(met) if met else own[key]

    return sorted(level, key=middle)  # stable: what ties keeps its order
