"""The desk compares any two of a page's draft and its editions."""

import pytest

from basics.revisions import revising
from editions import actions
from tests.desk import Desk
from tests.factories import a_drug, a_person, an_imatinib, changed, published

pytestmark = pytest.mark.django_db


@pytest.fixture
def drug(author, team):
    drug = an_imatinib(by=author)
    published(drug, **team)
    with revising(by=author, because="x"):
        drug = changed(drug, summary="Second words.")
    published(drug, change_note="x", **team)
    with revising(by=author, because="x"):
        return changed(drug, summary="Draft words.")


def differences(person, page, **query):
    return Desk(person).client.get(f"/admin/editions/page/{page.pk}/compare/", query)


def test_the_draft_is_compared_with_what_visitors_read(drug, author):
    answer = differences(author, drug.page)
    assert "edition 2, which visitors read now" in answer.text
    assert "Draft" in answer.text and "Second" in answer.text and len(answer.context["comparison"].differences) == 1


def test_any_two_are_compared_in_either_direction(drug, author):
    first, second = drug.page.editions.order_by("number")
    for old, new in ((first, second), (second, first)):
        answer = differences(author, drug.page, old=old.pk, new=new.pk)
        assert answer.status_code == 200 and len(answer.context["comparison"].differences) == 1
    assert "Nothing differs." in differences(author, drug.page, old=first.pk, new=first.pk).text


def test_an_edition_in_review_is_among_them(drug, author):
    edition = actions.submit(drug, by=author, change_note="x")
    answer = differences(author, drug.page, new=edition.pk)
    assert "the edition that is in review" in answer.text and len(answer.context["comparison"].differences) == 1


def test_editions_of_other_pages_and_nonsense_are_not_found(drug, author, team):
    other = published(a_drug("sunitinib", by=author), **team)
    for old in (other.pk, "0", "x", "²"):
        assert differences(author, drug.page, old=old).status_code == 404
    assert differences(a_person("nobody"), drug.page).status_code == 403


def test_a_draft_that_cannot_be_drawn_says_what_is_missing(drug, author):
    with revising(by=author, because="x"):
        changed(drug, summary="")
    answer = differences(author, drug.page)
    assert answer.status_code == 409 and "summary" in answer.text
