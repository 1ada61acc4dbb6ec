"""Days as people count them: in London, in words, and months from one another."""

import calendar
from datetime import date, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def london_day(at: datetime) -> date:
    """The calendar day of a moment in London."""
    return at.astimezone(LONDON).date()


def day_in_words(day: date) -> str:
    """A day as a reader sees it: “3 April 2018”."""
    return f"{day.day} {day:%B %Y}"


def add_months(day: date, months: int) -> date:
    """The same day of a later month; the month's last day where it is shorter (31 January + 1 month = 28 February)."""
    total = day.year * 12 + day.month - 1 + months
    year, month = divmod(total, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
