"""The main job, by the people who do it: through the desk's own forms and buttons, as a browser would send them."""

import re

import pytest
from django.core import management

from drugs.models import Drug, Indication
from editions.models import Edition
from tests.desk import APPROVES, ASKS_FOR_CHANGES, Desk

pytestmark = pytest.mark.django_db


def test_a_change_goes_from_the_authors_form_to_the_public_page(starter_content, client, author, reviewer, publisher):
    imatinib = Drug.objects.get(name="imatinib")
    indication = Indication.objects.get(drug=imatinib, key="gist")
    edith, ravi, paula = Desk(author), Desk(reviewer), Desk(publisher)

    # Edith changes a criterion of imatinib's first indication, and says why.
    form = edith.form(indication)
    form["criteria-0-text"] = "There is a high risk that your GIST will come back."
    form["change_reason"] = "Plainer words"
    saved = edith.save(indication, form)
    assert saved.status_code == 302
    assert indication.criteria.get().history.latest().history_change_reason == "Plainer words"
    assert "come back" not in client.get("/drugs/imatinib/").text

    # She submits the page with a note for readers, and cannot review it herself.
    answer = edith.step(imatinib.page, "submit", change_note="Plainer words for who can have it.")
    assert answer.status_code == 302
    edition = Edition.objects.get(page=imatinib.page, progress="in_review")
    assert "Only a reviewer can do this." in edith.get(edition).text
    assert edith.step(edition, "review", **APPROVES).status_code == 403

    # Ravi reads it as visitors would, and approves; he cannot publish.
    assert "come back" in ravi.client.get(f"/admin/editions/edition/{edition.pk}/preview/").text
    assert ravi.step(edition, "review", **APPROVES).status_code == 302
    assert ravi.step(edition, "publish").status_code == 403
    assert "come back" not in client.get("/drugs/imatinib/").text

    # Paula publishes it. A second press of the button has no second effect.
    assert paula.step(edition, "publish").status_code == 302
    assert paula.step(edition, "publish").status_code == 409
    page = client.get("/drugs/imatinib/").text
    assert "There is a high risk that your GIST will come back." in page
    history = re.sub(r"<[^>]+>", "", client.get("/drugs/imatinib/history/").text)
    assert "Edition 2" in history and "Plainer words for who can have it." in history and "Dr Ravi Shah" in history
    assert "will return" in client.get("/drugs/imatinib/editions/1/").text
    management.call_command("verify_editions")


def test_an_edition_that_was_sent_back_is_mended_and_submitted_again(starter_content, author, reviewer, publisher):
    imatinib = Drug.objects.get(name="imatinib")
    edith, ravi = Desk(author), Desk(reviewer)
    edith.step(imatinib.page, "submit", change_note="Later facts.")
    edition = Edition.objects.get(page=imatinib.page, progress="in_review")

    refused = ravi.step(edition, "review", **ASKS_FOR_CHANGES)
    assert refused.status_code == 422 and "The comment is empty" in refused.text
    ravi.step(
        edition,
        "review",
        outcome="changes_requested",
        kinds=["clinical", "plain_english"],
        scope="whole_page",
        comment="Say where.",
    )
    assert "Sent back to Edith Ames" in edith.get(imatinib).text

    edith.step(imatinib.page, "submit", change_note="Later facts, and where.")
    edition.refresh_from_db()
    assert edition.progress == "replaced"


def test_olaratumabs_urgent_notice_waits_for_a_second_person(starter_content, client, reviewer):
    olaratumab = Drug.objects.get(name="olaratumab")
    edition = Edition.objects.get(page=olaratumab.page, number=2)
    ravi = Desk(reviewer)
    assert "Published before review" in client.get("/drugs/olaratumab/").text
    assert ravi.step(edition, "review", **APPROVES).status_code == 302
    page = client.get("/drugs/olaratumab/").text
    assert "Published before review" not in page and "This page is late" not in page


def test_a_page_that_is_not_ready_names_every_problem(author):
    edith = Desk(author)
    added = edith.client.post(
        "/admin/drugs/drug/add/",
        edith.empty_form(Drug) | {"name": "newdrug", "address": "newdrug", "summary": "A drug.", "status": "in_use"},
    )
    assert added.status_code == 302, added.text
    drug = Drug.objects.get()
    assert "Describe at least one indication" in edith.get(drug).text  # saved, though it is not finished
    refused = edith.step(drug.page, "submit", change_note="First.")
    assert refused.status_code == 409 and "Describe at least one indication" in refused.text
    assert not Edition.objects.exists()


def test_nobody_submits_over_a_change_that_they_have_not_seen(starter_content, author):
    imatinib = Drug.objects.get(name="imatinib")
    edith = Desk(author)
    seen = imatinib.page.changes
    imatinib.summary = "Changed by somebody else."
    imatinib.save()
    refused = edith.step(imatinib.page, "submit", change_note="Mine.", seen_changes=seen)
    assert refused.status_code == 409 and "Somebody changed this page" in refused.text
    assert "Mine." in refused.text  # what was typed stays


def test_a_draft_is_started_from_a_past_edition_and_goes_live_only_through_review(starter_content, client, author):
    olaratumab = Drug.objects.get(name="olaratumab")
    first = Edition.objects.get(page=olaratumab.page, number=1)
    edith = Desk(author)
    assert edith.step(first, "start-draft").status_code == 302
    kind = olaratumab.page.kind_of_page
    assert kind.freeze(Drug.objects.get(name="olaratumab")) == first.content
    revision = Drug.objects.get(name="olaratumab").history.latest()
    assert (revision.history_user, revision.history_change_reason) == (author, "Draft from drug/olaratumab edition 1")
    assert "Doctors no longer start olaratumab" in client.get("/drugs/olaratumab/").text
