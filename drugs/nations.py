"""Where a drug stands with the official bodies, nation by nation. Plain Python."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from drugs import content
from drugs.vocabulary import Nation
from references.content import Standing

# In the order in which a reader in the United Kingdom looks for them: where the NHS decides, then where licences do.
_ORDER = (Nation.ENGLAND, Nation.SCOTLAND, Nation.WALES, Nation.NORTHERN_IRELAND, Nation.UK, Nation.EU)
_WITH_ARTICLE = {Nation.UK, Nation.EU}


@dataclass(frozen=True)
class Told:
    """A decision as the panel tells it."""

    decision: content.Decision
    is_superseded: bool  # every source that it rests on is marked so in the record; never guessed from dates


@dataclass(frozen=True)
class InNation:
    """What is described for a nation: decisions, newest first, or none."""

    nation: Nation
    told: tuple[Told, ...] = ()

    @property
    def name(self) -> str:
        """Its name within a sentence: “England”, “the United Kingdom”."""
        return f"the {self.nation.label}" if self.nation in _WITH_ARTICLE else self.nation.label

    @property
    def anchor(self) -> str:
        return f"where-it-stands-{self.nation.value.replace('_', '-')}"


def by_nation(decisions: Iterable[content.Decision], marks: Mapping[str, Any] | None = None) -> list[InNation]:
    """Every nation with its decisions, newest first; those without a date last. A nation without any is there too.

    `marks` are those that stand on sources, by key.
    """
    newest_first = sorted(decisions, key=lambda one: one.date, reverse=True)
    return [
        InNation(
            nation,
            tuple(Told(one, _is_superseded(one, marks or {})) for one in newest_first if one.nation == nation),
        )
        for nation in _ORDER
    ]


def _is_superseded(decision: content.Decision, marks: Mapping[str, Any]) -> bool:
    standings = [marks[one.source].standing if one.source in marks else "" for one in decision.citations]
    return bool(standings) and all(one == Standing.SUPERSEDED for one in standings)
