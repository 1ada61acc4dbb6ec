"""Reviews: which kinds an edition needs, who gives them, and what a reviewer says of parts of the page."""

import pytest
from django.core.exceptions import ValidationError

from basics.revisions import revising
from editions import actions
from editions.models import Edition, Review
from editions.site import PublishedSite
from editions.verification import verify
from editions.vocabulary import Outcome, Progress, ReviewKind
from tests.desk import APPROVES, ASKS_FOR_CHANGES, Desk
from tests.factories import a_person, an_imatinib, changed, published

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition(author) -> Edition:
    return actions.submit(an_imatinib(by=author), by=author, change_note="First.")


def progress_of(edition) -> str:
    return Edition.objects.get(pk=edition.pk).progress


def test_a_content_change_waits_until_it_was_read_as_a_clinician_and_for_plain_english(edition, reviewer, publisher):
    actions.review(edition, by=reviewer, outcome=Outcome.APPROVED, kinds=[ReviewKind.CLINICAL])
    assert progress_of(edition) == Progress.IN_REVIEW
    with pytest.raises(actions.WrongProgress):
        actions.publish(edition, by=publisher)
    assert "It needs a plain English review." in Desk(publisher).get(edition.page).text
    actions.review(
        edition, by=a_person("rosa", "Clinical reviewer"), outcome="approved", kinds=["plain_english", "lay"]
    )
    assert progress_of(edition) == Progress.APPROVED
    assert verify() == []


def test_one_person_gives_both(edition, reviewer, client, publisher):
    given = actions.review(edition, by=reviewer, outcome=Outcome.APPROVED)
    assert given.kinds == ["clinical", "plain_english"] and progress_of(edition) == Progress.APPROVED
    actions.publish(edition, by=publisher)
    assert "clinical and plain English review" in client.get("/drugs/imatinib/").text


def test_a_correction_needs_one_review_of_any_kind(author, reviewer, publisher, team):
    drug = an_imatinib(by=author)
    published(drug, **team)
    with revising(by=author, because="A slip."):
        drug = changed(drug, summary="Mended.")
    edition = actions.submit(drug, by=author, change_note="A slip.", change_kind="correction")
    actions.review(edition, by=reviewer, outcome="approved", kinds=["lay"])
    assert progress_of(edition) == Progress.APPROVED


def test_what_an_edition_needs_is_frozen_with_it(edition, reviewer, settings):
    settings.REVIEWS_NEEDED = {**settings.REVIEWS_NEEDED, "new": []}
    actions.review(edition, by=reviewer, outcome="approved", kinds=["lay"])
    assert progress_of(edition) == Progress.IN_REVIEW and edition.reviews_needed == ["clinical", "plain_english"]


def test_a_later_request_for_changes_outweighs_the_approvals_before_it(edition, reviewer):
    actions.review(edition, by=reviewer, outcome=Outcome.APPROVED)
    rosa = a_person("rosa", "Clinical reviewer")
    actions.review(edition, by=rosa, outcome=Outcome.CHANGES_REQUESTED, comment="Not yet.")
    assert progress_of(edition) == Progress.CHANGES_REQUESTED


def test_a_verdict_without_a_kind_is_refused(edition, reviewer):
    with pytest.raises(ValidationError, match="Say as what you reviewed it"):
        actions.review(edition, by=reviewer, outcome="approved", kinds=[])


def test_comments_on_parts_of_the_page_reach_the_author(edition, author, reviewer):
    ravi = Desk(reviewer)
    form = {**ASKS_FOR_CHANGES, "on-indications-gist": "Say how long.", "checked": ["sources", "risks"]}
    assert ravi.step(edition, "review", **form).status_code == 302
    given = Review.objects.get()
    assert given.remarks == [
        {
            "part": "indications-gist",
            "label": "who can have it: gastrointestinal stromal tumour",
            "text": "Say how long.",
        }
    ]
    assert given.checked == ["sources", "risks"] and progress_of(edition) == Progress.CHANGES_REQUESTED
    draft = Desk(author).get(edition.page.kind_of_page.working_copy(edition.page)).text
    assert "Say how long." in draft and "who can have it: gastrointestinal stromal tumour" in draft
    assert verify() == []


def test_a_request_for_changes_says_which(edition, reviewer):
    refused = Desk(reviewer).step(edition, "review", **ASKS_FOR_CHANGES)
    assert refused.status_code == 422 and "The comment is empty" in refused.text


@pytest.mark.parametrize("part", ["indications-nothing", "", "\x00"])
def test_a_comment_on_a_part_that_the_page_does_not_have_is_refused(edition, reviewer, part):
    with pytest.raises(ValidationError, match="This page has no part"):
        actions.review(edition, by=reviewer, outcome="approved", remarks={part: "x"})


def test_the_reviewer_has_the_page_and_what_changed_beside_the_form(author, reviewer, publisher, team):
    drug = an_imatinib(by=author)
    published(drug, **team)
    with revising(by=author, because="x"):
        drug = changed(drug, summary="Another sentence.")
    edition = actions.submit(drug, by=author, change_note="x")
    page = Desk(reviewer).client.get(f"/admin/editions/edition/{edition.pk}/step/review/").text
    assert f"/admin/editions/edition/{edition.pk}/preview/" in page
    assert "Against edition 1, which visitors read now" in page and "Another sentence" in page
    assert 'name="checked" value="sources"' in page and 'name="on-summary"' in page
    assert 'name="kinds" value="clinical" id="id_kinds_0" checked' in page


def test_the_verdict_can_be_given_from_the_form_as_it_comes(edition, reviewer):
    assert Desk(reviewer).step(edition, "review", **APPROVES).status_code == 302
    assert progress_of(edition) == Progress.APPROVED


def test_last_reviewed_rests_on_no_approval_that_an_objection_overruled(edition, reviewer, publisher):
    actions.review(edition, by=reviewer, outcome=Outcome.APPROVED)
    actions.review(
        edition, by=a_person("rosa", "Clinical reviewer"), outcome="changes_requested", comment="Wrong dose."
    )
    actions.publish_urgently(edition, by=publisher, reason="It cannot wait.")
    page = PublishedSite().page("drug", "imatinib")
    assert page.last_reviewed is None and page.awaits_review and verify() == []
