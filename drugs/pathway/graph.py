"""What follows what among the treatments of a condition, read from the criteria of the indications.

Values without coordinates: `drawing` places them, the page's list tells them in words.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol

from drugs import content
from drugs import vocabulary as words

Key = tuple[str, ...]
_LINES = list(words.Line)


class Page(Protocol):
    """What is needed of a drug's page."""

    @property
    def key(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def url(self) -> str: ...


class Treatment(Protocol):
    """A use of a drug, as `drugs.pages` gathers them."""

    @property
    def page(self) -> Page: ...
    @property
    def indication(self) -> content.Indication: ...


@dataclass(frozen=True)
class Step:
    """A use of a drug. Without a treatment: what came before and has no use of its own on the page."""

    key: Key  # the lasting key of the page, then that of the indication; for what came before, one word alone
    title: str
    treatment: Treatment | None = None

    @property
    def setting(self) -> words.Setting:
        return self.treatment.indication.setting if self.treatment else words.Setting.UNSPECIFIED

    @property
    def line(self) -> words.Line:
        return self.treatment.indication.line if self.treatment else words.Line.UNSPECIFIED


@dataclass(frozen=True)
class Prior:
    """A treatment that has to come before another, and how it has to have ended."""

    key: str  # the lasting key of a drug, or the kind of treatment
    name: str
    outcome: str = ""  # in words; empty where none is stated

    @property
    def in_words(self) -> str:
        return f"{self.name}: {self.outcome}" if self.outcome else self.name


@dataclass(frozen=True)
class Tie:
    """A prior treatment and what follows it: an arrow of the picture, if it is drawn."""

    before: Key
    after: Key
    prior: Prior
    closes_circle: bool = False  # the other ties already lead from `after` to `before`
    is_implied: bool = False  # the other arrows already lead there, by way of a treatment that is needed as well

    @property
    def is_drawn(self) -> bool:
        return not (self.closes_circle or self.is_implied)


@dataclass(frozen=True)
class Item:
    """A line of the list that tells the pathway in words."""

    step: Step
    priors: tuple[Prior, ...]
    circular: tuple[Prior, ...]  # that no arrow shows, because they would close a circle
    excluded: tuple[Prior, ...]
    next: tuple[str, ...]  # the names of what may follow


@dataclass(frozen=True)
class Pathway:
    """The uses of drugs in the order of the page, the treatments that came before, and the ties among them."""

    steps: tuple[Step, ...]
    starts: tuple[Step, ...]
    ties: tuple[Tie, ...]
    withdrawn: frozenset[str] = frozenset()  # lasting keys of drugs whose pages were

    @cached_property
    def by_key(self) -> dict[Key, Step]:
        return {step.key: step for step in (*self.steps, *self.starts)}

    @cached_property
    def arrows(self) -> list[Tie]:
        return [tie for tie in self.ties if tie.is_drawn]

    @property
    def items(self) -> list[Item]:
        return [self._item(step, step.treatment.indication) for step in self.steps if step.treatment]

    def _item(self, step: Step, indication: content.Indication) -> Item:
        circular = self.circular(step)
        return Item(
            step=step,
            priors=tuple(prior for prior in priors(indication.required, self.withdrawn) if prior not in circular),
            circular=circular,
            excluded=tuple(priors(indication.excluding, self.withdrawn)),
            next=tuple(dict.fromkeys(self.by_key[tie.after].title for tie in self.arrows if tie.before == step.key)),
        )

    def circular(self, step: Step) -> tuple[Prior, ...]:
        """The priors of a step that no arrow leads from: they follow it themselves, or are the step itself."""
        if step.treatment is None:
            return ()
        led = {tie.prior for tie in self.ties if tie.after == step.key and not tie.closes_circle}
        required = priors(step.treatment.indication.required, self.withdrawn)
        return tuple(prior for prior in required if prior not in led)


def priors(criteria: Iterable[content.Criterion], withdrawn: Collection[str] = ()) -> list[Prior]:
    """The treatments that criteria speak of, each once, with every outcome that they ask for, and marked if withdrawn."""
    names: dict[str, str] = {}
    outcomes: dict[str, dict[str, None]] = defaultdict(dict)
    for prior in [criterion.prior for criterion in criteria if criterion.prior]:
        key = prior.drug.page if prior.drug else prior.kind.value
        name = prior.drug.name if prior.drug else prior.kind.label
        names.setdefault(key, f"{name} (withdrawn)" if key in withdrawn else name)
        if prior.outcome:
            outcomes[key][prior.outcome.label] = None
    return [Prior(key, name, ", and ".join(outcomes[key])) for key, name in names.items()]


def pathway(treatments: Iterable[Treatment], withdrawn: Iterable[str] = ()) -> Pathway:
    """The pathway of a condition. A use that is given twice stands once.

    `withdrawn` are the lasting keys of drugs whose pages were: what comes before another may be one of them.
    """
    gone = frozenset(withdrawn)
    steps = {step.key: step for step in map(_step, treatments)}
    starts: dict[Key, Step] = {}
    ties = []
    for _, step in sorted(steps.items()):  # of two names that a drug had, which one is taken does not rest on the order
        for prior in priors(step.treatment.indication.required, gone) if step.treatment else []:
            for source in _sources(prior, step, steps.values(), starts):
                ties.append(Tie(source.key, step.key, prior))
    told = _without_circles(ties, {key: step.line for key, step in steps.items()})
    before = tuple(starts[key] for key in sorted(starts))
    return Pathway(tuple(steps.values()), before, tuple(_with_implied_told(told)), gone)


def _step(treatment: Treatment) -> Step:
    return Step((treatment.page.key, treatment.indication.key), treatment.page.title, treatment)


def _sources(prior: Prior, step: Step, steps: Iterable[Step], starts: dict[Key, Step]) -> list[Step]:
    """Where the arrows of a prior start: at the drug's uses in the same setting if it has such, else at all of them.

    A drug that is to follow itself, and has one use only, has no such place.
    """
    uses = [one for one in steps if one.key[0] == prior.key]
    if not uses:
        return [starts.setdefault((prior.key,), Step((prior.key,), prior.name))]
    others = [one for one in uses if one.key != step.key]
    return [one for one in others if one.setting == step.setting] or others


def _without_circles(ties: Iterable[Tie], lines: dict[Key, words.Line]) -> list[Tie]:
    """The ties, with those marked that would lead back to where the ones before them started.

    An earlier line of treatment leads to a later one before any other tie is looked at; then the keys decide, so that
    the order of the input does not matter.
    """

    def order(tie: Tie) -> tuple[bool, Key, Key]:
        before = _LINES.index(lines.get(tie.before, words.Line.UNSPECIFIED))
        return not 0 < before < _LINES.index(lines[tie.after]), tie.before, tie.after

    kept: list[Tie] = []
    followers: dict[Key, set[Key]] = defaultdict(set)
    for tie in sorted(ties, key=order):
        circle = tie.before in _reached([tie.after], followers)
        kept.append(replace(tie, closes_circle=circle))
        if not circle:
            followers[tie.before].add(tie.after)
    return kept


def _with_implied_told(ties: Sequence[Tie]) -> list[Tie]:
    """The ties, with those marked that other arrows show.

    Whoever needs sunitinib, which needs imatinib, needs imatinib: an arrow past sunitinib would add nothing, unless it
    asks for another outcome.
    """
    followers: dict[Key, set[Key]] = defaultdict(set)
    places: dict[Key, dict[Prior, set[Key]]] = defaultdict(lambda: defaultdict(set))
    for tie in [tie for tie in ties if not tie.closes_circle]:
        followers[tie.before].add(tie.after)
        places[tie.after][tie.prior].add(tie.before)

    def is_implied(tie: Tie) -> bool:
        alike = [one.after for one in ties if one.before == tie.before and one.prior == tie.prior]
        led = _reached([key for key in alike if key != tie.after], followers)
        # Every place where another prior of the same step starts has to be led to, not only one use of several.
        return any(keys <= led for prior, keys in places[tie.after].items() if prior != tie.prior)

    return [replace(tie, is_implied=not tie.closes_circle and is_implied(tie)) for tie in ties]


def _reached(keys: Iterable[Key], followers: dict[Key, set[Key]]) -> set[Key]:
    """The keys, and whatever follows them."""
    found, open_ends = set(), list(keys)
    while open_ends:
        key = open_ends.pop()
        if key not in found:
            found.add(key)
            open_ends += followers.get(key, ())
    return found
