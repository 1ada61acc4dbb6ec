"""Every address of the desk, taken from the URL map: that none falls over. Who gets in: test_permission_matrix.py."""

import re

import pytest

from editions.models import Edition, Entry, Review
from staff.models import User
from tests.desk import Desk
from tests.factories import a_person
from tests.url_map import SiteWithEverything, registered

pytestmark = pytest.mark.django_db


@pytest.fixture
def addresses(starter_content, author, reviewer) -> list[tuple[str, str]]:
    """(name, address) of every pattern of the desk's tables, filled with rows, and of the catalogue."""
    site = SiteWithEverything(author, reviewer)
    return [
        (name, site.address(name, route))
        for name, route in registered()
        if re.match("admin/(staff|auth|editions|drugs|references)/|admin/components/", route)
    ]


def counts() -> tuple[int, ...]:
    return Edition.objects.count(), Review.objects.count(), Entry.objects.count(), User.objects.count()


def test_the_sweep_sees_the_whole_desk(addresses):
    assert len(addresses) > 180


# Who may do everything reaches every query; an author reaches fewer of the same, in pages that say less. What each role
# gets at all: test_permission_matrix.py.
@pytest.mark.parametrize("role", [pytest.param("Author", marks=pytest.mark.one_database), "everything"])
def test_no_address_falls_over_whoever_opens_it_or_posts_nonsense(addresses, role):
    person = a_person("somebody", *([] if role == "everything" else [role]))
    person.is_superuser = role == "everything"
    person.save()
    client = Desk(person).client
    nonsense = {"post": "", "name": "x" * 10_000, "lock_version": "x", "key": "A b", "slug": "../x", "upload": "\x00"}
    before = counts()
    for name, address in addresses:
        if name.endswith("user_add"):
            continue
        for answer in (
            client.get(address),
            client.get(address + "?_popup=1&_to_field=id&q=%00&p=x&o=x&e=1&all=x"),
            client.post(f"{address}?_to_field=", nonsense),
            client.post(address, {f"{prefix}-TOTAL_FORMS": "-1" for prefix in ("names", "criteria", "authors")}),
        ):
            assert answer.status_code < 500, (name, address, answer.status_code)
    assert counts() == before


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/admin/drugs/indication/add/?drug=abc", 200),
        ("/admin/drugs/indication/add/?drug=%00", 200),
        ("/admin/drugs/indication/add/?drug=99999999999999999999999", 200),
        ("/admin/drugs/indication/add/?condition=%C2%B2&key=%00", 200),
        ("/admin/drugs/drug/add/?name=%E2%80%AEevil", 200),
        ("/admin/drugs/drug/export/?nothing=1", 302),
        ("/admin/drugs/drug/?nothing=1", 302),
        ("/admin/editions/edition/?submitted_at__year=9999", 200),
        ("/admin/editions/edition/?submitted_at__gte=x", 302),
        ("/admin/references/reference/cite/?q=" + "a+" * 100, 200),
        ("/admin/drugs/drug/?q=" + "a+" * 500, 200),
    ],
)
def test_an_address_that_somebody_made_up_ends_in_a_page(addresses, author, address, status):
    assert Desk(author).client.get(address).status_code == status
