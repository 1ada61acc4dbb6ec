"""Which characters text may hold, in every field, file and form."""

import re
import unicodedata

# What may not be stored, as the ranges of one pattern: asked character by character, a page's words would take longer
# to read than to draw. Unicode promises that none of its three categories ever changes (Character Encoding Stability
# Policies).
_FORBIDDEN = re.compile(
    "["
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters (Cc) but tab and line feed
    "\ud800-\udfff"  # halves of characters (Cs)
    "\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd"  # private ones (Co)
    # They change the order in which a line is read (Unicode Standard Annex 9). They can make a dose or a "not" appear
    # where it is not written.
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
    # Invisible ones that hide or smuggle text: zero-width space, word joiner, byte order mark, tag characters.
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u2060-\u2064\u206a-\u206f\u2800\u3164\ufeff\uffa0"
    "\ufff9-\ufffb\U000e0000-\U000e007f"
    # Line and paragraph separators end a line in JavaScript and in some feeds, but not in a text box.
    "\u2028\u2029"
    # Noncharacters: XML and JSON readers refuse them.
    "\ufdd0-\ufdef"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000))
    + "]"
)
_NAMES = {"\x00": "NUL", "\x0b": "VERTICAL TAB", "\x0c": "FORM FEED", "\x1b": "ESCAPE", "\x7f": "DELETE"}


class ForbiddenCharacter(ValueError):
    """Text holds a character that nobody can see or that changes how the text is read."""

    def __init__(self, text: str, position: int):
        self.position = position
        self.character = text[position]
        name = _NAMES.get(self.character, "") or unicodedata.name(self.character, "control character")
        before = text[max(0, position - 20) : position]
        place = f"after “{before}”" if before.strip() else f"at character {position + 1}"
        super().__init__(
            f"There is a character here that cannot be published: U+{ord(self.character):04X} ({name.lower()}) {place}. "
            "Delete it, or type the words again instead of pasting them."
        )


def is_forbidden(character: str) -> bool:
    """True for control characters (but tab and line feed), direction marks, invisible and private characters."""
    return _FORBIDDEN.match(character) is not None


def tidy(text: str) -> str:
    """Return text as it is stored: Unicode NFC, line ends as line feeds. µ, −, ≥ and no-break spaces stay as they are.

    Raises ForbiddenCharacter (a ValueError) naming the first character that may not be stored.
    """
    if text.isascii() and text.isprintable():
        return text  # most text is, and none of it changes
    # NFC, not NFKC: compatibility forms such as µ (micro sign) and the no-break space keep their meaning.
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    if found := _FORBIDDEN.search(text):
        raise ForbiddenCharacter(text, found.start())
    return text


def without_forbidden(text: str) -> str:
    """Text of somebody who cannot be asked to mend it, in its lines, without the forbidden characters."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", "".join(" " if is_forbidden(one) else one for one in lines)).strip()


def legible(text: str, most: int) -> str:
    """Text that another server or list wrote, as one line of at most so many characters, without the forbidden ones."""
    text = " ".join("".join(" " if is_forbidden(character) else character for character in text).split())
    text = unicodedata.normalize("NFC", text)
    return text if len(text) <= most else f"{text[: most - 1]}…"
