"""Import and export of tables on the desk: who may, what is refused, and that it happens wholly or not at all."""

import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from basics.exchange.uploads import Upload
from drugs import models, resources
from drugs.models import Condition, Drug, DrugName, Indication
from references.models import Reference
from references.resources import ReferenceResource
from tests.factories import a_condition, a_drug, a_person, a_reference, an_imatinib, an_indication, changed

pytestmark = pytest.mark.django_db

RESOURCES = [
    resources.DrugResource,
    resources.ConditionResource,
    resources.GuideResource,
    resources.MechanismResource,
    resources.DrugNameResource,
    resources.IndicationResource,
    resources.CriterionResource,
    resources.DecisionResource,
    resources.TermResource,
    ReferenceResource,
]
HEADER = "drug,name,kind,note,order\n"


@pytest.fixture
def desk(client, author):
    client.force_login(author)
    return client


def address(model, what: str) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{what}")


def upload(client, model, text: str | bytes, name: str = "table.csv"):
    content = text.encode() if isinstance(text, str) else text
    return client.post(address(model, "import"), {"file": SimpleUploadedFile(name, content)})


def confirm(client, model, preview):
    return client.post(address(model, "process_import"), {"upload": preview.context["upload"].key})


def sentences(response) -> str:
    return " | ".join(response.context["said"])


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.__name__)
@pytest.mark.parametrize("ending", ["csv", "xlsx", "json"])
def test_every_table_goes_out_and_comes_back_without_a_change(starter_content, author, resource, ending):
    from basics.exchange.formats import FORMATS

    table = FORMATS[ending]()
    data = table.export_data(resource().export())
    revisions = resource._meta.model.history.count()
    result = resource(by=author).import_data(table.create_dataset(data), dry_run=False)
    assert not result.has_errors() and not result.has_validation_errors()
    assert result.totals["skip"] == resource._meta.model.objects.count() > 0
    assert resource._meta.model.history.count() == revisions


def test_no_table_holds_a_number_of_the_database_or_a_state(author):
    for resource in RESOURCES:
        columns = {field.column_name for field in resource().get_import_fields()}
        assert not columns & {"id", "version", "page", "page_id", "standing", "progress", "published_at", "history"}


def test_an_import_is_previewed_then_made_with_the_files_name_and_hash_on_every_revision(desk, author):
    a_drug("imatinib")
    text = HEADER + "imatinib,Glivec,brand,,\nimatinib,STI-571,development,,\n"
    preview = upload(desk, DrugName, text, "names of 2018.csv")
    assert preview.status_code == 200 and "2 new" in preview.text and not DrugName.objects.exists()

    done = confirm(desk, DrugName, preview)
    assert done.status_code == 302
    assert list(DrugName.objects.values_list("name", "order")) == [("Glivec", 0), ("STI-571", 1)]
    digest = hashlib.sha256(text.encode()).hexdigest()
    for revision in DrugName.history.all():
        assert revision.history_change_reason == f"Import of names of 2018.csv (SHA-256 {digest})"
        assert revision.history_user == author
    assert author.contributions.get().page.key == "drug/imatinib"  # four eyes sees imports too

    again = upload(desk, DrugName, text)
    assert "nothing to import" in again.text and again.context["totals"]["skip"] == 2


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (HEADER + "imatinibx,Glivec,brand,,\n", "Row 2, column “drug”: There is no drug “imatinibx” here"),
        (HEADER + "imatinib,Glivec,brand,,\nimatinib,Glivec,brand,,\n", "Rows 2 and 3 are the same one"),
        (
            HEADER + "imatinib,Glivec,nickname,,\n",
            "Row 2, column “kind”: “nickname” is none of brand, former, development, other.",
        ),
        (HEADER + "imatinib,,brand,,\n", "Row 2, column “name” is empty"),
        (
            HEADER + "imatinib,Gli\u202evec,brand,,\n",
            "Row 2, column “name”: There is a character here that cannot be published",
        ),
        (HEADER + f"imatinib,{'x' * 121},brand,,\n", "Row 2, column “name”"),
        (HEADER + "imatinib,Glivec,brand,,first\n", "Row 2, column “order”: “first” is not a whole number"),
        ("drug,kind\nimatinib,brand\n", "the column “name” is missing"),
        ("drug,name,status\nimatinib,Glivec,approved\n", "there is no column “status”"),
        ("drug,name,id\nimatinib,Glivec,7\n", "there is no column “id”"),
        ("drug,name,name\nimatinib,Glivec,Glivec\n", "Row 1 names the column “name” twice"),
        (HEADER + "imatinib,Glivec\n", "Row 2 has 2 cells"),
        ((HEADER + "imatinib,Glivéc,brand,,\n").encode("latin-1"), "Row 2, column 2: a letter is not in UTF-8"),
        (HEADER, "a header and no rows"),
    ],
)
def test_a_bad_table_is_refused_with_row_and_column_and_nothing_is_written(desk, text, sentence):
    a_drug("imatinib")
    refused = upload(desk, DrugName, text)
    assert refused.status_code == 422 and sentence in sentences(refused), sentences(refused)
    assert not DrugName.objects.exists() and not Upload.objects.exists()


def test_every_error_is_told_at_once_and_one_bad_row_stops_the_good_ones(desk):
    a_drug("imatinib")
    refused = upload(desk, DrugName, HEADER + "imatinib,Glivec,brand,,\nnobody,A,brand,,\nimatinib,B,nickname,,\n")
    assert "Row 3, column “drug”" in sentences(refused) and "Row 4, column “kind”" in sentences(refused)
    assert not DrugName.objects.exists()


@pytest.mark.parametrize(
    ("model", "text", "sentence"),
    [
        (
            models.Decision,
            "drug,body,number,subject,date,nation,outcome\nimatinib,nice,TA1,GIST,3 April 2018,uk,recommended\n",
            "Row 2, column “date”: “3 April 2018” is not a date we can keep",
        ),
        (
            models.Decision,
            "drug,body,number,subject,date,nation,outcome\nimatinib,nice,TA1,GIST,2018-02-30,uk,recommended\n",
            "“2018-02-30” is not a date",
        ),
        (
            models.Indication,
            "drug,key,condition\nimatinib,gist,lupus\n",
            "Row 2, column “condition”: There is no condition “lupus”",
        ),
        (
            models.Indication,
            "drug,key,condition,sources\nimatinib,gist,gist,nobody-1999\n",
            "There is no reference “nobody-1999”",
        ),
        (models.Indication, "drug,key,condition,partners\nimatinib,gist,gist,aspirin\n", "There is no drug “aspirin”"),
        (
            models.EligibilityCriterion,
            "drug,indication,number,kind,text\nimatinib,gist,2,requires,You are an adult.\n",
            "has 0 criteria, so the next is number 1, not 2",
        ),
        (
            models.EligibilityCriterion,
            "drug,indication,number,kind,text\nimatinib,gist,one,requires,You are an adult.\n",
            "“one” is not a place",
        ),
        (
            models.EligibilityCriterion,
            "drug,indication,number,kind,text,prior_treatment\nimatinib,gist,1,requires,A,drug\n",
            "Name the drug exactly when",
        ),
        (models.Drug, "slug,name,summary,status\nNew Drug,new,A.,in_use\n", "Row 2, column “slug”"),
        (models.Drug, "slug,name,summary,status\nimatinib,imatinib,A.,withdrawn\n", "Row 2, column “status”"),
        (Reference, "key,title,doi\nx-2018,A title,not-a-doi\n", "Row 2, column “doi”: “not-a-doi” is not a DOI"),
        (
            Reference,
            "key,title,pages,article_number\nx-2018,A title,1-2,7\n",
            "Give the pages or the article number, not both",
        ),
        (Reference, "key,title,authors\nx-2018,A title,Demetri GD\n", "“Demetri GD” is not an author"),
    ],
)
def test_what_the_data_cannot_hold_is_refused_by_row_and_column(desk, model, text, sentence):
    condition = a_condition()
    drug = a_drug("imatinib")
    if model is models.EligibilityCriterion:
        an_indication(drug, condition, key="gist")
    before = model.objects.count()
    refused = upload(desk, model, text)
    assert refused.status_code == 422 and sentence in sentences(refused), sentences(refused)
    assert model.objects.count() == before


def test_relations_and_lists_come_in_by_name(desk):
    a_condition()
    a_drug("imatinib")
    a_drug("doxorubicin")
    a_reference("nakano-2018")
    a_reference("berry-2017")
    text = (
        "drug,key,condition,setting,certainty,partners,sources,text\n"
        'imatinib,gist,gist,advanced,used,doxorubicin,nakano-2018 [table 2]; berry-2017,"<p>Yes<script>x</script></p>"\n'
    )
    assert confirm(desk, Indication, upload(desk, Indication, text)).status_code == 302
    indication = Indication.objects.get()
    assert indication.text == "<p>Yes</p>"  # cleaned on this way in as well
    assert [str(row) for row in indication.citations.all()] == ["nakano-2018 table 2", "berry-2017"]
    assert [row.drug.name for row in indication.partner_rows.all()] == ["doxorubicin"]

    reordered = text.replace("nakano-2018 [table 2]; berry-2017", "berry-2017")
    preview = upload(desk, Indication, reordered)
    assert "1 changed" in preview.text
    confirm(desk, Indication, preview)
    assert [str(row) for row in indication.citations.all()] == ["berry-2017"]


def test_new_drugs_come_in_as_drafts_on_pages_of_their_own(desk, client):
    text = "slug,name,summary,status\nsorafenib,sorafenib,It is a tablet.,being_studied\n"
    confirm(desk, Drug, upload(desk, Drug, text))
    assert Drug.objects.get().page.key == "drug/sorafenib"
    assert client.get("/drugs/sorafenib/").status_code == 404


def test_what_somebody_changes_between_preview_and_confirmation_is_a_conflict(desk):
    drug = a_drug("imatinib")
    preview = upload(desk, Drug, "slug,summary\nimatinib,From the file.\n")
    changed(drug, summary="Written meanwhile.")
    refused = confirm(desk, Drug, preview)
    assert refused.status_code == 409 and "Somebody changed “imatinib” after the preview" in sentences(refused)
    assert Drug.objects.get().summary == "Written meanwhile."


def test_a_preview_is_confirmed_once_by_the_person_who_made_it_for_the_table_it_was_made_for(desk, client, author):
    a_drug("imatinib")
    preview = upload(desk, DrugName, HEADER + "imatinib,Glivec,brand,,\n")
    key = {"upload": preview.context["upload"].key}
    assert desk.post(address(models.Mechanism, "process_import"), key).status_code == 409

    client.force_login(a_person("second", "Author"))
    assert client.post(address(DrugName, "process_import"), key).status_code == 409
    client.force_login(author)
    assert client.post(address(DrugName, "process_import"), key).status_code == 302
    assert client.post(address(DrugName, "process_import"), key).status_code == 409
    assert client.post(address(DrugName, "process_import"), {"upload": "../../etc/passwd"}).status_code == 409


def test_a_preview_that_is_an_hour_old_or_was_tampered_with_is_gone(desk):
    import time_machine
    from django.utils import timezone

    a_drug("imatinib")
    preview = upload(desk, DrugName, HEADER + "imatinib,Glivec,brand,,\n")
    Upload.objects.update(content=(HEADER + "imatinib,Other,brand,,\n").encode())
    assert confirm(desk, DrugName, preview).status_code == 409
    preview = upload(desk, DrugName, HEADER + "imatinib,Glivec,brand,,\n")
    with time_machine.travel(timezone.now().timestamp() + 3601):
        desk.force_login(preview.wsgi_request.user)
        assert confirm(desk, DrugName, preview).status_code == 409
    assert not DrugName.objects.exists()


@pytest.mark.parametrize("role", ["Clinical reviewer", "Publisher", "Administrator", None])
def test_only_authors_import(client, role):
    client.force_login(a_person("somebody", *([role] if role else [])))
    for resource in RESOURCES:
        model = resource._meta.model
        assert client.get(address(model, "import")).status_code == 403
        assert upload(client, model, "slug\nx\n").status_code == 403
        assert client.post(address(model, "process_import"), {"upload": "x"}).status_code == 403


def test_staff_without_rights_export_nothing_and_reviewers_may(client, reviewer):
    an_imatinib()
    client.force_login(a_person("nobody"))
    assert client.get(address(Drug, "export")).status_code == 403
    assert client.post(address(Drug, "export"), {"format": "0", "resource": "0"}).status_code == 403
    client.force_login(reviewer)
    answer = client.post(address(Drug, "export"), {"format": "0", "resource": "0"})
    assert answer.status_code == 200 and b"imatinib" in answer.content
    assert answer["Content-Disposition"].startswith("attachment")


def test_a_formula_in_a_name_leaves_as_text(client, author):
    a_condition(name="=HYPERLINK(1)", slug="odd")
    client.force_login(author)
    answer = client.post(address(Condition, "export"), {"format": "0", "resource": "0"})
    assert b"'=HYPERLINK(1)" in answer.content


def test_a_confirmation_that_comes_twice_imports_once_and_says_so(desk):
    a_drug("imatinib")
    preview = upload(desk, DrugName, f"{HEADER}imatinib,Glivec,brand,,\n")
    form = {"upload": preview.context["upload"].key, "form_token": "the same one"}
    answers = [desk.post(address(DrugName, "process_import"), form) for _ in range(2)]
    assert [(one.status_code, one.url) for one in answers] == [(302, address(DrugName, "changelist"))] * 2
    assert DrugName.objects.count() == 1


@pytest.mark.one_database
def test_a_long_preview_comes_in_pages_and_by_kind_of_change(desk):
    a_drug("imatinib", summary="Old words of it.")
    rows = "".join(f"imatinib,Name {n:03},brand,,\n" for n in range(230))
    preview = upload(desk, DrugName, HEADER + rows)
    assert "Page 1 of 3" in preview.text and "Name 099" in preview.text and "Name 100" not in preview.text
    at = {"upload": preview.context["upload"].key}
    last = desk.get(address(DrugName, "import"), {**at, "p": 3})
    assert "Name 229" in last.text and ">231<" in last.text and "Name 199" not in last.text
    assert "Name 000" in desk.get(address(DrugName, "import"), {**at, "only": "new"}).text
    assert "Name 000" not in desk.get(address(DrugName, "import"), {**at, "only": "update"}).text
    for wrong in ({"p": "0"}, {"p": "x"}, {"p": "²"}, {"p": f"000001{'9' * 5000}"}, {"only": "skip"}):
        assert desk.get(address(DrugName, "import"), {**at, **wrong}).status_code == 404
    assert desk.get(address(DrugName, "import"), {"upload": "no such"}).status_code == 409
    assert confirm(desk, DrugName, preview).status_code == 302 and DrugName.objects.count() == 230


def test_a_preview_shows_the_words_that_change_and_only_to_whom_it_belongs(desk, client):
    a_drug("imatinib", summary="A tablet for some tumours.")
    preview = upload(desk, Drug, "slug,summary\nimatinib,A capsule for some tumours.\n")
    assert "<del>tablet </del><ins>capsule </ins>for some tumours." in preview.text
    client.force_login(a_person("other", "Author"))
    assert client.get(address(Drug, "import"), {"upload": preview.context["upload"].key}).status_code == 409
