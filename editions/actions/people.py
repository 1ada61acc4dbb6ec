"""Erasing a person who leaves and asks for it: their account is emptied, and what they did stays true."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from editions.actions.names import remove_name
from editions.actions.rules import WrongProgress, check
from editions.models import Entry, Page, Reminder, Review
from staff import kept
from staff.models import User


@transaction.atomic
def erase_account(person: User, *, by: User) -> Entry | None:
    """Take a person's name from the record, and everything personal from their account. It cannot be undone.

    Returns the entry that says so; None if the record held no name of theirs. Pages that they looked after have no owner
    any more. What they did, and that four eyes were four, leads to an account that names nobody. Raises PermissionDenied,
    and WrongProgress for whoever would erase themselves: so one administrator is always left.
    """
    check(by, "remove_name", "erase a person's account")
    if not by.has_perm("staff.change_user") or (person.is_superuser and not by.is_superuser):
        raise PermissionDenied(f"{by} may not erase the account of {person}.")
    if by.pk == person.pk:
        raise WrongProgress("Nobody erases their own account. Ask another administrator.")
    entry = remove_name(person, by=by) if _stands_in_the_record(person) else None
    for page in Page.objects.filter(owner=person) | Page.objects.filter(stand_in=person):
        page.owner = None if page.owner_id == person.pk else page.owner
        page.stand_in = None if page.stand_in_id == person.pk else page.stand_in
        page.save()
    _forget_letters(person.email)
    kept.empty(person)
    return entry


def is_erased(person: User) -> bool:
    return person.username == f"name-removed-{person.pk}"


def _stands_in_the_record(person: User) -> bool:
    reviews = Review.objects.filter(reviewer=person).exclude(name_salt="")
    return reviews.exists() or Entry.objects.filter(by=person).exclude(by_salt="").exists()


def _forget_letters(address: str) -> None:
    """Take an address out of the list of whom reminders went to."""
    if not address:
        return
    for reminder in Reminder.objects.filter(sent_to__icontains=address):
        others = [one for one in reminder.sent_to.split(", ") if one.lower() != address.lower()]
        reminder.sent_to = ", ".join(others)
        reminder.save(update_fields=["sent_to"])
