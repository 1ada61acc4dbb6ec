"""Hostile words for every value of every format that is brought in: each column of each table, each field of a record."""

import csv
import io
import json
from itertools import cycle

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse
from openpyxl import Workbook

from basics.exchange.formats import FORMATS
from drugs.bundles import reading
from editions.bundles.faults import BadBundle
from references import formats
from tests.bundle_commands import exported
from tests.desk import Desk
from tests.hostile import corpus
from tests.hostile.dealing import ALL, shares, tried_at
from tests.hostile.records import NAMES, leaves, values, with_words
from tests.hostile.test_files import words
from tests.permissions import TABLES

FEW = () if ALL else ("cells",)  # classes of the corpus
TAKE_IN = "/admin/references/reference/take-in/"


def written(header: list[str], rows: list[list[str]], kind: str) -> bytes:
    """A table as somebody's own program would write it: no cell is guarded for us."""
    if kind == "json":
        return json.dumps([dict(zip(header, row, strict=True)) for row in rows]).encode()
    if kind == "csv":
        text = io.StringIO()
        csv.writer(text).writerows([header, *rows])
        return text.getvalue().encode("utf-8", "replace")
    book, file = Workbook(), io.BytesIO()
    for number, row in enumerate([header, *rows], 1):
        for place, cell in enumerate(row, 1):
            one = book.active.cell(number, place)
            one.value, one.data_type = cell, "s"
    book.save(file)
    return file.getvalue()


@pytest.mark.django_db
@pytest.mark.one_database
@pytest.mark.parametrize("table", sorted(TABLES) if ALL else ["drugs_term", "references_reference"])
def test_hostile_words_in_a_column_of_a_table_are_refused_in_a_sentence_or_come_in_as_words(
    starter_content, author, tally, table
):
    client = Desk(author, raise_request_exception=not ALL).client
    columns = client.get(reverse(f"admin:{table}_import")).context["columns"]
    given = [one.sent[:1000] for one in corpus(*FEW)]
    for column in columns:
        for start in range(0, len(given), 60):
            several = enumerate(given[start : start + 60])
            rows = [[words if name == column else f"x-{n}" for name in columns] for n, words in several]
            several_at_once(client, table, "csv", columns, rows, tally, (table, column, start))


@pytest.mark.django_db
@pytest.mark.one_database
@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("table", sorted(TABLES) if ALL else ["drugs_term"])
def test_rows_of_hostile_words_are_refused_in_a_sentence_or_come_in_as_words(
    starter_content, author, tally, table, kind
):
    client = Desk(author, raise_request_exception=not ALL).client
    columns = client.get(reverse(f"admin:{table}_import")).context["columns"]
    given = words(1000) if kind == "xlsx" else [one.sent[:1000] for one in corpus()]
    rows = [[given[(n + 47 * k) % len(given)] for k in range(len(columns))] for n in range(len(given))]
    for start in range(0, len(rows) if ALL else 40, 20):
        several_at_once(client, table, kind, columns, rows[start : start + 20], tally, (table, kind, start))


def several_at_once(client, table: str, kind: str, columns, rows, tally, what) -> None:
    """Preview a table, and keep it if it can be; then all is as it was."""
    file = SimpleUploadedFile(f"table.{kind}", written(columns, rows, kind))
    with transaction.atomic():
        answer = client.post(reverse(f"admin:{table}_import"), {"file": file})
        tally.check(answer, what, tried=len(rows) * len(columns))
        assert answer.status_code in {200, 422, 500}, what
        if upload := answer.context and answer.context.get("upload"):
            answer = client.post(reverse(f"admin:{table}_process_import"), {"upload": upload.key})
            tally.check(answer, what, tried=0)
            tally.check(client.get(reverse(f"admin:{table}_changelist")), what, tried=0)
        else:
            assert answer.status_code == 500 or answer.context["said"], what
        transaction.set_rollback(True)


@pytest.mark.parametrize("name", NAMES)
def test_hostile_words_for_every_value_of_a_record_are_read_as_words_or_refused_in_a_sentence(tally, name):
    for payload, place in tried_at(values(name), *FEW):
        data = with_words(name, place, payload.sent)
        tally.read()
        try:
            found = formats.read(data, name)
        except formats.NotReferences as problem:
            assert str(problem).strip(), payload
            continue
        except Exception as problem:
            tally.broke((name, place, payload), problem)
            continue
        assert all(problem.message.strip() for problem in found.problems), payload
        for format, kind in formats.FORMATS.items():
            if kind.write and found.records:  # what was read can be written, and read again
                formats.read(formats.write([one.source for one in found.records], format))


@pytest.mark.django_db
@pytest.mark.one_database
@pytest.mark.parametrize("name", NAMES)
def test_records_of_hostile_words_are_shown_as_words_and_kept_as_words(starter_content, author, tally, name):
    client = Desk(author, raise_request_exception=not ALL).client
    for payload, place in zip(corpus(*FEW)[:: 1 if ALL else 4], cycle(values(name)), strict=False):  # every pair: above
        file = SimpleUploadedFile(name, with_words(name, place, payload.sent))
        with transaction.atomic():
            answer = client.post(TAKE_IN, {"file": file})
            tally.check(answer, (name, place, payload))
            if upload := answer.context and answer.context.get("upload"):
                answer = client.post(f"{TAKE_IN}confirm/", {"upload": upload.key})
                tally.check(answer, (name, place, payload), tried=0)
            transaction.set_rollback(True)


@pytest.mark.django_db
@pytest.mark.one_database
@pytest.mark.parametrize("share", shares(4))
def test_hostile_words_for_every_value_of_a_bundle_are_read_as_words_or_refused_in_a_sentence(
    starter_content, tmp_path, tally, share
):
    file = tmp_path / "bundle.json"
    exported(file, "--page", "drug/olaratumab")
    bundle = json.loads(file.read_text())
    # One value of each shape, told by its own name and that of what holds it.
    places = {tuple(path.split("/")[-2:]): (holder, key) for path, holder, key in leaves(bundle)}
    for payload, (holder, key) in tried_at([*places.values()][share :: len(shares(4))], *FEW):
        was, holder[key] = holder[key], payload.sent
        file.write_text(json.dumps(bundle))
        holder[key] = was
        tally.read()
        try:
            reading.read(file)
        except BadBundle as problem:
            assert str(problem).strip(), (payload, key)
        except Exception as problem:
            tally.broke((payload, key), problem)
