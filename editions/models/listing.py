"""What lists are made of: a row for each edition, with the time in which visitors read it."""

from collections.abc import Iterable
from datetime import UTC, datetime

from django.db import models
from django.db.models.functions import Coalesce

from editions.models.record import Edition, Entry
from editions.vocabulary import Act, Progress

FOREVER = datetime(9999, 1, 1, tzinfo=UTC)  # until nobody knows when


class SortField(models.TextField):
    """A text that lists are ordered by: by its characters, on every database alike."""

    def db_parameters(self, connection):
        return {**super().db_parameters(connection), "collation": "C" if connection.vendor == "postgresql" else None}


class TimedQuerySet(models.QuerySet):
    def live(self, at: datetime):
        """The rows of the pages that visitors read at a moment; of the same editions as `Edition.objects.live`."""
        return self.filter(live_from__lte=at, live_until__gt=at)

    def live_in_order(self, at: datetime):
        """As `live`, for a part of a list: read in its order until the part is full, not found as a whole and sorted.

        Databases take an index by times wherever they can. Here they cannot: it does not hold this value.
        """
        return self.alias(ends=Coalesce("live_until", "live_until")).filter(live_from__lte=at, ends__gt=at)


class Timed(models.Model):
    """A row of an edition with the time in which visitors read it, so that what is live is found by an index.

    Of an edition that is published; the end is the next one's beginning, a withdrawal, or never. A scheduled edition's
    times lie to come, so nothing has to be done when its moment is there.
    """

    live_from = models.DateTimeField(null=True)
    live_until = models.DateTimeField(null=True)

    class Meta:
        abstract = True


class ListingQuerySet(TimedQuerySet):
    def keep_time(self, pages: Iterable[int]) -> None:
        """Write down from when until when each edition of these pages is live, as it follows from the record now."""
        for listing, begins, ends in self.wrong_times(page__in=pages):
            self.filter(pk=listing).update(live_from=begins, live_until=ends)
            Heading.objects.filter(listing=listing).update(live_from=begins, live_until=ends)

    def wrong_times(self, **of) -> list[tuple[int, datetime | None, datetime | None]]:
        """(row, from, until) of the rows whose times do not follow from the record: of a page, or of all."""
        pages = {f"edition__{name}": value for name, value in of.items()}
        withdrawn: dict[int, list[datetime]] = {}
        for key, moment in Entry.objects.filter(act=Act.WITHDRAWN, **of).values_list("page", "holds_from"):
            withdrawn.setdefault(key, []).append(moment)
        found, next_of = [], dict[int, datetime]()
        rows = self.filter(**pages).order_by("edition__page", "-edition__number")
        for pk, key, progress, begins, *written in rows.values_list(
            "pk", "edition__page", "edition__progress", "edition__live_from", "live_from", "live_until"
        ).iterator():
            ends = None
            if progress == Progress.PUBLISHED:
                ends = min([next_of.get(key, FOREVER), *(one for one in withdrawn.get(key, ()) if one >= begins)])
                next_of[key] = begins
            if [begins, ends] != written:
                found.append((pk, begins, ends))
        return found


class Listing(Timed):
    """What lists show of one edition, and when: derived from its content and from the record, made anew at any time."""

    edition = models.OneToOneField(Edition, models.CASCADE, related_name="listing")
    form = models.PositiveSmallIntegerField()  # of this row: an older one is made anew after a migrate
    kind = models.CharField(max_length=20)
    title = models.TextField()
    sort = SortField()
    columns = models.JSONField()

    # What the desk asks of what is live or scheduled. Visitors are told it from the record itself.
    last_reviewed = models.DateField(null=True)
    review_due = models.DateField(null=True)
    awaits_review = models.BooleanField(default=False)

    objects = ListingQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["kind", "live_until", "live_from"], name="listing_live"),
            models.Index(fields=["live_until", "review_due", "live_from"], name="listing_due"),
        ]

    def __str__(self):
        return f"What lists show of {self.edition}"


class Heading(Timed):
    """That the page of a listing is found under something: see editions.rows.Heading."""

    listing = models.ForeignKey(Listing, models.CASCADE, related_name="headings")
    kind = models.CharField(max_length=20)
    group = models.CharField(max_length=20)
    key = models.CharField(max_length=120)
    label = models.TextField()
    note = models.TextField()
    sort = SortField()

    objects = TimedQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["group", "live_until", "live_from", "kind", "key"], name="heading_live"),
            # A part of a list is read in its order, and no further.
            models.Index(
                fields=["group", "kind", "key", "sort", "listing", "live_until", "live_from"], name="heading_in_order"
            ),
        ]

    def __str__(self):
        return f"{self.label} ({self.group})"
