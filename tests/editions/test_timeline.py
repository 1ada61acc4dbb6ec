"""The history of a whole page: what was saved together stands together, deleted rows included, beside the record."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from basics.revisions import revising
from drugs.models import Drug, DrugName, EligibilityCriterion, IndicationCitation
from editions import actions
from tests.desk import Desk
from tests.factories import a_drug, a_person, a_reference, an_imatinib, changed, published

pytestmark = pytest.mark.django_db


def lines(desk: Desk, page, **query):
    return list(desk.client.get(f"/admin/editions/page/{page.pk}/history/", query).context["shown"])


def test_one_save_of_a_form_with_rows_under_it_is_one_change_set_with_person_and_reason(author):
    drug = an_imatinib(by=author)
    edith = Desk(author)
    form = edith.form(drug) | {"summary": "Other words.", "change_reason": "Clearer."}
    form |= {"names-TOTAL_FORMS": "1", "names-0-id": "", "names-0-drug": str(drug.pk), "names-0-name": "Glivec"}
    form |= {"names-0-kind": "brand", "names-0-note": "", "names-0-order": ""}
    assert edith.save(drug, form).status_code == 302
    newest = lines(edith, drug.page)[0]
    assert (newest.who, newest.reason, newest.kind) == ("Edith Ames", "Clearer.", "change")
    assert sorted((one.what, one.done) for one in newest.changes) == [("drug", "changed"), ("other name", "made")]
    page = edith.client.get(f"/admin/editions/page/{drug.page_id}/history/").text
    assert "<ins>Other" in page and "Drug “imatinib” changed" in page


def test_rows_deep_under_a_page_and_rows_that_are_gone_are_in_it(author):
    drug = an_imatinib(by=author)
    indication = drug.indications.get()
    with revising(by=author, because="With its source."):
        IndicationCitation(indication=indication, reference=a_reference()).save()
    with revising(by=author, because="It was wrong."):
        indication.delete()
    gone = lines(Desk(author), drug.page)[0]
    assert gone.reason == "It was wrong."
    assert {(one.what, one.done) for one in gone.changes} == {
        ("indication", "deleted"),
        ("eligibility criterion", "deleted"),
        ("indication citation", "deleted"),
    }
    assert not EligibilityCriterion.objects.exists()


def test_other_pages_are_not_in_it(author):
    drug, other = an_imatinib(by=author), a_drug("sunitinib", by=author)
    with revising(by=author, because="Of the other."):
        changed(other, summary="Other words.")
    assert "Of the other." not in [one.reason for one in lines(Desk(author), drug.page)]


def test_editions_reviews_flags_and_imports_stand_in_it_and_it_is_filtered_by_kind_and_person(author, team, publisher):
    drug = an_imatinib(by=author)
    published(drug, **team)
    actions.tell_doubt(drug.page, by=publisher, sentence="We are checking.")
    edith = Desk(author)
    preview = edith.client.post(
        "/admin/drugs/drugname/import/", {"file": SimpleUploadedFile("names.csv", b"drug,name\nimatinib,Glivec\n")}
    )
    edith.client.post("/admin/drugs/drugname/process_import/", {"upload": preview.context["upload"].key})
    titles = [one.title or one.reason for one in lines(edith, drug.page)]
    assert titles[0].startswith("Import of names.csv") and "doubt told" in titles
    assert "reviewed edition 1: approved" in titles and "flagged: somebody doubts it" in titles
    assert "submitted as edition 1" in titles and "published edition 1" in titles
    assert {one.kind for one in lines(edith, drug.page, kind="record")} == {"record"}
    by_paula = lines(edith, drug.page, person=publisher.pk)
    assert by_paula and {one.who for one in by_paula} == {"Paula Quinn"}


@pytest.mark.parametrize(
    "query", [{"kind": "x"}, {"person": "x"}, {"person": "²"}, {"p": "x"}, {"p": "-1"}, {"p": "9" * 30}]
)
def test_a_filter_that_there_is_not_is_none(author, query):
    drug = an_imatinib(by=author)
    assert len(lines(Desk(author), drug.page, **query)) == 3


def test_it_is_for_those_who_may_see_the_desk(author, client):
    drug = an_imatinib(by=author)
    address = f"/admin/editions/page/{drug.page_id}/history/"
    assert client.get(address).status_code == 302
    assert Desk(a_person("nobody")).client.get(address).status_code == 403
    assert Desk(author).client.get("/admin/editions/page/999/history/").status_code == 404


def test_its_queries_do_not_grow_with_the_history(author, django_assert_max_num_queries):
    drug = an_imatinib(by=author)
    for number in range(60):
        with revising(by=author, because="x"):
            changed(Drug.objects.get(), summary=f"Words {number}.")
            DrugName(drug=drug, name=f"Name {number}").save()
    edith = Desk(author)
    # A few for each of the fifty rows that a page of it shows, and a fixed number for the rest.
    with django_assert_max_num_queries(230):
        assert len(lines(edith, drug.page)) == 25
