"""Every address of the desk, taken from the URL map: who gets in, and that none falls over."""

import pytest
from django.contrib import admin
from django.urls import URLPattern, URLResolver

from editions import actions
from editions.models import Edition, Entry, Review
from editions.search import empty
from editions.search.query import read
from staff.models import User
from tests.desk import Desk
from tests.factories import a_person

pytestmark = pytest.mark.django_db


def patterns(urls, prefix=""):
    for one in urls:
        if isinstance(one, URLResolver):
            yield from patterns(one.url_patterns, prefix + str(one.pattern))
        elif isinstance(one, URLPattern):
            yield one.name, one, prefix + str(one.pattern)


def addresses() -> list[tuple[str, str]]:
    """(name, address) of every pattern of the desk, filled with the first row of each table, and of the catalogue."""
    found = []
    for model, desk in admin.site._registry.items():
        row = model._default_manager.order_by("pk").first()
        revision = row.history.order_by("history_id").first() if row and hasattr(row, "history") else None
        for name, _, route in patterns(desk.get_urls()):
            address = f"/admin/{model._meta.app_label}/{model._meta.model_name}/{route}"
            for part, value in (
                ("<path:object_id>", row and row.pk),
                ("<id>", row and row.pk),
                ("<int:pk>", row and row.pk),
                ("<int:invitation>", 1),
                ("<slug:step>", _step_of(str(name))),
                ("^([^/]+)/history/([^/]+)/$", f"{row and row.pk}/history/{revision and revision.pk}/"),
            ):
                address = address.replace(part, str(value))
            found.append((str(name), address))
    return [*found, ("components", "/admin/components/")]


def _step_of(name: str) -> str:
    return "submit" if "page" in name else "put-away" if "feedback" in name else "review"


@pytest.fixture
def starter(starter_content, reviewer):
    actions.take_feedback(said="What is GIST?", sort="unclear", token="a token", page_key="drug/imatinib", number=1)
    actions.review(Edition.objects.get(number=2), by=reviewer, outcome="approved")
    empty.note(read("ponatinib"))


def counts() -> tuple[int, ...]:
    return Edition.objects.count(), Review.objects.count(), Entry.objects.count(), User.objects.count()


def test_the_sweep_sees_the_whole_desk(starter):
    found = addresses()
    assert len(found) > 100 and not [address for _, address in found if "<" in address or "None" in address]


def test_strangers_are_asked_to_sign_in_everywhere(starter, client):
    for name, address in addresses():
        for answer in (client.get(address), client.post(address, {"post": "yes"})):
            assert answer.status_code == 302 and "/admin/login/" in answer.url, (name, address, answer.status_code)


def test_staff_without_a_right_get_in_nowhere(starter):
    nobody = Desk(a_person("nobody")).client
    before = counts()
    for name, address in addresses():
        for answer in (nobody.get(address), nobody.post(address, {"post": "yes", "lock_version": "1"})):
            leads_on = answer.status_code == 302 and answer.url in {"/admin/", f"{address}change/"}  # where it is asked
            assert leads_on or answer.status_code in {403, 404, 405}, (name, address, answer.status_code)
    assert counts() == before


ROLES = ["Author", "Clinical reviewer", "Publisher", "Administrator"]


# Who may do everything reaches every query; the roles reach fewer of the same.
@pytest.mark.parametrize(
    "role", [*(pytest.param(role, marks=pytest.mark.one_database) for role in ROLES), "everything"]
)
def test_no_address_falls_over_whoever_opens_it_or_posts_nonsense(starter, role):
    person = a_person("somebody", *([] if role == "everything" else [role]))
    person.is_superuser = role == "everything"
    person.save()
    client = Desk(person).client
    nonsense = {"post": "", "name": "x" * 10_000, "lock_version": "x", "key": "A b", "slug": "../x", "upload": "\x00"}
    before = counts()
    for name, address in addresses():
        if name.endswith("user_add"):
            continue
        for answer in (
            client.get(address),
            client.get(address + "?_popup=1&_to_field=id&q=%00&p=x&o=x&e=1&all=x"),
            client.post(address, nonsense),
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
def test_an_address_that_somebody_made_up_ends_in_a_page(starter, author, address, status):
    assert Desk(author).client.get(address).status_code == status
