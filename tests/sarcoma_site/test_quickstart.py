"""Everything ready to serve with one command, and a team only where nobody else can reach it."""

import re

import pytest
from django.core.management import call_command
from django.test import Client

from editions.site import PublishedSite
from sarcoma_site.management.commands import quickstart
from staff.models import User

pytestmark = pytest.mark.django_db
TEAM = {"edith": "Author", "ravi": "Clinical reviewer", "paula": "Publisher", "ada": "Administrator"}


@pytest.fixture
def run(settings, tmp_path, capsys):
    """Run the command, its static files in a folder of the test's own; returns what it printed."""
    settings.STATIC_ROOT = tmp_path / "staticfiles"

    def run() -> str:
        call_command("quickstart")
        return capsys.readouterr().out

    return run


@pytest.fixture
def only_the_team(monkeypatch):
    """Leave out the database, the static files and the starter content, which have tests of their own."""
    monkeypatch.setattr(quickstart, "call_command", lambda *args, **kwargs: None)


def passwords(printed: str) -> dict[str, str]:
    return dict(re.findall(r"^  (\w+) +([a-z0-9]{4}(?:-[a-z0-9]{4}){3}) ", printed, re.MULTILINE))


def test_one_command_makes_everything_ready_and_run_again_keeps_what_is_there(run, settings):
    printed = run()
    assert (settings.STATIC_ROOT / "site" / "site.css").exists()
    assert len(PublishedSite().list("drug")) == 8
    assert f"{settings.SITE_URL}/admin/" in printed
    before = list(User.objects.order_by("pk").values_list("username", "password", "password_is_one_time"))

    again = run()
    assert "0 pages, 0 editions" in again
    assert list(User.objects.order_by("pk").values_list("username", "password", "password_is_one_time")) == before


def test_the_team_is_made_once_and_its_passwords_are_printed_once(run, only_the_team):
    printed = passwords(run())
    assert set(printed) == set(TEAM) and len(set(printed.values())) == 4
    for username, password in printed.items():
        person = User.objects.get(username=username)
        assert person.check_password(password) and person.password_is_one_time and person.is_staff
        assert not person.is_superuser
        assert [group.name for group in person.groups.all()] == [TEAM[username]]
        assert Client().login(username=username, password=password)

    again = run()
    assert passwords(again) == {} and not any(password in again for password in printed.values())
    assert "The demonstration team is there already" in again
    assert User.objects.count() == 4


def test_whoever_is_there_already_keeps_their_password(run, only_the_team):
    edith = User(username="edith")
    edith.set_password("chosen by Edith herself")
    edith.save()
    assert set(passwords(run())) == {"ravi", "paula", "ada"}
    edith.refresh_from_db()
    assert edith.check_password("chosen by Edith herself") and not edith.is_staff


def test_there_is_no_team_when_the_site_is_not_this_machine(run, only_the_team, settings):
    settings.SITE_URL, settings.IS_THIS_MACHINE = "https://www.example.org", False
    printed = run()
    assert passwords(printed) == {} and not User.objects.exists()
    assert "SITE_URL is https://www.example.org, not this machine, so there is no demonstration team." in printed
    assert "createsuperuser" in printed
