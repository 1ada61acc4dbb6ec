"""Every registered address, for everybody who could come, by GET and POST: as the table in tests/permissions.py says.

The addresses come from the URL map, so one that is new and stands nowhere in the table fails here. Each request is
rolled back. Every answer has a strict policy for scripts. What a page says is tried elsewhere: here templates draw
nothing, and leaflets are not printed.
"""

import re
from collections import Counter

import pytest
from django.db import connection, transaction
from django.template.backends.django import Template
from django.test import Client
from django.utils.safestring import SafeString

from drugs.leaflet import printing
from editions.models import Page
from tests import permissions as table
from tests.desk import APPROVES, Desk, seen
from tests.factories import a_person
from tests.permissions import ACCESS, PEOPLE
from tests.url_map import SiteWithEverything, registered

# One database: no query here is one that tests/sarcoma_site/test_desk_addresses.py does not ask on both.
pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

# All that any form of the desk asks for, so that it is the rights that decide.
POSTED = {
    **APPROVES,
    **dict.fromkeys(("post", "asked"), "on"),
    **dict.fromkeys(("name", "change_note", "reason", "comment", "note", "said"), "Forged."),
    "lock_version": "1",
    "change_kind": "content",
}
# Tables into which everybody may write a line: that they signed in, which form they opened, what was searched in vain.
_OWN_TRACES = re.compile(r'"(staff_session|staff_signin|basics_\w+|editions_emptysearch)"')
_WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE)\b", re.IGNORECASE)
_QUERIES = {"admin:autocomplete": "?app_label=drugs&model_name=indication&field_name=condition"}


def test_every_registered_address_stands_in_the_table_and_the_table_names_no_other():
    names = [name for name, _ in registered()]
    assert len(names) > 280
    assert set(names) == ACCESS.keys(), set(names) ^ ACCESS.keys()
    several = {name for name, count in Counter(names).items() if count > 1}
    assert not several, f"The table cannot tell these apart: {several}"


def test_no_address_stands_in_two_groups():
    names = [name for names, _ in table.GROUPS for name in names]
    assert len(names) == len(set(names))


@pytest.fixture
def addresses(starter_content, author, reviewer, settings, monkeypatch):
    monkeypatch.setattr(Template, "render", lambda self, context=None, request=None: SafeString(""))
    monkeypatch.setattr(printing, "pdf", lambda data: b"")
    settings.SECURITY_CONTACT = "mailto:security@example.org"
    settings.METRICS_TOKEN = "a long token for whoever counts"
    site = SiteWithEverything(author, reviewer)
    return [(name, site.address(name, route)) for name, route in registered()]


def somebody(who: str, settings) -> Client:
    """The browser of one of the people of the table."""
    settings.SECOND_FACTOR_REQUIRED = who == table.NO_FACTOR
    if who == table.VISITOR:
        return Client()
    role = table.ADMINISTRATOR if who in {*table.OUTSIDE, table.NO_FACTOR} else who
    person = a_person("somebody", *([] if who == table.NO_ROLE else [role]))
    client = Desk(person).client
    # As it is stored, past what ends a session: somebody may still have one.
    type(person).objects.filter(pk=person.pk).update(
        is_active=who != table.DEACTIVATED, is_staff=who != table.NOT_STAFF
    )
    return client


def verdict(answer) -> str:
    if answer.status_code in {301, 302} and answer.url.startswith("/admin/login/"):
        return table.SIGN_IN
    if answer.status_code in {301, 302} and answer.url.startswith("/admin/second-factor/set-up/"):
        return table.FIRST_STEP
    return table.IN if answer.status_code in {200, 302, 409, 422} else str(answer.status_code)


@pytest.mark.parametrize("who", PEOPLE)
def test_everybody_gets_in_where_the_table_says_and_changes_nothing_elsewhere(addresses, settings, who):
    client = somebody(who, settings)
    posted = POSTED | seen(Page.objects.order_by("pk")[0])
    signed_in = client.cookies.output(header="", sep=";")
    written: list[str] = []

    def note(execute, sql, params, many, context):
        if _WRITES.match(sql) and not _OWN_TRACES.search(sql.split("WHERE")[0]):
            written.append(sql)
        return execute(sql, params, many, context)

    wrong = []
    for name, address in addresses:
        access = ACCESS[name]
        for method, expected in (("get", access.get[who]), ("post", access.post[who])):
            client.cookies.load(signed_in)
            written.clear()
            with transaction.atomic(), connection.execute_wrapper(note):
                if method == "get":
                    answer = client.get(address + _QUERIES.get(name, ""))
                else:
                    answer = client.post(address, posted, headers={"origin": "http://testserver"})
                transaction.set_rollback(True)
            policy = answer.get("Content-Security-Policy", "")
            if (
                "default-src 'none'" not in policy
                or "unsafe" in policy
                or answer["X-Content-Type-Options"] != "nosniff"
            ):
                wrong.append((name, method, "policy", policy))
            if (found := verdict(answer)) != expected:
                wrong.append((name, method, f"expected: {expected}", f"found: {found}"))
            if written and not (method == "post" and who in access.writes):
                wrong.append((name, method, "wrote", written[0][:100]))
    assert not wrong, "\n".join(map(str, wrong))
