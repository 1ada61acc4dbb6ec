"""Tables as files: what is written comes back the same, and what cannot be read is refused with its row and column."""

import io
import json
import zipfile

import openpyxl
import pytest
import tablib
from hypothesis import given, settings
from hypothesis import strategies as st

from basics.exchange import formats
from basics.exchange.formats import BadTable, StrictCsv, StrictJson, StrictXlsx, format_of
from basics.text import is_forbidden, tidy


def _as_stored(text: str) -> str:
    return tidy("".join(one for one in text if not is_forbidden(one))).strip()


# Whatever a field of ours can hold: tidied, without spaces around it.
cells = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=30).map(
    _as_stored
) | st.sampled_from(
    [
        "=1+1",
        "+44",
        "-5 °C",
        "@cmd",
        "'quoted'",
        "''",
        "＝SUM(A1)",
        "10 µg",
        "a\u00a0b",
        'say "yes"',
        "a,b;c",
        "two\nlines",
    ]
)
tables = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(cells, min_size=width, max_size=width).filter(any), min_size=1, max_size=5)
)


def written(rows) -> tablib.Dataset:
    return tablib.Dataset(*rows, headers=[f"column_{place}" for place in range(len(rows[0]))])


@pytest.mark.parametrize("kind", [StrictCsv, StrictJson, StrictXlsx])
@settings(max_examples=40, deadline=None)
@given(rows=tables)
def test_what_is_exported_is_read_back_the_same(kind, rows):
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    if not rows:
        return
    dataset = written(rows)
    data = kind().export_data(dataset)
    assert [list(row) for row in kind().create_dataset(data)] == rows


@pytest.mark.parametrize(
    "text", ["=1+1", "==1+1", "+1", "-1", "@a", "\tx", "\rx", "\nx", "\0x", "＝1", "＋1", "－1", "＠1"]
)
def test_a_cell_that_looks_like_a_formula_leaves_as_text_and_comes_back_whole(text):
    assert formats.guarded(text) == f"'{text}"
    assert formats.unguarded(formats.guarded(text)) == text
    book = openpyxl.load_workbook(io.BytesIO(StrictXlsx().export_data(written([["ok", text.replace("\0", "")]]))))
    assert all(cell.data_type == "s" for row in book.active.iter_rows() for cell in row)


def test_files_of_spreadsheets_with_semicolons_tabs_a_mark_and_windows_line_ends_are_read():
    for data in (b"a;b\r\n1;2,5\r\n", b"\xef\xbb\xbfa\tb\n1\t2,5\n", b'a,b\n1,"2,5"\n\n'):
        assert StrictCsv().create_dataset(data).dict == [{"a": "1", "b": "2,5"}]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file is empty"),
        (b"  \n \n", "The file is empty"),
        (b"a,b\n", "header and no rows"),
        (b"a,b\n1\n", "Row 2 has 1 cells; the header names 2 columns. Nothing stands in “b”"),
        (b"a,b\n1,2,3\n", "Row 2 has a cell without a column: “3”"),
        (b"a,a\n1,2\n", "Row 1 names the column “a” twice"),
        (b"a,,c\n1,2,3\n", "column 2 has no name"),
        (b"a,b\n1,2\n,\n3,4\n", "Row 3 is empty"),
        (
            "name,note\nimatinib,größe\n".encode("latin-1"),
            "Row 2, column 2: a letter is not in UTF-8 (after “imatinib,gr”)",
        ),
        (b"a,b\n1,\x00\n", "NUL bytes"),
        (b'a,b\n"1,2\n', "Row 2"),
        (b"a\n" * 20_003, "more than 20000 rows"),
        (",".join(f"c{n}" for n in range(61)).encode() + b"\n1\n", "61 columns; at most 60"),
    ],
)
def test_a_csv_file_that_is_unclear_is_refused_by_row_and_column(data, sentence):
    with pytest.raises(BadTable) as refused:
        StrictCsv().create_dataset(data)
    assert sentence in str(refused.value)


def _workbook(rows) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _bomb(entry: str = "xl/worksheets/sheet1.xml") -> bytes:
    out = io.BytesIO(_workbook([["a"], ["1"]]))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr(f"{entry}.more", b"\0" * (formats.MOST_UNPACKED_BYTES + 1))
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "empty"),
        (b"no zip", "no XLSX workbook"),
        (b"PK\x03\x04 not really", "no XLSX workbook"),
        (_workbook([]), "empty"),
        (_workbook([["a", "b"]]), "no rows"),
        (_workbook([["a", "a"], [1, 2]]), "twice"),
        (_workbook([["a"], ["#REF!"]]), "Row 2, column 1: the cell holds the error #REF!"),
        (_bomb(), "unpacks to"),
    ],
)
def test_a_workbook_that_is_unclear_or_a_bomb_is_refused(data, sentence):
    with pytest.raises(BadTable) as refused:
        StrictXlsx().create_dataset(data)
    assert sentence in str(refused.value)


def test_a_workbook_with_an_entity_bomb_is_refused():
    out = io.BytesIO()
    good = zipfile.ZipFile(io.BytesIO(_workbook([["a"], ["1"]])))
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
    with zipfile.ZipFile(out, "w") as package:
        for name in good.namelist():
            package.writestr(name, bomb if name.endswith("sheet1.xml") else good.read(name))
    with pytest.raises(BadTable, match="cannot be read"):
        StrictXlsx().create_dataset(out.getvalue())


def test_dates_numbers_and_yes_or_no_of_a_workbook_are_read_as_we_write_them():
    from datetime import date, datetime

    rows = StrictXlsx().create_dataset(
        _workbook([["a", "b", "c", "d"], [date(2018, 4, 3), datetime(2018, 4, 3), 2018.0, True]])
    )
    assert rows.dict == [{"a": "2018-04-03", "b": "2018-04-03", "c": "2018", "d": "yes"}]


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("[", "not JSON"),
        ('{"a": 1}', "a list of objects"),
        ("[]", "nothing to import"),
        ('[{"a": 1}, {"b": 2}]', "Row 3 does not have the same columns as the first: a, b"),
        ('[{"a": 1, "a": 2}]', "names “a” twice"),
        ('[{"a": ["x"]}]', "Row 2, column “a”: a cell is a text or a number"),
        ("[" * 100_000, "not JSON|nested too deeply"),
        ('[{"a": "x\\ud800"}]', "Row 2, column “a”: .*U\\+D800"),
        ('[{"\\ud800": "x"}]', "Row 1, column 1: .*U\\+D800"),
        ('[{"\\ud800": 1, "\\ud800": 2}]', "twice"),
        ('[{"a": "x"}, {"\\ud800": "x"}]', "Row 3 does not have the same columns"),
        ('[{"a": NaN}]', "not a number"),
        ('[{"a": 1e400}]', "Row 2, column 1: the number is too large"),
    ],
)
def test_json_that_is_unclear_is_refused(value, sentence):
    with pytest.raises(BadTable, match=sentence):
        StrictJson().create_dataset(value.encode())


def test_a_large_file_is_refused_before_it_is_read():
    with pytest.raises(BadTable, match="at most 10 MB"):
        StrictCsv().create_dataset(b"a" * (formats.MOST_BYTES + 1))


def test_the_format_is_told_by_the_files_name():
    assert isinstance(format_of("drugs.XLSX"), StrictXlsx)
    for name in ("drugs.xls", "drugs", "drugs.csv.exe"):
        with pytest.raises(BadTable, match="not a table we read"):
            format_of(name)


def test_json_of_an_export_is_a_plain_list_of_objects():
    data = StrictJson().export_data(written([["1", "µ"]]))
    assert json.loads(data) == [{"column_0": "1", "column_1": "µ"}]


def test_cells_are_read_as_a_form_would_take_them():
    data = "name,note\n  Glivec ,Cafe\u0301\n".encode()
    assert StrictCsv().create_dataset(data).dict == [{"name": "Glivec", "note": "Café"}]


def test_an_object_with_very_many_names_is_refused_at_once():
    names = ", ".join(f'"c{n}": 1' for n in range(200_000))
    with pytest.raises(BadTable, match="at most 60"):
        StrictJson().create_dataset(f"[{{{names}}}]".encode())


def test_a_formula_whose_value_was_not_stored_is_refused_and_not_read_as_empty():
    with pytest.raises(BadTable, match="Row 2, column 2: the cell holds a formula whose value was not stored"):
        StrictXlsx().create_dataset(_workbook([["slug", "targets"], ["imatinib", '="KIT" & "PDGFR"']]))


def test_a_text_too_long_for_a_cell_of_a_workbook_is_refused_and_goes_out_as_csv():
    dataset = written([["x" * 200_000]])
    with pytest.raises(BadTable, match="a cell of XLSX holds 32,767"):
        StrictXlsx().export_data(dataset)
    assert StrictCsv().create_dataset(StrictCsv().export_data(dataset))[0] == ("x" * 200_000,)
