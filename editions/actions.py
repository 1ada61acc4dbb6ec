"""The verbs: everything that changes what is public, or who stands behind it.

Each is atomic, keyword-only but for what it acts on, checks the permission and the state, and raises with a sentence
for the person: PermissionDenied, WrongProgress, NotReady or FourEyes.
"""

from datetime import date, datetime
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from pydantic import ValidationError as ContentError

from basics.revisions import revising
from basics.text import tidy
from editions import kinds, seals
from editions import record as the_record
from editions.kinds import Problem
from editions.models import Contribution, Edition, Entry, FormerSlug, Mention, Page, Record, Review, WorkingCopy
from editions.record import OpenRecord
from editions.site import LONDON
from editions.vocabulary import Act, ChangeKind, Outcome, Progress, ReviewKind, Scope


class Refused(Exception):
    """A rule stands against it. The message is a sentence for the person."""


class WrongProgress(Refused):
    """The edition or the page is not where it would have to be."""


class FourEyes(Refused, PermissionDenied):
    """Nobody reviews what they submitted or wrote."""


class NotReady(Refused):
    """The working copy has problems that have to be mended before it can be submitted."""

    def __init__(self, page: Page, problems: list[Problem]):
        self.problems = problems
        super().__init__(f"{page} is not ready to be submitted: " + " ".join(p.sentence for p in problems))


def _check(user, permission: str, doing: str) -> None:
    if not user.has_perm(f"editions.{permission}"):
        raise PermissionDenied(f"{user} may not {doing}. An administrator can give the role that may.")


def _tidied(text: str, name: str) -> str:
    """Words that staff wrote, tidied. Raises ValidationError for a character that cannot be published."""
    try:
        return tidy(text).strip()
    except ValueError as problem:
        raise ValidationError(f"{name}: {problem}") from problem


def _words(text: str, name: str) -> str:
    """A public sentence, tidied. Raises ValidationError if there is none, or a character that cannot be published."""
    text = _tidied(text, name)
    if not text:
        raise ValidationError(f"{name} is empty. Write a sentence: readers will see it.")
    return text


# From working copy to edition


@transaction.atomic
def submit(
    working: WorkingCopy,
    *,
    by,
    change_note: str,
    change_kind: ChangeKind = ChangeKind.CONTENT,
    changes_eligibility: bool = False,
    seen_changes: int | None = None,
) -> Edition:
    """Freeze a working copy as an edition and put it up for review.

    `change_note` is the public sentence that says why; `seen_changes` the page's count of changes that the person saw:
    if somebody saved since, nothing is submitted. Raises PermissionDenied, WrongProgress, NotReady, ValidationError.
    """
    _check(by, "submit_edition", "submit a page for review")
    # The page's row is held: whoever saves the working copy counts a change there, and waits.
    page = Page.objects.select_for_update(no_key=True).get(pk=working.page_id)
    if seen_changes is not None and seen_changes != page.changes:
        raise WrongProgress(
            "Somebody changed this page since you opened this form. Read it again before you submit it."
        )
    for unfinished in page.editions.open():
        if unfinished.progress != Progress.CHANGES_REQUESTED:
            raise WrongProgress(f"{unfinished}. Publish it or take it back before you submit another.")
        unfinished._move(progress=Progress.REPLACED)
    is_first = not page.editions.filter(number__isnull=False).exists()
    if not is_first and change_kind == ChangeKind.NEW:
        raise ValidationError("This page has editions already, so the next is not a new page. Choose another kind.")
    return _freeze(
        page,
        by=by,
        change_note=_words(change_note, "The change note"),
        change_kind=ChangeKind.NEW if is_first else ChangeKind(change_kind),
        changes_eligibility=changes_eligibility,
    )


def _freeze(page: Page, *, by, change_note, change_kind, changes_eligibility) -> Edition:
    kind = page.kind_of_page
    # Read afresh: the caller's instance may be older than the rows under it.
    working = kind.working_copy(page)
    if working is None:
        raise WrongProgress(f"There is no working copy of {page}.")
    if problems := kind.problems(working):
        raise NotReady(page, problems)
    try:
        content = kind.freeze(working)
    except ContentError as problem:
        raise NotReady(page, [_as_problem(error) for error in problem.errors()]) from problem
    edition = Edition(
        page=page,
        content_json=seals.canonical(content.model_dump(mode="json")),
        change_kind=change_kind,
        change_note=change_note,
        changes_eligibility=changes_eligibility,
        review_interval_months=page.due_after_months(),
        changes_at_freeze=page.changes,
        contributors=_contributors(page),
        submitted_by=by,
        submitted_at=the_record.now(),
    )
    edition.save()
    ties = sorted(set(kind.mentions(content)))
    Mention.objects.bulk_create(Mention(edition=edition, relation=tie.relation, target=tie.target) for tie in ties)
    return edition


def _contributors(page: Page) -> list[int]:
    """Whose words a new edition holds that nobody else has reviewed: numbers of people."""
    reviewed = Edition.objects.reviewed_before(page)
    since = reviewed.changes_at_freeze if reviewed else 0
    people = set(page.contributions.filter(last_change__gt=since).values_list("user", flat=True))
    for unread in Edition.objects.unread_since(reviewed, page):
        people |= {*unread.contributors, unread.submitted_by_id, unread.published_by_id}
    return sorted(people)


def _as_problem(error) -> Problem:
    """What the content's type refuses, as a sentence: “indications, 2, where: …”."""
    place = ", ".join(str(part + 1) if isinstance(part, int) else str(part) for part in error["loc"])
    said = error["msg"].removeprefix("Value error, ")
    return Problem(str(error["loc"][0]) if error["loc"] else "", f"{place}: {said}" if place else said)


@transaction.atomic
def take_back(edition: Edition, *, by) -> Edition:
    """Withdraw a submission that is not published. Its author may, and whoever may publish."""
    edition = _held(edition)
    if edition.submitted_by_id != by.pk:
        _check(by, "publish_edition", "take back what somebody else submitted")
    _must_be(edition, "taken back", Progress.IN_REVIEW, Progress.CHANGES_REQUESTED, Progress.APPROVED)
    edition._move(progress=Progress.TAKEN_BACK)
    return edition


@transaction.atomic
def start_draft(edition: Edition, *, by, seen_changes: int | None = None) -> WorkingCopy:
    """Bring a page's working copy back to what one of its editions says.

    A change like any other, in the name of `by`: it goes live only as an edition that somebody else reviewed.
    `seen_changes` is the page's count of changes that the person saw. Raises PermissionDenied, and WrongProgress if
    somebody saved since.
    """
    _check(by, "submit_edition", "start a draft from an edition")
    edition = _held(edition)
    if seen_changes is not None and seen_changes != edition.page.changes:
        raise WrongProgress("Somebody changed the draft since you opened this form. Look at it before you replace it.")
    with revising(by=by, because=f"Draft from {edition}"):
        return edition.page.kind_of_page.restore(edition.content, page=edition.page)


def _held(edition: Edition) -> Edition:
    """The edition as it is now, its page held until the transaction ends."""
    Page.objects.select_for_update(no_key=True).get(pk=edition.page_id)
    return Edition.objects.select_related("page").get(pk=edition.pk)


def _must_be(edition: Edition, to_be: str, *progress: Progress) -> None:
    if edition.progress not in progress:
        wanted = " or ".join(step.label for step in progress)
        raise WrongProgress(
            f"“{edition.page}” is {Progress(edition.progress).label}; only an edition that is {wanted} can be {to_be}."
        )


# Reviews


@transaction.atomic
def review(
    edition: Edition,
    *,
    by,
    outcome: Outcome,
    kind: ReviewKind = ReviewKind.CLINICAL,
    scope: Scope = Scope.WHOLE_PAGE,
    comment: str = "",
) -> Review:
    """Give a verdict on an edition in review, or on a live one that was published before review.

    `scope` says what was read: only an approval of the whole page moves “last reviewed”.

    Raises PermissionDenied, FourEyes, WrongProgress; ValidationError if changes are requested without saying which.
    """
    record = the_record.lock()
    edition = _held(edition)
    is_late_review = edition.progress == Progress.PUBLISHED
    if is_late_review:
        _must_be_live(edition, record)
        if not edition.is_urgent():
            raise WrongProgress("This edition was reviewed before it was published. Use “Reviewed, no change needed”.")
    else:
        _must_be(edition, "reviewed", Progress.IN_REVIEW, Progress.APPROVED)
    given = _add_review(record, edition, by=by, outcome=outcome, kind=kind, scope=scope, comment=comment)
    if not is_late_review:
        step = Progress.APPROVED if outcome == Outcome.APPROVED else Progress.CHANGES_REQUESTED
        if step != edition.progress:
            edition._move(progress=step)
    return given


@transaction.atomic
def mark_reviewed(page: Page, *, by, comment: str = "", kind: ReviewKind = ReviewKind.CLINICAL) -> Review:
    """“Reviewed, no change needed”: somebody read the whole live page, and “last reviewed” moves to this day."""
    record = the_record.lock()
    edition = Edition.objects.live(record.now).filter(page=page).first()
    if edition is None:
        raise WrongProgress(f"There is no live edition of {page} to review.")
    return _add_review(
        record,
        _held(edition),
        by=by,
        outcome=Outcome.APPROVED,
        kind=kind,
        scope=Scope.WHOLE_PAGE,
        comment=comment,
    )


def _add_review(record: OpenRecord, edition: Edition, *, by, outcome, kind, scope, comment) -> Review:
    _check(by, "review_edition", "review editions")
    if edition.is_work_of(by):
        raise FourEyes(
            f"{by} submitted this edition or changed this page since its last published edition. "
            "Somebody else has to review it."
        )
    if outcome == Outcome.CHANGES_REQUESTED:
        comment = _words(comment, "The comment")
    salt, name = seals.new_salt(), the_record.name_of(by)
    given = Review(
        edition=edition,
        kind=ReviewKind(kind),
        scope=Scope(scope),
        outcome=Outcome(outcome),
        comment=_tidied(comment, "The comment"),
        made_at=record.now,
        reviewer=by,
        reviewer_name=name,
        name_salt=salt,
        name_hash=seals.name_hash(name, salt),
        reviewer_role=by.role_line,
        reviewer_interests=by.interests,
    )
    given.save()
    record.add(Act.REVIEWED, edition=edition, review=given, by=by)
    return given


# Publication


@transaction.atomic
def publish(edition: Edition, *, by, live_from: datetime | None = None) -> Edition:
    """Make an approved edition the one that visitors read, now or from a moment.

    Raises PermissionDenied if `by` may not publish, WrongProgress if the edition is not approved, ValidationError if
    `live_from` is in the past.
    """
    _check(by, "publish_edition", "publish editions")
    record = the_record.lock()
    edition = _held(edition)
    _must_be(edition, "published", Progress.APPROVED)
    if live_from is not None and timezone.is_naive(live_from):
        raise ValidationError("That moment has no time zone. Give it as a moment in London, or in UTC.")
    if live_from is not None and live_from <= record.now:
        raise ValidationError("That moment has passed. Choose one to come, or publish now.")
    return _go_live(record, edition, Act.PUBLISHED, by=by, live_from=live_from)


@transaction.atomic
def publish_urgently(edition: Edition, *, by, reason: str) -> Edition:
    """Publish before review. The page says so until somebody else has reviewed it."""
    _check(by, "publish_urgently", "publish before review")
    reason = _words(reason, "The reason")
    record = the_record.lock()
    edition = _held(edition)
    _must_be(edition, "published before review", Progress.IN_REVIEW, Progress.CHANGES_REQUESTED)
    return _go_live(record, edition, Act.PUBLISHED_URGENTLY, by=by, details={"reason": reason})


@transaction.atomic
def carry_over(
    working: WorkingCopy, *, by, source: str, reviewed_on: str, live_from: datetime, change_note: str, url: str = ""
) -> Edition:
    """Take over a page's first edition from elsewhere, with the day of the review it had there and no invented reviewer.

    `reviewed_on` is an ISO day (`2018-04-03`); `live_from` lies in the past. Raises PermissionDenied, WrongProgress,
    ValidationError for a day or a moment to come.
    """
    _check(by, "carry_over", "carry pages over")
    record = the_record.lock()
    page = Page.objects.select_for_update(no_key=True).get(pk=working.page_id)
    if page.editions.exists():
        raise WrongProgress(f"{page} has editions already: only a page's first edition can be carried over.")
    if live_from > record.now or date.fromisoformat(reviewed_on) > live_from.astimezone(LONDON).date():
        raise ValidationError("What is carried over was reviewed before it was live, and both lie in the past.")
    if url and urlsplit(url).scheme not in {"http", "https"}:
        raise ValidationError(f"“{url}” is not a web address. One looks like https://www.example.org/page.")
    edition = _freeze(
        page,
        by=by,
        change_note=_words(change_note, "The change note"),
        change_kind=ChangeKind.NEW,
        changes_eligibility=False,
    )
    details = {"source": _words(source, "The source"), "reviewed_on": reviewed_on, "url": _tidied(url, "The address")}
    return _go_live(record, edition, Act.CARRIED_OVER, by=by, live_from=live_from, details=details)


def _go_live(record: OpenRecord, edition: Edition, act: Act, *, by, live_from=None, details=None) -> Edition:
    for scheduled in edition.page.editions.scheduled(record.now):
        _unschedule(record, scheduled, by=by, reason="Another edition was published first.", to=Progress.REPLACED)
    number = (edition.page.editions.aggregate(last=Max("number"))["last"] or 0) + 1
    published_at = record.now
    live_from = live_from or published_at
    record.add(act, edition=edition, by=by, holds_from=live_from, details={"number": number, **(details or {})})
    edition._move(
        progress=Progress.PUBLISHED, number=number, published_at=published_at, published_by=by, live_from=live_from
    )
    return edition


@transaction.atomic
def take_off_schedule(edition: Edition, *, by, reason: str = "") -> Edition:
    """Change one's mind about a scheduled edition. It is approved again, and its number is free again.

    If another edition of the page is in review meanwhile, this one is set aside for good.
    """
    _check(by, "publish_edition", "take editions off the schedule")
    record = the_record.lock()
    edition = _held(edition)
    if not edition.is_scheduled(record.now):
        raise WrongProgress(f"{edition} is not scheduled, or its moment has come.")
    back_to = Progress.REPLACED if edition.page.editions.open().exists() else Progress.APPROVED
    _unschedule(record, edition, by=by, reason=reason, to=back_to)
    return edition


def _unschedule(record: OpenRecord, edition: Edition, *, by, reason: str, to: Progress) -> None:
    details = {"number": edition.number, "reason": _tidied(reason, "The reason")}
    record.add(Act.UNSCHEDULED, edition=edition, by=by, details=details)
    edition._move(progress=to, number=None, published_at=None, published_by=None, live_from=None)


def _must_be_live(edition: Edition, record: OpenRecord) -> None:
    if not Edition.objects.live(record.now).filter(pk=edition.pk).exists():
        raise WrongProgress(f"{edition} is not what visitors read now.")


# Pages and sources


@transaction.atomic
def withdraw_page(page: Page, *, by, reason: str) -> Entry:
    """Take a page away from visitors. Its address stays, and shows the reason and the history."""
    _check(by, "withdraw_page", "withdraw pages")
    reason = _words(reason, "The reason")
    record = the_record.lock()
    page = Page.objects.select_for_update(no_key=True).get(pk=page.pk)
    if not Edition.objects.live(record.now).filter(page=page).exists():
        raise WrongProgress(f"There is no live edition of {page} to withdraw.")
    for scheduled in page.editions.scheduled(record.now):
        _unschedule(record, scheduled, by=by, reason="The page was withdrawn.", to=Progress.REPLACED)
    return record.add(Act.WITHDRAWN, page=page, by=by, details={"reason": reason})


@transaction.atomic
def move_page(page: Page, *, by, slug: str, reason: str = "") -> Page:
    """Give a page a new address. The old one leads to it for good."""
    _check(by, "move_page", "give pages a new address")
    record = the_record.lock()
    page = Page.objects.select_for_update(no_key=True).get(pk=page.pk)
    old = page.slug
    if slug == old:
        raise ValidationError(f"“{slug}” is the page's address already.")
    page.slug = slug
    page.full_clean()
    if FormerSlug.objects.filter(kind=page.kind, slug=slug).exclude(page=page).exists():
        raise ValidationError(f"“{slug}” was the address of another page, and still leads there. Choose another.")
    FormerSlug.objects.filter(page=page, slug=slug).delete()  # back to an address it had before
    FormerSlug.objects.create(page=page, kind=page.kind, slug=old)
    record.add(Act.MOVED, page=page, by=by, details={"from": old, "to": slug, "reason": _tidied(reason, "The reason")})
    page._store(slug=slug)
    return page


@transaction.atomic
def mark_source(source: str, *, by, standing: str, reason: str) -> Entry:
    """Say on every page that cites a source how far it can still be relied on.

    `source` is the key of a reference, `standing` one of references.content.Standing. A mark of `current` lifts it.
    """
    _check(by, "mark_source", "mark sources")
    reason, standing = _words(reason, "The reason"), _words(standing, "The standing")
    record = the_record.lock()
    subject = f"reference/{source}"
    if not Mention.objects.filter(relation="cites", target=subject, edition__number__isnull=False).exists():
        raise WrongProgress(f"No published page cites “{source}”, so there is nothing to mark.")
    return record.add(Act.SOURCE_MARKED, subject=subject, by=by, details={"standing": standing, "reason": reason})


@transaction.atomic
def tell_doubt(page: Page, *, by, sentence: str) -> Entry:
    """Tell visitors of a doubt about a page, in one sentence, until it is settled."""
    _check(by, "tell_doubt", "tell visitors of a doubt")
    sentence = _words(sentence, "The sentence")
    record = the_record.lock()
    if not Edition.objects.live(record.now).filter(page=page).exists():
        raise WrongProgress(f"Visitors do not read {page} now, so there is nobody to tell.")
    return record.add(Act.DOUBT_TOLD, page=page, by=by, details={"sentence": sentence})


@transaction.atomic
def settle_doubt(page: Page, *, by, note: str) -> Entry:
    """Take away the sentence of a doubt, saying how it was settled."""
    _check(by, "tell_doubt", "settle a doubt")
    note = _words(note, "The note")
    record = the_record.lock()
    newest = page.entries.filter(act__in=[Act.DOUBT_TOLD, Act.DOUBT_SETTLED]).last()
    if newest is None or newest.act != Act.DOUBT_TOLD:
        raise WrongProgress(f"No doubt is told about {page}.")
    return record.add(Act.DOUBT_SETTLED, page=page, by=by, details={"note": note})


@transaction.atomic
def remove_name(person, *, by) -> Entry:
    """Erase a person's name, and the salt beside it, from reviews and entries. Their seals still hold."""
    _check(by, "remove_name", "remove a person's name from the record")
    if by.pk == person.pk:
        raise WrongProgress("The entry that says so would carry your name again. Ask another administrator.")
    record = the_record.lock()
    reviews = list(Review.objects.filter(reviewer=person).exclude(name_salt=""))
    entries = list(Entry.objects.filter(by=person).exclude(by_salt=""))
    if not reviews and not entries:
        raise WrongProgress(f"The record does not hold the name of {person}.")
    entry = record.add(
        Act.NAME_REMOVED,
        by=by,
        details={"reviews": [str(one.uid) for one in reviews], "entries": [one.position for one in entries]},
    )
    _erase(Review, [one.pk for one in reviews], reviewer_name="", name_salt="")
    _erase(Entry, [one.pk for one in entries], by_name="", by_salt="")
    return entry


def _erase(model, keys: list[int], **blank) -> None:
    from django.db.models import QuerySet

    QuerySet(model).filter(pk__in=keys).update(**blank)


# Who changed what


def count_change(page_id: int, user) -> None:
    """Count one change of a page's working copy, in the transaction that makes it.

    The page's row is held until that transaction ends, so a submission sees either the change and its count, or neither.
    """
    page = Page.objects.select_for_update(no_key=True).get(pk=page_id)
    page._store(changes=page.changes + 1)
    if user is not None and user.pk is not None:
        Contribution.objects.update_or_create(page=page, user=user, defaults={"last_change": page.changes})


def check_address(*, kind: str, slug: str) -> Page | None:
    """The page at an address that has lost its working copy, or None if the address is free.

    Raises ValidationError if another page has or had it, or if no address can be made of it.
    """
    taken = Page.objects.filter(key=f"{kind}/{slug}").first() or Page.objects.filter(kind=kind, slug=slug).first()
    if taken is not None:
        if taken.slug != slug or kinds.kind(kind).working_copy(taken) is not None:
            raise ValidationError(
                f"There is a page at “{kind}/{slug}” already, or there was one. Choose another address."
            )
        return taken
    if FormerSlug.objects.filter(kind=kind, slug=slug).exists():
        raise ValidationError(f"“{slug}” was the address of another page, and still leads there. Choose another.")
    Page(kind=kind, slug=slug, key=f"{kind}/{slug}").full_clean()
    return None


def page_for(*, kind: str, slug: str) -> Page:
    """The page for a new working copy: a new one, or one that lost its working copy. Raises ValidationError."""
    return check_address(kind=kind, slug=slug) or open_page(kind=kind, slug=slug)


@transaction.atomic
def open_page(*, kind: str, slug: str) -> Page:
    """A new page under an address that no page has or had. Raises ValidationError otherwise."""
    the_record.lock()  # nobody moves a page to this address, or from it, between the look and the save
    if check_address(kind=kind, slug=slug) is not None:
        raise ValidationError(f"There is a page at “{kind}/{slug}” already. Choose another address.")
    try:
        with transaction.atomic():
            page = Page(kind=kind, slug=slug)
            page.save()
    except IntegrityError:
        raise ValidationError(f"There is a page at “{kind}/{slug}” already. Choose another address.") from None
    return page


def head() -> tuple[int, str]:
    """How many entries the record has, and its newest seal: to be kept elsewhere, and expected by `verify_editions`."""
    row = Record.objects.filter(pk=1).first()
    return (row.entries, row.head) if row else (0, seals.GENESIS)
