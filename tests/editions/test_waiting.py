"""The desk's first page: what waits for whom, each with the way to the next thing to do."""

from datetime import timedelta

import pytest
from django.core import management
from django.utils import timezone

from editions import actions
from tests.desk import Desk
from tests.factories import a_drug, a_person, an_imatinib, approved, published

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


def test_the_starter_contents_desk_shows_the_unread_warning_and_the_late_pages(reviewer):
    management.call_command("load_starter_content", verbosity=0)
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
    with django_assert_max_num_queries(45):
        client.get("/admin/")
