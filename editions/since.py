"""The public changes since a cursor: each is told once, and none is left out.

When an entry is told is not the order in which entries were written. A scheduled edition is told at its moment, and with it
a mark on a source that nothing cited before. So a cursor does not only name an entry. It names a moment and an entry:
read is what was news at that moment, up to that entry. What is written or told later is not read yet.
"""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import QuerySet

from editions import updates
from editions.models import Entry
from editions.site import PublishedSite
from editions.updates import Update

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SEAL = 12  # letters of a seal that a cursor holds: it is of one record only
_LATEST = 253402214400000000  # the last day of the year 9999, in microseconds


class UnknownCursor(ValueError):
    """Text is not a cursor that this record gave out."""


@dataclass(frozen=True)
class Cursor:
    """How far somebody has read. Moments are microseconds since 1970.

    Where a long answer was given in parts, `part_at` is the moment of its first part and `part_position` the last entry told.
    """

    at: int = 0
    position: int = 0
    part_at: int = 0
    part_position: int = 0

    @classmethod
    def read(cls, text: str) -> "Cursor":
        """The cursor that a text stands for. Raises UnknownCursor, also for the cursor of another record."""
        try:
            *numbers, seal = (
                urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4)).decode("ascii").split(".")
            )
            at, position, part_at, part_position = (int(one) for one in numbers)
        except (ValueError, binascii.Error):
            raise UnknownCursor(text) from None
        cursor = cls(at, position, part_at, part_position)
        in_range = all(0 <= one <= _LATEST for one in (at, position, part_at, part_position))
        if not in_range or seal != cursor._seal():
            raise UnknownCursor(text)
        return cursor

    def __str__(self) -> str:
        text = ".".join(map(str, (self.at, self.position, self.part_at, self.part_position, self._seal())))
        return urlsafe_b64encode(text.encode("ascii")).decode("ascii").rstrip("=")

    def _seal(self) -> str:
        """What the record says at the newest entry that it names; nothing if it names none, or the record has none."""
        newest = Entry.objects.filter(position=max(self.position, self.part_position)).values_list("seal", flat=True)
        return (newest.first() or "")[:_SEAL]

    def unread(self, at: datetime) -> QuerySet[Entry]:
        """The news of a moment that were not told yet, in the order of the record."""
        told = Entry.objects.news(_moment(self.at)).filter(position__lte=self.position).order_by()
        return (
            Entry.objects.news(at)
            .filter(position__gt=self.part_position)
            .exclude(pk__in=told.values("pk"))
            .order_by("position")
        )


def since(site: PublishedSite, cursor: Cursor, limit: int) -> tuple[list[Update], Cursor, bool]:
    """The next changes in words, at most `limit`; the cursor that stands after them; whether to ask again at once."""
    newest = Entry.objects.order_by("-position").values_list("position", flat=True).first() or 0
    at = _moment(cursor.part_at) if cursor.part_at else site.at
    rows = list(cursor.unread(at).select_related("page")[: limit + 1])
    told, is_part = rows[:limit], len(rows) > limit
    if is_part:
        after = Cursor(cursor.at, cursor.position, _number(at), told[-1].position)
    else:
        after = Cursor(_number(at), max(newest, *(row.position for row in told), 0))
    # After the last of several parts there can be news from since the first.
    return updates.in_words(site, told), after, is_part or cursor.part_at > 0


def _moment(number: int) -> datetime:
    return _EPOCH + timedelta(microseconds=number)


def _number(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)
