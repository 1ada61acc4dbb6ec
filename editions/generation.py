"""Which state of the public site holds at a moment, and until when: what kept answers are filed under."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property

from django.utils import timezone

from basics.days import LONDON
from editions import record
from editions.models import Edition, Entry
from editions.vocabulary import Progress


@dataclass(frozen=True)
class Generation:
    """The public site between two changes of it: two moments with the same `name` read the same.

    What is public follows from the record and the moment alone. So it changes with the newest entry, with the moment of
    a scheduled edition, and with the day, on which pages become late.
    """

    entries: int
    head: str  # the newest seal: after a restore, the same number of entries may say something else
    last: datetime | None  # when an edition last went live
    coming: datetime | None  # when the next scheduled edition goes live
    day: date

    @cached_property
    def name(self) -> str:
        last = f"{self.last.astimezone(UTC):%y%m%d%H%M%S%f}" if self.last else ""
        return f"{self.entries}-{self.head[:16]}-{last}-{self.day.isoformat()}"

    @property
    def midnight(self) -> datetime:
        """The end of its day in London."""
        return datetime.combine(self.day + timedelta(days=1), time.min, LONDON)

    @property
    def until(self) -> datetime:
        """The moment at which another generation begins, if no entry is added before."""
        return min(self.midnight, self.coming) if self.coming else self.midnight

    def began(self) -> datetime:
        """The moment since which it holds. Asks one query, once."""
        return self._began

    @cached_property
    def _began(self) -> datetime:
        newest = Entry.objects.order_by("-position").values_list("at", flat=True).first()
        begun = (newest, self.last, datetime.combine(self.day, time.min, LONDON))
        return max(moment for moment in begun if moment)


def at(moment: datetime) -> Generation:
    """The generation of a moment."""
    entries, head = record.head()  # first: an entry that is added meanwhile must not hide behind what is read after
    moments = Edition.objects.filter(progress=Progress.PUBLISHED).values_list("live_from", flat=True)
    last = moments.filter(live_from__lte=moment).order_by("-live_from").first()
    coming = moments.filter(live_from__gt=moment).order_by("live_from").first()
    return Generation(entries, head, last, coming, moment.astimezone(LONDON).date())


def current(known: Generation | None = None) -> Generation:
    """The generation of this moment. One tiny query if it is still the one that was known."""
    if known and record.head() == (known.entries, known.head):
        now = timezone.now()  # the record's clock is never behind it, so neither can a change be that it shows
        if now < known.until and not (known.last and now < known.last) and now.astimezone(LONDON).date() == known.day:
            return known
    return at(record.now())
