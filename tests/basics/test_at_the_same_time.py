"""Two people at one form at the same moment: nobody meets an error page, and no word is lost or taken along unseen."""

import threading
import time

import pytest
from django.db import connection, transaction
from django.urls import reverse

from drugs import models
from tests.desk import Desk, fields_of
from tests.factories import a_condition, a_drug, a_reference, an_imatinib

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def meanwhile():
    """`meanwhile(work)`: somebody does something and takes two seconds until it is stored."""
    threads = []

    def begin(work):
        inside = threading.Event()

        def run():
            try:
                with transaction.atomic():
                    work()
                    inside.set()
                    time.sleep(2)
            finally:
                connection.close()

        threads.append(threading.Thread(target=run))
        threads[-1].start()
        assert inside.wait(10)

    yield begin
    for thread in threads:
        thread.join()


def test_what_somebody_saves_at_this_moment_is_not_deleted_unseen(author, meanwhile):
    drug = a_drug("imatinib", by=author)
    edith = Desk(author)
    form = fields_of(edith.get(drug, "delete")) | {"post": "yes"}

    def work():
        row = models.Drug.objects.get(pk=drug.pk)
        row.summary = "Colin's new words."
        row.save()

    meanwhile(work)
    assert edith.client.post(edith.address(drug, "delete"), form).status_code == 302
    assert models.Drug.objects.get().summary == "Colin's new words."


def test_what_somebody_adds_under_a_row_at_this_moment_is_not_deleted_unseen(author, meanwhile):
    drug = a_drug("imatinib", by=author)
    edith = Desk(author)
    form = fields_of(edith.get(drug, "delete")) | {"post": "yes"}
    meanwhile(lambda: models.Alert(drug=drug, date="2026", title="New", text="<p>x</p>").save())
    edith.client.post(edith.address(drug, "delete"), form)
    assert models.Alert.objects.exists()


def test_an_inline_row_is_not_deleted_with_a_source_that_somebody_adds_at_this_moment(author, meanwhile):
    drug, reference = a_drug("imatinib", by=author), a_reference()
    alert = models.Alert(drug=drug, date="2026", title="New", text="<p>x</p>")
    alert.save()
    edith = Desk(author)
    form = edith.form(drug) | {"alerts-0-DELETE": "on"}
    meanwhile(lambda: models.AlertCitation(alert=alert, reference=reference).save())
    edith.save(drug, form)
    assert models.AlertCitation.objects.exists()


def test_a_row_that_is_deleted_while_its_form_waits_gives_every_word_back(author, meanwhile):
    drug = a_drug("imatinib", by=author)
    edith = Desk(author)
    form = edith.form(drug) | {"summary": "An hour of words."}
    meanwhile(lambda: models.Drug.objects.get(pk=drug.pk).delete())
    answer = edith.save(drug, form)
    assert answer.status_code == 409 and "An hour of words." in answer.text


@pytest.mark.parametrize("same", ["name", "address"])
def test_two_who_add_the_same_thing_are_told_and_keep_every_word(author, meanwhile, same):
    edith = Desk(author)
    mine = {"name": "GIST", "address": "gist-two"} if same == "name" else {"name": "GIST two", "address": "gist"}
    form = edith.empty_form(models.Condition) | mine | {"summary": "An hour of words."}
    meanwhile(lambda: a_condition("GIST", "gist"))
    answer = edith.client.post(reverse("admin:drugs_condition_add"), form)
    assert answer.status_code in {200, 409} and "An hour of words." in answer.text
    assert models.Condition.objects.count() == 1


def test_a_person_who_is_saved_keeps_the_password_that_they_choose_at_this_moment(administrator, author, meanwhile):
    ada = Desk(administrator)
    form = ada.form(author) | {"organisation": "North"}

    def work():
        person = type(author).objects.get(pk=author.pk)
        person.set_password("quite another pass phrase")
        person.save()

    meanwhile(work)
    ada.save(author, form)
    assert type(author).objects.get(pk=author.pk).check_password("quite another pass phrase")


# The same row twice, with all the time in the world

NEW = {"id": "", "order": "", "lock_version": ""}


def the_same_row(what: str, author):
    """The row that the form is of, the fields by which it adds a row, and a colleague who adds the same."""
    drug = an_imatinib(by=author)
    indication, reference, other = drug.indications.get(), a_reference(), a_drug("sunitinib")
    mechanism = models.Mechanism(key="kit", name="KIT", text="x")
    mechanism.save()
    parent, prefix, row, colleague = {
        "source": (
            drug,
            "citations",
            {"drug": drug.pk, "reference": reference.pk, "locator": ""},
            lambda: models.DrugCitation(drug=drug, reference=reference).save(),
        ),
        "name": (
            drug,
            "names",
            {"drug": drug.pk, "name": "Glivec", "kind": "brand", "note": ""},
            lambda: models.DrugName(drug=drug, name="Glivec").save(),
        ),
        "mechanism": (
            drug,
            "mechanism_rows",
            {"drug": drug.pk, "mechanism": mechanism.pk},
            lambda: models.DrugMechanism(drug=drug, mechanism=mechanism).save(),
        ),
        "partner": (
            indication,
            "partner_rows",
            {"indication": indication.pk, "drug": other.pk},
            lambda: models.IndicationPartner(indication=indication, drug=other).save(),
        ),
    }[what]
    fields = {f"{prefix}-0-{name}": str(value) for name, value in {**NEW, **row}.items()}
    return parent, {f"{prefix}-TOTAL_FORMS": "1", **fields}, colleague


@pytest.mark.parametrize("what", ["source", "name", "mechanism", "partner"])
def test_a_row_that_a_colleague_added_since_is_not_added_twice_and_the_form_is_kept(author, what):
    parent, row, colleague = the_same_row(what, author)
    edith = Desk(author)
    form = edith.form(parent) | row | {"change_reason": "An hour of words."}
    colleague()
    answer = edith.save(parent, form)
    assert answer.status_code in {200, 409} and "An hour of words." in answer.text
    assert "already exists" in answer.text
