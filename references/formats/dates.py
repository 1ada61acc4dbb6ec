"""Dates as files have them: 2018/03/03/, 3 March 2018, 2018 Mar-Apr, Spring 2018, 20180303."""

import re

from basics.dates import NotADate, PartialDate

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NUMBERS = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?!\d))?(?:[-/.](\d{1,2})(?!\d))?(.{0,40})", re.ASCII | re.DOTALL)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_YEAR = re.compile(r"(?<!\d)[12]\d{3}(?!\d)", re.ASCII)
_DAY = re.compile(r"(?<!\d)(\d{1,2})(?:st|nd|rd|th)?(?![\d\w])", re.ASCII)
# A month in words. “may” and “march” in a sentence do no harm: only short texts are asked.
_MONTH = re.compile(
    r"\b(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b",
    re.IGNORECASE,
)


def when(text: str) -> tuple[str, bool]:
    """A date as precise as the words are certain, and whether that is all they say.

    Two months or a season leave the year; words without a year leave nothing. `2018`, `2018-04` or `2018-04-03`.
    """
    text = text.strip()[:100]
    if not text:
        return "", True
    if found := _COMPACT.fullmatch(text):
        return _most_precise(found[1], found[2], found[3])
    if found := _NUMBERS.fullmatch(text):
        date, exact = _most_precise(found[1], found[2] or "", found[3] or "")
        rest = found[4].strip(" -/.")
        # After a whole day only the time of day is left, which nobody needs.
        if not rest or len(date) == 10:
            return date, exact
    return _in_words(text)


def month(text: str) -> str:
    """A month of `mar`, `March` or `3`, as `03`; empty for anything else."""
    if found := _MONTH.fullmatch(text.strip().rstrip(".")):
        return f"{_MONTHS.index(found[1][:3].lower()) + 1:02}"
    return text.strip().zfill(2) if re.fullmatch(r"0?[1-9]|1[0-2]", text.strip(), re.ASCII) else ""


def parts(date: str) -> list[int]:
    """The numbers of a partial date of ours: `2018-04` is 2018, 4."""
    return [int(part) for part in date.split("-")] if date else []


def _in_words(text: str) -> tuple[str, bool]:
    year = _YEAR.search(text)
    if not year:
        return "", False
    rest = text[: year.start()] + " " + text[year.end() :]
    months = {month(found[0]) for found in _MONTH.finditer(rest)}
    days = _DAY.findall(rest)
    if len(months) != 1 or len(days) > 1:
        return _most_precise(year[0])[0], not re.search(r"[^\W_]", rest)
    return _most_precise(year[0], months.pop(), days[0] if days else "")


def _most_precise(year: str, month_number: str = "", day: str = "") -> tuple[str, bool]:
    """The longest beginning of year, month and day that is a date, and whether it is all of them.

    Zero stands for what is not known: 2018/00/00.
    """
    given = [year, *(part.zfill(2) for part in (month_number, day) if part.strip("0"))]
    for length in range(len(given), 0, -1):
        try:
            return str(PartialDate.parse("-".join(given[:length]))), length == len(given)
        except NotADate:
            continue
    return "", False
