"""From the tables of the record to its part of a bundle. The inverse of editions/actions/replay.py."""

import json
from collections.abc import Callable, Iterable

from django.contrib.auth import get_user_model

from editions import record, seals
from editions.bundles import schema
from editions.models import Contribution, Edition, Entry, Flag, Page, Review

_PLAIN_EDITION = (
    "content_json",
    "change_note",
    "changes_eligibility",
    "review_interval_months",
    "changes_at_freeze",
    "digest",
    "number",
)
_PLAIN_REVIEW = (
    "comment",
    "reviewer_name",
    "name_salt",
    "name_hash",
    "reviewer_role",
    "reviewer_interests",
)


def hold_still() -> None:
    """Keep the record and every page as they are until the transaction ends: whoever changes one waits."""
    record.lock()
    list(Page.objects.select_for_update(no_key=True).order_by("pk").values_list("pk"))


def draw(watch: Callable[[Iterable], Iterable] = lambda rows: rows) -> schema.RecordPart:
    """The whole record with all that it rests on. Call `hold_still` before it, in the same transaction."""
    pages = tuple(_page(page) for page in Page.objects.order_by("pk").prefetch_related("former_slugs", "contributions"))
    rows = Edition.objects.order_by("pk").select_related("page")
    editions = tuple(_edition(row) for row in watch(rows.iterator()))
    reviews = tuple(_review(row) for row in Review.objects.order_by("pk").select_related("edition"))
    entries = tuple(
        schema.EntryRow(statement=row.statement, seal=row.seal, name=row.by_name, salt=row.by_salt)
        for row in Entry.objects.order_by("position").iterator()
    )
    return schema.RecordPart(
        people=tuple(_people()),
        pages=pages,
        editions=editions,
        reviews=reviews,
        entries=entries,
        flags=tuple(_flag(row) for row in Flag.objects.order_by("pk").select_related("page", "told")),
        newest_seal=record.head()[1],
    )


def _page(page: Page) -> schema.PageRow:
    contributions = sorted(page.contributions.all(), key=lambda one: one.user_id)
    return schema.PageRow(
        key=page.key,
        slug=page.slug,
        former_slugs=tuple(sorted(one.slug for one in page.former_slugs.all())),
        review_interval_months=page.review_interval_months,
        changes=page.changes,
        contributors=tuple(
            schema.Contributor(person=one.user_id, last_change=one.last_change) for one in contributions
        ),
    )


def _edition(row: Edition) -> schema.EditionRow:
    plain = {name: getattr(row, name) for name in _PLAIN_EDITION}
    return _read(
        schema.EditionRow,
        **{"content" if name == "content_json" else name: value for name, value in plain.items()},
        uid=str(row.uid),
        page=row.page.key,
        change_kind=row.change_kind,
        contributors=row.contributors,
        reviews_needed=row.reviews_needed,
        submitted_by=row.submitted_by_id,
        submitted_at=seals.moment(row.submitted_at),
        progress=row.progress,
    )


def _review(row: Review) -> schema.ReviewRow:
    return _read(
        schema.ReviewRow,
        **{name: getattr(row, name) for name in _PLAIN_REVIEW},
        uid=str(row.uid),
        edition=str(row.edition.uid),
        kinds=row.kinds,
        scope=row.scope,
        outcome=row.outcome,
        remarks=row.remarks,
        checked=row.checked,
        made_at=seals.moment(row.made_at),
        reviewer=row.reviewer_id,
        invited_by=row.invited_by_id,
    )


def _flag(row: Flag) -> schema.FlagRow:
    return _read(
        schema.FlagRow,
        page=row.page.key,
        reason=row.reason,
        subject=row.subject,
        sentence=row.sentence,
        raised_at=seals.moment(row.raised_at),
        raised_by=row.raised_by_id,
        told=row.told.position if row.told else None,
        resolved_at=seals.moment(row.resolved_at),
        resolved_by=row.resolved_by_id,
        note=row.note,
    )


def _read(model, **fields):
    """A row of the bundle from plain values, read as from a file: lists as tuples, words as vocabularies."""
    return model.model_validate_json(json.dumps(fields))


def _people() -> Iterable[schema.Person]:
    """Everybody whom the record or a page names by number. A name that was removed on request stays removed."""
    numbers, nameless = _concerned(), _nameless()
    for person in get_user_model().objects.filter(pk__in=numbers).order_by("pk"):
        name = "" if person.pk in nameless else person.public_name
        yield schema.Person(number=person.pk, public_name=name)


def _concerned() -> set[int]:
    """The numbers of all people that stand in a row or in a sealed text of the record."""
    numbers = set(Contribution.objects.values_list("user", flat=True))
    numbers |= set(Entry.objects.exclude(by=None).values_list("by", flat=True))
    for reviewer, host in Review.objects.values_list("reviewer", "invited_by"):
        numbers.add(reviewer or host)
    for raiser, resolver in Flag.objects.values_list("raised_by", "resolved_by"):
        numbers |= {one for one in (raiser, resolver) if one is not None}
    for submitter, contributors in Edition.objects.values_list("submitted_by", "contributors"):
        numbers |= {submitter, *contributors}
    return numbers


def _nameless() -> set[int]:
    """The numbers of people who had their name removed."""
    reviews = Review.objects.filter(name_salt="", reviewer__isnull=False).values_list("reviewer", flat=True)
    return {*reviews, *Entry.objects.filter(by_salt="", by__isnull=False).values_list("by", flat=True)}
