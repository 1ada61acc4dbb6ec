"""The lines of a page in which the words of a query stand, with those words marked."""

from collections.abc import Sequence
from dataclasses import dataclass

from editions.search.document import Passage
from editions.search.query import Word
from editions.search.words import placed

AROUND = 220  # letters of an extract, more or less
_BEFORE = 60


@dataclass(frozen=True)
class Piece:
    """Words of an extract, as they stand on the page: text, never markup."""

    text: str
    is_match: bool = False


@dataclass(frozen=True)
class Extract:
    pieces: tuple[Piece, ...] = ()
    heading: str = ""  # of the part of the page that it is from
    anchor: str = ""

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)


def extract(passages: Sequence[Passage], words: Sequence[Word]) -> Extract:
    """An extract of the passage that holds most of the words; of the first passage, if none holds any."""
    best, found, most = None, [], 0
    for passage in passages:
        here = [(start, end, hit) for start, end, said in placed(passage.text) if (hit := _fitting(said, words))]
        heading = {word for _, _, said in placed(passage.heading) for word in _fitting(said, words)}
        distinct = len(heading.union(*(hit for _, _, hit in here))) if here or heading else 0
        if distinct > most:
            best, found, most = passage, here, distinct
    if best is None:
        best = passages[0] if passages else Passage("")
    return Extract(tuple(_pieces(best.text, [(start, end) for start, end, _ in found])), best.heading, best.anchor)


def _fitting(said: Sequence[str], words: Sequence[Word]) -> set[Word]:
    return {word for word in words for one in said if word.fits(one)}


def _pieces(text: str, marks: list[tuple[int, int]]):
    begin, end = _window(text, marks)
    if begin:
        yield Piece("… ")
    at = begin
    for start, stop in marks:
        if start < begin or stop > end:
            continue
        if start > at:
            yield Piece(text[at:start])
        yield Piece(text[start:stop], is_match=True)
        at = stop
    if at < end:
        yield Piece(text[at:end])
    if end < len(text):
        yield Piece(" …")


def _window(text: str, marks: list[tuple[int, int]]) -> tuple[int, int]:
    """Where an extract begins and ends: round the first mark, at the ends of words."""
    first = marks[0][0] if marks else 0
    begin = max(0, first - _BEFORE)
    if begin:
        space = text.find(" ", begin, first)
        begin = space + 1 if space >= 0 else first
    end = min(len(text), begin + AROUND)
    if end < len(text):
        space = text.rfind(" ", begin + 1, end)
        end = space if space > first else end
    return begin, end
