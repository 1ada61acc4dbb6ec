"""A leaflet as PDF: tagged, PDF/UA-1, made by typst from one fixed template.

What is printed goes over as JSON, so text stays text. The fonts are those inside the package: the same leaflet is the same
file on every machine. None of them is a sans serif for running text. Libertinus Serif is the clearest; the template sets it
larger, because its small letters are lower than Arial's at the same size.
"""

import json
import re
import unicodedata
from functools import cache, lru_cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from threading import Lock
from typing import cast

import typst

TEMPLATE = Path(__file__).with_name("leaflet.typ").read_bytes()
COMPILER = version("typst")
MOST_CHARACTERS = 400_000  # of JSON, ten times our longest guide; to compile that many takes about a second
MOST_TRIES = 3  # at a page with characters that no font has
MOST_KEPT = 64  # files in memory, of about 50 kB each
_LOCK = (
    Lock()
)  # one compilation at a time: a compiler is not to be shared, and its memory is better used one after another
_NO_GLYPH = re.compile(r'the text `"(.*?)"` could not be displayed')
_ESCAPE = re.compile(r"\\u\{([0-9a-f]+)\}")


class TooLong(ValueError):
    """A page has more words than a leaflet is made for."""


def fingerprint(data: str) -> str:
    """What changes whenever the file would: a hash of what is printed, of the template and of the compiler's version."""
    return sha256(b"\n".join([data.encode(), TEMPLATE, COMPILER.encode()])).hexdigest()


def pdf(data: str) -> bytes:
    """The PDF of a leaflet, given as JSON. Raises TooLong."""
    if len(data) > MOST_CHARACTERS:
        raise TooLong("This page is too long for a leaflet. Print it from your browser.")
    with _LOCK:
        return _compiled(data)


@lru_cache(maxsize=MOST_KEPT)
def _compiled(data: str) -> bytes:
    for _ in range(MOST_TRIES):
        try:
            return _as_pdf(data)
        except typst.TypstError as error:
            missing = _without_glyph(error)
            if not missing:
                raise
        data = _named(data, missing)
    return _as_pdf(data)


def _as_pdf(data: str) -> bytes:
    made = json.loads(data)["made"]
    compiled = _compiler().compile(
        input=TEMPLATE, sys_inputs={"data": data}, format="pdf", pdf_standards=["ua-1"], timestamp=made
    )
    return cast(bytes, compiled)  # a list only where each page is a file of its own


@cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(font_paths=typst.Fonts(include_system_fonts=False))


def _without_glyph(error: typst.TypstError) -> set[str]:
    """The characters that no font has: PDF/UA-1 lets none through as an empty box.

    A letter with marks is told as one; its marks are tried first, since the letter may well have a glyph.
    """
    missing: set[str] = set()
    for told in _NO_GLYPH.findall(error.diagnostic):
        text = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), told)
        missing |= set(text[1:]) or set(text)
    return {one for one in missing if not one.isascii()}


def _named(data: str, missing: set[str]) -> str:
    """The same leaflet with the names of these characters in their place: “[grinning face]”."""
    return data.translate({ord(one): _name(one) for one in missing})


def _name(character: str) -> str:
    """The name of a character in Unicode; nothing for what joins or varies others and has no shape of its own."""
    if unicodedata.category(character) == "Cf" or 0xFE00 <= ord(character) <= 0xFE0F:
        return ""
    return f"[{unicodedata.name(character, f'U+{ord(character):04X}').lower()}]"
