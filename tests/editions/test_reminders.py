"""Reminders: to whom, when, once each, and what happens after nights in which nothing ran."""

from datetime import date, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.utils import timezone

from basics import letters
from editions import actions
from editions.models import Page, Reminder
from editions.reminders import step_of
from editions.site import PublishedSite
from tests.desk import Desk
from tests.factories import a_drug, a_person, an_imatinib, published

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(author, team, publisher):
    """Imatinib, live, looked after by Olga, with Sam to stand in."""
    drug = an_imatinib(by=author)
    published(drug, **team)
    owner, stand_in = (a_person(name, email=f"{name}@example.org") for name in ("olga", "sam"))
    return actions.care_for(drug.page, by=publisher, owner=owner, stand_in=stand_in)


@pytest.fixture
def due(page) -> date:
    return PublishedSite().page("drug", "imatinib").review_due


def run(*args) -> str:
    out = StringIO()
    call_command("send_reminders", *args, stdout=out)
    return out.getvalue()


def on(day: date):
    return time_machine.travel(timezone.make_aware(datetime(day.year, day.month, day.day, 6)))


@pytest.mark.parametrize(
    ("days", "step"), [(-31, None), (-30, -1), (-1, -1), (0, 0), (6, 0), (7, 1), (13, 1), (14, 2), (70, 10)]
)
def test_a_step_comes_a_month_before_on_the_day_and_every_week_after(days, step):
    assert step_of(date(2026, 3, 31), date(2026, 3, 31) + timedelta(days=days)) == step


def test_the_owner_and_the_stand_in_are_reminded_once_for_each_step(page, due, mailoutbox):
    with on(due - timedelta(days=31)):
        assert "0 letters about 0 pages" in run()
    for days in (-30, 0, 7):
        mailoutbox.clear()
        with on(due + timedelta(days=days)):
            assert "2 letters about 1 pages" in run()
            assert "0 letters about 0 pages" in run()
        assert sorted(one.to[0] for one in mailoutbox) == ["olga@example.org", "sam@example.org"]
        assert {one.subject for one in mailoutbox} == {"1 page to review"}
    assert "LATE, it was due on" in mailoutbox[0].body
    assert f"http://testserver/admin/editions/page/{page.pk}/change/" in mailoutbox[0].body


def test_after_missed_nights_only_the_newest_step_is_sent(page, due, mailoutbox):
    with on(due + timedelta(days=40)):
        assert "2 letters about 1 pages" in run()
    assert Reminder.objects.get().step == 5 and len(mailoutbox) == 2


def test_a_review_begins_the_count_anew(page, due, reviewer, mailoutbox):
    with on(due):
        run()
        actions.mark_reviewed(page, by=reviewer)
        assert "0 letters" in run()
        due = PublishedSite().page("drug", "imatinib").review_due
    with on(due):
        assert "2 letters" in run()


def test_a_dry_run_says_what_it_would_do_and_does_nothing(page, due, mailoutbox):
    with on(due):
        assert "Dry run, nothing was changed. 2 letters about 1 pages" in run("--dry-run")
    assert not mailoutbox and not Reminder.objects.exists()


def test_who_left_is_not_reminded_and_without_anybody_the_publishers_are(page, due, publisher, mailoutbox):
    publisher.email = "paula@example.org"
    publisher.save()
    page.owner.is_active = False
    page.owner.save()
    with on(due):
        run()
    assert [one.to for one in mailoutbox] == [["sam@example.org"]]
    actions.care_for(page, by=publisher)
    mailoutbox.clear()
    with on(due + timedelta(days=7)):
        run()
    assert [one.to for one in mailoutbox] == [["paula@example.org"]]


def test_each_person_gets_one_letter_about_all_their_pages(page, due, author, team, publisher, mailoutbox):
    second = a_drug("sunitinib", by=author)
    published(second, **team)
    actions.care_for(second.page, by=publisher, owner=page.owner)
    with on(due):
        assert "2 letters about 2 pages" in run()
    to_olga = next(one for one in mailoutbox if one.to == ["olga@example.org"])
    assert to_olga.subject == "2 pages to review" and "Imatinib" in to_olga.body and "Sunitinib" in to_olga.body


def test_what_the_mail_server_refuses_is_sent_by_the_next_run(page, due, mailoutbox, monkeypatch):
    with on(due):
        with monkeypatch.context() as down:
            down.setattr(letters, "send", lambda *args, **kwargs: False)
            with pytest.raises(CommandError, match="The mail server refused 2"):
                run()
        assert "2 letters about 1 pages" in run()


def test_who_looks_after_a_page_is_said_on_the_desk_by_a_publisher(page, publisher, author):
    form = {"owner": author.pk, "stand_in": "", "review_interval_months": "6"}
    assert Desk(publisher).step(page, "care", **form).status_code == 302
    stored = Page.objects.get(pk=page.pk)
    assert (stored.owner, stored.stand_in, stored.review_interval_months) == (author, None, 6)
    assert "Looked after by Edith Ames" in Desk(author).get(page).text
    with pytest.raises(PermissionDenied):
        actions.care_for(page, by=author, owner=author)


@pytest.mark.parametrize("months", ["0", "61", "-1", "x"])
def test_an_interval_that_makes_no_sense_is_refused(page, publisher, months):
    assert Desk(publisher).step(page, "care", review_interval_months=months).status_code == 422
    assert Page.objects.get(pk=page.pk).review_interval_months is None


def test_nobody_stands_in_for_themselves(page, publisher):
    with pytest.raises(ValidationError, match="The stand-in is somebody else"):
        actions.care_for(page, by=publisher, owner=publisher, stand_in=publisher)
