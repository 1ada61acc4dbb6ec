"""The people and their roles."""

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from staff import roles
from staff.models import NeverDeleted, User
from tests.desk import Desk
from tests.factories import a_person

pytestmark = pytest.mark.django_db


def test_accounts_are_never_deleted(author):
    with pytest.raises(NeverDeleted, match="Untick"):
        author.delete()
    with pytest.raises(NeverDeleted):
        User.objects.filter(pk=author.pk).delete()


def test_interests_are_declared_with_their_day(author):
    author.interests = "Speaker's fee from a maker."
    with pytest.raises(IntegrityError), transaction.atomic():
        author.save()


def test_a_one_time_password_is_one_until_another_is_chosen(author):
    author.set_one_time_password("shown once, and never again")
    assert author.password_is_one_time
    author.set_password("a pass phrase of my own choosing")
    assert not author.password_is_one_time


def test_groups_are_in_step_with_the_table_after_every_migrate():
    group = a_person("x", "Author").groups.get()
    group.permissions.clear()
    call_command("migrate", verbosity=0)
    assert a_person("y", "Author").has_perm("drugs.change_drug")


@pytest.mark.parametrize(
    ("role", "may", "may_not"),
    [
        (
            "Author",
            ["drugs.change_drug", "references.add_reference", "drugs.import_drug", "editions.submit_edition"],
            ["editions.review_edition", "editions.publish_edition", "staff.change_user"],
        ),
        (
            "Clinical reviewer",
            ["drugs.view_drug", "drugs.view_historicaldrug", "editions.review_edition"],
            ["drugs.change_drug", "drugs.import_drug", "editions.publish_edition", "editions.submit_edition"],
        ),
        (
            "Publisher",
            ["editions.publish_edition", "editions.publish_urgently", "editions.withdraw_page", "editions.mark_source"],
            ["drugs.change_drug", "editions.review_edition", "staff.change_user"],
        ),
        (
            "Administrator",
            ["staff.change_user", "drugs.view_drug"],
            ["drugs.change_drug", "editions.publish_edition", "editions.review_edition", "staff.delete_user"],
        ),
    ],
)
def test_each_role_may_what_it_is_for_and_no_more(role, may, may_not):
    person = a_person("somebody", role)
    assert [name for name in may if not person.has_perm(name)] == []
    assert [name for name in may_not if person.has_perm(name)] == []


def test_no_role_may_change_what_is_sealed_or_the_history():
    names = {name for role in roles.ROLES for name in a_person(role.name[:8], role.name).get_all_permissions()}
    verbs = ("add_", "change_", "delete_")
    sealed = [name for name in names if name.startswith(tuple(f"editions.{verb}" for verb in verbs))]
    history = [name for name in names if "historical" in name and ".view_" not in name]
    assert sealed == []
    assert history == [], history


def test_a_new_address_is_told_to_the_old_one(author, mailoutbox, django_capture_on_commit_callbacks):
    User.objects.filter(pk=author.pk).update(email="edith@example.org")
    desk = Desk(author)
    for address in ("edith@example.org", "eve@example.org"):
        with django_capture_on_commit_callbacks(execute=True):
            typed = desk.fields("/admin/profile/") | {"email": address}
            assert desk.client.post("/admin/profile/", typed).status_code == 302
    assert [letter.to for letter in mailoutbox] == [["edith@example.org"]]
