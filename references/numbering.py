"""The numbers in a reference: volumes, issues, pages, editions. Plain Python.

The rules are those of Citing Medicine (National Library of Medicine, 2nd edition) and of the ICMJE's samples.
"""

import re

from references.content import Source, SourceType

_RANGE = re.compile(r"([A-Za-z]*)(\d+)-\1?(\d+)", re.ASCII)


def place_in_journal(source: Source) -> str:
    """`;19(3):739`, `;42 Suppl 2:S93-9`, `;83(Pt 2):491-5`, `;(401):230-8`, `:1-6` (ICMJE samples 6 to 11)."""
    volume, issue = _abbreviated(source.volume), _abbreviated(source.issue)
    if volume and issue.startswith("Suppl"):
        volume, issue = f"{volume} {issue}", ""
    if not issue:
        volume = re.sub(r"(?<=\S) (Pt .+)$", r"(\1)", volume)
    number = volume + (f"({issue})" if issue else "")
    pages = shortened(source.pages) or source.article_number
    return (f";{number}" if number else "") + (f":{pages}" if pages else "")


def number_in_whole(source: Source) -> str:
    """`vol. 2, no. 3` (chapter 2A, Volume Number; Series)."""
    numbers = [("vol.", source.volume), ("no.", source.issue)]
    return ", ".join(f"{word} {_hyphens(number)}" for word, number in numbers if number)


def own_number(source: Source) -> str:
    """`Report No.: 12` (chapter 4A, Report Number)."""
    word = "Report No.:" if source.type == SourceType.REPORT else "No.:"
    return f"{word} {source.article_number}" if source.article_number else ""


def shortened(pages: str) -> str:
    """`833-842` as `833-42` and `S93-S99` as `S93-9`: what both ends share is not said twice.

    Numbers that a letter follows are repeated (`126A-127A`), and so is all that is no plain range (chapter 1A, Location).
    """
    pages = _hyphens(re.sub(r"^pp?\.?\s*(?=\w*\d)", "", pages))
    return ", ".join(_shortened_range(one.strip()) for one in pages.split(","))


def _shortened_range(pages: str) -> str:
    found = _RANGE.fullmatch(pages)
    if not found:
        return pages
    letters, first, last = found.groups()
    if first == last:
        return letters + first
    if len(first) == len(last):
        shared = next(n for n, (a, b) in enumerate(zip(first, last, strict=True)) if a != b)
        last = last[shared:]
    return f"{letters}{first}-{last}"


def _abbreviated(number: str) -> str:
    """`Supplement 3` and `suppl_3` as `Suppl 3`, `Part 2` as `Pt 2` (chapter 1A, Volume Number)."""
    number = re.sub(r"\bsuppl(?:ement)?(?![a-z])[.\s_]*", "Suppl ", _hyphens(number), flags=re.IGNORECASE)
    return re.sub(r"\b(?:part|pt)(?![a-z])[.\s_]*", "Pt ", number, flags=re.IGNORECASE).strip()


def ordinal(number: int) -> str:
    """`1st`, `2nd`, `3rd`, `4th`, `11th` (chapter 2A, Edition)."""
    last = 0 if number % 100 in {11, 12, 13} else number % 10
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(last, 'th') }"


def _hyphens(numbers: str) -> str:
    return re.sub(r"\s*[-‐‑‒–—−]\s*", "-", numbers)
