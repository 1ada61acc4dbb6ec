"""Whole pages as one file: what goes out comes in again, all of it or nothing."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.test import override_settings

from editions import actions
from editions.models import Edition, Flag, Page
from editions.standing import Standing
from editions.verification import verify
from references.models import Reference
from staff.models import User
from tests.bundle_commands import everything, exported, imported, refused
from tests.bundles import another_site, drug, live_a_while, outlines, public_pages
from tests.factories import a_person, published

ROOT = Path(__file__).resolve().parent.parent.parent


class Source:
    """What a site that lived a while looked like, and its bundles."""

    def __init__(self, folder: Path):
        self.file, self.pages = folder / "site.bundle.json", folder / "pages.bundle.json"
        with another_site():
            live_a_while()
            self.said = exported(self.file)
            exported(self.pages, "--page", "drug/imatinib", "drug/pazopanib", "condition/angiosarcoma")
            self.outlines, self.public, self.counted = outlines(), public_pages(), everything()
            self.changed = {one.key: Standing.of(one).has_changes for one in Page.objects.all()}

    def altered(self, folder: Path, alter) -> Path:
        """A copy of the site's bundle, with something altered in it."""
        whole = json.loads(self.file.read_text())
        alter(whole)
        file = folder / "altered.json"
        file.write_text(json.dumps(whole, ensure_ascii=False))
        return file


@pytest.fixture(scope="module")
def source(_databases, django_db_blocker, tmp_path_factory) -> Source:
    plain = {**settings.STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    with django_db_blocker.unblock(), override_settings(STORAGES=plain):  # as `tests.conftest._quick`, once for all
        _databases.prepare(starter_content=False, in_a_copy=False)
        return Source(tmp_path_factory.mktemp("bundles"))


@pytest.fixture
def edith(db) -> User:
    return a_person("edith", "Author", public_name="Edith Ames")


# Into an empty site


def test_an_empty_site_becomes_the_site_that_was_exported(source, db):
    imported(source.file)
    assert verify() == []
    assert outlines() == source.outlines
    here = public_pages()
    assert here.keys() == source.public.keys()
    for address, answer in source.public.items():
        assert here[address] == answer, address
    assert {"/drugs/regorafenib/": 301, "/drugs/cediranib/": 410}.items() <= {
        address: answer[0] for address, answer in here.items()
    }.items()


def test_what_an_imported_site_exports_is_the_same_file_byte_for_byte(source, db, tmp_path):
    imported(source.file)
    exported(tmp_path / "again.json")
    assert (tmp_path / "again.json").read_bytes() == source.file.read_bytes()


def test_a_duplicate_is_one_on_the_imported_site_too(source, db):
    imported(source.file)
    assert Reference.objects.get(key="berry-2017-b").stands_in == "berry-2017"


def test_the_desk_of_an_imported_site_knows_what_waits_and_which_drafts_have_changes(source, db):
    imported(source.file)
    assert {one.key: Standing.of(one).has_changes for one in Page.objects.all()} == source.changed
    assert Edition.objects.get(progress="in_review").page.key == "drug/olaratumab"
    assert Flag.objects.open().filter(told__isnull=False).count() == 2


def test_people_come_with_their_numbers_and_nobody_can_sign_in(source, db):
    imported(source.file)
    people = User.objects.all()
    assert {"person-" + str(one.pk) for one in people} == {one.username for one in people}
    assert not any(one.is_active or one.groups.exists() or one.email or one.has_usable_password() for one in people)
    assert "Dr Ravi Shah" in {one.public_name for one in people}
    assert a_person("newcomer").pk > max(one.pk for one in people if one.username != "newcomer")


def test_nothing_in_a_bundle_lets_anybody_in_and_names_that_were_removed_stay_removed(source):
    text = source.file.read_text()
    for word in ("edith@example.org", '"password"', "token", "grace@", "Grace", "Lena", "md5$"):
        assert word not in text, word
    assert stat.S_IMODE(source.file.stat().st_mode) == 0o600


def test_four_eyes_hold_on_an_imported_site(source, db):
    imported(source.file)
    edition = Edition.objects.get(progress="in_review")
    writer = edition.submitted_by
    User.objects.filter(pk=writer.pk).update(is_active=True)
    writer = User.objects.get(pk=writer.pk)
    writer.groups.set(a_person("model", "Clinical reviewer").groups.all())
    with pytest.raises(actions.FourEyes):
        actions.review(edition, by=writer, outcome="approved")


def test_life_goes_on_after_an_import(source, db):
    imported(source.file)
    edith = a_person("edith", "Author")
    team = {"reviewer": a_person("rita", "Clinical reviewer"), "publisher": a_person("paul", "Publisher")}
    edition = published(drug("sunitinib"), author=edith, **team, change_note="After the move.")
    assert edition.number == 3 and verify() == []


def test_a_dry_run_checks_everything_and_writes_nothing(source, db):
    before = everything()
    said = imported(source.file, "--dry-run")
    assert said.startswith("Dry run, nothing was changed.") and "newest seal" in said
    assert everything() == before


def test_an_account_that_has_somebodys_number_is_in_the_way(source, db):
    number = json.loads(source.file.read_text())["record"]["people"][0]["number"]
    User(pk=number, username="first").save()
    assert f"an account here with the number {number}" in refused(source.file)
    assert not Page.objects.exists()


def test_a_seal_that_was_kept_elsewhere_must_be_in_the_bundle(source, db):
    newest = json.loads(source.file.read_text())["record"]["newest_seal"]
    assert "The expected seal ffff" in refused(source.file, "--expect", "f" * 64)
    assert "A seal has 64 letters and digits; this one has 4." in refused(source.file, "--expect", "ffff")
    grouped = " ".join(newest[at : at + 4] for at in range(0, 64, 4)).upper()  # as it is printed
    assert "record holds" in imported(source.file, "--expect", grouped)


def test_it_works_for_real_from_one_database_to_another(tmp_path):
    # Everything by the commands alone, each in a process and a database of its own.
    here, there = (f"sqlite:///{tmp_path / name}.sqlite3" for name in ("here", "there"))

    def run(database: str, *command: str) -> str:
        told = {**os.environ, "DATABASE_URL": database}
        done = subprocess.run(
            [sys.executable, "manage.py", *command], cwd=ROOT, env=told, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    run(here, "migrate", "--verbosity=0")
    run(here, "load_starter_content")
    run(here, "export_bundle", str(tmp_path / "site.json"))
    run(there, "migrate", "--verbosity=0")
    run(there, "import_bundle", str(tmp_path / "site.json"))
    assert run(there, "verify_editions") == run(here, "verify_editions")
    run(there, "export_bundle", str(tmp_path / "again.json"))
    assert (tmp_path / "again.json").read_bytes() == (tmp_path / "site.json").read_bytes()


def test_the_program_in_the_documentation_checks_a_bundle_and_finds_what_was_altered(source, tmp_path):
    program = (ROOT / "docs" / "bundles.md").read_text().split("```python\n")[1].split("```")[0]

    def checked(file: Path):
        return subprocess.run([sys.executable, "-c", program, file], capture_output=True, text=True)

    newest = json.loads(source.file.read_text())["record"]["newest_seal"]
    assert f"entries hold, newest seal {newest}" in checked(source.file).stdout
    altered = source.altered(tmp_path, _record("entries", 20, "statement", _renamed("checking", "cheking")))
    assert "AssertionError" in checked(altered).stderr


# A bundle that somebody altered


def _record(name, place, field, value):
    def alter(whole):
        row = whole["record"][name][place]
        row[field] = value(row[field]) if callable(value) else value

    return alter


def _without(name, place):
    def alter(whole):
        del whole["record"][name][place]

    return alter


def _cut_off(whole):
    del whole["record"]["entries"][-1]
    whole["record"]["newest_seal"] = whole["record"]["entries"][-1]["seal"]


def _renamed(old, new):
    return lambda text: text.replace(old, new)


def _of(name, field, wanted):
    """The first row in which a field has a value."""

    def find(whole):
        return next(row for row in whole["record"][name] if row[field] == wanted)

    return find


def _changing(find, **fields):
    return lambda whole: find(whole).update(fields)


TAMPERED = {
    "the words of an edition": (
        _record("editions", 3, "content", _renamed('"summary":"', '"summary":"Not ')),
        "its content or its change note is not what was sealed",
    ),
    "a change note": (_record("editions", 0, "change_note", "Other."), "is not what was sealed"),
    "a digest": (_record("editions", 0, "digest", "0" * 64), "is not what was sealed"),
    "a number": (_record("editions", 0, "number", 2), "counts as published, number 2"),
    "a step": (_changing(_of("editions", "progress", "in_review"), progress="approved"), "counts as approved"),
    "who submitted": (
        _record("editions", 0, "submitted_by", 424242),
        "The person 424242, of which this speaks, is not",
    ),
    "a statement": (
        _record("entries", 20, "statement", _renamed("checking", "cheking")),
        "Entry 21 was altered: its seal does not fit what it says.",
    ),
    "a seal": (_record("entries", 4, "seal", "0" * 64), "Entry 5 was altered: its seal does not fit"),
    "a name beside an entry": (_record("entries", 1, "name", "Nobody"), "Entry 2 was altered: the name beside it"),
    "a name taken away": (
        lambda whole: whole["record"]["entries"][1].update(name="", salt=""),
        "Entry 2 was altered: its name was taken away without a request",
    ),
    "an entry in the middle": (_without("entries", 5), "record.entries[5]: Entry 6 was removed"),
    "the last entry": (_without("entries", -1), "record.newest_seal: The newest entry was removed"),
    "the last entry, with the newest seal": (_cut_off, "was taken away without a request"),
    "an edition": (_without("editions", 2), "of which this speaks, is not in the bundle"),
    "a review": (_without("reviews", 0), "of which this speaks, is not in the bundle"),
    "a verdict": (_record("reviews", 0, "outcome", "approved"), "its verdict or its words are not what was sealed"),
    "a comment": (_record("reviews", 0, "comment", "Fine."), "its verdict or its words are not what was sealed"),
    "the reviewer's name": (_record("reviews", 0, "reviewer_name", "Dr Nobody"), "name is not what was sealed"),
    "an address": (_record("pages", 0, "slug", "elsewhere"), "its address is not the one in the record"),
    "a page": (_without("pages", 0), "of which this speaks, is not in the bundle"),
    "the kind of a page": (_record("pages", 0, "key", "song/a"), "record.pages[0].key: “song” is no kind of page here"),
    "a count of changes": (_record("pages", 0, "changes", 0), "seen fewer changes than one of its editions"),
}


@pytest.mark.parametrize("what", list(TAMPERED))
def test_a_bundle_that_was_altered_is_refused_with_a_sentence_and_nothing_is_written(source, db, tmp_path, what):
    alter, sentence = TAMPERED[what]
    before = everything()
    said = refused(source.altered(tmp_path, alter))
    assert "was not imported, and nothing was changed" in said and sentence in said, said
    assert everything() == before


def test_the_content_of_an_edition_that_would_exhaust_the_reader_is_refused(source, db, tmp_path):
    for text in ("[" * 100_000, '{"a":' * 100_000, "[1]", '{"format": []}', '{"kind": "guide"}', '"\\ud800"', ""):
        said = refused(source.altered(tmp_path, _record("editions", 3, "content", text)))
        assert "record.editions[3].content" in said, said


def test_drafts_that_the_tables_would_not_take_are_named_and_nothing_is_written(source, db, tmp_path):
    def alter(whole):
        whole["contents"][0]["draft"]["name"] = whole["contents"][1]["draft"]["name"] = "x" * 300

    before = everything()
    said = refused(source.altered(tmp_path, alter))
    assert "contents[0].draft: " in said and "contents[1].draft: " in said
    assert everything() == before


# Files that are no bundles


def _head(**fields) -> str:
    whole = {"format": "patient-information-bundle", "version": 1, "references": [], "mechanisms": [], "contents": []}
    return json.dumps({**whole, **fields})


A_SOURCE = {"key": "a-2018", "type": "article-journal", "title": "T"}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "The file is empty."),
        ("  \n", "The file is empty."),
        ("PK\x03\x04", "The file is no bundle: Invalid JSON"),
        ("[1, 2]", "The file is no bundle: Input should be an object"),
        ('{"format": "other"}', "its format is “other”"),
        (_head(version=2), "The bundle is of version 2; this program reads version 1."),
        (_head(version="1"), "The bundle is of version '1'"),
        ('{"format": "patient-information-bundle", "version": 1}', "references: Field required"),
        (_head(surprise=1), "surprise: Extra inputs are not permitted"),
        ("[" * 100_000, "recursion limit exceeded"),
        (
            _head(contents=[{"page": "drug/a", "draft": json.loads('{"a":' * 150 + "1" + "}" * 150)}]),
            "contents[0].draft",
        ),
        (_head(references=[{**A_SOURCE, "title": "a\0b"}]), "references[0].title: There is a character here"),
        (_head(references=[{**A_SOURCE, "title": "a\ud800b"}]), "The file is no bundle: Invalid JSON"),
        (_head(references=[A_SOURCE, A_SOURCE]), "references holds a-2018 twice"),
        (
            _head(contents=[{"page": "song/a", "draft": {"kind": "song"}}]),
            "contents[0].draft: “song” is no kind of page",
        ),
        (_head(contents=[{"page": "drug/a", "draft": {"kind": "drug", "format": 9}}]), "written in format 9"),
        (_head(contents=[{"page": "../etc/passwd"}]), "contents[0].page: String should match"),
    ],
)
def test_a_file_that_is_no_bundle_is_refused_with_a_sentence(edith, tmp_path, text, sentence):
    file = tmp_path / "bad.json"
    file.write_text(text)
    said = refused(file, "--by", "edith")
    assert sentence in said, said
    assert not Page.objects.exists() and not Reference.objects.exists()


def test_a_file_that_is_not_there_or_too_large_is_refused(edith, tmp_path, monkeypatch):
    assert "No such file" in refused(tmp_path / "nowhere.json", "--by", "edith")
    monkeypatch.setattr("drugs.bundles.reading.LARGEST", 10)
    (tmp_path / "large.json").write_text(_head())
    assert "is larger than" in refused(tmp_path / "large.json", "--by", "edith")


def test_every_fault_of_a_file_is_told_at_once_with_its_place(source, db, tmp_path):
    def alter(whole):
        whole["references"][0]["title"] = ""
        whole["record"]["entries"][2]["seal"] = "no seal"
        whole["contents"][1]["page"] = "Drug"

    said = refused(source.altered(tmp_path, alter))
    for place in ("references[0].title", "record.entries[2].seal", "contents[1].page"):
        assert place in said, said
