"""Which parts of a pathway hang together, and under which heading each is drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from drugs import vocabulary as words
from drugs.pathway.graph import Key, Pathway
from drugs.pathway.layers import Edge, Layered, layered, pieces

_UNSPECIFIED = words.Setting.UNSPECIFIED
_SETTINGS = [*(setting for setting in words.Setting if setting != _UNSPECIFIED), _UNSPECIFIED]


@dataclass(frozen=True)
class Group:
    """A part of the picture. Its heading tells the setting of its drugs, if they share one."""

    heading: str
    plan: Layered


def groups(pathway: Pathway) -> list[Group]:
    """The parts of a picture, by setting: steps that follow each other, and those that stand alone."""
    edges = [(tie.before, tie.after) for tie in pathway.arrows]
    found = pieces(pathway.by_key, edges)
    joined = {tuple(keys): _plan(keys, edges) for keys in found if len(keys) > 1}
    beside = max((_boxes(pathway, level) for plan in joined.values() for level in plan.levels), default=1)
    alone = _rows([keys[0] for keys in found if len(keys) == 1], pathway, beside)
    drawn = [
        (_first_setting(pathway, keys), False, keys, Group(_shared_setting(pathway, keys), plan))
        for keys, plan in joined.items()
    ]
    # Within a setting, what stands alone comes after what is joined.
    drawn += [(setting, True, (), group) for setting, group in alone]
    return [group for *_, group in sorted(drawn, key=lambda one: one[:3])]


def _plan(keys: Sequence[Key], edges: Sequence[Edge]) -> Layered:
    held = set(keys)
    return layered(keys, [edge for edge in edges if edge[0] in held])


def _rows(keys: Sequence[Key], pathway: Pathway, beside: int) -> list[tuple[int, Group]]:
    """Steps that nothing is tied to, by setting, in rows no wider than the rest of the picture: `beside` boxes each."""

    def setting(key: Key) -> int:
        return _first_setting(pathway, [key])

    found = []
    for number, same in groupby(sorted(keys, key=lambda key: (setting(key), key)), key=setting):
        row = list(same)
        levels = tuple(tuple(row[at : at + beside]) for at in range(0, len(row), beside))
        own = "each on its own" if len(row) > 1 else "on its own"
        label = _shared_setting(pathway, row)
        found.append((number, Group(f"{label}, {own}" if label else own, Layered(levels, {}))))
    return found


def _boxes(pathway: Pathway, level: Sequence[Key]) -> int:
    return sum(key in pathway.by_key for key in level)


def _first_setting(pathway: Pathway, keys: Sequence[Key]) -> int:
    """Which setting comes first among some steps; none stated comes last."""
    return min(_SETTINGS.index(pathway.by_key[key].setting) for key in keys)


def _shared_setting(pathway: Pathway, keys: Sequence[Key]) -> str:
    steps = [pathway.by_key[key] for key in keys]
    settings = {step.setting for step in steps if step.treatment}
    return settings.pop().label if len(settings) == 1 and _UNSPECIFIED not in settings else ""
