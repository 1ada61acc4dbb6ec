"""What is written can be read again: no field is lost, and no value breaks out of its place."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from references.content import Author, Source, SourceType
from references.formats import FORMATS, read, write
from tests.references.sources import sources

WRITTEN = sorted(name for name, format in FORMATS.items() if format.write)


@pytest.mark.parametrize("format", WRITTEN)
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_sources_are_read_as_they_were_written(format, data):
    given = data.draw(st.lists(sources(), min_size=1, max_size=3, unique_by=lambda one: one.key))
    text = write(given, format)
    found = read(text.encode())
    assert found.format == format
    assert [record.source for record in found.records] == given
    assert [record.position for record in found.records] == list(range(1, len(given) + 1))
    assert not found.problems and not any(record.notes for record in found.records)
    assert read(text) == found


@pytest.mark.parametrize("format", WRITTEN)
@pytest.mark.parametrize(
    "words",
    [
        "Title\nER  - \nTY  - JOUR\nTI  - Another",
        "Title\r\nER  - \r\n\r\nTY  - JOUR",
        "Title}\n}\n@article{another, title = {Another",
        'Title", "id": "another"}, {"title": "Another',
        "Title\\",
        "Title\u2028ER  - ",
    ],
)
def test_no_value_breaks_out_of_its_place(format, words):
    author = Author.model_construct(family=words, given=words)
    fields = dict.fromkeys(
        ["title", "container", "publisher", "volume", "issue", "article_number", "doi", "url"], words
    )
    source = Source.model_construct(key="one-2018", type=SourceType.ARTICLE, authors=(author,), **fields)
    (record,) = read(write([source], format)).records
    on_one_line = " ".join(words.split())
    assert record.source.title == record.source.container == on_one_line
    assert record.source.authors == (Author(family=on_one_line, given=on_one_line),)
    assert record.source.key == "one-2018"


def test_formats_look_as_other_programs_expect_them():
    source = Source(
        key="moroncini-2018",
        type=SourceType.ARTICLE,
        title="Drugs & {genes}",
        authors=(Author(family="Moroncini", given="Gianluca"), Author(corporate="A Body")),
        et_al=True,
        container="A journal",
        issued="2018-03",
        volume="19",
        issue="3",
        pages="833-842",
        doi="10.1234/a_b",
        pmid="12345678",
        pmcid="PMC7654321",
        accessed="2018-04-03",
    )
    assert write([source], "ris").split("\n") == [
        "TY  - JOUR",
        "ID  - moroncini-2018",
        "AU  - Moroncini, Gianluca",
        "AU  - A Body,",
        "AU  - et al.",
        "TI  - Drugs & {genes}",
        "T2  - A journal",
        "PY  - 2018",
        "DA  - 2018/03//",
        "VL  - 19",
        "IS  - 3",
        "SP  - 833",
        "EP  - 842",
        "DO  - 10.1234/a_b",
        "AN  - 12345678",
        "DB  - PubMed",
        "C2  - PMC7654321",
        "Y2  - 2018/04/03/",
        "ER  - ",
        "",
    ]
    assert write([source], "bibtex").split("\n\t") == [
        "@article{moroncini-2018,",
        "author = {Moroncini, Gianluca and {A Body} and others},",
        r"title = {Drugs \& \textbraceleft{}genes\textbraceright{}},",
        "journal = {A journal},",
        "year = {2018},",
        "volume = {19},",
        "number = {3},",
        "pages = {833-842},",
        "urldate = {2018-04-03},",
        "doi = {10.1234/a_b},",
        "pmid = {12345678},",
        "pmcid = {PMC7654321},",
        "month = mar\n}\n",
    ]
    assert json.loads(write([source], "csl-json")) == [
        {
            "id": "moroncini-2018",
            "type": "article-journal",
            "author": [{"family": "Moroncini", "given": "Gianluca"}, {"literal": "A Body"}, {"literal": "et al."}],
            "title": "Drugs & {genes}",
            "container-title": "A journal",
            "volume": "19",
            "issue": "3",
            "page": "833-842",
            "DOI": "10.1234/a_b",
            "PMID": "12345678",
            "PMCID": "PMC7654321",
            "issued": {"date-parts": [[2018, 3]]},
            "accessed": {"date-parts": [[2018, 4, 3]]},
        }
    ]
