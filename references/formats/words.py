"""Text of a file as we keep it: without markup, on one line, with no character that cannot be published."""

import html
import re
import unicodedata
from html.entities import html5

from basics.text import is_forbidden

# The markup that Zotero, Crossref and publishers put into titles. Anything else in angle brackets is text: “p <0.05”.
_OPENS = r"</?(?:i|b|u|p|em|sc|br|tt|sub|sup|inf|scp|span|small|strong|bold|italic|jats:[a-z]{1,12})(?=[\s/>])"
_TAGS = re.compile(rf"{_OPENS}(?:\s[^<>]{{0,200}})?/?>", re.IGNORECASE)
_BREAKS = re.compile(r"</?(?:p|br|jats:p)\s?/?>", re.IGNORECASE)
_RAISED = re.compile(r"<(sup|sub|inf)>([^<>]{1,40})</\1>", re.IGNORECASE)
_ENTITY = r"&(#?[A-Za-z0-9]{1,31});"
_ENTITIES = re.compile(_ENTITY)
# Line ends of all kinds become spaces. The no-break space is no line end: it stays.
_SPACES = re.compile("[ \t\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")

_PLAIN_DIGITS = "0123456789+-−=()"
_SUPERSCRIPT = str.maketrans(_PLAIN_DIGITS + "n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ")
_SUBSCRIPT = str.maketrans(_PLAIN_DIGITS, "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")


def one_line(text: str) -> str:
    """Text on one line, with single spaces and none around it."""
    return _SPACES.sub(" ", text).strip()


def plain(text: str) -> str:
    """Raw text of a file as words: markup gone, `&amp;` read, on one line, in Unicode NFC.

    Raised digits keep their place (10<sup>6</sup> is 10⁶, never 106). Characters that cannot be published are
    dropped: ask `hidden` about them.
    """
    text = one_line(_unmarked(text))
    if _forbidden(text):
        text = one_line("".join(character for character in text if not is_forbidden(character)))
    return unicodedata.normalize("NFC", text).strip()


def hidden(text: str) -> str:
    """The characters of raw text that cannot be published and that `plain` drops, as `U+200B`, each once."""
    return ", ".join(f"U+{ord(character):04X}" for character in dict.fromkeys(_forbidden(one_line(_unmarked(text)))))


def protected(text: str, also: str = "") -> str:
    """Words on one line, written so that `plain` gives them back."""
    return escaped(one_line(text), also)


def escaped(text: str, also: str = "") -> str:
    """Text in which what looks like markup stands as entities, and so do the characters of `also`."""
    # Whatever a tag may begin with, closed or not: the entity of another sign behind it would close it.
    pattern = rf"&(?={_ENTITY[1:]})|<(?={_OPENS[1:]})" + (f"|[{re.escape(also)}]" if also else "")
    return re.sub(pattern, lambda found: f"&#{ord(found[0])};", text, flags=re.IGNORECASE)


def _forbidden(line: str) -> list[str]:
    if line.isprintable() and line.isascii():
        return []
    return [character for character in line if is_forbidden(character)]


def _unmarked(text: str) -> str:
    """Text without tags, with its entities read. Once, so that `&amp;lt;` stays the words “&lt;”."""
    if "<" in text:
        text = _RAISED.sub(_raised, _BREAKS.sub(" ", text))
        text = _TAGS.sub("", text)
    return _ENTITIES.sub(_character, text) if "&" in text else text


def _raised(found: re.Match[str]) -> str:
    """Superscript or subscript as the characters of Unicode where they all exist, else as they stand."""
    table = _SUPERSCRIPT if found[1].lower() == "sup" else _SUBSCRIPT
    return found[2].translate(table) if all(ord(one) in table for one in found[2]) else found[2]


def _character(found: re.Match[str]) -> str:
    if found[1].startswith("#"):
        return html.unescape(found[0])
    return html5.get(f"{found[1]};", found[0])
