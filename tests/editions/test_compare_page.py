"""What changed between two editions, for visitors and on the desk."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from editions import actions
from tests.desk import Desk
from tests.factories import an_imatinib, approved, changed, published

pytestmark = pytest.mark.django_db


@pytest.fixture
def two_editions(team, author):
    drug = an_imatinib(by=author)
    published(drug, **team)
    changed(drug, summary="imatinib is a tablet.")
    published(drug, **team, change_note="What form it has.")
    return drug


def test_visitors_see_word_by_word_what_changed_between_two_editions(two_editions, client):
    page = client.get("/drugs/imatinib/compare/1/2/")
    assert page.status_code == 200 and "noindex" in page["X-Robots-Tag"]
    assert "imatinib is a <del>drug</del><ins>tablet</ins>." in page.text and "What form it has." in page.text
    assert "/drugs/imatinib/compare/1/2/" in client.get("/drugs/imatinib/history/").text
    assert "/drugs/imatinib/compare/1/2/" in client.get("/drugs/imatinib/editions/1/").text
    assert "Nothing differs." in client.get("/drugs/imatinib/compare/2/2/").text


def test_two_editions_chosen_on_a_page_that_moved_meanwhile_stay_chosen(two_editions, client, publisher):
    actions.move_page(two_editions.page, by=publisher, slug="imatinib-mesilate")
    answer = client.get("/drugs/imatinib/compare/?from=1&to=2", follow=True)
    assert answer.redirect_chain[-1][0] == "/drugs/imatinib-mesilate/compare/1/2/" and answer.status_code == 200


def test_a_comparison_says_that_its_page_was_withdrawn(two_editions, client, team, publisher):
    changed(two_editions, summary="imatinib is a capsule.")
    published(two_editions, **team)
    addresses = [f"/drugs/imatinib/{part}" for part in ("compare/1/2/", "compare/2/3/", "compare/", "history/")]
    assert not any("was withdrawn" in client.get(address).text for address in addresses)
    actions.withdraw_page(two_editions.page, by=publisher, reason="Its licence <ended>.")
    for address in addresses:
        assert "<strong>This page was withdrawn</strong> on " in client.get(address).text
        assert "Its licence &lt;ended&gt;." in client.get(address).text


def test_what_changed_is_never_told_backwards(two_editions, client):
    answer = client.get("/drugs/imatinib/compare/2/1/")
    assert answer.status_code == 301 and answer.url == "/drugs/imatinib/compare/1/2/"
    assert client.get("/drugs/imatinib/compare/3/1/").status_code == 404


def test_any_two_editions_are_chosen_from_a_list(two_editions, client, team):
    changed(two_editions, summary="imatinib is a capsule.")
    published(two_editions, **team, change_note="Another form.")
    address = "/drugs/imatinib/compare/"
    assert f'action="{address}"' in client.get("/drugs/imatinib/history/").text
    for asked in ("?from=1&to=3", "?from=3&to=1"):
        assert client.get(address + asked).url == f"{address}1/3/"
    told = client.get(f"{address}1/3/").text
    assert "What form it has." in told and "Another form." in told  # what came between, and what came last
    assert re.search(r'name="from".*?<option value="1" selected>', told, re.DOTALL)
    for asked, sentence in [
        ("", "Choose any two."),
        ("?from=2&to=2", "That is one edition twice."),
        ("?from=2", "Choose an edition from the list."),
        ("?from=2&to=9", "Choose an edition from the list."),
        ("?from=2&to=%00", "Choose an edition from the list."),
    ]:
        answer = client.get(address + asked)
        assert (answer.status_code, answer["X-Robots-Tag"]) == (400 if asked else 200, "noindex")
        assert sentence in answer.text and not answer.cookies
        assert not asked or '<option value="2" selected>' in answer.text


def test_only_what_is_public_is_compared(two_editions, client, author, reviewer, publisher):
    changed(two_editions, summary="Words to come.")
    edition = approved(two_editions, author=author, reviewer=reviewer)
    actions.publish(edition, by=publisher, live_from=timezone.now() + timedelta(days=2))
    for pair in ("2/3", "3/1", "1/9", "0/1"):
        assert client.get(f"/drugs/imatinib/compare/{pair}/").status_code == 404
    for page in ("history/", "compare/1/2/"):
        assert "Words to come." not in client.get(f"/drugs/imatinib/{page}").text


def test_a_page_that_moved_leads_on(two_editions, client, publisher):
    actions.move_page(two_editions.page, by=publisher, slug="glivec")
    for part in ("compare/1/2/", "compare/"):
        answer = client.get(f"/drugs/imatinib/{part}")
        assert answer.status_code == 301 and answer.url == f"/drugs/glivec/{part}"


def test_what_staff_wrote_is_text_in_a_comparison(two_editions, client, team):
    changed(two_editions, summary="<script>alert(1)</script> & more")
    published(two_editions, **team)
    page = client.get("/drugs/imatinib/compare/2/3/").text
    assert "<script>alert" not in page and "alert" in page


def test_a_reviewer_sees_an_edition_against_the_live_one(two_editions, author, reviewer):
    changed(two_editions, summary="imatinib is a capsule.")
    edition = actions.submit(two_editions, by=author, change_note="Form.")
    page = Desk(reviewer).get(edition).text
    assert "Against edition 2, which visitors read now" in page
    assert "imatinib is a <del>tablet</del><ins>capsule</ins>." in page
