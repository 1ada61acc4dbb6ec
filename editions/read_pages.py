"""Editions as visitors read them at a moment: their words, and what the record says of them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Max, QuerySet

from basics.days import add_months, london_day
from editions.kinds import kind
from editions.models import Edition
from editions.published import PublicReview, PublishedPage, carried_over_from, notice_of
from editions.told import Told, told_of
from editions.vocabulary import ChangeKind


class _Row(NamedTuple):
    """What is read of an edition: a third of its columns, and of its page's and its listing's."""

    pk: int
    page_id: int
    number: int
    live_from: datetime
    change_kind: str
    change_note: str
    changes_eligibility: bool
    review_interval_months: int
    key: str
    kind: str
    slug: str
    title: str | None  # None, like the columns: it has no listing yet
    columns: Mapping[str, Any] | None
    content_json: str = ""


# Where the columns of _Row stand.
_COLUMNS = (
    *("pk", "page", "number", "live_from", "change_kind", "change_note", "changes_eligibility"),
    *("review_interval_months", "page__key", "page__kind", "page__slug", "listing__title", "listing__columns"),
)


def read_pages(
    editions: QuerySet[Edition],
    at: datetime,
    prefix: str = "",
    *,
    with_contents: bool = True,
    are_newest: bool = False,
) -> list[PublishedPage]:
    """The pages of published editions at a moment, their addresses with a prefix, in a few questions however many they are.

    `are_newest`: no later edition of theirs was live up to that moment.
    """
    columns = (*_COLUMNS, "content_json") if with_contents else _COLUMNS
    rows = [_Row(*row) for row in editions.values_list(*columns)]
    told = told_of(rows, at)
    newest = {row.page_id: row.number for row in rows} if are_newest else _newest_numbers(rows, at)
    return [_page(row, told[row.pk], newest[row.page_id], at, prefix) for row in rows]


def _newest_numbers(rows: Iterable[_Row], at: datetime) -> dict[int, int]:
    """Page → the number of the edition of it that went live last."""
    public = Edition.objects.public(at).filter(page__in={row.page_id for row in rows})
    return dict(public.order_by().values_list("page").annotate(Max("number")))


def _page(row: _Row, told: Told, newest: int, at: datetime, prefix: str) -> PublishedPage:
    carried = carried_over_from(told.carried_over)
    last_reviewed = london_day(told.review.made_at) if told.review else carried.reviewed_on if carried else None
    due = add_months(last_reviewed, row.review_interval_months) if last_reviewed else None
    gone = told.withdrawal
    is_withdrawn = gone is not None and gone.holds_from >= row.live_from and row.number == newest
    return PublishedPage(
        key=row.key,
        kind=row.kind,
        slug=row.slug,
        url=prefix + kind(row.kind).address(row.slug),
        number=row.number,
        live_from=london_day(row.live_from),
        change_kind=ChangeKind(row.change_kind).label,
        change_note=told.note or row.change_note,
        changes_eligibility=row.changes_eligibility,
        last_reviewed=last_reviewed,
        review=PublicReview.of(told.review) if told.review else None,
        carried_over=carried,
        review_due=due,
        is_late=due is not None and london_day(at) > due,
        awaits_review=told.awaits_review,
        doubt=notice_of(told.doubt, "sentence") if told.doubt else None,
        withdrawal=notice_of(gone, "reason") if gone and is_withdrawn else None,
        is_current=row.number == newest,
        content_json=row.content_json,
        edition_id=row.pk,
        page_id=row.page_id,
        went_live_at=row.live_from,
        listed_title=row.title or "",
        columns=row.columns or {},
    )
