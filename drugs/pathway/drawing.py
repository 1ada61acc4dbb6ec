"""The picture of a pathway: where boxes, arrows and words stand. Units are the picture's own, drawn as CSS pixels.

From top to bottom, a level has a strip where its arrows swing to their columns, a strip for the words on them, and
its boxes. Lines cross in the first strip only, so that none runs through a box or a word.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

from drugs.pathway.graph import Key, Pathway, Step
from drugs.pathway.grouping import Group, groups
from drugs.pathway.lettering import Line, set_lines

PHONE = 360  # a picture no wider than this stands on a narrow phone, a little smaller if it must
BOX_ALONE, BOX_BESIDE = 300, 230  # how wide a box is if every level has one, and if some have more
THREAD = 24  # the room of an arrow that passes between boxes
GAP, MARGIN, PADDING = 24, 4, 16
STRAIGHT, SWING = 26, 48  # heights of the strip where lines swing to their columns, if none has to and if some have
STEM, BREAK = 24, 40  # heights: of an arrow's end, between groups
AIR = 4  # above and below the words on an arrow
BAR = 6  # the bar at the edge of a box that tells how settled it is


class End(NamedTuple):
    """Where the lines of a place run."""

    middle: int
    swung: int  # the height from which they run straight down
    foot: int  # where the level ends


Ends = dict[Key, End]


@dataclass(frozen=True)
class Box:
    step: Step
    x: int
    y: int
    width: int
    height: int
    lines: tuple[Line, ...]
    said: str  # its words in a row, for those who hear them

    @property
    def middle(self) -> int:
        return self.x + self.width // 2

    @property
    def bottom(self) -> int:
        return self.y + self.height

    @property
    def bar(self) -> str:
        """The stroke along its left edge, whose dashes tell how settled a use is."""
        return f"M{self.x + PADDING - BAR // 2} {self.y + PADDING}V{self.bottom - PADDING}"


@dataclass(frozen=True)
class Arrow:
    """What leads into a box: lines from the boxes before it, words where they meet, and the end with its head."""

    lines: tuple[str, ...]
    words: tuple[Line, ...]
    end: str


@dataclass(frozen=True)
class Picture:
    width: int
    height: int
    headings: tuple[Line, ...]
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]

    @property
    def is_wide(self) -> bool:
        return self.width > PHONE


def draw(pathway: Pathway, condition: str) -> Picture | None:
    """The picture of the pathway of a condition, by its lasting key; None where nothing follows anything."""
    return _Drawing(pathway, condition).picture if pathway.arrows else None


class _Drawing:
    """A picture in the making: it grows from top to bottom, and `y` is where it ends."""

    def __init__(self, pathway: Pathway, condition: str):
        self.pathway = pathway
        self.condition = condition
        self.headings: list[Line] = []
        self.boxes: dict[Key, Box] = {}
        self.arrows: list[Arrow] = []
        self.y = MARGIN
        found = groups(pathway)
        levels = [level for group in found for level in group.plan.levels]
        beside = max(sum(key in pathway.by_key for key in level) for level in levels)
        self.box_width = BOX_ALONE if beside == 1 else BOX_BESIDE
        self.width = max(map(self._level_width, levels)) + 2 * MARGIN
        for number, group in enumerate(found):
            self.y += BREAK if number else 0
            self._add(group)

    @property
    def picture(self) -> Picture:
        return Picture(
            self.width, self.y + MARGIN, tuple(self.headings), tuple(self.boxes.values()), tuple(self.arrows)
        )

    def _place_width(self, key: Key) -> int:
        return self.box_width if key in self.pathway.by_key else THREAD

    def _level_width(self, level: Sequence[Key]) -> int:
        return sum(map(self._place_width, level)) + GAP * (len(level) - 1)

    def _add(self, group: Group) -> None:
        if group.heading:
            lines, foot = set_lines([(_capital(group.heading), "heading")], MARGIN, self.y, self.width - 2 * MARGIN)
            self.headings += lines
            self.y = foot + PADDING // 2
        ends: Ends = {}
        for number, level in enumerate(group.plan.levels):
            self._add_level(level, group, ends, is_first=not number)

    def _add_level(self, level: Sequence[Key], group: Group, ends: Ends, *, is_first: bool) -> None:
        """Draw the boxes of a level, and the arrows into them from the levels above."""
        routes = {key: group.plan.into(key) for key in level}
        said = {key: self._set_words_into(key) for key, found in routes.items() if found}
        places = list(self._places(level, is_centred=bool(group.plan.routes)))
        middles = {key: x + self._place_width(key) // 2 for key, x in places}
        swing = (
            SWING if any(ends[one].middle != middles[other] for one, other in group.plan.hops_to(level)) else STRAIGHT
        )
        above = swing + max(height for _, height in said.values()) + STEM if said else 0 if is_first else GAP
        swung = self.y + swing
        for key, x in places:
            if key in self.pathway.by_key:
                self.boxes[key] = self._box(key, x, self.y + above, shows_setting=not group.heading)
        self.y = max(self.boxes[key].bottom for key in level if key in self.boxes)
        ends |= {key: End(middle, swung, self.y) for key, middle in middles.items()}
        for key, (words, height) in said.items():
            self.arrows.append(self._arrow(self.boxes[key], routes[key], words, height, ends))

    def _places(self, level: Sequence[Key], *, is_centred: bool) -> Iterator[tuple[Key, int]]:
        """The places of a level from left to right, each with its left edge."""
        x = (self.width - self._level_width(level)) // 2
        if self.box_width == BOX_ALONE or not is_centred:
            # A single column stands straight and lets arrows pass on its right; what stands alone begins at the left.
            level, x = sorted(level, key=lambda key: key not in self.pathway.by_key), MARGIN
        for key in level:
            yield key, x
            x += self._place_width(key) + GAP

    def _set_words_into(self, key: Key) -> tuple[list[Line], int]:
        """The words on the arrow into a box, set from 0 on as if the arrow were there, and their height."""
        said = [(one, "word") for one in self._words_into(key)]
        lines, foot = set_lines(said, 0, AIR, self.box_width)
        return lines, foot + AIR if lines else 0

    def _arrow(
        self, box: Box, routes: Iterable[Sequence[Key]], words: Iterable[Line], height: int, ends: Ends
    ) -> Arrow:
        """The arrow into a box: its lines meet above its words, its end stands below them."""
        met = box.y - STEM - height
        return Arrow(
            lines=tuple(self._line(route, ends, met) for route in routes),
            words=tuple(replace(line, x=box.middle, y=line.y + met) for line in words),
            end=f"M{box.middle} {box.y - STEM}V{box.y - 1}",
        )

    def _line(self, route: Sequence[Key], ends: Ends, met: int) -> str:
        """A line from the box where a route starts, by way of its places on the levels between, down to `met`."""
        start = self.boxes[route[0]]
        drawn = f"M{start.middle} {start.bottom}"
        for before, place in pairwise(route):
            (x, _, foot), (to, swung, _) = ends[before], ends[place]
            half = (foot + swung) // 2
            drawn += f"V{foot}C{x} {half} {to} {half} {to} {swung}"
        return f"{drawn}V{met}"

    def _words_into(self, key: Key) -> list[str]:
        """What has to be so before a step: the outcome; where several lines meet, of which treatment."""
        arrows = [tie for tie in self.pathway.arrows if tie.after == key]
        if len(arrows) == 1:
            return [arrows[0].prior.outcome] if arrows[0].prior.outcome else []
        led = list(dict.fromkeys(tie.prior for tie in arrows))
        if len(led) == 1:  # a drug that has several uses: each of them will do
            return [f"after {led[0].in_words}"]
        return [f"after {'both' if len(led) == 2 else 'all'} of these:", *(prior.in_words for prior in led)]

    def _box(self, key: Key, x: int, top: int, *, shows_setting: bool) -> Box:
        step = self.pathway.by_key[key]
        said = list(self._words_in(step, shows_setting=shows_setting))
        lines, foot = set_lines(said, x + PADDING + BAR, top + PADDING, self.box_width - 2 * PADDING - BAR)
        return Box(
            step, x, top, self.box_width, foot + PADDING - top, tuple(lines), ", ".join(words for words, _ in said)
        )

    def _words_in(self, step: Step, *, shows_setting: bool) -> Iterator[tuple[str, str]]:
        """The words in a box, each with its look."""
        yield _capital(step.title), "name"
        if step.treatment is None:
            return
        one = step.treatment.indication
        if one.partners:
            yield f"with {_listed([partner.name for partner in one.partners])}", "word"
        yield f"{_capital(one.certainty.label)} {one.where}".strip(), "sure"
        if one.condition.page != self.condition:
            yield f"for {one.condition.name}", "word"
        when = [one.setting.label] if shows_setting and one.setting else []
        when += [one.line.label] if one.line else []
        if when:
            yield _capital(", ".join(when)), "word"
        for prior in self.pathway.circular(step):
            yield f"Also after {prior.in_words}", "word"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _listed(names: Sequence[str]) -> str:
    """Names as a sentence has them: “a”, “a and b”, “a, b and c”."""
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
