"""`check_retractions`: a source that fell flags every page that cites it, once."""

from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from drugs.merging import merge
from drugs.models import DrugCitation
from editions import actions
from editions.models import CommandRun, Flag
from references.content import Standing
from references.models import Notice, Reference
from tests.factories import a_drug, a_reference, an_imatinib, published

pytestmark = pytest.mark.django_db

LIST = Path(__file__).parent.parent / "references" / "files" / "retractions.csv"


@pytest.fixture
def reference():
    return a_reference(doi="10.1000/paper.a")


@pytest.fixture
def imatinib(author, team, reference):
    drug = an_imatinib(by=author)
    DrugCitation(drug=drug, reference=reference).save()
    published(drug, **team)
    return drug


@pytest.fixture
def a_list(tmp_path):
    """The list without the rows that cannot be read, or with these of its records only."""

    def make(*records: int) -> Path:
        header, *rows = _records(LIST.read_text(encoding="utf-8"))
        wanted = [row for row in rows if int(row[:3]) in (records or (101, 102, 103, 105, 106, 107))]
        path = tmp_path / "list.csv"
        path.write_text("".join([header, *wanted]), encoding="utf-8")
        return path

    return make


def _records(text: str) -> list[str]:
    """The rows of the list, those of several lines whole."""
    rows: list[str] = []
    for line in text.splitlines(keepends=True):
        if rows and not line[:3].isdigit():
            rows[-1] += line
        else:
            rows.append(line)
    return rows


def run(path, *options) -> str:
    out = StringIO()
    call_command("check_retractions", str(path), *options, stdout=out)
    return out.getvalue()


def test_a_retracted_source_flags_imatinibs_page_exactly_once(imatinib, reference, a_list, reviewer, publisher):
    said = run(a_list())
    assert said == "6 rows read, 1 about our sources, 1 of them new; 1 pages flagged, 0 rows could not be read.\n"
    flag = Flag.objects.get()
    assert (flag.page, flag.reason, flag.subject) == (imatinib.page, "source_changed", "reference/nakano-2018#101")
    assert flag.sentence == (
        "The source “nakano-2018” that it cites has to be looked at. It was retracted on 3 May 2021 (notice: doi "
        "10.1000/notice.1): “A trial of imatinib, in two lines”. Reasons: Concerns/Issues About Data; Original Data "
        "not Provided."
    )
    assert "0 of them new; 0 pages flagged" in run(a_list())
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        actions.mark_reviewed(imatinib.page, by=reviewer)
        actions.resolve_flag(flag, by=publisher, note="Another source says the same.")
        assert "0 pages flagged" in run(a_list()) and Flag.objects.count() == 1
    assert "6 rows read" in CommandRun.objects.get(name="check_retractions").said


def test_what_was_seen_is_kept_for_whoever_decides_and_no_standing_changes(imatinib, reference, a_list):
    run(a_list())
    notice = Notice.holding_for(reference)
    assert (notice.standing, notice.made_on, notice.notice_doi) == (
        Standing.RETRACTED,
        date(2021, 5, 3),
        "10.1000/notice.1",
    )
    assert Reference.objects.get().history.count() == 1


def test_a_dry_run_says_the_same_and_writes_nothing(imatinib, a_list):
    said = run(a_list(), "--dry-run")
    assert said.startswith("Dry run, nothing was changed. 6 rows read, 1 about our sources, 1 of them new; 1 pages")
    assert not Flag.objects.exists() and not Notice.objects.exists() and not CommandRun.objects.exists()


def test_a_page_that_comes_to_cite_the_source_later_is_told_too(imatinib, author, reference, a_list):
    run(a_list())
    sunitinib = a_drug("sunitinib", by=author)
    DrugCitation(drug=sunitinib, reference=reference).save()
    assert "0 of them new; 1 pages flagged" in run(a_list())


def test_a_retracted_duplicate_flags_who_cites_the_source_that_it_became(imatinib, author, reference, a_list):
    merge(reference, a_reference("twin-2018", doi="10.1000/another"), by=author)
    sunitinib = a_drug("sunitinib", by=author)
    DrugCitation(drug=sunitinib, reference=Reference.objects.get(key="twin-2018")).save()
    assert "1 of them new; 2 pages flagged" in run(a_list())
    assert Flag.objects.get(page=sunitinib.page).sentence.startswith("The source “twin-2018” that it cites")
    assert "0 pages flagged" in run(a_list())


def test_a_source_that_stands_again_is_news_only_to_those_who_heard_of_its_fall(author, a_list):
    reference = a_reference(doi="10.1000/paper.c")
    DrugCitation(drug=a_drug("sunitinib", by=author), reference=reference).save()
    assert "1 pages flagged" in run(a_list(105))
    DrugCitation(drug=a_drug("imatinib", by=author), reference=reference).save()
    assert "1 of them new; 1 pages flagged" in run(a_list())
    assert [flag.subject for flag in Flag.objects.filter(page__slug="sunitinib")] == [
        "reference/nakano-2018#105",
        "reference/nakano-2018#106",
    ]
    assert not Flag.objects.filter(page__slug="imatinib").exists()
    assert Notice.holding_for(reference).standing == Standing.CURRENT


def test_who_cites_the_notice_itself_is_told_so(author, a_list):
    reference = a_reference("notice-2021", doi="10.1000/notice.1")
    DrugCitation(drug=a_drug("sunitinib", by=author), reference=reference).save()
    run(a_list())
    assert "It is itself the notice by which a paper was retracted on 3 May 2021" in Flag.objects.get().sentence
    assert "0 pages flagged" in run(a_list()) and Notice.holding_for(reference) is None


def test_broken_rows_are_named_with_a_remedy_and_the_others_count(imatinib):
    a_reference("e-2020", doi="10.1000/paper.e")
    with pytest.raises(CommandError) as caught:
        run(LIST)
    assert "row 5: it has 5 values" in str(caught.value) and "row 9: its RetractionDate" in str(caught.value)
    assert "Download the file again" in str(caught.value) and "row 4" not in str(caught.value)
    assert Flag.objects.count() == 1


@pytest.mark.parametrize(("text", "sentence"), [("a,b\n1,2\n", "lacks the columns"), (None, "No such file")])
def test_another_file_is_refused(tmp_path, text, sentence):
    path = tmp_path / "other.csv"
    if text:
        path.write_text(text)
    with pytest.raises(CommandError, match=sentence):
        run(path)
