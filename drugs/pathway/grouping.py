"""Which parts of a pathway hang together, and under which heading each is drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from drugs import vocabulary as words
from drugs.pathway.graph import Key, Pathway
from drugs.pathway.layers import Edge, Layered, layered, pieces

_SETTINGS = list(words.Setting)


@dataclass(frozen=True)
class Group:
    """A part of the picture. Its heading tells the setting of its drugs, if they share one."""

    heading: str
    plan: Layered


def groups(pathway: Pathway) -> list[Group]:
    """The parts whose steps follow each other, by setting; below them the steps that stand alone, setting by setting."""
    edges = [(tie.before, tie.after) for tie in pathway.arrows]
    found = pieces(pathway.by_key, edges)
    joined = sorted(
        (keys for keys in found if len(keys) > 1), key=lambda keys: (min(_setting(pathway, key) for key in keys), keys)
    )
    drawn = [Group(_shared_setting(pathway, keys), _plan(keys, edges)) for keys in joined]
    beside = max((_beside(pathway, level) for group in drawn for level in group.plan.levels), default=1)
    alone = [keys[0] for keys in found if len(keys) == 1]
    return drawn + _alone(pathway, alone, beside)


def _plan(keys: Sequence[Key], edges: Sequence[Edge]) -> Layered:
    held = set(keys)
    return layered(keys, [edge for edge in edges if edge[0] in held])


def _alone(pathway: Pathway, keys: Sequence[Key], beside: int) -> list[Group]:
    """Steps that nothing is tied to, in rows no wider than the rest of the picture: `beside` boxes each."""
    by_setting = sorted(keys, key=lambda key: (_setting(pathway, key), key))
    found = []
    for setting, same in groupby(by_setting, key=lambda key: _SETTINGS[_setting(pathway, key)]):
        row = list(same)
        levels = tuple(tuple(row[at : at + beside]) for at in range(0, len(row), beside))
        found.append(Group(f"{setting.label}, on its own" if setting else "on its own", Layered(levels, {})))
    return found


def _beside(pathway: Pathway, level: Sequence[Key]) -> int:
    return sum(key in pathway.by_key for key in level)


def _setting(pathway: Pathway, key: Key) -> int:
    return _SETTINGS.index(pathway.by_key[key].setting)


def _shared_setting(pathway: Pathway, keys: Sequence[Key]) -> str:
    steps = [pathway.by_key[key] for key in keys]
    settings = {step.setting for step in steps if step.treatment}
    return settings.pop().label if len(settings) == 1 and words.Setting.UNSPECIFIED not in settings else ""
