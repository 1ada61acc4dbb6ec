"""What changed between two contents, by field and by item, in a reader's order. Plain Python.

Items of a list are told by what people know them by (a key, a name, a page, a source), criteria and notices by their
likeness: so an item that moved is said to have moved, and not to have gone here and come there.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from basics import richtext
from basics.content import Value
from basics.dates import NotADate, PartialDate
from basics.differences import Piece, folded, pieces
from basics.vocabulary import Vocabulary

Kind = Literal["added", "removed", "moved", "changed"]
# What tells an item of a list from its neighbours, the first that it has.
_KNOWN_BY = ("key", "page", "source", "condition", "name", "title")
_ALIKE = 0.5  # two texts that share less than half are two texts
_SILENT = {"format", "kind"}
_MARKUP = re.compile(r"</?(p|ul|ol|li|h3|strong|em|a|br|cite)\b")


@dataclass(frozen=True)
class Difference:
    """One thing that differs: where (“indications”, “advanced GIST”, “text”), how, and the words before and after."""

    place: tuple[str, ...]
    kind: Kind
    old: str = ""
    new: str = ""

    @property
    def pieces(self) -> list[Piece]:
        """The words that went and came. Empty where only the formatting differs, or only the place."""
        if self.kind == "added":
            return [Piece("added", self.new)]
        if self.kind == "removed":
            return [Piece("removed", self.old)]
        return folded(pieces(self.old, self.new)) if self.old != self.new else []


@dataclass(frozen=True)
class Unchanged:
    """A part that is in both, word for word."""

    place: tuple[str, ...]
    words: str


@dataclass(frozen=True)
class Comparison:
    """Two contents side by side: what differs, and what does not."""

    differences: list[Difference]
    unchanged: list[Unchanged]


def side_by_side(old: Value, new: Value) -> Comparison:
    return Comparison(compare(old, new), unchanged(old, new))


def compare(old: Value, new: Value) -> list[Difference]:
    """Every difference between two contents of one kind, in the order in which the page shows its parts."""
    return list(_values((), old, new))


def unchanged(old: Value, new: Value) -> list[Unchanged]:
    """The parts that neither differ nor are empty: whole fields, and of lists the items that stayed in their order."""
    found = []
    for name in _in_order_of_the_page(new):
        was, now = getattr(old, name), getattr(new, name)
        if name in _SILENT or not in_words(now):
            continue
        place = name.replace("_", " ")
        if isinstance(now, tuple):
            found += [Unchanged((place, named(item)), in_words(item)) for item in _stayed(was, now)]
        elif was == now:
            found.append(Unchanged((place,), in_words(now)))
    return found


def _in_order_of_the_page(value: Value) -> list[str]:
    """The fields of a value; what a page rests on stands at its end, as on the page."""
    return sorted(type(value).model_fields, key=lambda name: name == "sources")


def _values(place: tuple[str, ...], old: Value, new: Value) -> Iterator[Difference]:
    for name in _in_order_of_the_page(new):
        if place or name not in _SILENT:
            yield from _anything((*place, name.replace("_", " ")), getattr(old, name), getattr(new, name))


def _anything(place: tuple[str, ...], old: Any, new: Any) -> Iterator[Difference]:
    if old == new:
        return
    if isinstance(new, tuple):
        yield from _lists(place, old, new)
    elif isinstance(old, Value) and isinstance(new, Value):
        yield from _values(place, old, new)
    elif not in_words(old):
        yield Difference(place, "added", new=in_words(new))
    elif not in_words(new):
        yield Difference(place, "removed", old=in_words(old))
    else:
        yield Difference(place, "changed", in_words(old), in_words(new))


def _lists(place: tuple[str, ...], old: Sequence[Any], new: Sequence[Any]) -> Iterator[Difference]:
    pairs = _matched(old, new)
    kept = dict(pairs)
    stayed = _in_order([after for _, after in sorted(pairs)])
    origin = {after: before for before, after in pairs}
    for position, item in enumerate(old):
        if position not in kept:
            yield Difference((*place, named(item)), "removed", old=in_words(item))
    for position, item in enumerate(new):
        here = (*place, named(item))
        if position not in origin:
            yield Difference(here, "added", new=in_words(item))
            continue
        if position not in stayed:
            yield Difference(here, "moved", old=str(origin[position] + 1), new=str(position + 1))
        yield from _anything(here, old[origin[position]], item)


def _stayed(old: Sequence[Any], new: Sequence[Any]) -> list[Any]:
    """The items of a list that are the same, each for one of the other list, and that did not move."""
    pairs = _matched(old, new)
    in_order = _in_order([after for _, after in sorted(pairs)])
    same = sorted(after for before, after in pairs if after in in_order and old[before] == new[after])
    return [new[after] for after in same]


def _matched(old: Sequence[Any], new: Sequence[Any]) -> list[tuple[int, int]]:
    """Which item of one list is which of the other: the same, then known by the same, then alike."""
    pairs: list[tuple[int, int]] = []
    left, right = list(range(len(old))), list(range(len(new)))

    def take(is_same) -> None:
        for before in list(left):
            after = next((one for one in right if is_same(old[before], new[one])), None)
            if after is not None:
                pairs.append((before, after))
                left.remove(before)
                right.remove(after)

    take(lambda one, other: one == other)
    take(lambda one, other: (mark := _mark(one)) is not None and mark == _mark(other))
    unmarked_before = {at: in_words(old[at])[:2000] for at in left if _mark(old[at]) is None}
    unmarked_after = {at: in_words(new[at])[:2000] for at in right if _mark(new[at]) is None}
    alike = [
        (likeness, -abs(before - after), before, after)
        for before, after, likeness in _likenesses(unmarked_before, unmarked_after)
    ]
    for likeness, _, before, after in sorted(alike, reverse=True):
        if likeness >= _ALIKE and before in left and after in right:
            pairs.append((before, after))
            left.remove(before)
            right.remove(after)
    return pairs


def _mark(item: Any) -> Any:
    for name in _KNOWN_BY:
        if (known := getattr(item, name, None)) is not None:
            return known.page if isinstance(known, Value) and hasattr(known, "page") else known
    return None


def _likenesses(old: dict[int, str], new: dict[int, str]) -> Iterator[tuple[int, int, float]]:
    """How alike each text is to each of the others. The matcher does most of its work once for each second text."""
    matcher = SequenceMatcher(autojunk=False)
    for after, text in new.items():
        matcher.set_seq2(text)
        for before, other in old.items():
            matcher.set_seq1(other)
            yield before, after, matcher.quick_ratio()


def _in_order(positions: list[int]) -> set[int]:
    """The longest run of positions that still stand in order: what is not in it has moved."""
    runs: list[list[int]] = [[]]
    for position in positions:
        before = max((run for run in runs if not run or run[-1] < position), key=lambda run: len(run))
        runs.append([*before, position])
    longest = max(runs, key=lambda run: len(run))
    return set(longest)


def named(item: Any) -> str:
    """What an item of a list is called in a sentence."""
    for name in ("condition", "heading", "title", "name", "subject", "source", "text"):
        if (value := getattr(item, name, None)) not in (None, ""):
            text = in_words(getattr(value, "name", value))
            return text if len(text) <= 60 else f"{text[:59]}…"
    return in_words(item)[:60]


def in_words(value: Any) -> str:
    """A value as a person reads it: labels for fixed words, rich text without its markup, parts on lines of their own."""
    if value is None or value is False or value == "":
        return ""
    if value is True:
        return "yes"
    if isinstance(value, Vocabulary):
        return value.label
    if isinstance(value, str):
        if _MARKUP.search(value):
            return richtext.words(value, cited=lambda key, at: f" {_cited(key, at)}")
        return _dated(value)
    if isinstance(value, tuple):
        return "\n".join(filter(None, map(in_words, value)))
    if isinstance(value, Value):
        if (locator := getattr(value, "locator", None)) is not None:
            return _cited(getattr(value, "source", ""), locator)
        return "\n".join(filter(None, (in_words(getattr(value, name)) for name in type(value).model_fields)))
    return str(value)


def _cited(source: str, locator: str) -> str:
    return f"[{source}, {locator}]" if locator else f"[{source}]"


def _dated(text: str) -> str:
    """A date in words; any other text as it is."""
    try:
        return PartialDate.parse(text).in_words() if len(text) <= 10 else text
    except NotADate:
        return text
