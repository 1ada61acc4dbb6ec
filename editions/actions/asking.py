"""Asking for reviews: a colleague by name, or somebody outside by a link that opens one edition, once."""

from datetime import date, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from editions import letters, seals
from editions.actions.rules import FourEyes, WrongProgress, check, held, must_be, tidied, words
from editions.models import Edition, Invitation, ReviewRequest
from editions.vocabulary import REVIEWABLE
from staff.models import User

MOST_DAYS = 90


def may_ask(user) -> bool:
    return user.has_perm("editions.submit_edition") or user.has_perm("editions.publish_edition")


def could_review(edition: Edition):
    """The colleagues who may review an edition: with the right, and with no word of their own in it."""
    people = User.objects.who_may("editions.review_edition")
    writers = {edition.submitted_by_id, *edition.contributors}
    later = edition.page.contributions.filter(last_change__gt=edition.changes_at_freeze).values("user")
    return people.exclude(pk__in=writers).exclude(pk__in=later).order_by("public_name", "username")


@transaction.atomic
def ask_reviewer(edition: Edition, *, by, reviewer, wanted_by: date | None = None, note: str = "") -> ReviewRequest:
    """Ask a colleague to review an edition, until a day. They get a letter. Asked again, the day and the note are new.

    Raises PermissionDenied, WrongProgress, FourEyes; ValidationError for a day that has passed.
    """
    if not may_ask(by):
        raise PermissionDenied(f"{by} may not ask for reviews. An administrator can give the role that may.")
    edition = held(edition)
    must_be(edition, "given to a reviewer", *REVIEWABLE)
    if not could_review(edition).filter(pk=reviewer.pk).exists():
        raise FourEyes(f"{reviewer} may not review this edition: they wrote in it, or have no right to review.")
    if wanted_by is not None and wanted_by < timezone.localdate():
        raise ValidationError("That day has passed. Choose one to come, or none.")
    asked, _ = ReviewRequest.objects.update_or_create(
        edition=edition,
        reviewer=reviewer,
        defaults={
            "asked_by": by,
            "asked_at": timezone.now(),
            "wanted_by": wanted_by,
            "note": tidied(note, "The note"),
        },
    )
    transaction.on_commit(lambda: letters.ask_for_review(asked), robust=True)
    return asked


@transaction.atomic
def invite_reviewer(
    edition: Edition, *, by, name: str, email: str, days: int = Invitation.KEPT_FOR.days, note: str = ""
) -> str:
    """Invite somebody without an account to review an edition, once, within `days`. They get a letter with a link.

    Returns the token of the link: it is kept nowhere, only its hash. Raises PermissionDenied, WrongProgress,
    ValidationError; FourEyes if `by` wrote in the edition, because their guest would be their own second pair of eyes.
    """
    check(by, "invite_reviewer", "invite reviewers from outside")
    edition = held(edition)
    must_be(edition, "given to a reviewer", *REVIEWABLE)
    if edition.is_work_of(by):
        raise FourEyes(f"{by} submitted this edition or wrote in it. Somebody else has to choose who reviews it.")
    if not 1 <= days <= MOST_DAYS:
        raise ValidationError(f"A link opens for 1 to {MOST_DAYS} days.")
    validate_email(email)
    token = Invitation.new_token()
    invitation = Invitation.objects.create(
        edition=edition,
        token_hash=seals.sha256(token),
        name=words(name, "The name"),
        email=email,
        note=tidied(note, "The note"),
        invited_by=by,
        expires_at=timezone.now() + timedelta(days=days),
    )
    transaction.on_commit(lambda: letters.invite(invitation, token), robust=True)
    return token


@transaction.atomic
def revoke_invitation(invitation: Invitation, *, by) -> Invitation:
    """Make a link open nothing. Raises PermissionDenied, and WrongProgress if it was used or revoked already."""
    check(by, "invite_reviewer", "revoke invitations")
    invitation = Invitation.objects.select_for_update(no_key=True).get(pk=invitation.pk)
    if invitation.state in {"used", "revoked"}:
        raise WrongProgress(f"This invitation was {invitation.state} already.")
    invitation.revoked_at = timezone.now()
    invitation.save()
    return invitation
