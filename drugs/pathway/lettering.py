"""How wide text is and how it breaks into lines, without the fonts: the browser draws, the server plans the room."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

# The widths of Helvetica in thousandths of the size of the letters, by character. Arial and Liberation Sans have the
# same; the widest font that a system may put in their place, DejaVu Sans, is a fifth wider.
_WIDTHS = {
    **dict.fromkeys("ijl'|", 222),
    **dict.fromkeys(" ,./:;!ftI()[]\\-‐’‘·", 333),
    **dict.fromkeys('r“”"*°', 400),
    **dict.fromkeys("ckvxyszJ", 500),
    **dict.fromkeys("abdeghnopquFLTZ0123456789_?+=<>~#$–", 611),
    **dict.fromkeys("ABEKPSVXYCDHNRUw&", 722),
    **dict.fromkeys("GOQMm", 833),
    **dict.fromkeys("W%@—…", 1015),
}
_OTHER_LATIN = 780  # letters with accents, Greek, Cyrillic
_ANY = 1100  # ideographs, emoji, ligatures of other scripts
SPARE = 1.2

# For each look of words the size of its letters, the height of its lines, and how much wider than plain letters it
# is. The style sheet has the same sizes.
LOOKS = {"name": (20, 27, 1.1), "sure": (15, 21, 1.08), "word": (15, 21, 1.0), "heading": (16, 23, 1.08)}


@dataclass(frozen=True)
class Line:
    """A line of words. `x` is where it starts, or its middle on an arrow; `y` is the line that its letters stand on."""

    text: str
    x: int
    y: int
    look: str

    @property
    def width(self) -> float:
        size, _, factor = LOOKS[self.look]
        return width(self.text, size) * factor


def set_lines(said: Iterable[tuple[str, str]], x: int, top: int, room: int) -> tuple[list[Line], int]:
    """Words with their looks as lines below each other, none wider than `room`; and where the last one ends."""
    lines = []
    for words, look in said:
        size, height, factor = LOOKS[look]
        for line in wrap(words, size, room / factor):
            lines.append(Line(line, x, top + (height + size) // 2 - size // 6, look))
            top += height
    return lines, top


def width(text: str, size: float) -> float:
    """The width of a line in the units of `size`, rather too wide than too narrow."""
    return sum(map(_letter, text)) / 1000 * size * SPARE


def _letter(character: str) -> int:
    if character in _WIDTHS:
        return _WIDTHS[character]
    if unicodedata.combining(character):
        return 0
    return _OTHER_LATIN if ord(character) < 0x530 and unicodedata.category(character)[0] in "LN" else _ANY


def wrap(text: str, size: float, room: float) -> list[str]:
    """The lines of a text, none wider than `room`. A word that is too long for a line is broken."""
    lines: list[str] = []
    for word in text.split():
        if lines and width(f"{lines[-1]} {word}", size) <= room:
            lines[-1] += f" {word}"
        else:
            lines += _broken(word, size, room)
    return lines


def _broken(word: str, size: float, room: float) -> list[str]:
    """A word in pieces that fit, each but the last with a hyphen."""
    if width(word, size) <= room:
        return [word]
    pieces, piece = [], ""
    for character in word:
        # A letter keeps its accents: they have no width of their own.
        if piece and not unicodedata.combining(character) and width(f"{piece}{character}-", size) > room:
            pieces.append(f"{piece}-")
            piece = ""
        piece += character
    return [*pieces, piece]
