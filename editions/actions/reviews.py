"""Verdicts on editions."""

from django.db import transaction
from django.db.models import Q

from editions import record as the_record
from editions import seals
from editions.actions.rules import (
    FourEyes,
    WrongProgress,
    check,
    check_seen,
    held,
    must_be,
    must_be_live,
    tidied,
    words,
)
from editions.models import Edition, Page, Review
from editions.record import OpenRecord
from editions.vocabulary import Act, Outcome, Progress, ReviewKind, Scope


@transaction.atomic
def review(
    edition: Edition,
    *,
    by,
    outcome: Outcome,
    kind: ReviewKind = ReviewKind.CLINICAL,
    scope: Scope = Scope.WHOLE_PAGE,
    comment: str = "",
    seen_entry: int | None = None,
) -> Review:
    """Give a verdict on an edition in review, or on a live one that was published before review.

    `scope` says what was read: only an approval of the whole page moves “last reviewed”.

    Raises PermissionDenied, FourEyes, WrongProgress; ValidationError if changes are requested without saying which.
    """
    record = the_record.lock()
    edition = held(edition)
    # What others say of the edition meanwhile is no reason to keep one's own verdict back.
    check_seen(edition.page, seen_entry, passing=Q(act=Act.REVIEWED) & ~Q(by=by))
    is_late_review = edition.progress == Progress.PUBLISHED
    if is_late_review:
        must_be_live(edition, record)
        if not edition.is_urgent():
            raise WrongProgress("This edition was reviewed before it was published. Use “Reviewed, no change needed”.")
    else:
        must_be(edition, "reviewed", Progress.IN_REVIEW, Progress.APPROVED)
    given = _add_review(record, edition, by=by, outcome=outcome, kind=kind, scope=scope, comment=comment)
    if not is_late_review:
        step = Progress.APPROVED if outcome == Outcome.APPROVED else Progress.CHANGES_REQUESTED
        if step != edition.progress:
            edition._move(progress=step)
    return given


@transaction.atomic
def mark_reviewed(
    page: Page,
    *,
    by,
    comment: str = "",
    kind: ReviewKind = ReviewKind.CLINICAL,
    seen_edition: int | None = None,
    seen_entry: int | None = None,
) -> Review:
    """“Reviewed, no change needed”: somebody read the whole live page, and “last reviewed” moves to this day.

    `seen_edition` is the primary key of the edition that they read. Raises PermissionDenied, FourEyes, WrongProgress.
    """
    record = the_record.lock()
    edition = Edition.objects.live(record.now).filter(page=page).first()
    if edition is None:
        raise WrongProgress(f"There is no live edition of {page} to review.")
    if seen_edition is not None and seen_edition != edition.pk:
        raise WrongProgress(
            f"Edition {edition.number} went live since you opened this form, and you have not read it. Read it, then "
            "say whether it holds."
        )
    check_seen(page, seen_entry)
    return _add_review(
        record,
        held(edition),
        by=by,
        outcome=Outcome.APPROVED,
        kind=kind,
        scope=Scope.WHOLE_PAGE,
        comment=comment,
    )


def _add_review(record: OpenRecord, edition: Edition, *, by, outcome, kind, scope, comment) -> Review:
    check(by, "review_edition", "review editions")
    if edition.is_work_of(by):
        raise FourEyes(
            f"{by} submitted this edition or changed this page since its last published edition. "
            "Somebody else has to review it."
        )
    if outcome == Outcome.CHANGES_REQUESTED:
        comment = words(comment, "The comment")
    salt, name = seals.new_salt(), the_record.name_of(by)
    given = Review(
        edition=edition,
        kind=ReviewKind(kind),
        scope=Scope(scope),
        outcome=Outcome(outcome),
        comment=tidied(comment, "The comment"),
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
