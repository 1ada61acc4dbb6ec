"""People on the desk: accounts, first sign-in, roles, and who may change whom."""

import re

import pytest
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.test import Client

from staff.models import User
from tests.desk import Desk, fields_of
from tests.factories import a_person, an_imatinib

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(db):
    boss = a_person("boss")
    boss.is_superuser = True
    boss.save()
    return boss


def test_a_new_account_has_a_one_time_password_that_is_shown_once_and_changed_first(administrator):
    ada = Desk(administrator)
    role = Group.objects.get(name="Author")
    saved = ada.client.post("/admin/staff/user/add/", {"username": "nora", "groups": [role.pk]}, follow=True)
    password = re.search(r"password of nora is ([a-z0-9-]{19})", saved.text)[1]
    assert password not in ada.client.get("/admin/staff/user/").text

    nora = Client()
    assert nora.login(username="nora", password=password)
    for address in ("/admin/", "/admin/drugs/drug/", "/admin/drugs/drug/add/"):
        assert nora.get(address).url == "/admin/password_change/"
    own = "naïve Kräuter 2026 ok"
    nora.post("/admin/password_change/", {"old_password": password, "new_password1": own, "new_password2": own})
    assert nora.get("/admin/drugs/drug/").status_code == 200
    assert not Client().login(username="nora", password=password)


@pytest.mark.parametrize("address", ["/admin/drugs/drug/{0}/change/", "/admin/editions/page/{1}/step/submit/"])
def test_nothing_is_done_with_a_one_time_password(author, address):
    drug = an_imatinib(by=author)
    author.set_one_time_password("shown once, and never again")
    author.save()
    edith = Desk(author).client
    asked = {"name": "glivec", "change_note": "First.", "change_kind": "content", "seen_changes": drug.page.changes}
    assert edith.post(address.format(drug.pk, drug.page_id), asked).url == "/admin/password_change/"
    assert edith.get(f"/admin/editions/page/{drug.page_id}/preview/").url == "/admin/password_change/"
    assert not drug.page.editions.exists() and type(drug).objects.get().name == "imatinib"


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("short one 2026", "This password is too short"),
        ("edith", "This password is too short"),
        ("1q2w3e4r5t6y7u8i9o0p", "This password is too common"),
        ("8201934756601928", "This password is entirely numeric"),
        ("edith.ames.writes", "too similar to the email address"),
    ],
)
def test_short_common_and_guessable_passwords_are_refused(author, password, sentence):
    author.email = "edith.ames.writes@example.org"
    author.save()
    page = Desk(author).client.post(
        "/admin/password_change/",
        {"old_password": "a long pass phrase for tests", "new_password1": password, "new_password2": password},
    )
    assert page.status_code == 200 and sentence in str(page.context["form"].errors)
    author.refresh_from_db()
    assert author.check_password("a long pass phrase for tests")


def test_nobody_deletes_an_account_or_sets_anothers_password(boss, administrator, author):
    for person in (boss, administrator):
        client = Desk(person).client
        assert client.post(f"/admin/staff/user/{author.pk}/delete/", {"post": "yes"}).status_code == 403
        assert client.post(f"/admin/staff/user/{author.pk}/password/", {"password1": "x"}).status_code == 403
        assert "delete_selected" not in client.get("/admin/staff/user/").text
    author.refresh_from_db()
    assert author.check_password("a long pass phrase for tests")


def test_an_administrator_makes_nobody_all_powerful_and_changes_nobody_who_is(administrator, author, boss):
    ada = Desk(administrator)
    form = ada.form(author)
    forged = {"is_superuser": "on", "is_staff": "", "user_permissions": ["1"], "password": "x", "username": "edith2"}
    assert ada.save(author, {**form, **forged}).status_code == 302
    author.refresh_from_db()
    assert author.username == "edith2" and author.is_staff and not author.is_superuser
    assert not author.user_permissions.exists() and author.check_password("a long pass phrase for tests")
    assert ada.client.post(ada.address(boss), {**form, "username": "boss2"}).status_code == 403
    assert User.objects.get(pk=boss.pk).username == "boss"


def test_who_leaves_is_deactivated_and_their_sessions_end(administrator, author):
    ada, edith = Desk(administrator), Desk(author)
    assert edith.client.get("/admin/").status_code == 200
    form = ada.form(author)
    form.pop("is_active")
    ada.save(author, form)
    assert edith.client.get("/admin/").status_code == 302
    assert not Client().login(username="edith", password="a long pass phrase for tests")


def test_an_old_form_does_not_bring_back_somebody_who_left(administrator, author):
    ada, bea = Desk(administrator), Desk(a_person("bea", "Administrator"))
    stale = bea.form(author)
    form = ada.form(author)
    form.pop("is_active")
    ada.save(author, form)
    refused = bea.save(author, {**stale, "organisation": "North"})
    assert refused.status_code == 200 and "Somebody changed this account" in refused.text
    assert "Active: no" in refused.text and 'value="North"' in refused.text
    assert not User.objects.get(pk=author.pk).is_active
    assert bea.save(author, fields_of(refused)).status_code == 302
    stored = User.objects.get(pk=author.pk)
    assert stored.organisation == "North" and not stored.is_active


def test_nobody_gives_themselves_a_role_or_locks_themselves_out(administrator):
    ada = Desk(administrator)
    form = {**ada.form(administrator), "groups": [str(Group.objects.get(name="Publisher").pk)]}
    form.pop("is_active", None)
    assert ada.save(administrator, {**form, "organisation": "North"}).status_code == 302
    stored = User.objects.get(pk=administrator.pk)
    assert stored.organisation == "North" and stored.is_active
    assert list(stored.groups.values_list("name", flat=True)) == ["Administrator"]


@pytest.mark.parametrize("number", ["9" * 19, "9" * 40, "-" + "9" * 18, "x"])
def test_a_role_with_a_number_that_no_role_has_is_refused_with_a_sentence(administrator, author, number):
    ada = Desk(administrator)
    refused = ada.save(author, {**ada.form(author), "groups": [number]})
    assert refused.status_code == 200 and "is not a valid value" in refused.text
    assert author.groups.count() == 1


def test_an_empty_field_in_an_address_names_no_field(boss):
    role = Group.objects.get(name="Publisher")
    for address in (f"/admin/auth/group/{role.pk}/change/", f"/admin/staff/user/{boss.pk}/change/"):
        assert Desk(boss).client.get(f"{address}?_to_field=").status_code == 200


def test_a_one_time_password_is_used_one_time(administrator):
    ada = Desk(administrator)
    saved = ada.client.post("/admin/staff/user/add/", {"username": "nora", "groups": []}, follow=True)
    password = re.search(r"password of nora is ([a-z0-9-]{19})", saved.text)[1]
    nora = Client()
    assert nora.login(username="nora", password=password)
    same = {"old_password": password, "new_password1": password, "new_password2": password}
    assert "Choose another" in nora.post("/admin/password_change/", same).text
    assert nora.get("/admin/").status_code == 302


def test_nobody_learns_an_unpublished_address_by_a_number(author):
    page = an_imatinib(by=author).page
    kind = ContentType.objects.get_for_model(page)
    for person in (author, a_person("nobody")):
        assert Desk(person).client.get(f"/admin/r/{kind.pk}/{page.pk}/").status_code == 404


def test_roles_are_read_and_not_written(administrator, boss):
    group = Group.objects.get(name="Author")
    for person in (administrator, boss):
        desk = Desk(person)
        assert desk.client.get("/admin/auth/group/add/").status_code == 403
        assert desk.client.post(desk.address(group), {"name": "x"}).status_code == 403
        assert desk.client.post(desk.address(group, "delete"), {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("role", ["Author", "Clinical reviewer", "Publisher"])
def test_only_administrators_see_the_list_of_people(role):
    client = Desk(a_person("somebody", role)).client
    assert client.get("/admin/staff/user/").status_code == 403
    assert client.get("/admin/staff/user/add/").status_code == 403


def test_a_list_is_not_searched_by_what_it_does_not_show(administrator):
    ada = Desk(administrator).client
    for query in ("password__startswith=a", "user_permissions__codename=x", "reviews__comment__contains=x"):
        assert ada.get(f"/admin/staff/user/?{query}").status_code in {302, 400}, query


def test_every_answer_of_the_desk_has_a_strict_policy(author, client):
    drug = an_imatinib(by=author)
    edith = Desk(author).client
    answers = [client.get("/admin/login/"), client.get("/admin/"), edith.get("/admin/nothing-here/")]
    for address in (
        "/admin/",
        "/admin/password_change/",
        f"/admin/drugs/drug/{drug.pk}/change/",
        f"/admin/drugs/drug/{drug.pk}/history/",
        "/admin/drugs/drug/import/",
        "/admin/drugs/drug/export/",
        f"/admin/editions/page/{drug.page_id}/step/submit/",
    ):
        answers.append(edith.get(address))
    answers.append(edith.post("/admin/logout/"))
    for answer in answers:
        policy = answer["Content-Security-Policy"]
        assert "unsafe" not in policy and "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
        assert answer["X-Frame-Options"] == "DENY"


def test_an_old_form_takes_no_interests_away_that_were_declared_since(administrator, author):
    ada, bea = Desk(administrator), Desk(a_person("bea", "Administrator"))
    stale = bea.form(author)
    ada.save(
        author, ada.form(author) | {"interests": "Paid by a maker since 2019.", "interests_declared_on": "2026-01-05"}
    )
    refused = bea.save(author, stale | {"organisation": "North"})
    assert "Paid by a maker since 2019." in refused.text
    assert bea.save(author, fields_of(refused)).status_code == 302
    stored = User.objects.get(pk=author.pk)
    assert (stored.interests, stored.organisation) == ("Paid by a maker since 2019.", "North")


@pytest.mark.parametrize("forged", ["", "x", "eyJ9:1:2"])
def test_a_persons_form_without_what_it_was_made_from_is_refused(administrator, author, forged):
    ada = Desk(administrator)
    answer = ada.save(author, ada.form(author) | {"organisation": "North", "seen": forged})
    assert answer.status_code == 200 and "Load the page again" in answer.text
    assert User.objects.get(pk=author.pk).organisation == ""
