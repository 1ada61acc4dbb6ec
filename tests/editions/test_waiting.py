"""The desk's first page: what waits for whom, each with the way to the next thing to do."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from basics.revisions import revising
from editions import actions, waiting
from tests.desk import Desk
from tests.factories import a_drug, a_person, an_imatinib, approved, changed, published

pytestmark = pytest.mark.django_db


def first_page(person) -> str:
    return Desk(person).client.get("/admin/").text


def test_each_sees_what_waits_for_them(author, reviewer, publisher):
    waits = actions.submit(an_imatinib(by=author), by=author, change_note="First of imatinib.")
    back = actions.submit(a_drug("sunitinib", by=author), by=author, change_note="First of sunitinib.")
    actions.review(back, by=reviewer, outcome="changes_requested", comment="Say more.")
    ready = approved(a_drug("axitinib", by=author), author=author, reviewer=reviewer)

    assert "Sent back to you (1)" in first_page(author) and "Waiting for your review" not in first_page(author)
    page = first_page(reviewer)
    assert "Waiting for your review (1)" in page and f"/admin/editions/edition/{waits.pk}/change/" in page
    assert "Waiting to be published (1)" in first_page(publisher)
    actions.publish(ready, by=publisher, live_from=timezone.now() + timedelta(days=1))
    assert "Waiting to be published" not in first_page(publisher) and "Going live (1)" in first_page(publisher)


def test_nobody_is_asked_to_review_their_own_words(author):
    both = a_person("both", "Author", "Clinical reviewer")
    actions.submit(an_imatinib(by=author), by=both, change_note="Mine.")
    assert "Waiting for your review" not in first_page(both)


def test_the_starter_contents_desk_shows_the_unread_warning_and_the_late_pages(starter_content, reviewer):
    page = first_page(reviewer)
    assert "Waiting for your review (1)" in page and "Published before review (1)" in page
    assert "Late for review (15)" in page and "due 3 April 2019" in page


def test_staff_without_rights_see_nothing_of_it(author):
    actions.submit(an_imatinib(by=author), by=author, change_note="A secret note.")
    page = first_page(a_person("nobody"))
    assert "A secret note." not in page and "Nothing waits for you." in page


def test_it_asks_the_database_a_fixed_number_of_times(author, reviewer, publisher, django_assert_max_num_queries):
    for number in range(15):
        published(a_drug(f"drug-{number}", by=author), author=author, reviewer=reviewer, publisher=publisher)
        actions.submit(a_drug(f"new-{number}", by=author), by=author, change_note="First.")
    client = Desk(reviewer).client
    with django_assert_max_num_queries(60):
        client.get("/admin/")


def test_an_author_sees_the_drafts_that_they_changed_and_that_are_in_no_edition(author, team):
    drug = an_imatinib(by=author)
    assert "Your drafts (1)" in first_page(author)
    published(drug, **team)
    assert "Your drafts" not in first_page(author)
    with revising(by=author, because="x"):
        changed(drug, summary="Other words.")
    assert "Your drafts (1)" in first_page(author) and "Your drafts" not in first_page(team["reviewer"])


def test_what_falls_due_soon_and_what_was_published_last_is_on_the_first_page(author, team):
    published(an_imatinib(by=author), **team)
    assert "Due for review" not in first_page(author) and "Published last (1)" in first_page(author)
    with time_machine.travel(timezone.now() + timedelta(days=300)):
        assert "Due for review (1)" in first_page(author) and "Late for review" not in first_page(author)
    with time_machine.travel(timezone.now() + timedelta(days=400)):
        assert "Late for review (1)" in first_page(author) and "Due for review" not in first_page(author)


def test_the_calendar_lists_what_goes_live_and_when_reviews_fall_due(author, reviewer, publisher, team, client):
    live = an_imatinib(by=author)
    published(live, **team)
    later = timezone.now() + timedelta(days=2)
    edition = approved(a_drug("sunitinib", by=author), author=author, reviewer=reviewer)
    actions.publish(edition, by=publisher, live_from=later)
    answer = Desk(author).client.get("/admin/editions/page/calendar/")
    assert f"{timezone.localtime(later):%H:%M}" in answer.text and "scheduled by Paula Quinn" in answer.text
    assert "Imatinib" in answer.text and sum(month.count for month in answer.context["months"]) in {0, 1}
    with time_machine.travel(timezone.now() + timedelta(days=400)):
        months = Desk(author).client.get("/admin/editions/page/calendar/").context["months"]
        assert (months[0].label, months[0].count, months[0].share) == ("Late", 2, 10)
    assert client.get("/admin/editions/page/calendar/").status_code == 302
    assert Desk(a_person("nobody")).client.get("/admin/editions/page/calendar/").status_code == 403


@pytest.mark.parametrize("day", ["2026-01-31", "2026-02-28", "2028-02-29", "2026-12-31"])
def test_the_calendar_has_thirteen_lines_on_any_day(day):
    with time_machine.travel(f"{day}T12:00:00+00:00"):
        labels = [month.label for month in waiting.months()]
    assert len(set(labels)) == len(labels) == 13 and labels[0] == "Late"
