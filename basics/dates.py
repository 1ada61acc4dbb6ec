"""Dates that are only as precise as they are known: 2018, 2018-04 or 2018-04-03 (ISO 8601, reduced precision)."""

import calendar
import re
from dataclasses import dataclass
from datetime import date

_PATTERN = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


class NotADate(ValueError):
    """Text is not a year, a month of a year, or a day."""

    def __init__(self, text: str):
        super().__init__(
            f"“{text}” is not a date we can keep. Write a day as 2018-04-03, a month as 2018-04, or a year as 2018."
        )


@dataclass(frozen=True)
class PartialDate:
    """A year, with its month and day where they are known."""

    year: int
    month: int | None = None
    day: int | None = None

    @classmethod
    def parse(cls, text: str) -> "PartialDate":
        """Read `YYYY`, `YYYY-MM` or `YYYY-MM-DD`. Raises NotADate for anything else, also for 30 February."""
        found = _PATTERN.fullmatch(text.strip())
        if not found:
            raise NotADate(text)
        year, month, day = (int(part) if part else None for part in found.groups())
        if year is None or not 1000 <= year <= 2999:
            raise NotADate(text)
        try:
            date(year, month or 1, day or 1)
        except ValueError:
            raise NotADate(text) from None
        return cls(year, month, day)

    def first_day(self) -> date:
        """The earliest day this can mean."""
        return date(self.year, self.month or 1, self.day or 1)

    def last_day(self) -> date:
        """The latest day this can mean."""
        month = self.month or 12
        return date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])

    def in_words(self) -> str:
        """As a reader sees it: “3 April 2018”, “April 2018” or “2018”. Never with a day that nobody knows."""
        parts = [str(self.day)] if self.day else []
        if self.month:
            parts.append(_MONTHS[self.month - 1])
        return " ".join([*parts, str(self.year)])

    def year_first(self) -> str:
        """As a bibliography has it: “2018 Apr 3”, “2018 Apr” or “2018” (Citing Medicine: months by three letters)."""
        parts = [str(self.year)]
        if self.month:
            parts.append(_MONTHS[self.month - 1][:3])
        if self.day:
            parts.append(str(self.day))
        return " ".join(parts)

    def __str__(self) -> str:
        parts = [f"{self.year:04}"]
        if self.month:
            parts.append(f"{self.month:02}")
        if self.day:
            parts.append(f"{self.day:02}")
        return "-".join(parts)
