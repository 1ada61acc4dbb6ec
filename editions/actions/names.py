"""Taking a person's name out of the record."""

from django.db import transaction
from django.db.models import QuerySet

from editions import record as the_record
from editions.actions.rules import WrongProgress, check
from editions.models import Entry, Invitation, Review
from editions.vocabulary import Act


@transaction.atomic
def remove_name(person, *, by) -> Entry:
    """Erase a person's name, and the salt beside it, from reviews and entries. Their seals still hold."""
    check(by, "remove_name", "remove a person's name from the record")
    if by.pk == person.pk:
        raise WrongProgress("The entry that says so would carry your name again. Ask another administrator.")
    record = the_record.lock()
    reviews = list(Review.objects.filter(reviewer=person).exclude(name_salt=""))
    entries = list(Entry.objects.filter(by=person).exclude(by_salt=""))
    return _remove(record, reviews, entries, by=by, whose=str(person))


@transaction.atomic
def remove_guest_name(review: Review, *, by) -> Entry:
    """Erase the name of somebody from outside from the review that they gave, and from their invitation."""
    check(by, "remove_name", "remove a person's name from the record")
    if review.reviewer_id is not None:
        raise WrongProgress("A member of staff gave this review: remove their name everywhere at once.")
    record = the_record.lock()
    reviews = list(Review.objects.filter(pk=review.pk).exclude(name_salt=""))
    entries = list(Entry.objects.filter(review=review).exclude(by_salt=""))
    entry = _remove(record, reviews, entries, by=by, whose="whoever gave this review")
    _blank_invitations(review)
    return entry


def _blank_invitations(review: Review) -> None:
    """Erase whom a review was asked of, also from links to the same address that open nothing any more."""
    used = Invitation.objects.filter(review=review).first()
    if used is None:
        return
    same = Invitation.objects.filter(email__iexact=used.email, review=None)
    closed = same.exclude(pk__in=Invitation.objects.usable().values("pk"))
    gone = [used.pk, *closed.values_list("pk", flat=True)]
    Invitation.objects.filter(pk__in=gone).update(name="name removed on request", email="", note="")


def _remove(record, reviews: list[Review], entries: list[Entry], *, by, whose: str) -> Entry:
    if not reviews and not entries:
        raise WrongProgress(f"The record does not hold the name of {whose}.")
    entry = record.add(
        Act.NAME_REMOVED,
        by=by,
        details={"reviews": [str(one.uid) for one in reviews], "entries": [one.position for one in entries]},
    )
    _erase(Review, [one.pk for one in reviews], reviewer_name="", name_salt="")
    _erase(Entry, [one.pk for one in entries], by_name="", by_salt="")
    return entry


def _erase(model, keys: list[int], **blank) -> None:
    QuerySet(model).filter(pk__in=keys).update(**blank)
