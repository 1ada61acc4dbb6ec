"""What visitors read, and from when."""

from datetime import date, datetime
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from basics.days import LONDON
from editions import record as the_record
from editions.actions.flags import put_away_due, raise_on_pages
from editions.actions.rules import WrongProgress, check, check_seen, held, must_be, tidied, words
from editions.actions.submission import freeze
from editions.models import Edition, Entry, Page, WorkingCopy
from editions.record import OpenRecord
from editions.vocabulary import Act, ChangeKind, FlagReason, Progress


@transaction.atomic
def publish(edition: Edition, *, by, live_from: datetime | None = None, seen_entry: int | None = None) -> Edition:
    """Make an approved edition the one that visitors read, now or from a moment.

    Raises PermissionDenied if `by` may not publish, WrongProgress if the edition is not approved, ValidationError if
    `live_from` is in the past.
    """
    check(by, "publish_edition", "publish editions")
    record = the_record.lock()
    edition = held(edition)
    check_seen(edition.page, seen_entry)
    must_be(edition, "published", Progress.APPROVED)
    if live_from is not None and timezone.is_naive(live_from):
        raise ValidationError("That moment has no time zone. Give it as a moment in London, or in UTC.")
    if live_from is not None and live_from <= record.now:
        raise ValidationError("That moment has passed. Choose one to come, or publish now.")
    return _go_live(record, edition, Act.PUBLISHED, by=by, live_from=live_from)


@transaction.atomic
def publish_urgently(edition: Edition, *, by, reason: str, seen_entry: int | None = None) -> Edition:
    """Publish before review. The page says so until somebody else has reviewed it."""
    check(by, "publish_urgently", "publish before review")
    reason = words(reason, "The reason")
    record = the_record.lock()
    edition = held(edition)
    check_seen(edition.page, seen_entry)
    must_be(edition, "published before review", Progress.IN_REVIEW, Progress.CHANGES_REQUESTED)
    return _go_live(record, edition, Act.PUBLISHED_URGENTLY, by=by, details={"reason": reason})


@transaction.atomic
def carry_over(
    working: WorkingCopy,
    *,
    by,
    source: str,
    reviewed_on: str = "",
    live_from: datetime | None = None,
    change_note: str,
    url: str = "",
) -> Edition:
    """Take over a page's first edition from elsewhere, with the day of the review it had there and no invented reviewer.

    `reviewed_on` is an ISO day (`2018-04-03`), empty if nobody reviewed it there either; `live_from` lies in the past, None
    means now. Raises PermissionDenied, WrongProgress, ValidationError for a day or a moment to come.
    """
    check(by, "carry_over", "carry pages over")
    record = the_record.lock()
    page = Page.objects.select_for_update(no_key=True).get(pk=working.page_id)
    if page.editions.exists():
        raise WrongProgress(f"{page} has editions already: only a page's first edition can be carried over.")
    live_from = live_from or record.now
    reviewed_late = reviewed_on and date.fromisoformat(reviewed_on) > live_from.astimezone(LONDON).date()
    if live_from > record.now or reviewed_late:
        raise ValidationError("What is carried over was reviewed before it was live, and both lie in the past.")
    if url and urlsplit(url).scheme not in {"http", "https"}:
        raise ValidationError(f"“{url}” is not a web address. One looks like https://www.example.org/page.")
    edition = freeze(
        page,
        by=by,
        change_note=words(change_note, "The change note"),
        change_kind=ChangeKind.NEW,
        changes_eligibility=False,
    )
    details = {"source": words(source, "The source"), "url": tidied(url, "The address")}
    if reviewed_on:
        details["reviewed_on"] = reviewed_on
    return _go_live(record, edition, Act.CARRIED_OVER, by=by, live_from=live_from, details=details)


def _go_live(record: OpenRecord, edition: Edition, act: Act, *, by, live_from=None, details=None) -> Edition:
    for scheduled in edition.page.editions.scheduled(record.now):
        unschedule(record, scheduled, by=by, reason="Another edition was published first.", to=Progress.REPLACED)
    number = (edition.page.editions.aggregate(last=Max("number"))["last"] or 0) + 1
    published_at = record.now
    live_from = live_from or published_at
    before = Edition.objects.newest(record.now).filter(page=edition.page).first()
    record.add(act, edition=edition, by=by, holds_from=live_from, details={"number": number, **(details or {})})
    if before is not None:
        _reopen_what_mentions_it(edition, before, by)
    was_read = any(one.is_reading_of_the_whole() for one in edition.reviews.all())
    if act == Act.PUBLISHED and was_read and live_from <= published_at:
        put_away_due(edition.page, by=by, note=f"Edition {number} was reviewed and published.")
    edition._move(
        progress=Progress.PUBLISHED, number=number, published_at=published_at, published_by=by, live_from=live_from
    )
    return edition


def _reopen_what_mentions_it(edition: Edition, before: Edition, by) -> None:
    """Flag the live pages that mention this one, if the edition changes what they may rest on: a status, a decision."""
    page = edition.page
    for sentence in page.kind_of_page.news(before.content, edition.content):
        live = Edition.objects.live(the_record.now()).filter(mentions__target=page.key).exclude(page=page)
        raise_on_pages(
            live.values_list("page__key", flat=True),
            reason=FlagReason.MENTIONED_CHANGED,
            subject=page.key,
            sentence=sentence,
            by=by,
        )


@transaction.atomic
def take_off_schedule(edition: Edition, *, by, reason: str = "", seen_entry: int | None = None) -> Edition:
    """Change one's mind about a scheduled edition. It is approved again, and its number is free again.

    If another edition of the page is in review meanwhile, this one is set aside for good.
    """
    check(by, "publish_edition", "take editions off the schedule")
    record = the_record.lock()
    edition = held(edition)
    check_seen(edition.page, seen_entry)
    if not edition.is_scheduled(record.now):
        raise WrongProgress(f"{edition} is not scheduled, or its moment has come.")
    back_to = Progress.REPLACED if edition.page.editions.open().exists() else Progress.APPROVED
    unschedule(record, edition, by=by, reason=reason, to=back_to)
    return edition


@transaction.atomic
def correct_note(edition: Edition, *, by, note: str, reason: str, seen_entry: int | None = None) -> Entry:
    """Put a published edition's change note right, in the record: readers see the new words and that they are new.

    The edition itself stays as it was frozen. Raises PermissionDenied, WrongProgress, ValidationError.
    """
    check(by, "correct_note", "correct change notes")
    note, reason = words(note, "The change note"), words(reason, "The reason")
    record = the_record.lock()
    edition = held(edition)
    check_seen(edition.page, seen_entry)
    must_be(edition, "given another change note", Progress.PUBLISHED)
    if note == edition.current_note():
        raise ValidationError("The change note says just that already.")
    return record.add(Act.NOTE_CORRECTED, edition=edition, by=by, details={"note": note, "reason": reason})


def unschedule(record: OpenRecord, edition: Edition, *, by, reason: str, to: Progress) -> None:
    details = {"number": edition.number, "reason": tidied(reason, "The reason")}
    record.add(Act.UNSCHEDULED, edition=edition, by=by, details=details)
    edition._move(progress=to, number=None, published_at=None, published_by=None, live_from=None)


@transaction.atomic
def withdraw_page(page: Page, *, by, reason: str, seen_entry: int | None = None) -> Entry:
    """Take a page away from visitors. Its address stays, and shows the reason and the history."""
    check(by, "withdraw_page", "withdraw pages")
    reason = words(reason, "The reason")
    record = the_record.lock()
    page = Page.objects.select_for_update(no_key=True).get(pk=page.pk)
    check_seen(page, seen_entry)
    if not Edition.objects.live(record.now).filter(page=page).exists():
        raise WrongProgress(f"There is no live edition of {page} to withdraw.")
    for scheduled in page.editions.scheduled(record.now):
        unschedule(record, scheduled, by=by, reason="The page was withdrawn.", to=Progress.REPLACED)
    return record.add(Act.WITHDRAWN, page=page, by=by, details={"reason": reason})
