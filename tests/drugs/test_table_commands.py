"""Tables on the command line: as on the desk, all or nothing, in somebody's name."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from drugs.models import Drug, DrugName
from tests.factories import a_drug

pytestmark = pytest.mark.django_db


def run(*args) -> str:
    out = StringIO()
    call_command(*map(str, args), stdout=out)
    return out.getvalue()


@pytest.fixture
def names(tmp_path):
    def written(text: str, name: str = "names.csv"):
        file = tmp_path / name
        file.write_text(text)
        return file

    return written


def test_a_table_comes_in_with_a_revision_in_somebodys_name_and_again_changes_nothing(author, names):
    a_drug("imatinib")
    file = names("drug,name,kind\nimatinib,Glivec,brand\nimatinib,STI-571,development\n")
    assert "2 would be new" in run("import_table", "drugs.drugname", file, "--by", "edith", "--dry-run")
    assert not DrugName.objects.exists()
    assert "2 new, 0 changed, 0 left as they were." in run("import_table", "drugs.drugname", file, "--by", "edith")
    assert "0 new, 0 changed, 2 left" in run("import_table", "drugs.DrugName", file, "--by", "edith")
    revision = DrugName.objects.first().history.get()
    assert revision.history_user == author and "names.csv (SHA-256" in revision.history_change_reason


@pytest.mark.parametrize(
    ("table", "text", "by", "sentence"),
    [
        ("drugs.nothing", "x", "edith", "The tables are drugs.condition"),
        ("staff.user", "x", "edith", "There is no table"),
        ("drugs.drugname", "x", "nobody", "Nobody signs in as"),
        ("drugs.drugname", "x", "ravi", "may not import"),
        ("drugs.drugname", "", "edith", "empty"),
        ("drugs.drugname", "drug,name,kind\nimatinib,Glivec,brand\nnobody,X,brand\nimatinib,Y,pet\n", "edith", "Row 3"),
        ("drugs.drugname", "drug,name,kind\nimatinib,Glivec,brand\nnobody,X,brand\nimatinib,Y,pet\n", "edith", "Row 4"),
    ],
)
def test_what_cannot_be_imported_is_said_whole_and_nothing_is(author, reviewer, names, table, text, by, sentence):
    a_drug("imatinib")
    with pytest.raises(CommandError, match=sentence):
        run("import_table", table, names(text), "--by", by)
    assert not DrugName.objects.exists()


def test_a_file_that_is_none_is_refused(author, names, tmp_path):
    for file in (tmp_path / "missing.csv", names("x", "table.docx")):
        with pytest.raises(CommandError):
            run("import_table", "drugs.drug", file, "--by", "edith")


@pytest.mark.parametrize("ending", ["csv", "xlsx", "json"])
def test_a_table_goes_out_and_comes_back_without_a_change(author, tmp_path, ending):
    a_drug("imatinib", about="<p>=1+1 &amp; more</p>")
    file = tmp_path / f"drugs.{ending}"
    assert "Rows written to" in run("export_table", "drugs.drug", file, "--by", "edith")
    assert "0 new, 0 changed, 1 left" in run("import_table", "drugs.drug", file, "--by", "edith")
    with pytest.raises(CommandError, match="is there already"):
        run("export_table", "drugs.drug", file, "--by", "edith")
    assert Drug.objects.get().history.count() == 1
