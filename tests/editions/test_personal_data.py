"""What is kept about a member of staff is told to them, and erased when they ask for it; the record stays true."""

import json
from io import StringIO

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import connection

from editions import actions
from editions.models import Edition, Entry, Page, Reminder, Review
from editions.verification import verify
from staff import second_factor
from staff.kept import kept_about
from staff.models import User
from staff.sign_ins import SignIn, SignInOutcome
from tests.desk import Desk
from tests.factories import a_person, an_imatinib, published

pytestmark = pytest.mark.django_db

NAMES = ("Ravi", "'ravi'", "Shah", "ravi@", "North Hospital", "consultant oncologist")


@pytest.fixture
def ravi(reviewer, team, author, administrator):
    """A reviewer who reviewed, looks after a page, has a second factor, and signed in."""
    reviewer.email = "ravi@example.org"
    reviewer.save()
    edition = published(an_imatinib(by=author), **team)
    edition.page.owner = reviewer
    edition.page.save()
    Reminder.objects.create(page=edition.page, due="2026-01-01", step=0, sent_to="ravi@example.org, edith@example.org")
    second_factor._keep(reviewer, second_factor.new_recovery_codes())
    SignIn.objects.create(name="ravi", outcome=SignInOutcome.WRONG, address="192.0.2.7")
    Desk(administrator).client.get("/admin/")
    desk = Desk(reviewer)
    desk.client.get("/admin/")
    return reviewer


def everything_stored() -> str:
    """All rows of all tables, as text."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')
            found += [f"{model._meta.label}: {row}" for row in cursor.fetchall()]
    return "\n".join(found)


def test_everybody_downloads_what_is_kept_about_them_without_what_opens_something(ravi):
    answer = Desk(ravi).client.get("/admin/profile/kept/")
    assert answer["Content-Disposition"].startswith("attachment") and "no-store" in answer["Cache-Control"]
    told = json.loads(answer.content)
    assert told["account"]["email"] == "ravi@example.org" and told["account"]["roles"] == ["Clinical reviewer"]
    assert told["yours"]["tries to sign in with your name"][0]["address"] == "192.0.2.7"
    assert told["done_by_you"]["editions.review (reviewer)"][0]["reviewer_name"] == "Dr Ravi Shah"
    assert told["done_by_you"]["editions.page (owner)"][0]["what"] == "drug/imatinib"
    for secret in (ravi.password, *ravi.sessions.values_list("session_key", flat=True)):
        assert secret not in answer.text
    for code in ravi.recovery_codes.values_list("hash", flat=True):
        assert code not in answer.text
    assert "Edith" not in answer.text and "Paula" not in answer.text


def test_the_command_tells_the_same_as_the_button(ravi):
    out = StringIO()
    call_command("export_account", "ravi", stdout=out)
    assert json.loads(out.getvalue())["account"] == json.loads(json.dumps(kept_about(ravi)["account"]))
    with pytest.raises(CommandError, match="Nobody signs in as"):
        call_command("export_account", "nobody")


def test_an_erased_account_leaves_nothing_personal_and_the_record_holds(ravi, administrator, client):
    before = Edition.objects.count(), Review.objects.count(), Entry.objects.count()
    entry = actions.erase_account(ravi, by=administrator)
    assert verify() == []
    assert (Edition.objects.count(), Review.objects.count(), Entry.objects.count()) == (*before[:2], before[2] + 1)
    assert entry.by == administrator and entry == Entry.objects.order_by("position").last()
    ravi.refresh_from_db()
    assert not (ravi.is_active or ravi.is_staff or ravi.has_usable_password() or ravi.groups.exists())
    assert str(ravi) == f"name-removed-{ravi.pk}"
    # The role and the interests of a review are sealed with it: the page that asks says so.
    sealed = f"{Review._meta.label}: "
    left = [line for line in everything_stored().splitlines() if not line.startswith(sealed)]
    assert not [line for line in left for name in NAMES if name in line]
    review = Review.objects.get(reviewer=ravi)
    assert (review.reviewer_name, review.name_salt) == ("", "")
    assert Page.objects.get(key="drug/imatinib").owner is None
    assert Reminder.objects.get().sent_to == "edith@example.org"
    assert "Name removed on request" in client.get("/drugs/imatinib/").text.replace("name removed", "Name removed")
    assert "Ravi" not in client.get("/drugs/imatinib/history/").text


def test_whoever_was_signed_in_is_out_and_gets_in_no_more(ravi, administrator):
    desk = Desk(ravi)
    assert desk.client.get("/admin/").status_code == 200
    actions.erase_account(ravi, by=administrator)
    assert desk.client.get("/admin/").status_code == 302
    answer = desk.client.post("/admin/login/", {"username": "ravi", "password": "a long pass phrase for tests"})
    assert answer.status_code == 200


def test_four_eyes_are_still_four_after_an_account_was_erased(author, team, administrator):
    edition = actions.submit(an_imatinib(by=author), by=author, change_note="First.")
    actions.erase_account(author, by=administrator)
    author.refresh_from_db()
    assert edition.is_work_of(author)
    assert verify() == []


def test_only_an_administrator_erases_nobody_themselves_and_so_one_is_always_left(ravi, administrator, publisher):
    with pytest.raises(PermissionDenied):
        actions.erase_account(ravi, by=publisher)
    with pytest.raises(actions.WrongProgress, match="their own account"):
        actions.erase_account(administrator, by=administrator)
    root = a_person("root")
    root.is_superuser = True
    root.save()
    with pytest.raises(PermissionDenied):
        actions.erase_account(root, by=administrator)
    assert User.objects.filter(username__startswith="name-removed").count() == 0


def test_the_desk_says_what_goes_and_what_stays_and_asks_once_more(ravi, administrator, publisher):
    address = f"/admin/staff/user/{ravi.pk}/erase/"
    desk = Desk(administrator).client
    assert address in desk.get(f"/admin/staff/user/{ravi.pk}/change/").text
    page = desk.get(address).text
    assert "What goes" in page and "What stays" in page and "cannot be undone" in page
    answer = desk.post(address)
    assert answer.status_code == 409 and "Nothing was erased." in answer.text
    ravi.refresh_from_db()
    assert ravi.is_active
    assert Desk(publisher).client.post(address, {"asked": "on"}).status_code == 403
    assert desk.post(address, {"asked": "on"}).status_code == 302
    ravi.refresh_from_db()
    assert not ravi.is_active and verify() == []
    answer = desk.post(address, {"asked": "on"})
    assert answer.status_code == 409 and "erased already" in answer.text
    own = desk.post(f"/admin/staff/user/{administrator.pk}/erase/", {"asked": "on"})
    assert own.status_code == 409 and "Ask another administrator" in own.text


def test_the_command_erases_in_an_administrators_name_and_a_dry_run_does_nothing(ravi, administrator):
    out = StringIO()
    call_command("erase_account", "ravi", "--by", "ada", "--dry-run", stdout=out)
    assert "would be erased" in out.getvalue() and User.objects.filter(username="ravi").exists()
    with pytest.raises(CommandError, match="Nothing was erased"):
        call_command("erase_account", "ravi", "--by", "paula")
    call_command("erase_account", "ravi", "--by", "ada", stdout=out)
    assert "is erased; entry" in out.getvalue() and not User.objects.filter(username="ravi").exists()
    assert verify() == []
