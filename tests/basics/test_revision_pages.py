"""The history of a row: who may look, and that looking is all it does (traps of django-simple-history)."""

import pytest
from django.contrib import admin
from django.core.management import CommandError, call_command

from basics.revisions import revising
from drugs.models import Drug
from tests.desk import Desk
from tests.factories import a_drug, a_person, changed

pytestmark = pytest.mark.django_db


@pytest.fixture
def drug(author):
    drug = a_drug("imatinib", by=author, about="<p>Old words stay here.</p>")
    with revising(by=author, because="Clearer"):
        return changed(drug, about="<p>New words stay here.</p>", targets="KIT")


def revision_address(row) -> str:
    return f"/admin/drugs/drug/{row.pk}/history/{row.history.earliest().history_id}/"


def test_the_history_shows_who_when_why_and_word_by_word_what(drug, reviewer):
    page = Desk(reviewer).get(drug, "history")
    assert page.status_code == 200
    for part in ("Edith Ames", "Clearer", "<del>Old </del><ins>New </ins>words stay here.", "<ins>KIT</ins>"):
        assert part in page.text, part


def test_a_revision_is_shown_as_it_was_and_cannot_be_posted_back(drug, reviewer, author):
    for person in (reviewer, author):
        client = Desk(person).client
        page = client.get(revision_address(drug))
        assert (
            page.status_code == 200 and "Old words stay here." in page.text and '<input type="submit"' not in page.text
        )
        assert client.post(revision_address(drug), {"name": "imatinib", "about": "<p>Old</p>"}).status_code == 403
    assert Drug.objects.get().about == "<p>New words stay here.</p>"


def test_rows_that_a_person_may_not_see_have_no_history_for_them(drug, author, monkeypatch):
    desk = admin.site._registry[Drug]
    monkeypatch.setattr(type(desk), "get_queryset", lambda self, request: Drug.objects.none())
    client = Desk(author).client
    assert client.get(f"/admin/drugs/drug/{drug.pk}/history/").status_code == 404
    assert client.get(revision_address(drug)).status_code == 404


def test_staff_without_rights_see_no_history(drug):
    client = Desk(a_person("nobody")).client
    assert client.get(f"/admin/drugs/drug/{drug.pk}/history/").status_code == 403
    assert client.get(revision_address(drug)).status_code == 403


def test_a_deleted_row_keeps_its_history_with_the_reason(author):
    drug = a_drug("imatinib", by=author)
    desk = Desk(author)
    page = desk.get(drug, "delete")
    answer = desk.client.post(
        desk.address(drug, "delete"),
        {"post": "yes", "lock_version": page.context["lock_version"], "change_reason": "A duplicate"},
    )
    assert answer.status_code == 302 and not Drug.objects.exists()
    history = desk.client.get(f"/admin/drugs/drug/{drug.pk}/history/")
    assert history.status_code == 200 and "A duplicate" in history.text and "deleted" in history.text


def test_addresses_that_are_none_are_not_found(author):
    client = Desk(author).client
    for address in ("/admin/drugs/drug/x/history/", "/admin/drugs/drug/1/history/x/", "/admin/drugs/drug/7/history/8/"):
        assert client.get(address).status_code == 404, address


@pytest.mark.parametrize("command", ["clean_old_history", "clean_duplicate_history"])
def test_the_librarys_commands_that_delete_revisions_refuse(drug, command):
    before = Drug.history.count()
    with pytest.raises(CommandError, match="never deleted"):
        call_command(command, "--auto")
    assert Drug.history.count() == before
