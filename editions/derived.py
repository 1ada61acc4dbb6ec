"""What is derived from an edition for public use, written in one place whenever an edition is made or brought in."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db import transaction

from editions import record
from editions.models import Edition, Heading, Listing, Mention
from editions.read_pages import read_pages
from editions.search import entries

# Raised whenever listings would be made otherwise: of other parts of a page, or in another order. Those of the form
# before are then made anew after the next migrate.
FORM = 1
_AT_ONCE = 100  # editions that are read and written before others may write


def write_derived(edition: Edition, content: Any) -> None:
    """The edition's ties to other things, what is searchable of it, and what lists show of it.

    In the transaction that made the edition.
    """
    _write_ties(edition, content)
    _write_listing(edition, content)
    entries.write_entry(edition, content)


def rebuild(watch: Callable[[Iterable], Iterable] = lambda rows: rows) -> int:
    """Make all of it anew, but ties that are there. Returns of how many editions. Others read and write meanwhile."""
    numbers = list(Edition.objects.order_by("pk").values_list("pk", flat=True))
    for start in watch(range(0, len(numbers), _AT_ONCE)):
        _make_anew(numbers[start : start + _AT_ONCE])
    return entries.rebuild(watch)


def bring_up_to_date() -> None:
    """Make what editions lack, or what is of an older form: after every migrate."""
    entries.bring_up_to_date()
    known = Listing.objects.filter(form=FORM).values("edition")
    lacking = list(Edition.objects.exclude(pk__in=known).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(lacking), _AT_ONCE):
        _make_anew(lacking[start : start + _AT_ONCE])


def keep_listings(pages: Iterable[int]) -> None:
    """Bring the listings of pages up to the record: when each edition is live, and when the next review is due.

    The dates are those of the edition that is live, and of a scheduled one as they will be at its moment.
    """
    pages = set(pages)
    Listing.objects.keep_time(pages)
    now = record.now()
    of_pages = Listing.objects.filter(edition__page__in=pages)
    of_pages.filter(live_until__lte=now).exclude(last_reviewed=None, review_due=None, awaits_review=False).update(
        last_reviewed=None, review_due=None, awaits_review=False
    )
    rows = {row.edition_id: row for row in of_pages.filter(live_until__gt=now)}
    begins = {edition: max(now, row.live_from or now) for edition, row in rows.items()}
    for moment in set(begins.values()):
        editions = Edition.objects.filter(pk__in=[one for one in rows if begins[one] == moment])
        for told in read_pages(editions, moment, with_contents=False):
            row = rows[told.edition_id]
            row.last_reviewed, row.review_due, row.awaits_review = (
                told.last_reviewed,
                told.review_due,
                told.awaits_review,
            )
    Listing.objects.bulk_update(rows.values(), ["last_reviewed", "review_due", "awaits_review"], batch_size=200)


def _make_anew(numbers: list[int]) -> None:
    """Listings of some editions, and the ties that they lack: what an edition mentions never changes."""
    editions = [(one, one.content) for one in Edition.objects.filter(pk__in=numbers).select_related("page")]
    with transaction.atomic():
        Listing.objects.filter(edition__in=numbers).delete()
        for edition, content in editions:
            _write_ties(edition, content)
            _write_listing(edition, content)
        keep_listings(edition.page_id for edition, _ in editions)


def _write_ties(edition: Edition, content: Any) -> None:
    known = set(edition.mentions.values_list("relation", "target"))
    ties = sorted(set(edition.page.kind_of_page.mentions(content)) - known)
    Mention.objects.bulk_create(Mention(edition=edition, relation=tie.relation, target=tie.target) for tie in ties)


def _write_listing(edition: Edition, content: Any) -> None:
    row = edition.page.kind_of_page.listed(content)
    listing = Listing.objects.create(
        edition=edition, form=FORM, kind=edition.page.kind, title=row.title, sort=row.sort, columns=row.columns
    )
    Heading.objects.bulk_create(
        Heading(
            listing=listing,
            kind=listing.kind,
            group=one.group,
            key=one.key,
            label=one.label,
            note=one.note,
            sort=one.sort,
        )
        for one in row.headings
    )
