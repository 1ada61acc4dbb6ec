"""References come in from files, pasted text and registers: shown first, then all or none."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from references import lookup, taking_in
from references.fetching import NoNetwork
from references.matching import Ambiguous, candidates
from references.models import Reference
from references.taking_in import NotTakenIn
from tests.desk import Desk, fields_of
from tests.factories import a_person, a_reference

pytestmark = pytest.mark.django_db
FILES = Path(__file__).parent / "files"
TAKE_IN = "/admin/references/reference/take-in/"
CONFIRM = f"{TAKE_IN}confirm/"


def ris(*records: dict[str, str]) -> str:
    def one(fields: dict[str, str]) -> str:
        tags = {"TY": "JOUR", "AU": "Nakano, K.", "TI": "Imatinib in GIST", "PY": "2018", **fields}
        return "".join(f"{tag}  - {value}\n" for tag, value in tags.items()) + "ER  - \n"

    return "\n".join(map(one, records))


def states(text: str) -> list[str]:
    return [one.state for one in taking_in.preview(text).candidates]


# What the library has already


@pytest.mark.parametrize(
    ("ours", "record", "state"),
    [
        ({"doi": "10.1000/a"}, {"DO": "https://doi.org/10.1000/A", "TI": "Another title"}, "different"),
        ({"pmid": "29510588"}, {"AN": "29510588", "DB": "PubMed", "TI": "Another title"}, "different"),
        ({"title": "Imatinib in GIST."}, {"TI": "Imatinib in G.I.S.T."}, "new"),
        ({"title": "Imatinib in GIST"}, {"TI": "IMATINIB in GIST"}, "different"),
        ({"title": "Imatinib in GIST"}, {}, "different"),  # theirs names given names that ours lacks
        ({"title": "Imatinib in GIST", "issued": "2017"}, {}, "new"),
        ({"title": "Imatinib in GIST", "doi": "10.1000/a"}, {"DO": "10.1000/b"}, "new"),
    ],
)
def test_a_record_is_known_by_doi_then_pubmed_number_then_title_year_and_first_author(ours, record, state):
    a_reference(**ours)
    assert states(ris(record)) == [state]


def test_what_is_here_word_for_word_is_the_same_and_a_file_that_says_less_speaks_against_nothing():
    taking_in.take_in(ris({"DO": "10.1000/a", "JO": "Cells"}), by=None, because="x")
    assert states(ris({"DO": "10.1000/a", "JO": "Cells"})) == ["same"] == states(ris({"DO": "10.1000/a"}))


def test_a_source_that_a_file_names_twice_is_kept_once():
    text = ris({"DO": "10.1000/a"}, {"DO": "10.1000/A", "TI": "Same paper"}, {"DO": "10.1000/b", "TI": "Another"})
    assert states(text) == ["new", "twice", "new"]
    assert taking_in.take_in(text, by=None, because="x") == {"new": 2, "changed": 0, "left": 1}
    assert list(Reference.objects.values_list("key", flat=True)) == ["nakano-2018", "nakano-2018-c"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"TI": "Иматиниб", "AU": "Иванов, И."}, {"TI": "Сунитиниб", "AU": "Петров, П."}),
        ({"AU": "", "UR": "https://a.example/imatinib"}, {"AU": "", "UR": "https://b.example/imatinib"}),
    ],
)
def test_titles_in_any_script_are_told_apart_and_so_are_pages_that_name_no_author(one, other):
    assert states(ris(one, other)) == ["new", "new"]
    taking_in.take_in(ris(one), by=None, because="x")
    assert states(ris(one)) == ["same"]
    assert states(ris(other)) == ["new"]


def test_keys_that_are_taken_here_are_not_given_again():
    a_reference("nakano-2018", title="Quite another")
    assert taking_in.preview(ris({"DO": "10.1000/z"})).candidates[0].source.key == "nakano-2018-b"


def test_a_record_whose_numbers_belong_to_two_references_is_refused_with_both_names():
    a_reference("one-2018", doi="10.1000/a")
    a_reference("two-2018", pmid="123")
    text = ris({"DO": "10.1000/a", "AN": "123", "DB": "PubMed"})
    assert "“one-2018” and “two-2018”" in taking_in.preview(text).problems[0]
    with pytest.raises(NotTakenIn, match="duplicate"):
        taking_in.take_in(text, by=None, because="x")


def test_a_record_of_a_duplicate_is_the_reference_that_stayed():
    stayed = a_reference("stayed-2018")
    gone = a_reference("gone-2018", doi="10.1000/gone")
    gone.merged_into = stayed
    gone.save()
    assert taking_in.preview(ris({"DO": "10.1000/gone"})).candidates[0].reference == stayed


def test_many_records_are_looked_up_in_a_fixed_number_of_queries(django_assert_max_num_queries):
    text = ris(*({"DO": f"10.1000/{n}", "TI": f"Paper {n}"} for n in range(200)))
    with django_assert_max_num_queries(8):
        assert len(taking_in.preview(text).candidates) == 200
    assert not [one for one in candidates([]) if isinstance(one, Ambiguous)]


# All or none


@pytest.mark.parametrize(
    ("choice", "title", "container"),
    [("leave", "Ours", ""), ("fill", "Ours", "Cells"), ("take", "Theirs", "Cells")],
)
def test_what_differs_is_left_filled_or_taken(choice, title, container):
    a_reference(doi="10.1000/a", title="Ours")
    taking_in.take_in(ris({"DO": "10.1000/a", "TI": "Theirs", "JO": "Cells"}), by=None, because="x", usual=choice)
    stored = Reference.objects.get()
    assert (stored.title, stored.container) == (title, container)
    assert stored.history.count() == (1 if choice == "leave" else 2)


def test_one_record_that_cannot_be_kept_keeps_all_others_out():
    a_reference("pages-2018", doi="10.1000/a", article_number="739")
    text = ris({"DO": "10.1000/new"}, {"DO": "10.1000/a", "SP": "1", "EP": "9"}, {"TI": ""})
    with pytest.raises(NotTakenIn) as refused:
        taking_in.take_in(text, by=None, because="x", usual="take")
    assert "Record 3" in refused.value.sentences[0] and Reference.objects.count() == 1


def test_pages_take_the_place_of_an_article_number_and_the_other_way_round():
    a_reference(doi="10.1000/a", article_number="739")
    taking_in.take_in(ris({"DO": "10.1000/a", "SP": "1", "EP": "9"}), by=None, because="x", usual="take")
    assert (Reference.objects.get().pages, Reference.objects.get().article_number) == ("1-9", "")


@pytest.mark.parametrize("file", sorted({*FILES.glob("*.*")} - {*FILES.glob("*.csv")}), ids=lambda file: file.name)
def test_every_file_of_ours_comes_in_whole_and_the_second_time_changes_nothing(file):
    shown = taking_in.preview(file.read_bytes(), file.name)
    if shown.problems:
        with pytest.raises(NotTakenIn):
            taking_in.take_in(file.read_bytes(), by=None, because="x")
        assert not Reference.objects.exists()
        return
    done = taking_in.take_in(file.read_bytes(), by=None, because="x")
    assert done["new"] == Reference.objects.count() > 0
    again = taking_in.take_in(file.read_bytes(), by=None, because="x", usual="take")
    assert (again["new"], again["changed"]) == (0, 0)


# The screen


def shown(desk: Desk, text: str, **more):
    return desk.client.post(TAKE_IN, {"text": text, **more})


def test_an_author_pastes_looks_chooses_and_keeps(author):
    ours = a_reference("berry-2017", doi="10.1000/a", title="Ours")
    desk = Desk(author)
    answer = shown(desk, ris({"DO": "10.1000/a", "TI": "Theirs"}, {"DO": "10.1000/b", "TI": "<b>New</b> & good"}))
    assert answer.status_code == 200 and "1 new" in answer.text and "Theirs" in answer.text and "Ours" in answer.text
    assert Reference.objects.count() == 1  # nothing is changed yet
    form = fields_of(answer)
    kept = desk.client.post(CONFIRM, {**form, "choice-1": "take"}, follow=True)
    assert "1 new, 1 changed, 0 left as they were." in kept.text
    ours.refresh_from_db()
    assert ours.title == "Theirs"
    revision = Reference.objects.exclude(pk=ours.pk).get().history.get()
    assert revision.history_user == author and "pasted text (SHA-256" in revision.history_change_reason
    again = desk.client.post(CONFIRM, {**form, "choice-1": "take", "form_token": "another"})
    assert again.status_code == 409 and "no longer there" in again.text


def test_a_reference_that_changed_since_the_preview_keeps_all_out(author):
    ours = a_reference("berry-2017", doi="10.1000/a", title="Ours")
    desk = Desk(author)
    form = fields_of(shown(desk, ris({"DO": "10.1000/a", "TI": "Theirs"})))
    ours.title = "Ours, better"
    ours.save()
    answer = desk.client.post(CONFIRM, {**form, "choice-1": "take"})
    assert answer.status_code == 409 and "Somebody changed one of these references" in answer.text
    assert Reference.objects.get().title == "Ours, better"


def test_a_file_is_taken_too_and_its_name_stands_in_the_history(author):
    desk = Desk(author)
    with (FILES / "zotero.bib").open("rb") as file:
        answer = desk.client.post(TAKE_IN, {"text": "", "file": file})
    desk.client.post(CONFIRM, fields_of(answer))
    assert "zotero.bib" in Reference.objects.first().history.get().history_change_reason


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "one of the two"),
        ("Dear colleague, please add this paper.", "Nothing was kept"),
        ("TY  - JOUR\nER  - \n", "Record 1"),
        ("\x00\x01", "Null characters are not allowed"),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence_and_stays_in_the_form(author, text, sentence):
    answer = shown(Desk(author), text)
    assert answer.status_code == 422 and sentence in answer.text and not Reference.objects.exists()
    if text.isprintable() and text:
        assert text in answer.text


def test_more_than_a_person_looks_through_is_left_to_the_command(author):
    answer = shown(Desk(author), ris(*({"DO": f"10.1000/{n}"} for n in range(501))))
    assert answer.status_code == 422 and "import_references" in answer.text


def test_a_file_that_is_too_large_to_wait_for_is_left_to_the_command(author, tmp_path):
    large = tmp_path / "large.ris"
    large.write_bytes(b"TY  - JOUR\n" * 200_000)
    with large.open("rb") as file:
        answer = Desk(author).client.post(TAKE_IN, {"text": "", "file": file})
    assert answer.status_code == 422 and "import_references" in answer.text


def test_only_who_may_import_brings_references_in(reviewer, publisher, author):
    for person in (reviewer, publisher):
        assert Desk(person).client.get(TAKE_IN).status_code == 403
        assert Desk(person).client.post(CONFIRM, {"upload": "x"}).status_code == 403
    form = fields_of(shown(Desk(author), ris({"DO": "10.1000/a"})))
    other = Desk(a_person("other", "Author")).client.post(CONFIRM, form)
    assert other.status_code == 409 and not Reference.objects.exists()


# By their numbers


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("10.3390/ijms19030739", ["10.3390/ijms19030739"]),
        ("PMID: 29510588\nhttps://doi.org/10.1000/a, 123", ["PMID:29510588", "https://doi.org/10.1000/a", "123"]),
        ("PMID 29510588", ["PMID:29510588"]),
        ("see 10.1000/a", []),
        ("TY  - JOUR", []),
        ("", []),
    ],
)
def test_numbers_are_told_from_text(text, numbers):
    assert taking_in.numbers_in(text) == numbers


def test_a_doi_and_a_pubmed_number_are_looked_up(author, monkeypatch):
    csl = [{"type": "article-journal", "title": "By DOI", "DOI": "10.1000/a", "issued": {"date-parts": [[2018]]}}]
    nbib = "PMID- 29510588\nTI  - By number.\nDP  - 2018\nAU  - Nakano K\n"
    monkeypatch.setattr(lookup, "by_doi", lambda doi, site: json.dumps(csl).encode())
    monkeypatch.setattr(lookup, "by_pmid", lambda pmid, site: nbib.encode())
    desk = Desk(author)
    answer = shown(desk, "10.1000/a\nPMID: 29510588")
    assert "By DOI" in answer.text and "By number" in answer.text
    desk.client.post(CONFIRM, fields_of(answer))
    assert set(Reference.objects.values_list("title", flat=True)) == {"By DOI", "By number"}


def test_without_a_network_a_sentence_says_so_and_the_numbers_stay_in_the_form(author, monkeypatch):
    def nobody(*args, **kwargs):
        raise NoNetwork("doi.org could not be reached: this machine has no network.")

    monkeypatch.setattr(lookup, "by_doi", nobody)
    answer = shown(Desk(author), "10.1000/a")
    assert answer.status_code == 422 and "no network" in answer.text and "10.1000/a" in answer.text


def test_more_than_ten_numbers_are_not_asked_for_at_once(author):
    answer = shown(Desk(author), "\n".join(f"10.1000/{n}" for n in range(11)))
    assert answer.status_code == 422 and "At most 10 numbers" in answer.text


# While citing


def cite_new(desk: Desk, text: str):
    return desk.client.post("/admin/references/reference/cite/add/", {"text": text})


def test_a_record_pasted_while_citing_is_kept_and_picked(author):
    answer = cite_new(Desk(author), ris({"DO": "10.1000/a"}))
    pk = str(Reference.objects.get().pk)
    assert answer.json() == {
        "references": [{"key": "nakano-2018", "title": "Imatinib in GIST", "year": "2018", "pk": pk}]
    }
    assert cite_new(Desk(author), ris({"DO": "10.1000/a", "TI": "x"})).json()["references"][0]["key"] == "nakano-2018"
    assert Reference.objects.get().title == "Imatinib in GIST"


def test_a_key_that_goes_to_another_source_meanwhile_is_not_cited_for_it(author, monkeypatch):
    preview = taking_in.preview

    def and_a_colleague(text):
        seen = preview(text)
        monkeypatch.setattr(taking_in, "preview", preview)
        a_reference("nakano-2018", title="Quite another")
        return seen

    monkeypatch.setattr(taking_in, "preview", and_a_colleague)
    answer = cite_new(Desk(author), ris({"DO": "10.1000/a"}))
    assert answer.status_code == 422 and "Somebody changed" in answer.json()["said"][0]


def test_what_cannot_be_kept_while_citing_says_why(author, reviewer):
    two = cite_new(Desk(author), ris({"DO": "10.1000/a"}, {"DO": "10.1000/b"}))
    assert two.status_code == 422 and "several records" in two.json()["said"][0]
    assert cite_new(Desk(author), "what?").status_code == 422
    nothing = cite_new(Desk(author), '<?xml version="1.0"?><PubmedArticleSet/>')
    assert nothing.status_code == 422 and "no record" in nothing.json()["said"][0]
    assert cite_new(Desk(reviewer), ris({})).status_code == 403
    assert not Reference.objects.exists()


# The command


def run(*args) -> str:
    out = StringIO()
    call_command("import_references", *map(str, args), stdout=out)
    return out.getvalue()


def test_the_command_does_the_same(author, tmp_path):
    file = tmp_path / "mine.ris"
    file.write_text(ris({"DO": "10.1000/a"}, {"DO": "10.1000/b", "TI": "Other"}))
    assert "2 would be new" in run(file, "--by", "edith", "--dry-run") and not Reference.objects.exists()
    assert "2 new, 0 changed, 0 left as they were." in run(file, "--by", "edith")
    assert "0 new, 0 changed, 2 left" in run(file, "--by", "edith", "--different", "take")
    assert Reference.objects.first().history.get().history_user == author


@pytest.mark.parametrize(
    ("content", "by", "sentence"),
    [
        ("TY  - JOUR\nER  - \n", "edith", "Record 1"),
        ("nothing", "edith", "mine.ris"),
        ("TY  - JOUR\nTI  - x\nER  - \n", "nobody", "Nobody signs in"),
        ("TY  - JOUR\nTI  - x\nER  - \n", "ravi", "may not"),
    ],
)
def test_the_command_ends_with_a_sentence(author, reviewer, tmp_path, content, by, sentence):
    file = tmp_path / "mine.ris"
    file.write_text(content)
    with pytest.raises(CommandError, match=sentence):
        run(file, "--by", by)
    with pytest.raises(CommandError, match=r"missing\.ris"):
        run(tmp_path / "missing.ris", "--by", "edith")
    assert not Reference.objects.exists()
