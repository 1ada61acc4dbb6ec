"""An import in one pass ends as one that goes row by row: same rows, revisions, counts and sentences (decision 0016)."""

from datetime import UTC, datetime

import pytest
import tablib
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from simple_history.signals import post_create_historical_record, pre_create_historical_record

from basics.exchange import one_pass, resources
from basics.exchange.resources import sentences
from basics.models import SavedMeanwhile, VersionedRow
from basics.revisions import revising
from basics.together import save_together, written_together
from editions.models import Contribution, Page
from references.models import Author, LinkCheck, Reference
from references.resources import ReferenceResource
from tests.examples import examples
from tests.factories import a_drug, a_reference, changed

pytestmark = pytest.mark.django_db

COLUMNS = ["key", "type", "title", "authors", "et_al", "pages", "article_number", "issued", "doi", "pmid", "url"]
STORED = ["stored-1", "stored-2", "stored-3", "stored-4"]


@pytest.fixture
def library(author):
    """Four stored references, cited in a list, in a text, in both and nowhere; and a text that cites what is not there."""
    made = [a_reference(key, doi=f"10.1000/{key}", url=f"https://example.org/{key}") for key in STORED]
    drug = a_drug("imatinib", about='<p>So <cite data-ref="stored-2"></cite> <cite data-ref="stored-3"></cite></p>')
    other = a_drug("doxorubicin", about='<p>So <cite data-ref="new-1"></cite></p>')
    drug.citations.create(reference=made[0])
    other.citations.create(reference=made[2])
    for reference in made[:2]:
        LinkCheck.objects.create(
            reference=reference,
            address=reference.link,
            checked_at=datetime(2026, 1, 5, tzinfo=UTC),
            outcome="reachable",
            said="It opens.",
        )
    return made


def row(key: str, **cells: str) -> list[str]:
    values = {"key": key, "type": "article-journal", "title": f"The title of {key}", "issued": "2018", **cells}
    return [values.get(name, "") for name in COLUMNS]


def unchanged(key: str) -> list[str]:
    return row(key, authors="Stored, A", doi=f"10.1000/{key}", url=f"https://example.org/{key}")


def imported(rows: list[list[str]], by, *, in_one_pass: bool, expected=None) -> dict:
    """What an import comes to, in everything that it leaves behind. It is taken back afterwards."""
    with transaction.atomic():
        last = {
            model: max(model.history.values_list("history_id", flat=True), default=0) for model in (Reference, Author)
        }
        resource = ReferenceResource(by=by, expected=expected)
        resource.in_one_pass = in_one_pass
        result = resource.import_data(tablib.Dataset(*rows, headers=COLUMNS), file_name="table.csv", digest="0a")
        came_to = {
            "sentences": sentences(result),
            "totals": dict(result.totals),
            "seen": resource.seen,
            "shown": [one["cells"] for one in resources.changes(resource, result)],
            "references": _told(Reference.objects.order_by("key"), without={"id"}),
            "authors": _told(Author.objects.order_by("reference__key", "order"), without={"id", "reference"}),
            "revisions": {model.__name__: _revisions(model, since=last[model]) for model in last},
            "changes": dict(Page.objects.values_list("key", "changes")),
            "contributions": set(Contribution.objects.values_list("page__key", "user__username", "last_change")),
            "links checked": set(LinkCheck.objects.values_list("reference__key", "address")),
        }
        transaction.set_rollback(True)
    return came_to


def _told(rows, without: set[str]) -> list[dict]:
    names = [field.name for field in rows.model._meta.concrete_fields if field.name not in without]
    keys = ["reference__key"] if rows.model is Author else []
    return list(rows.values(*names, *keys))


def _revisions(model, since: int) -> tuple[list[tuple], int]:
    """Every new revision but for its numbers and its moment, sorted; and how many change sets they are."""
    numbered = {"history_id", "history_date", "id", "change_set", "reference"}
    names = [field.name for field in model.history.model._meta.concrete_fields if field.name not in numbered]
    made = model.history.filter(history_id__gt=since).order_by()
    keys = dict(Reference.objects.values_list("pk", "key"))
    told = [
        (*(str(getattr(one, name)) for name in names), keys.get(getattr(one, "reference_id", one.id), "gone"))
        for one in made
    ]
    return sorted(told), made.values("change_set").distinct().count()


def both(rows: list[list[str]], by, **kwargs) -> dict:
    """What both ways of importing come to, which is the same."""
    together, apart = (imported(rows, by, in_one_pass=one, **kwargs) for one in (True, False))
    assert together == apart
    return together


new = st.integers(1, 6).map(lambda number: f"new-{number}")
keys = st.sampled_from(STORED) | new
cells = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(["book", "article-journal", "novel"]),
        "title": st.sampled_from(["A title", " Caf\u00e9 ", "", "Told\u202eback", "x" * 601]),
        "authors": st.sampled_from(
            ["", "Stored, A", "Stored, A; [A Group]", "Nakano, K; Ito, B; Sato, C", "Nobody", "x" * 121 + ","]
        ),
        "et_al": st.sampled_from(["yes", "no", "maybe"]),
        "pages": st.sampled_from(["", "1-2"]),
        "article_number": st.sampled_from(["", "", "e7"]),
        "issued": st.sampled_from(["2018-04", "2018-02-30", ""]),
        "doi": st.sampled_from(
            ["", "10.1000/STORED-1", "10.1000/stored-2", "10.1000/shared", "https://doi.org/10.1000/x", "no"]
        ),
        "pmid": st.sampled_from(["", "", "7", "PMID: 8", "x"]),
        "url": st.sampled_from(["", "https://example.org/moved", "ftp://example.org"]),
    },
)
good = st.fixed_dictionaries(
    {},
    optional={
        "title": st.sampled_from(["A title", " Caf\u00e9 "]),
        "authors": st.sampled_from(["", "Stored, A", "Stored, A; [A Group]", "Nakano, K; Ito, B; Sato, C"]),
        "et_al": st.sampled_from(["yes", "no"]),
        "url": st.sampled_from(["", "https://example.org/moved"]),
        "issued": st.sampled_from(["2018-04", ""]),
    },
)


def tables(cells):
    lines = st.tuples(keys, cells).map(lambda one: row(one[0], **one[1])) | st.sampled_from(STORED).map(unchanged)
    return st.lists(lines, min_size=1, max_size=8, unique_by=lambda one: one[0])


@settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=tables(good) | tables(cells), at_once=st.sampled_from([1, 3, 500]))
def test_whatever_is_in_a_table_both_ways_end_in_the_same(library, author, monkeypatch, rows, at_once):
    monkeypatch.setattr(one_pass, "AT_ONCE", at_once)
    both(rows, author)  # takes back what it did


def test_what_an_import_leaves_behind_is_what_saving_each_row_would(library, author):
    stay, link, names, fewer = STORED
    came_to = both(
        [
            unchanged(stay),
            row(link, authors="Stored, A", url="https://example.org/moved"),
            row(names, authors="Stored, A; [A Group]", doi=f"10.1000/{names}", url=f"https://example.org/{names}"),
            row(fewer, title="Another title", doi=f"10.1000/{fewer}", url=f"https://example.org/{fewer}"),
            row("new-1", authors="Nakano, K; Ito, B", doi="https://doi.org/10.1000/NEW", title="Cafe\u0301"),
        ],
        author,
    )
    assert came_to["sentences"] == [] and came_to["totals"]["skip"] == 1
    assert came_to["totals"]["new"] == 1 and came_to["totals"]["update"] == 3
    made = {one["key"]: one for one in came_to["references"]}
    assert (made["new-1"]["doi"], made["new-1"]["title"]) == ("10.1000/new", "Café")
    assert [made[key]["version"] for key in (*STORED, "new-1")] == [1, 2, 2, 2, 1]
    told, change_sets = came_to["revisions"]["Reference"]
    assert len(told) == 4 and change_sets == 1
    assert all({str(author), "Import of table.csv (SHA-256 0a)"} <= set(one) and {"+", "~"} & set(one) for one in told)
    assert "-" in {kind for one in came_to["revisions"]["Author"][0] for kind in one}  # whose author went
    assert came_to["links checked"] == {(stay, f"https://doi.org/10.1000/{stay}")}  # the other's link is another now
    # Imatinib cites the second and the third, whose author is new; doxorubicin the third, and what was not there: that
    # and its two authors are five revisions. Nothing else cites what was changed.
    counted = {page: last for page, name, last in came_to["contributions"] if name == author.username}
    assert counted == {
        "drug/imatinib": came_to["changes"]["drug/imatinib"],
        "drug/doxorubicin": came_to["changes"]["drug/doxorubicin"],
    }
    before = dict(Page.objects.values_list("key", "changes"))
    assert came_to["changes"]["drug/imatinib"] - before["drug/imatinib"] == 3
    assert came_to["changes"]["drug/doxorubicin"] - before["drug/doxorubicin"] == 5


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([row("new-1", doi="10.1000/a"), row("new-2", doi="10.1000/A")], "Row 3: "),
        ([row("new-1", doi="10.1000/stored-1")], "Row 2: "),
        ([row("new-1"), row("new-2", pages="1-2", article_number="e7")], "Row 3: Give the pages or the article number"),
        ([row("new-1"), row("new-2", type="novel")], "Row 3, column “type”: “novel” is none of"),
        ([row("new-1"), row("new-2", authors=f"{'x' * 121},")], "Row 3, column “family”: "),
        ([row("new-1"), row("new-2", authors="Nobody")], "Row 3, column “authors”: “Nobody” is not an author"),
    ],
)
def test_what_is_wrong_is_said_by_row_in_the_same_sentence(library, author, rows, sentence):
    came_to = both([row("new-5"), *rows], author)
    said = sentence.replace("Row 3", "Row 4").replace("Row 2", "Row 3")
    assert len(came_to["sentences"]) == 1 and came_to["sentences"][0].startswith(said), came_to["sentences"]
    assert {one["key"] for one in came_to["references"]} == set(STORED)  # all or nothing


def refuse_lee(sender, rows, **kwargs):
    """As a database that does not take an author of this name from many, and takes it from one."""
    if any(getattr(row, "family", "") == "Lee" for row in rows):
        raise IntegrityError("No Lee here.")


@pytest.mark.parametrize("refused", [{"doi": "10.1000/stored-4"}, {"authors": "Stored, A; Lee, C"}])
def test_only_the_row_that_the_database_refuses_goes_by_itself(library, author, monkeypatch, refused):
    by_itself = []
    import_row = ReferenceResource.import_row_by_itself

    def noted(self, row, *args, **kwargs):
        by_itself.append(row["key"])
        return import_row(self, row, *args, **kwargs)

    monkeypatch.setattr(ReferenceResource, "import_row_by_itself", noted)
    written_together.connect(refuse_lee)
    try:
        rows = [row(key, title="Another", authors="Stored, A; Ito, B") for key in STORED[:2]]
        rows += [row(f"new-{number}", authors=f"Nakano, {number}; Ito, {number}") for number in range(9)]
        rows.insert(1, row(STORED[2], **{"title": "Another", "authors": "Stored, A; Ito, B", **refused}))
        both(rows, author)
    finally:
        written_together.disconnect(refuse_lee)
    assert by_itself == [STORED[2], *(one[0] for one in rows)]  # then all of them, in the other way


def test_a_doi_goes_from_one_row_to_another_in_the_order_of_the_file(library, author):
    first, second = STORED[:2]
    freed = [row(first, doi="10.1000/free"), row(second, doi=f"10.1000/{first}")]
    assert both(freed, author)["totals"]["update"] == 2
    assert len(both(freed[::-1], author)["sentences"]) == 1


def test_what_was_changed_after_the_preview_is_a_conflict_in_both_ways(library, author):
    rows = [row(key, title="From the file.") for key in STORED[:2]]
    seen = both(rows, author)["seen"]
    changed(library[1], title="Written meanwhile.")
    came_to = both(rows, author, expected=seen)
    assert len(came_to["sentences"]) == 1 and "Somebody changed “stored-2” after the preview" in came_to["sentences"][0]


def test_a_preview_shows_authors_and_no_more_rows_than_fit(library, author, monkeypatch):
    monkeypatch.setattr(resources, "SHOWN", 2)
    came_to = both([row("new-1", authors="Nakano, K"), row("new-2"), row("new-3")], author)
    assert len(came_to["shown"]) == 2 and came_to["totals"]["new"] == 3
    cells = {cell["column"]: (cell["old"], cell["new"]) for cell in came_to["shown"][0]}
    assert cells["authors"] == ("", "Nakano, K")


def test_more_rows_take_hardly_more_queries(library, author):
    def queries(count: int) -> int:
        table = tablib.Dataset(*(row(f"many-{n}", authors="Nakano, K") for n in range(count)), headers=COLUMNS)
        with CaptureQueriesContext(connection) as captured:
            assert ReferenceResource(by=author).import_data(table, dry_run=True).totals["new"] == count
        return len(captured)

    assert queries(200) - queries(20) < 60  # an INSERT holds some dozens of rows


def test_rows_written_together_are_compared_with_what_was_read(library, author):
    mine = list(Reference.objects.filter(key__in=STORED[:2]))
    changed(library[1], title="Written meanwhile.")
    with revising(by=author, because="A test"), pytest.raises(SavedMeanwhile):
        save_together(mine)
    gone = Author.objects.get(reference=library[2])
    Author.objects.get(pk=gone.pk).delete()
    with revising(by=author, because="A test"), pytest.raises(SavedMeanwhile):
        save_together([gone])
    assert Reference.objects.get(pk=library[0].pk).version == 1  # all or none


def test_rows_are_not_written_together_without_a_person_under_another_key_or_above_another_row(library, author):
    with pytest.raises(LookupError, match="Nobody is named"):
        save_together([Reference(key="new-1", title="A title")])
    assert not Reference.objects.filter(key="new-1").exists()
    renamed = Reference.objects.get(pk=library[0].pk)
    renamed.key = "another"
    with revising(by=author, because="A test"), pytest.raises(ValidationError, match="stays as it is"):
        save_together([renamed])
    moved = Author.objects.get(reference=library[0])
    moved.reference = library[1]
    with revising(by=author, because="A test"), pytest.raises(TypeError, match="stays under its reference"):
        save_together([moved])


def test_a_model_whose_save_does_more_is_not_written_together(author, monkeypatch):
    monkeypatch.setattr(Reference, "save", lambda self: VersionedRow.save(self), raising=False)
    with revising(by=author, because="A test"), pytest.raises(TypeError, match="does more"):
        save_together([Reference(key="new-1", title="A title")])


def test_whoever_listens_to_one_revision_listens_to_those_written_together():
    listening = {key for key, *_ in (entry[0] for entry in post_create_historical_record.receivers)}
    assert listening == {key for key, *_ in (entry[0] for entry in written_together.receivers)} == {"drugs.changes"}
    # The change set, which goes in with the rows.
    assert {entry[0][0] for entry in pre_create_historical_record.receivers} == {"basics.change_sets"}
