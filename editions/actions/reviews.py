"""Verdicts on editions, by staff and by people whom they invited."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from editions import record as the_record
from editions import seals
from editions.actions.flags import put_away_due
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
from editions.models import Edition, Invitation, Page, Review
from editions.record import OpenRecord
from editions.vocabulary import REVIEWABLE, Act, Check, Outcome, Progress, ReviewKind, Scope

# One person may give both of what a content change needs.
USUAL_KINDS = (ReviewKind.CLINICAL, ReviewKind.PLAIN_ENGLISH)


@dataclass(frozen=True)
class Verdict:
    """What somebody says of an edition. `remarks` are about parts of the page: key of the part → words."""

    outcome: Outcome
    kinds: Iterable[ReviewKind] = USUAL_KINDS
    scope: Scope = Scope.WHOLE_PAGE
    comment: str = ""
    remarks: Mapping[str, str] = field(default_factory=dict)
    checked: Iterable[Check] = ()


@transaction.atomic
def review(
    edition: Edition,
    *,
    by,
    outcome: Outcome,
    kinds: Iterable[ReviewKind] = USUAL_KINDS,
    scope: Scope = Scope.WHOLE_PAGE,
    comment: str = "",
    remarks: Mapping[str, str] | None = None,
    checked: Iterable[Check] = (),
    seen_entry: int | None = None,
) -> Review:
    """Give a verdict on an edition in review, or on a live one that was published before review.

    `kinds` says as what it was read; the edition is approved once every kind that it needs has been given. `scope`
    says what was read: only an approval of the whole page moves “last reviewed”. `remarks` maps parts of the page
    (keys of `Kind.parts`) to words about them.

    Raises PermissionDenied, FourEyes, WrongProgress; ValidationError if changes are requested without saying which.
    """
    check(by, "review_edition", "review editions")
    verdict = Verdict(Outcome(outcome), kinds, scope, comment, remarks or {}, checked)
    record = the_record.lock()
    edition = held(edition)
    # What others say of the edition meanwhile is no reason to keep one's own verdict back.
    check_seen(edition.page, seen_entry, passing=Q(act=Act.REVIEWED) & (~Q(by=by) | Q(by=None)))
    if edition.progress == Progress.PUBLISHED:
        must_be_live(edition, record)
        if not edition.is_urgent():
            raise WrongProgress("This edition was reviewed before it was published. Use “Reviewed, no change needed”.")
        return _add_review(record, edition, verdict, by=by)
    return _decide(record, edition, verdict, by=by)


def _decide(record: OpenRecord, edition: Edition, verdict: Verdict, **who) -> Review:
    """A verdict on an edition that is not published yet, and the step that it leads to."""
    must_be(edition, "reviewed", *REVIEWABLE)
    given = _add_review(record, edition, verdict, **who)
    step = edition.progress
    if verdict.outcome == Outcome.CHANGES_REQUESTED:
        step = Progress.CHANGES_REQUESTED
    elif not edition.kinds_missing():
        step = Progress.APPROVED
    if step != edition.progress:
        edition._move(progress=step)
    return given


@transaction.atomic
def review_by_invitation(
    token: str, *, name: str, role: str, interests: str, outcome: Outcome, comment: str = "", **said
) -> Review:
    """The verdict of somebody without an account, under their own name. The link that they came by is used up.

    `said` is as for `review`. Raises WrongProgress if the link opens nothing any more, FourEyes if whoever invited
    them wrote in the edition since, ValidationError for a missing name.
    """
    record = the_record.lock()
    invitation = Invitation.objects.with_token(token)
    if invitation is None:
        raise WrongProgress("This link opens nothing any more. Ask whoever sent it to you for a new one.")
    edition = held(invitation.edition)
    if not name.strip():
        raise ValidationError("Your name is missing. Readers see who vouched for the page.")
    verdict = Verdict(Outcome(outcome), comment=comment, **said)
    host = invitation.invited_by
    given = _decide(record, edition, verdict, host=host, name=name, role=role, interests=interests)
    invitation.review = given
    invitation.save()
    return given


@transaction.atomic
def mark_reviewed(
    page: Page,
    *,
    by,
    comment: str = "",
    kinds: Iterable[ReviewKind] = USUAL_KINDS,
    seen_edition: int | None = None,
    seen_entry: int | None = None,
) -> Review:
    """“Reviewed, no change needed”: somebody read the whole live page, and “last reviewed” moves to this day.

    `seen_edition` is the primary key of the edition that they read. Raises PermissionDenied, FourEyes, WrongProgress.
    """
    check(by, "review_edition", "review editions")
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
    return _add_review(record, held(edition), Verdict(Outcome.APPROVED, kinds, comment=comment), by=by)


def _add_review(
    record: OpenRecord, edition: Edition, verdict: Verdict, *, by=None, host=None, name="", role="", interests=""
) -> Review:
    """Write a verdict down: that of `by`, or that of somebody with a name whom `host` invited."""
    if edition.is_work_of(by or host):
        raise FourEyes(
            f"{by or host} submitted this edition or changed this page since its last published edition. "
            f"Somebody else has to {'review it' if by else 'invite reviewers'}."
        )
    chosen = {ReviewKind(kind) for kind in verdict.kinds}
    if not chosen:
        raise ValidationError("Say as what you reviewed it: clinical, plain English or lay.")
    remarks = _remarks(edition, verdict.remarks)
    comment = tidied(verdict.comment, "The comment")
    if verdict.outcome == Outcome.CHANGES_REQUESTED and not remarks:
        comment = words(comment, "The comment")
    salt, name = seals.new_salt(), the_record.name_of(by or name)
    given = Review(
        edition=edition,
        kinds=[str(kind) for kind in ReviewKind if kind in chosen],
        scope=Scope(verdict.scope),
        outcome=verdict.outcome,
        comment=comment,
        remarks=remarks,
        checked=[str(one) for one in Check if one in set(verdict.checked)],
        made_at=record.now,
        reviewer=by,
        invited_by=host,
        reviewer_name=name,
        name_salt=salt,
        name_hash=seals.name_hash(name, salt),
        reviewer_role=by.role_line if by else tidied(role, "Your role"),
        reviewer_interests=by.interests if by else tidied(interests, "Your interests"),
    )
    given.save()
    record.add(Act.REVIEWED, edition=edition, review=given, by=by, name=name)
    if edition.progress == Progress.PUBLISHED and given.is_reading_of_the_whole():
        put_away_due(edition.page, by=by or host, note="The whole page was reviewed.")
    return given


def _remarks(edition: Edition, said: Mapping[str, str]) -> list[dict[str, str]]:
    """Words about parts of the page, in the order of the page. Raises ValidationError for a part that it does not have."""
    parts = dict(edition.page.kind_of_page.parts(edition.content))
    if unknown := sorted(set(said) - set(parts)):
        raise ValidationError(f"This page has no part “{unknown[0]}”.")
    found = ((part, label, tidied(said.get(part, ""), f"The comment on {label}")) for part, label in parts.items())
    return [{"part": part, "label": label, "text": text} for part, label, text in found if text]
