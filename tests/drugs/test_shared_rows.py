"""Doors past the desk, through rows that pages share and through commands: each is closed."""

import json

import pytest
from django.core.management import call_command
from django.db.models import ProtectedError

from basics.models import SavedMeanwhile
from basics.revisions import revising
from drugs.models import Drug, DrugCitation, DrugMechanism, EligibilityCriterion, Mechanism
from editions import actions
from editions.vocabulary import Outcome
from references.models import Reference
from tests.desk import Desk
from tests.factories import a_drug, a_person, a_reference, an_imatinib, published

pytestmark = pytest.mark.django_db


def test_who_wrote_a_shared_text_does_not_review_the_page_that_begins_to_use_it(author):
    rita = a_person("rita", "Author", "Clinical reviewer")
    drug = an_imatinib(by=author)
    with revising(by=rita, because="x"):
        mechanism = Mechanism(key="kit", name="Blocks KIT", text="Rita's own words.")
        mechanism.save()
    with revising(by=author, because="x"):
        DrugMechanism(drug=drug, mechanism=mechanism).save()
    edition = actions.submit(drug, by=author, change_note="x")
    with pytest.raises(actions.FourEyes):
        actions.review(edition, by=rita, outcome=Outcome.APPROVED)


def test_a_row_that_somebody_deleted_does_not_come_back_by_a_save():
    drug = a_drug("imatinib")
    mine = Drug.objects.get(pk=drug.pk)
    Drug.objects.get(pk=drug.pk).delete()
    mine.summary = "New."
    with pytest.raises(SavedMeanwhile):
        mine.save()
    assert not Drug.objects.exists()


def test_a_fixture_adds_no_row_to_a_site_that_people_have_written_on(author, tmp_path):
    indication = an_imatinib(by=author).indications.get()
    fields = {"indication": indication.pk, "text": "Smuggled.", "kind": "requires", "version": 1, "order": 5}
    file = tmp_path / "rows.json"
    file.write_text(json.dumps([{"model": "drugs.eligibilitycriterion", "pk": 999, "fields": fields}]))
    with pytest.raises(TypeError, match="people have written on"):
        call_command("loaddata", str(file), verbosity=0)
    assert not EligibilityCriterion.objects.filter(pk=999).exists()


def test_a_source_that_an_edition_cites_stays_and_so_does_its_key(author, team):
    drug, reference = an_imatinib(by=author), a_reference()
    DrugCitation(drug=drug, reference=reference).save()
    published(drug, **team)
    drug.citations.get().delete()
    edith = Desk(author)
    answer = edith.client.post(edith.address(reference, "delete"), {"post": "yes"})
    assert answer.status_code == 409 and "cannot be deleted, because it is used" in answer.text
    assert "edition 1 (live)" in answer.text
    with pytest.raises(ProtectedError, match="stays, because editions cite it: drug/imatinib"):
        reference.delete()
    assert Reference.objects.filter(pk=reference.pk).exists()
