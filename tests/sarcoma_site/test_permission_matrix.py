"""Who may open and post to which address of the desk, in one table. Steps have theirs in tests/editions/test_desk.py."""

import re

import pytest
from django.test import Client

from tests.desk import Desk
from tests.factories import a_person
from tests.sarcoma_site.test_desk_addresses import addresses, starter

pytestmark = pytest.mark.django_db
__all__ = ["starter"]

AUTHOR, REVIEWER, PUBLISHER, ADMINISTRATOR = ROLES = ("Author", "Clinical reviewer", "Publisher", "Administrator")
NOBODY: set[str] = set()
EVERYBODY = set(ROLES)
# The first line that fits an address's name says who gets in.
MATRIX = [
    # Nothing of the record is added or deleted by hand, and no account is deleted or given a password.
    (r"^editions_\w+_(add|delete)$|^staff_user_delete$|^auth_user_password_change$|^auth_group_(add|delete)$", NOBODY),
    # A page with editions stays; there is one glossary.
    (r"^drugs_(drug|condition|guide|glossary)_delete$|^drugs_glossary_add$", NOBODY),
    # What readers wrote is read by those who triage it.
    (r"^editions_feedback_", {REVIEWER, PUBLISHER}),
    (r"^references_reference_mark$", {PUBLISHER}),
    (r"^references_reference_(merge|take_in|confirm|cite_new)$", {AUTHOR}),
    (r"^(drugs|references)_\w+_(add|delete|import|process_import)$", {AUTHOR}),
    (r"^(drugs|references)_\w+_export$", {AUTHOR, REVIEWER, PUBLISHER}),
    (r"^(staff|auth)_", {ADMINISTRATOR}),
    (r"^(drugs|references|editions)_|^components$", EVERYBODY),
]
# What is not there for anybody: the record is its own history, and no invitation has been made.
NOT_THERE = r"^editions_(edition|entry|feedback|review|emptysearch)_history$|^editions_edition_revoke$"


def who_gets_in(name: str) -> set[str]:
    return next(roles for pattern, roles in MATRIX if re.search(pattern, name))


def named():
    """(name, address) without the admin's own redirects, which have no name."""
    return [(name, address) for name, address in addresses() if name != "None"]


@pytest.mark.parametrize("role", [*ROLES, ""], ids=lambda role: role or "without a role")
def test_who_opens_what(starter, role):
    client = Desk(a_person("somebody", *filter(None, [role]))).client
    for name, address in named():
        status = client.get(address).status_code
        if role not in who_gets_in(name):
            assert status == 403 or (status == 404 and re.search(NOT_THERE, name)), (name, role, status)
        else:
            assert status in ({404} if re.search(NOT_THERE, name) else {200, 302}), (name, role, status)


@pytest.mark.parametrize("role", [*ROLES, ""], ids=lambda role: role or "without a role")
def test_who_writes_into_what(starter, role):
    client = Desk(a_person("somebody", *filter(None, [role]))).client
    for name, address in named():
        if not name.endswith("_change"):
            continue
        status = client.post(address, {"name": "Forged.", "lock_version": "1"}).status_code
        writes = {AUTHOR} if name.startswith(("drugs", "references")) else who_gets_in(name)
        if name.startswith(("editions", "auth")):
            # Editions, pages, reviews and entries are shown whatever is posted; roles are not changed by anybody.
            assert status in {200, 403}, (name, role, status)
        elif role in writes:
            assert status in {200, 409}, (name, role, status)
        else:
            assert status == 403, (name, role, status)


def test_strangers_get_in_nowhere(starter):
    for name, address in named():
        for answer in (Client().get(address), Client().post(address)):
            assert answer.status_code == 302 and answer.url.startswith("/admin/login/"), name
