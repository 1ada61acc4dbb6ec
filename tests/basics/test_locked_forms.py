"""Two people at one form: the second is told, is shown the difference, and loses no word."""

from itertools import permutations

import pytest

from basics.revisions import revising
from drugs.models import (
    Alert,
    AlertCitation,
    Drug,
    DrugName,
    EligibilityCriterion,
    GuideSection,
    Indication,
    Term,
)
from tests.desk import Desk
from tests.factories import a_criterion, a_drug, a_person, a_reference, an_imatinib, an_indication, changed

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(author):
    return Desk(author)


@pytest.fixture
def colleague(db):
    return a_person("colin", "Author", public_name="Colin Reed")


def saved_by(colleague, row, **fields):
    with revising(by=colleague, because="Meanwhile"):
        return changed(row, **fields)


def test_the_second_of_two_who_save_is_told_and_keeps_every_word(desk, colleague):
    drug = an_imatinib()
    form = desk.form(drug)
    saved_by(colleague, drug, summary="Colin's sentence.", targets="KIT")

    refused = desk.save(drug, form | {"summary": "Edith's sentence.", "form": "tablet"})
    assert refused.status_code == 409
    assert "Colin Reed saved this at" in refused.text and "Colin&#x27;s sentence." in refused.text
    assert Drug.objects.get().summary == "Colin's sentence." and Drug.objects.get().form == ""
    came_back = refused.context["adminform"].form
    assert came_back["summary"].value() == "Edith's sentence."  # hers, to decide about
    assert came_back["targets"].value() == "KIT"  # his, which she never touched
    assert came_back["form"].value() == "tablet"

    again = {bound.html_name: str(bound.value() or "") for bound in came_back}
    assert desk.save(drug, form | again).status_code == 302
    stored = Drug.objects.get()
    assert (stored.summary, stored.targets, stored.form) == ("Edith's sentence.", "KIT", "tablet")


def test_a_form_without_the_version_it_was_made_from_is_refused(desk):
    drug = an_imatinib()
    form = desk.form(drug)
    for lock in ({}, {"lock_version": ""}, {"lock_version": "x"}, {"lock_version": "99"}):
        refused = desk.save(drug, {k: v for k, v in form.items() if k != "lock_version"} | {"summary": "New."} | lock)
        assert refused.status_code == 409, lock
    assert Drug.objects.get().summary != "New."


def test_rows_under_a_row_are_not_saved_over_either(desk, colleague):
    indication = an_indication(an_imatinib(), key="second")
    criterion = a_criterion(indication)
    form = desk.form(indication)
    saved_by(colleague, criterion, text="Colin's criterion.")

    refused = desk.save(indication, form | {"criteria-0-text": "Edith's criterion."})
    assert refused.status_code == 409 and "Colin&#x27;s criterion." in refused.text
    assert EligibilityCriterion.objects.get(pk=criterion.pk).text == "Colin's criterion."

    untouched = desk.save(indication, form | {"where": "in the UK"})  # she did not touch his criterion
    assert untouched.status_code == 302
    assert EligibilityCriterion.objects.get(pk=criterion.pk).text == "Colin's criterion."
    assert Indication.objects.get(pk=indication.pk).where == "in the UK"


def test_nobody_deletes_a_row_that_somebody_saved_meanwhile(desk, colleague):
    indication = an_indication(an_imatinib(), key="second")
    criterion = a_criterion(indication)
    form = desk.form(indication)
    saved_by(colleague, criterion, text="Colin's criterion.")
    refused = desk.save(indication, form | {"criteria-0-DELETE": "on"})
    assert refused.status_code == 409 and "is to be deleted, but Colin Reed saved this" in refused.text

    page = desk.get(indication, "delete")
    saved_by(colleague, indication, where="in Wales")
    lock = str(page.context["lock_version"])
    assert (
        desk.client.post(desk.address(indication, "delete"), {"post": "yes", "lock_version": lock}).status_code == 302
    )
    assert Indication.objects.filter(pk=indication.pk).exists()
    assert desk.client.post(desk.address(indication, "delete"), {"post": "yes"}).status_code == 302
    assert Indication.objects.filter(pk=indication.pk).exists()


def test_a_row_that_somebody_deleted_meanwhile_is_said_to_be_gone(desk, colleague):
    indication = an_indication(an_imatinib(), key="second")
    criterion = a_criterion(indication)
    form = desk.form(indication)
    with revising(by=colleague, because="Not needed"):
        criterion.delete()
    refused = desk.save(indication, form | {"criteria-0-text": "Edith's words."})
    assert (
        "Somebody deleted a row of eligibility criteria meanwhile" in refused.text
        and "Edith&#x27;s words." in refused.text
    )


def test_a_double_click_has_one_effect(desk):
    drug = an_imatinib()
    form = desk.form(drug) | {"summary": "Once."}
    assert desk.save(drug, form).status_code == 302
    revisions = Drug.history.count()
    assert desk.save(drug, form).status_code in {302, 409}
    assert Drug.history.count() == revisions


def test_what_was_not_changed_gets_no_revision(desk):
    drug = an_imatinib()
    before = Drug.history.count(), DrugName.history.count(), Indication.history.count()
    assert desk.save(drug, desk.form(drug)).status_code == 302
    assert (Drug.history.count(), DrugName.history.count(), Indication.history.count()) == before


def test_one_reason_and_one_person_stand_on_all_that_a_form_saved_and_deleted(desk, author):
    drug = a_drug("imatinib")
    DrugName(drug=drug, name="Glivec").save()
    form = desk.form(drug) | {"summary": "New.", "names-0-DELETE": "on", "change_reason": "Tidying up"}
    assert desk.save(drug, form).status_code == 302
    for revision in (Drug.history.latest(), DrugName.history.latest()):
        assert (revision.history_user, revision.history_change_reason) == (author, "Tidying up")
    assert DrugName.history.latest().history_type == "-" and not DrugName.objects.exists()


def test_characters_that_cannot_be_published_are_refused_with_a_sentence_and_the_words_stay(desk):
    drug = an_imatinib()
    refused = desk.save(drug, desk.form(drug) | {"summary": "Do \u202enot take it.", "change_reason": "x\x00y"})
    assert refused.status_code == 200 and "U+202E" in refused.text and "Do \u202enot take it." in refused.text
    assert "\u202e" not in Drug.objects.get().summary
    kept = "Up to 10\u00a0µg, −5 to ≥ 7"
    assert desk.save(drug, desk.form(drug) | {"summary": kept}).status_code == 302
    assert Drug.objects.get().summary == kept


def test_no_list_deletes_rows_in_bulk(desk):
    an_imatinib()
    answer = desk.client.post(
        "/admin/drugs/drug/", {"action": "delete_selected", "_selected_action": [Drug.objects.get().pk], "post": "yes"}
    )
    assert Drug.objects.count() == 1 and "delete_selected" not in answer.text


def test_line_ends_of_a_browser_are_no_change_of_a_text(desk, colleague):
    drug = changed(an_imatinib(), summary="One.\nTwo.")
    form = desk.form(drug)
    revisions = Drug.history.count()
    assert desk.save(drug, form).status_code == 302 and Drug.history.count() == revisions
    saved_by(colleague, drug, summary="Colin's.\nTwo.")
    refused = desk.save(drug, form | {"form": "tablet"})
    assert refused.status_code == 409 and "You changed it too" not in refused.text
    again = {bound.html_name: str(bound.value() or "") for bound in refused.context["adminform"].form}
    again = {**form, **again, "form_token": ""}
    assert desk.save(drug, again).status_code == 302
    assert Drug.objects.get().summary == "Colin's.\nTwo."


def test_nothing_is_deleted_with_rows_under_it_that_nobody_saw(desk, colleague):
    indication = an_indication(an_imatinib(), key="second")
    lock = desk.get(indication, "delete").context["lock_version"]
    with revising(by=colleague, because="Meanwhile"):
        a_criterion(indication, "Colin's new criterion.")
    desk.client.post(desk.address(indication, "delete"), {"post": "yes", "lock_version": lock})
    assert EligibilityCriterion.objects.filter(text="Colin's new criterion.").exists()


def test_a_row_under_a_row_is_not_deleted_with_rows_that_the_form_does_not_show(desk, colleague):
    drug = an_imatinib()
    alert = Alert(drug=drug, date="2026-01-01", title="A warning", text="<p>Stop.</p>")
    alert.save()
    form = desk.form(drug)
    AlertCitation(alert=alert, reference=a_reference()).save()
    refused = desk.save(drug, form | {"alerts-0-DELETE": "on"})
    assert refused.status_code == 200 and "cannot be deleted here" in refused.text
    assert AlertCitation.objects.exists()


def test_who_wrote_into_a_row_that_was_deleted_meanwhile_gets_every_word_back(desk, colleague):
    indication = an_indication(an_imatinib(), key="second")
    form, address = desk.form(indication), desk.address(indication)
    with revising(by=colleague, because="Meanwhile"):
        indication.delete()
    refused = desk.client.post(address, form | {"where": "An hour's <b>words</b>."})
    assert refused.status_code == 409 and "An hour&#x27;s &lt;b&gt;words&lt;/b&gt;." in refused.text
    assert desk.client.get(address).status_code == 302


def test_a_reason_holds_no_character_that_nobody_can_see(desk):
    indication = an_indication(an_imatinib(), key="second")
    lock = desk.get(indication, "delete").context["lock_version"]
    said = {"post": "yes", "lock_version": lock, "change_reason": "a\x00\u202eb"}
    assert desk.client.post(desk.address(indication, "delete"), said).status_code == 302
    assert Indication.history.filter(history_type="-").get().history_change_reason == "ab"


@pytest.mark.parametrize(
    ("model", "field"),
    [(Term, "name"), (Term, "key"), (GuideSection, "key"), (Indication, "key"), (DrugName, "name")],
    ids=lambda one: getattr(one, "__name__", one),
)
def test_a_part_that_takes_the_name_of_its_neighbour_is_refused_with_a_sentence(desk, starter_content, model, field):
    above, rows = model.stays_under[0], model.objects.order_by("pk")
    first, second = next(
        (one, other) for one, other in permutations(rows, 2) if getattr(one, above) == getattr(other, above)
    )
    answer = desk.save(second, desk.form(second) | {field: getattr(first, field), "change_reason": "The same."})
    assert answer.status_code == 200 and "already exists" in answer.text
    assert answer.context["adminform"].form["change_reason"].value() == "The same."
    kept = desk.save(second, desk.form(second) | {field: getattr(second, field), "change_reason": "Its own."})
    assert kept.status_code == 302
