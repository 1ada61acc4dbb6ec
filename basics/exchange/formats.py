"""CSV, XLSX and JSON: read strictly, within limits, and written so that no cell runs as a formula.

A table is read as a header and rows of text. Whatever is unclear about its shape is refused here, with the row and the
column, before anything is made of it. Rows are counted as a spreadsheet counts them: the header is row 1.
"""

import csv
import io
import json
import math
import zipfile
from collections.abc import Iterable
from datetime import date, datetime

import tablib
from import_export.formats import base_formats

from basics.text import tidy

MOST_BYTES = 10 * 1024 * 1024
MOST_UNPACKED_BYTES = 60 * 1024 * 1024
MOST_ROWS = 20_000
MOST_COLUMNS = 60
MOST_LETTERS = 32_767  # of one cell of XLSX
# What a spreadsheet may take for a formula (OWASP, CSV Injection), full-width forms included.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")


class BadTable(ValueError):
    """The file cannot be read as a table. The message says where, and what to do."""


def guarded(text: str) -> str:
    """A cell that no spreadsheet runs. An apostrophe in front marks it as text, also one that was there already."""
    return f"'{text}" if text.startswith((*_FORMULA, "'")) else text


def unguarded(text: str) -> str:
    """A cell as it was before `guarded`."""
    return text[1:] if text.startswith("'") and text[1:].startswith((*_FORMULA, "'")) else text


def check_size(data: bytes) -> None:
    if len(data) > MOST_BYTES:
        raise BadTable(
            f"The file has {len(data) / 1024 / 1024:.1f} MB; at most {MOST_BYTES // 1024 // 1024} MB are read. "
            "Split it into several files."
        )
    if not data.strip():
        raise BadTable("The file is empty. Export the table first to see how one looks.")


def table(header: list[str], rows: Iterable[list[str]]) -> tablib.Dataset:
    """A header and rows as a dataset. Raises BadTable for what is unclear about its shape."""
    header = [_tidied(name, f"Row 1, column {place}") for place, name in enumerate(header, 1)]
    while header and not header[-1]:
        header.pop()  # spreadsheets keep empty columns on the right
    if not header:
        raise BadTable("Row 1 is empty. It has to hold the names of the columns.")
    if len(header) > MOST_COLUMNS:
        raise BadTable(f"Row 1 names {len(header)} columns; at most {MOST_COLUMNS} are read.")
    for place, name in enumerate(header):
        if not name:
            raise BadTable(f"Row 1: column {place + 1} has no name. Name it or delete it.")
        if name in header[:place]:
            raise BadTable(f"Row 1 names the column “{name}” twice. Delete one of them.")
    dataset = tablib.Dataset(headers=header)
    for number, row in enumerate(rows, 2):
        if not any(cell.strip() for cell in row):
            raise BadTable(f"Row {number} is empty. Delete it.")
        if len(row) < len(header):
            raise BadTable(
                f"Row {number} has {len(row)} cells; the header names {len(header)} columns. "
                f"Nothing stands in “{header[len(row)]}”: leave the cell empty, but keep it."
            )
        if any(cell.strip() for cell in row[len(header) :]):
            raise BadTable(
                f"Row {number} has a cell without a column: “{next(c for c in row[len(header) :] if c.strip())}”. "
                "Is a comma in a text not in quotation marks?"
            )
        if number - 1 > MOST_ROWS:
            raise BadTable(f"The file has more than {MOST_ROWS} rows. Split it into several files.")
        dataset.append(
            [_tidied(cell, f"Row {number}, column “{name}”") for name, cell in zip(header, row, strict=False)]
        )
    if not len(dataset):
        raise BadTable("The file holds a header and no rows, so there is nothing to import.")
    return dataset


def _tidied(cell: str, place: str) -> str:
    """A cell as a form would take it: tidied, without spaces around it."""
    try:
        return tidy(cell).strip()
    except ValueError as problem:
        raise BadTable(f"{place}: {problem}") from problem


def _shown(text: str) -> str:
    """Text from a file that may not be encodable, for a sentence about it."""
    return text.encode("utf-8", "backslashreplace").decode()


def _guarded_rows(dataset: tablib.Dataset) -> Iterable[list[str]]:
    yield [guarded(str(name)) for name in dataset.headers]
    for row in dataset:
        yield [guarded("" if cell is None else str(cell)) for cell in row]


class StrictCsv(base_formats.CSV):
    """Comma-separated, UTF-8 (RFC 4180). Files with semicolons or tabs, as some spreadsheets write them, are read too."""

    def create_dataset(self, in_stream: bytes, **kwargs) -> tablib.Dataset:
        check_size(in_stream)
        text = _decoded(in_stream)
        first = text.split("\n", 1)[0]
        delimiter = max(",;\t", key=first.count)
        csv.field_size_limit(MOST_BYTES)
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        try:
            rows = [[unguarded(cell) for cell in row] for row in reader]
        except csv.Error as problem:
            raise BadTable(f"Row {reader.line_num}: {problem}. Is a quotation mark missing?") from problem
        while rows and not any(cell.strip() for cell in rows[-1]):
            rows.pop()
        if not rows:
            raise BadTable("The file is empty. Export the table first to see how one looks.")
        return table(rows[0], rows[1:])

    def export_data(self, dataset: tablib.Dataset, **kwargs) -> bytes:
        out = io.StringIO(newline="")
        csv.writer(out).writerows(_guarded_rows(dataset))
        return out.getvalue().encode("utf-8-sig")  # the mark by which Excel knows UTF-8

    def is_binary(self) -> bool:
        return True  # bytes in and out: decoding is ours, with a sentence when it fails


def _decoded(data: bytes) -> str:
    if b"\0" in data:
        raise BadTable("This is no text file: it holds NUL bytes. Save the table as “CSV UTF-8”, or as XLSX.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        row = data[: problem.start].count(b"\n") + 1
        line = data[: problem.start].rpartition(b"\n")[2]
        column = line.count(b",") + 1
        raise BadTable(
            f"Row {row}, column {column}: a letter is not in UTF-8 (after “{line[-20:].decode('latin-1')}”). "
            "Save the table again as “CSV UTF-8”."
        ) from problem


class StrictXlsx(base_formats.XLSX):
    """The first sheet of a workbook (ISO/IEC 29500). Formulas are read as the values they had when it was saved."""

    def create_dataset(self, in_stream: bytes, **kwargs) -> tablib.Dataset:
        check_size(in_stream)
        _check_package(in_stream)
        import openpyxl

        try:
            values, formulas = (
                openpyxl.load_workbook(io.BytesIO(in_stream), read_only=True, data_only=data_only)
                .worksheets[0]
                .iter_rows(max_row=MOST_ROWS + 2, values_only=True)
                for data_only in (True, False)
            )
            rows = [
                [
                    _value_of(value, formula, number, place)
                    for place, (value, formula) in enumerate(
                        zip(row[: MOST_COLUMNS + 1], written[: MOST_COLUMNS + 1], strict=False), 1
                    )
                ]
                for number, (row, written) in enumerate(zip(values, formulas, strict=False), 1)
            ]
        except BadTable:
            raise
        except Exception as problem:
            # openpyxl raises whatever the damage leads to: KeyError, ValueError, zlib.error, DefusedXmlException …
            raise BadTable(
                "The workbook cannot be read: it is damaged, or not XLSX. Save it again as XLSX."
            ) from problem
        while rows and not any(cell.strip() for cell in rows[-1]):
            rows.pop()
        if not rows:
            raise BadTable("The first sheet is empty. Export the table first to see how one looks.")
        return table(rows[0], rows[1:])

    def export_data(self, dataset: tablib.Dataset, **kwargs) -> bytes:
        import openpyxl

        rows = list(_guarded_rows(dataset))
        for number, row in enumerate(rows, 1):
            for name, cell in zip(dataset.headers, row, strict=True):
                if len(cell) > MOST_LETTERS:
                    raise BadTable(
                        f"Row {number}, column “{name}” has {len(cell):,} letters; a cell of XLSX holds {MOST_LETTERS:,}. "
                        "Export the table as CSV or JSON."
                    )
        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet((dataset.title or "Table")[:31])
        for row in rows:
            sheet.append(row)
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()


def _check_package(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            unpacked = sum(entry.file_size for entry in package.infolist())
    except zipfile.BadZipFile as problem:
        raise BadTable("This is no XLSX workbook. Save it again as XLSX, or as “CSV UTF-8”.") from problem
    if unpacked > MOST_UNPACKED_BYTES:
        raise BadTable(
            f"The workbook unpacks to {unpacked // 1024 // 1024} MB; at most {MOST_UNPACKED_BYTES // 1024 // 1024} MB "
            "are read. Split it into several files."
        )


def _value_of(value, formula, row: int, column: int) -> str:
    if value is None and isinstance(formula, str) and formula.startswith("="):
        raise BadTable(
            f"Row {row}, column {column}: the cell holds a formula whose value was not stored. Open the workbook in a "
            "spreadsheet program and save it again, or write the value itself."
        )
    return _cell(value, row, column)


def _cell(value, row: int, column: int) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        raise BadTable(f"Row {row}, column {column}: the number is too large to be one.")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = str(value)
    if text.startswith("#") and text.rstrip("!?").isupper() and text.endswith(("!", "?")):
        raise BadTable(f"Row {row}, column {column}: the cell holds the error {text}. Mend it or empty it.")
    return unguarded(text)


class StrictJson(base_formats.JSON):
    """A list of objects, all with the same names (RFC 8259)."""

    def create_dataset(self, in_stream: bytes, **kwargs) -> tablib.Dataset:
        check_size(in_stream)
        try:
            objects = json.loads(_decoded(in_stream), object_pairs_hook=_once_each, parse_constant=_no_number)
        except json.JSONDecodeError as problem:
            raise BadTable(
                f"Line {problem.lineno}, column {problem.colno}: this is not JSON ({problem.msg})."
            ) from None
        except BadTable:
            raise
        except ValueError:
            raise BadTable("The JSON holds a number that is too long to be one.") from None
        except RecursionError:
            raise BadTable("The JSON is nested too deeply. A table is a list of objects.") from None
        if not isinstance(objects, list) or not all(isinstance(one, dict) for one in objects):
            raise BadTable("The JSON has to be a list of objects, one for each row.")
        if not objects:
            raise BadTable("The list is empty, so there is nothing to import.")
        header = list(objects[0])
        rows = []
        for number, one in enumerate(objects, 2):
            if differing := sorted(set(one) ^ set(header)):
                names = _shown(", ".join(differing))
                raise BadTable(f"Row {number} does not have the same columns as the first: {names}.")
            for name in header:
                if isinstance(one[name], dict | list):
                    raise BadTable(f"Row {number}, column “{name}”: a cell is a text or a number, not a list.")
            rows.append([_cell(one[name], number, place) for place, name in enumerate(header, 1)])
        return table(header, rows)

    def export_data(self, dataset: tablib.Dataset, **kwargs) -> bytes:
        rows = [dict(zip(dataset.headers, [guarded(str(cell or "")) for cell in row], strict=True)) for row in dataset]
        return json.dumps(rows, ensure_ascii=False, indent=1).encode()

    def is_binary(self) -> bool:
        return True


def _once_each(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, value in pairs:
        if name in found:
            raise BadTable(f"An object names “{_shown(name)}” twice. Delete one of them.")
        found[name] = value
    return found


def _no_number(name: str) -> float:
    raise BadTable(f"The JSON holds “{name}”, which is not a number. Leave the cell empty instead.")


FORMATS = {"csv": StrictCsv, "xlsx": StrictXlsx, "json": StrictJson}


def format_of(file_name: str):
    """The format that a file's name says it has. Raises BadTable for any other."""
    ending = file_name.rpartition(".")[2].lower()
    if ending not in FORMATS:
        raise BadTable(f"“{file_name}” is not a table we read. Save it as .csv (CSV UTF-8), .xlsx or .json.")
    return FORMATS[ending]()
