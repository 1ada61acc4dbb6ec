"""A form that comes twice has one effect, and nobody's later words are taken for the first."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from basics.models import SentForm
from basics.once import _digest
from drugs.models import Condition, Drug, EligibilityCriterion, Mechanism
from editions.models import Review
from references.models import Reference
from tests.desk import Desk, fields_of
from tests.editions.test_concurrency import at_once
from tests.factories import a_drug, a_person, an_imatinib, an_indication

pytestmark = pytest.mark.django_db


def with_a_new_criterion(form: dict, indication) -> dict:
    return form | {
        "criteria-TOTAL_FORMS": "1",
        "criteria-0-id": "",
        "criteria-0-indication": str(indication.pk),
        "criteria-0-kind": "requires",
        "criteria-0-text": "You are an adult.",
        "criteria-0-order": "",
        "criteria-0-prior_treatment": "",
        "criteria-0-prior_outcome": "",
    }


def test_a_double_click_adds_a_row_once(author):
    indication = an_indication(an_imatinib(), key="second")
    edith = Desk(author)
    form = with_a_new_criterion(edith.form(indication), indication)
    first, second = edith.save(indication, form), edith.save(indication, form)
    assert (first.status_code, second.status_code, second.url) == (302, 302, first.url)
    assert indication.criteria.count() == 1


def test_who_goes_back_and_types_on_is_told_and_adds_nothing_twice(author):
    indication = an_indication(an_imatinib(), key="second")
    edith = Desk(author)
    form = with_a_new_criterion(edith.form(indication), indication)
    edith.save(indication, form)
    answer = edith.save(indication, form | {"criteria-0-text": "You are an adult, and well."})
    assert answer.status_code == 409 and "You saved this form at" in answer.text
    assert "You are an adult, and well." in answer.text
    assert list(indication.criteria.values_list("text", flat=True)) == ["You are an adult."]


def test_a_form_that_was_refused_can_be_sent_again(author):
    edith = Desk(author)
    form = edith.form(a_drug("imatinib"))
    drug = Drug.objects.get()
    assert edith.save(drug, form | {"name": ""}).status_code == 200
    assert not SentForm.objects.exists()
    assert edith.save(drug, form | {"summary": "New."}).status_code == 302


def test_a_token_is_worth_nothing_to_anybody_else(author):
    drug = a_drug("imatinib")
    edith, colin = Desk(author), Desk(a_person("colin", "Author"))
    form = edith.form(drug)
    edith.save(drug, form | {"summary": "Edith's."})
    token = {"form_token": form["form_token"]}
    assert colin.save(drug, colin.form(drug) | {"summary": "Colin's."} | token).status_code == 302
    assert Drug.objects.get().summary == "Colin's."


@pytest.mark.parametrize("token", ["", "x" * 65, "\x00", "ü", "no such token"])
def test_a_forged_token_stands_in_nobodys_way(author, token):
    drug = a_drug("imatinib")
    edith = Desk(author)
    assert edith.save(drug, edith.form(drug) | {"summary": "New.", "form_token": token}).status_code == 302
    assert Drug.objects.get().summary == "New."


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_the_same_moment_have_one_effect(author):
    indication = an_indication(an_imatinib(), key="second")
    edith = Desk(author)
    form = with_a_new_criterion(edith.form(indication), indication)
    answers = at_once(*[lambda: edith.save(indication, form).status_code] * 2)
    assert answers == [302, 302]
    assert EligibilityCriterion.objects.filter(indication=indication).count() == 1
    assert not Review.objects.exists()


@pytest.mark.parametrize("model", [Reference, Condition, Drug, Mechanism], ids=lambda model: model.__name__)
def test_a_popup_hands_its_new_row_to_the_form_that_opened_it_also_when_it_is_sent_twice(author, model):
    edith = Desk(author)
    address = f"{reverse(f'admin:{model._meta.app_label}_{model._meta.model_name}_add')}?_to_field=id&_popup=1"
    typed = {"key": "new-2020", "title": "A title", "name": "gist", "address": "gist", "summary": "x", "text": "x"}
    form = fields_of(edith.client.get(address)) | typed | {"_popup": "1", "_to_field": "id", "status": "in_use"}
    form |= {"type": "article-journal"} if model is Reference else {}
    answers = [edith.client.post(address, form) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert all("popup_response" in answer.text for answer in answers) and model.objects.count() == 1


def test_the_same_words_sent_later_are_a_decision_and_hide_nothing_that_was_saved_since(author):
    drug = a_drug("imatinib")
    edith, colin = Desk(author), Desk(a_person("colin", "Author", public_name="Colin Reed"))
    form = edith.form(drug) | {"summary": "Edith's."}
    edith.save(drug, form)
    colin.save(drug, colin.form(drug) | {"summary": "Colin's."})
    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        answer = edith.save(drug, form)
    assert answer.status_code == 409 and "Colin&#x27;s." in answer.text


def test_a_token_counts_for_its_own_address_only(author):
    first, second = a_drug("imatinib"), a_drug("sunitinib")
    edith = Desk(author)
    form = edith.form(first)
    edith.save(first, form | {"summary": "New."})
    assert (
        edith.save(second, edith.form(second) | {"form_token": form["form_token"], "summary": "Newer."}).status_code
        != 302
    )


def test_the_hash_of_what_was_typed_rests_on_the_key_of_the_site(rf, settings):
    # Without it, whoever reads the table could try out which password gives this hash.
    request = rf.post("/admin/second-factor/set-up/", {"password": "a long pass phrase for tests"})
    before = _digest(request)
    settings.SECRET_KEY = "another key"
    assert _digest(request) != before
