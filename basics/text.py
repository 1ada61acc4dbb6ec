"""Which characters text may hold, in every field, file and form."""

import unicodedata

# Characters that change the order in which a line is read (Unicode Standard Annex 9). They can make a dose or a
# "not" appear where it is not written.
_DIRECTION = {*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C}
# Invisible characters that hide or smuggle text: zero-width space, word joiner, byte order mark, tag characters.
_INVISIBLE = {
    *(0x00AD, 0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180E, 0x200B, 0x2800, 0x3164, 0xFEFF, 0xFFA0),
    *range(0x2060, 0x2065),
    *range(0x206A, 0x2070),
    *range(0xFFF9, 0xFFFC),
    *range(0xE0000, 0xE0080),
}
# Line and paragraph separators end a line in JavaScript and in some feeds, but not in a text box.
_SEPARATORS = {0x2028, 0x2029}
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
    if character in "\t\n":
        return False
    point = ord(character)
    if point in _DIRECTION or point in _INVISIBLE or point in _SEPARATORS:
        return True
    if point & 0xFFFE == 0xFFFE or 0xFDD0 <= point <= 0xFDEF:  # noncharacters: XML and JSON readers refuse them
        return True
    return unicodedata.category(character) in {"Cc", "Cs", "Co"}


def tidy(text: str) -> str:
    """Return text as it is stored: Unicode NFC, line ends as line feeds. µ, −, ≥ and no-break spaces stay as they are.

    Raises ForbiddenCharacter (a ValueError) naming the first character that may not be stored.
    """
    if text.isascii() and text.isprintable():
        return text  # most text is, and none of it changes
    # NFC, not NFKC: compatibility forms such as µ (micro sign) and the no-break space keep their meaning.
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    for position, character in enumerate(text):
        if is_forbidden(character):
            raise ForbiddenCharacter(text, position)
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
