"""Hostile files, and hostile words in files, through every import: refused with a sentence, or kept as words."""

import csv
import io
import json
import zipfile

import pytest
import tablib
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from basics.exchange.formats import FORMATS, BadTable, format_of, guarded, unguarded
from basics.text import ForbiddenCharacter, tidy
from drugs.bundles import reading
from drugs.models import Term
from editions.bundles.faults import BadBundle
from references import formats
from tests.desk import Desk
from tests.hostile import corpus
from tests.hostile.pages import intruders

IMPORT = "/admin/drugs/term/import/"


def words(limit: int = 1000) -> list[str]:
    """What of the corpus a cell may hold."""
    found = []
    for payload in corpus():
        try:
            text = tidy(payload.text[:limit]).strip()
        except ForbiddenCharacter:
            continue
        if text:
            found.append(text)
    return list(dict.fromkeys(found))


def bombs() -> dict[str, bytes]:
    """Files that are hostile as a whole, by the name that they come under."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("[Content_Types].xml", b" " * 70_000_000)
    nested = io.BytesIO()
    with zipfile.ZipFile(nested, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", packed.getvalue())
        archive.writestr("../../../tmp/pwned.xml", b"x")
    outside = io.BytesIO()
    with zipfile.ZipFile(outside, "w") as archive:
        archive.writestr(
            "xl/workbook.xml", '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><workbook>&f;</workbook>'
        )
    return {
        "unpacks to much.xlsx": packed.getvalue(),
        "an archive in an archive.xlsx": nested.getvalue(),
        "a file of the machine.xlsx": outside.getvalue(),
        "no archive.xlsx": b"PK\x03\x04" + b"\0" * 100,
        "an old workbook.xlsx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 20,
        "deep.json": b"[" * 200_000,
        "deep objects.json": b'{"a":' * 100_000,
        "a number.json": b"1" * 100_000,
        "no list.json": b'{"key": "x"}',
        "a page.csv": b"<html><script>__pwned()</script>",
        "a program.csv": b"MZ\x90\0" + b"\0" * 1000,
        "a picture.csv": b"\x89PNG\r\n\x1a\n" + b"\0" * 100,
        "open quotation.csv": b'key,name\n"x,' + b"y" * 100_000,
        "very wide.csv": b"," * 100_000,
        "utf-16.csv": "key,name\nx,y\n".encode("utf-16"),
        "a table.exe": b"key,name\nx,y\n",
        "a table.csv.php": b"key,name\nx,y\n",
        "../../../etc/cron.d/x.csv": b"key,name\nx,y\n",
        "packed.csv": b"\x1f\x8b\x08\x00" + b"\0" * 50,
    }


def test_every_payload_as_a_whole_file_is_read_or_refused_in_a_sentence(tmp_path):
    for payload in corpus():
        data = payload.sent.encode()
        for name in ("x.csv", "x.json", "x.xlsx"):
            try:
                format_of(name).create_dataset(data)
            except BadTable as problem:
                assert str(problem).strip(), payload
        try:
            formats.read(data)
        except formats.NotReferences as problem:
            assert str(problem).strip(), payload
        file = tmp_path / "bundle.json"
        file.write_bytes(data)
        with pytest.raises(BadBundle):
            reading.read(file)


def test_a_bundle_with_hostile_words_for_each_of_its_values_is_refused_or_read(tmp_path):
    file = tmp_path / "bundle.json"
    whole = {"format": "sarcoma-bundle", "version": 1, "site": "x", "exported_at": "x", "pages": [], "references": []}
    for payload in corpus("values", "templates", "long", "queries"):
        file.write_text(json.dumps(whole | {"site": payload.sent, "pages": [{"key": payload.sent}]}))
        with pytest.raises(BadBundle):
            reading.read(file)


@pytest.mark.django_db
@pytest.mark.one_database
def test_hostile_files_are_refused_in_a_sentence_and_leave_nothing(starter_content, author):
    client, before = Desk(author).client, Term.objects.count()
    for name, data in bombs().items():
        for address in (IMPORT, "/admin/references/reference/take-in/"):
            file = SimpleUploadedFile("x", data)
            file.name = file._name = name
            answer = client.post(address, {"file": file})
            assert answer.status_code in {200, 422} and not intruders(answer.text), (name, answer.status_code)
    assert Term.objects.count() == before


@pytest.mark.parametrize("kind", FORMATS)
def test_no_cell_of_an_export_is_a_formula_and_each_comes_back_as_it_was(kind):
    given = words()
    table = tablib.Dataset(*[[one] for one in given], headers=["name"])
    data = FORMATS[kind]().export_data(table)
    data = data.encode() if isinstance(data, str) else data
    if kind == "csv":
        cells = [row[0] for row in csv.reader(io.StringIO(data.decode(), newline=""))]
        assert not [cell for cell in cells if cell[:1] in set("=+-@\t\r\n＝＋－＠")]
    elif kind == "xlsx":
        sheet = load_workbook(io.BytesIO(data)).active
        assert {cell.data_type for row in sheet.rows for cell in row} <= {"s", "inlineStr"}
    assert [row[0] for row in FORMATS[kind]().create_dataset(data)] == given
    assert [unguarded(guarded(one)) for one in given] == given


@pytest.mark.django_db
@pytest.mark.one_database
def test_hostile_words_of_a_table_come_in_as_words(starter_content, author):
    client, given = Desk(author).client, words(100)[:320]
    rows = [["key", "name", "definition"]] + [
        [f"hostile-{n}", f"{n} {one}", guarded(one)] for n, one in enumerate(given)
    ]
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    answer = client.post(IMPORT, {"file": SimpleUploadedFile("terms.csv", text.getvalue().encode())})
    assert answer.status_code == 200 and not intruders(answer.text), answer.context.get("said")
    answer = client.post("/admin/drugs/term/process_import/", {"upload": answer.context["upload"].key})
    assert answer.status_code == 302, answer.context["said"]
    stored = dict(Term.objects.filter(key__startswith="hostile-").values_list("key", "definition"))
    assert len(stored) == len(given) > 300
    assert all(stored[f"hostile-{n}"] == one for n, one in enumerate(given))
    for address in ("/admin/drugs/term/?p=2", "/admin/drugs/term/?q=script"):
        assert not intruders(client.get(address).text)
