"""LaTeX in BibTeX's values: read into words and written so that it reads as the same words.

Rules: BibTeXing (btxdoc, O. Patashnik, 1988) and the LaTeX companion's tables of accents, as pylatexenc has them.
"""

import re

from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec, SpecialsTextSpec, get_default_latex_context_db

# Longer values are not titles or names but text meant to wear a parser out. They fit no field of ours.
_LONGEST = 5_000
_LATEX = re.compile(r"[\\{}$~%&#]|--|''|``|[!?]`")
# Outside of commands, BibTeX takes these three as they stand, where LaTeX would not.
_BARE = re.compile(r"(?<!\\)([&%#])")
# Superscript and subscript, which pylatexenc drops; `words.plain` knows their HTML.
_RAISED = re.compile(r"\$\s?([\^_])\s?(?:\{([^{}$]{1,20})\}|(\w))\s?\$")
_RAISED_TEXT = re.compile(r"\\text(sup|sub)(?:er)?script\s?\{([^{}\\$]{1,40})\}")
_WRITTEN = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{character: f"\\{character}" for character in "$&#_%"},
}
_SPECIAL = re.compile(r"[\\{}~^$&#_%]")
# Pairs that LaTeX's fonts join into one sign: dashes, quotation marks, ¡ and ¿.
_JOINED = re.compile(r"(?<=-)(?=-)|(?<=')(?=')|(?<=`)(?=`)|(?<=[!?])(?=`)|(?<=<)(?=<)|(?<=>)(?=>)")
_BREAKING = {sign: _WRITTEN[sign] for sign in "\\{}"}
_READ = {written: sign for sign, written in _WRITTEN.items()}
_VERBATIM = re.compile(
    r"(\\text(?:backslash|braceleft|braceright|asciitilde|asciicircum)\{\})|\\([$&#_%{}~])|\\(?:url|path)\s?(?=\{)|[{}]"
)


def _decoder() -> LatexNodes2Text:
    """pylatexenc's reader, with the signs of BibTeX exports that it drops."""
    context = get_default_latex_context_db()
    signs = {
        "textless": "<",
        "textgreater": ">",
        "textbraceleft": "{",
        "textbraceright": "}",
        "textasciicircum": "^",
        "textasciitilde": "~",
        "url": "%s",
    }
    context.add_context_category(
        "of-bibliographies",
        prepend=True,
        macros=[MacroTextSpec(name, simplify_repl=text) for name, text in signs.items()],
        specials=[SpecialsTextSpec("~", simplify_repl=" ")],
    )
    return LatexNodes2Text(latex_context=context, math_mode="text", strict_latex_spaces=False)


_DECODER = _decoder()


def words(value: str) -> str:
    """A value's text: `{\\"o}` is ö, `$\\beta$` β, `\\textit{KIT}` KIT, `{GIST}` GIST. Raw HTML in it stays."""
    if not _LATEX.search(value) or len(value) > _LONGEST:
        return value
    value = _RAISED_TEXT.sub(r"<\1>\2</\1>", _RAISED.sub(_raised, _BARE.sub(r"\\\1", value)))
    try:
        return _DECODER.latex_to_text(value)
    except (RecursionError, ValueError, IndexError):
        return value  # broken LaTeX is shown as it is; the person who imports it sees it


def verbatim(value: str) -> str:
    """An address or identifier: nothing in it is a command, but `\\_` and `\\url{…}` are met."""
    return _VERBATIM.sub(lambda found: _READ.get(found[1] or "", found[2] or ""), value)


def written_verbatim(text: str) -> str:
    """An address or identifier as BibLaTeX and `\\url` want it: as it is, but for what breaks the entry."""
    return re.sub(r"[\\{}]", lambda found: _BREAKING[found[0]], text)


def written(text: str) -> str:
    """Words as LaTeX reads them; letters of all scripts stay as they are, in UTF-8."""
    return _JOINED.sub("{}", _SPECIAL.sub(lambda found: _WRITTEN[found[0]], text))


def _raised(found: re.Match[str]) -> str:
    tag = "sup" if found[1] == "^" else "sub"
    return f"<{tag}>{found[2] or found[3]}</{tag}>"
