"""The list of retractions, with the oddities that the published one has."""

import csv
from datetime import date
from pathlib import Path

import pytest

from references.retractions import Act, BrokenRow, Found, NotTheList, Ours, holding, read
from references.vocabulary import Nature

LIST = Path(__file__).parent / "files" / "retractions.csv"
OURS = Ours(
    dois={f"10.1000/{name}": name.replace(".", "-") for name in ("paper.a", "paper.c", "paper.d", "paper.e", "paper.f")}
    | {"10.1000/notice.1": "notice-1"},
    pmids={"29000001": "paper-a", "29000002": "paper-b"},
)


@pytest.fixture(scope="module")
def found() -> Found:
    return read(LIST, OURS)


def of(found: Found, key: str) -> list[Act]:
    return [match.act for match in found.matches if match.key == key]


def rewritten(path: Path, change, encoding: str = "utf-8") -> Path:
    """The list with its rows (header first) changed by a function."""
    with LIST.open(newline="", encoding="utf-8") as file:
        rows = change(list(csv.reader(file)))
    with path.open("w", newline="", encoding=encoding) as file:
        csv.writer(file).writerows(rows)
    return path


def test_a_paper_of_ours_is_found_by_its_doi_in_any_spelling(found):
    assert of(found, "paper-a") == [
        Act(
            record=101,
            title="A trial of imatinib, in two lines",
            nature=Nature.RETRACTION,
            made_on=date(2021, 5, 3),
            notice_doi="10.1000/notice.1",
            notice_pmid="30000001",
            reasons=("Concerns/Issues About Data", "Original Data not Provided"),
        )
    ]


def test_a_paper_of_ours_is_found_by_its_pubmed_number(found):
    (act,) = of(found, "paper-b")
    assert (act.nature, act.made_on, act.notice_doi, act.notice_pmid) == (Nature.CONCERN, date(2019, 12, 31), "", "")


def test_a_reference_that_is_the_notice_itself_is_told_from_the_paper(found):
    assert {(match.key, match.is_notice) for match in found.matches if match.act.record == 101} == {
        ("paper-a", False),
        ("notice-1", True),
    }
    assert [match.is_notice for match in found.matches if match.key == "paper-d"] == [False]


def test_unavailable_and_nought_are_no_identifiers(found):
    assert {match.key for match in found.matches} == {"paper-a", "paper-b", "paper-c", "paper-d", "notice-1"}


def test_a_broken_row_is_named_and_the_rest_goes_on(found):
    assert found.rows == 9
    assert found.broken == [
        BrokenRow(5, "it has 5 values, and the header names 20"),
        BrokenRow(9, "its RetractionDate is “13/45/2020 0:00”, which is no day written as 3/31/2018 0:00"),
        BrokenRow(10, "its RetractionNature is “Vanished”, which is none that we know"),
    ]


def test_the_newest_act_holds_but_a_retraction_until_a_reinstatement(found):
    def act(record: int, nature: Nature, year: int | None) -> Act:
        return Act(record, "", nature, date(year, 1, 1) if year else None, "", "", ())

    assert holding(of(found, "paper-c")).record == 106
    retracted = act(1, Nature.RETRACTION, 2015)
    assert holding([act(2, Nature.CORRECTION, 2018), retracted]) == retracted
    assert holding([act(2, Nature.REINSTATEMENT, 2014), retracted]) == retracted
    assert holding([act(3, Nature.CONCERN, 2018), act(2, Nature.REINSTATEMENT, 2016), retracted]).record == 3
    assert holding([act(2, Nature.CORRECTION, None), act(1, Nature.CONCERN, 2010)]).record == 1
    assert holding([]) is None


def test_columns_may_stand_in_any_order_and_under_names_with_other_capitals(tmp_path, found):
    def turned(rows):
        rows = [row for row in rows if len(row) == len(rows[0])]
        return [[name.upper() for name in reversed(rows[0])], *([*reversed(row)] for row in rows[1:])]

    assert read(rewritten(tmp_path / "a.csv", turned), OURS).matches == found.matches


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1"])
def test_each_encoding_of_the_list_is_read(tmp_path, encoding):
    def with_accent(rows):
        rows[1][1] = "Étude de l’imatinib".replace("’", "'")
        return rows

    found = read(rewritten(tmp_path / "a.csv", with_accent, encoding), OURS)
    assert of(found, "paper-a")[0].title == "Étude de l'imatinib"


def test_a_missing_column_is_named(tmp_path):
    path = rewritten(tmp_path / "a.csv", lambda rows: [[*row[:15], *row[17:]] for row in rows])
    with pytest.raises(NotTheList, match="lacks the columns OriginalPaperPubMedID, RetractionNature"):
        read(path, OURS)
    (tmp_path / "empty.csv").write_text("")
    with pytest.raises(NotTheList, match="Record ID"):
        read(tmp_path / "empty.csv", OURS)


def test_a_quote_that_nobody_closes_does_not_end_the_reading(tmp_path, found):
    text = LIST.read_text(encoding="utf-8")
    filler = "".join(f"9{number},{'x' * 90}{',' * 18}\n" for number in range(2000))
    header, rest = text.split("\n", 1)
    path = tmp_path / "a.csv"
    path.write_text(f'{header}\n1,"Never closed,{"," * 17}\n{filler}{rest}', encoding="utf-8")
    again = read(path, OURS)
    assert {match.act.record for match in again.matches} == {match.act.record for match in found.matches}
    assert "it is not CSV" in again.broken[0].sentence


def test_invisible_characters_of_the_list_stay_outside(tmp_path):
    def with_controls(rows):
        rows[1][1], rows[1][17] = "A\x00 tri\u202eal\x0b of", "+One\u200b;;+Two;"
        return rows

    act = of(read(rewritten(tmp_path / "a.csv", with_controls), OURS), "paper-a")[0]
    assert (act.title, act.reasons) == ("A tri al of", ("One", "Two"))
