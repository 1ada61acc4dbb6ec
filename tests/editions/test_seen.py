"""Nobody decides about what they have not seen: a form that was opened before something happened is refused."""

import pytest
from django.urls import reverse

from basics.revisions import revising
from drugs.models import Drug, DrugCitation
from editions import actions
from editions.models import Entry, Review
from tests.desk import APPROVES, Desk, fields_of
from tests.factories import a_drug, a_person, a_reference, an_imatinib, approved, changed, published

pytestmark = pytest.mark.django_db


def opened(desk: Desk, subject, step: str, **typed):
    """The form of a step, opened now and sent later: call what this returns."""
    name = subject._meta.model_name
    address = reverse(f"admin:editions_{name}_step", args=[subject.pk, step])
    form = fields_of(desk.client.get(address)) | typed
    return lambda: desk.client.post(address, form)


def test_no_change_needed_is_not_said_of_an_edition_that_went_live_meanwhile(author, reviewer, publisher, team):
    drug = an_imatinib(by=author)
    published(drug, **team)
    send = opened(Desk(reviewer), drug.page, "mark-reviewed", kinds=["clinical"])
    with revising(by=author, because="x"):
        drug = changed(drug, summary="Something else entirely.")
    rosa = a_person("rosa", "Clinical reviewer")
    second = published(drug, author=author, reviewer=rosa, publisher=publisher, change_note="Changed.")
    answer = send()
    assert answer.status_code == 409 and "Edition 2 went live since you opened this form" in answer.text
    assert not Review.objects.filter(edition=second, reviewer=reviewer).exists()


def test_a_doubt_that_was_told_meanwhile_is_not_settled_with_the_one_before(author, publisher, team, client):
    drug = an_imatinib(by=author)
    published(drug, **team)
    actions.tell_doubt(drug.page, by=publisher, sentence="First doubt.")
    send = opened(Desk(publisher), drug.page, "settle-doubt", note="Checked.")
    actions.tell_doubt(drug.page, by=a_person("pia", "Publisher"), sentence="Not more than 400 mg.")
    answer = send()
    assert answer.status_code == 409 and "doubt told, by Pia" in answer.text
    assert "Not more than 400 mg." in client.get("/drugs/imatinib/").text


def test_nobody_withdraws_what_was_published_meanwhile(author, publisher, team, client):
    drug = an_imatinib(by=author)
    published(drug, **team)
    send = opened(Desk(publisher), drug.page, "withdraw", reason="It is wrong.")
    with revising(by=author, because="x"):
        drug = changed(drug, summary="Mended.")
    published(drug, change_note="Mended.", **team)
    assert send().status_code == 409 and client.get("/drugs/imatinib/").status_code == 200


def test_two_reviewers_do_not_stand_in_each_others_way(author, reviewer):
    edition = actions.submit(an_imatinib(by=author), by=author, change_note="First.")
    verdict = APPROVES
    rosa = a_person("rosa", "Clinical reviewer")
    sends = [opened(Desk(person), edition, "review", **verdict) for person in (reviewer, rosa)]
    assert [send().status_code for send in sends] == [302, 302]


@pytest.mark.parametrize("step", ["mark-reviewed", "tell-doubt"])
def test_a_double_click_is_written_down_once(author, reviewer, publisher, team, step):
    drug = an_imatinib(by=author)
    published(drug, **team)
    entries = Entry.objects.count()
    who = Desk(publisher if step == "tell-doubt" else reviewer)
    send = opened(who, drug.page, step, sentence="We are checking this page.", kinds=["clinical"])
    assert [send().status_code for _ in range(2)] == [302, 302]
    assert Entry.objects.count() == entries + 1


def test_a_review_is_given_once_though_the_form_comes_twice(author, reviewer):
    edition = actions.submit(an_imatinib(by=author), by=author, change_note="First.")
    send = opened(Desk(reviewer), edition, "review", **APPROVES)
    assert [send().status_code for _ in range(2)] == [302, 302]
    assert Review.objects.count() == 1


@pytest.mark.parametrize("forged", ["", "x", "-1", "9" * 30])
def test_a_form_without_what_was_seen_is_refused(author, publisher, reviewer, forged):
    edition = approved(an_imatinib(by=author), author=author, reviewer=reviewer)
    answer = Desk(publisher).step(edition, "publish", seen_entry=forged)
    assert answer.status_code == 422 and "without what you saw" in answer.text
    edition.refresh_from_db()
    assert edition.progress == "approved"


def test_a_draft_cannot_take_back_a_name_that_something_else_has_now(author, team):
    drug = an_imatinib(by=author)
    edition = published(drug, **team)
    with revising(by=author, because="x"):
        changed(drug, name="imatinib mesilate")
        a_drug("imatinib", slug="imatinib-new")
    answer = Desk(author).step(edition, "start-draft")
    assert answer.status_code == 409 and "Something else has that name" in answer.text
    assert Drug.objects.get(pk=drug.pk).name == "imatinib mesilate"


def test_who_may_not_submit_any_more_takes_nothing_back(author, reviewer):
    edition = approved(an_imatinib(by=author), author=author, reviewer=reviewer)
    author.groups.clear()
    author.groups.set(a_person("x", "Administrator").groups.all())
    assert Desk(author).step(edition, "take-back").status_code == 403


def test_nothing_is_reviewed_over_a_source_that_fell_meanwhile(author, reviewer, publisher, team):
    drug, reference = an_imatinib(by=author), a_reference()
    DrugCitation(drug=drug, reference=reference).save()
    published(drug, **team)
    send = opened(Desk(reviewer), drug.page, "mark-reviewed", kinds=["clinical"])
    actions.mark_source(reference.key, by=publisher, standing="retracted", reason="Made up.")
    answer = send()
    assert answer.status_code == 409 and "source marked, by Paula Quinn" in answer.text


def test_nobody_says_that_they_saw_what_is_not_written_yet(author, publisher, team):
    drug = an_imatinib(by=author)
    published(drug, **team)
    actions.tell_doubt(drug.page, by=publisher, sentence="A doubt.")
    assert Desk(publisher).step(drug.page, "settle-doubt", seen_entry="2147483647", note="x").status_code == 409
