"""What cannot be read is refused with a sentence that helps, before it can do harm."""

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from references.content import LONGEST
from references.formats import MOST_BYTES, MOST_RECORDS, NotReferences, read, write
from references.formats.finishing import kept_key

# What does most harm where it does not belong.
PIECES = [
    b"",
    b"{",
    b"}",
    b"\\",
    b'"',
    b",",
    b"\n",
    b"\n\n",
    b"\xff",
    b"\xe2\x80\x8b",
    b"<",
    b"&#x110000;",
    b"$",
    b"ER  - \n",
]
PIECES += [
    b"TY  - ",
    b"PMID- ",
    b"@article{",
    b"null",
    b"[[",
    b"-",
    b"9" * 50,
    b"x" * 700,
    b"]]>",
    b" and ",
    b",,",
    b"&#0;",
]
BOMB = (
    "<?xml version='1.0'?><!DOCTYPE PubmedArticleSet [<!ENTITY a0 'lol'>"
    + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10))
    + "]><PubmedArticleSet><PubmedArticle>&a9;</PubmedArticle></PubmedArticleSet>"
)
FROM_DISK = (
    "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><PubmedArticleSet><PubmedArticle>&e;</PubmedArticle>"
    "</PubmedArticleSet>"
)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "nothing here to read"),
        (" \n\ufeff\n", "nothing here to read|in none of the formats"),
        (b"%PDF-1.7\x00\x01", "no text file"),
        (b"\xff\xfeT", "middle of a letter"),
        ("Moroncini G. Targeted drugs. 2018.", "“list.docx” is in none of the formats"),
        ("<html><body>TY  - JOUR</body></html>", "not PubMed's"),
        ("<xml><records/></xml>", "Export the references as RIS"),
        ("<PubmedArticleSet><PubmedArticle></PubmedArticleSet>", "This XML is broken"),
        (b"<?xml version='1.0' encoding='klingon'?><PubmedArticleSet/>", "This XML is broken"),
        ("[{]", "cannot be read at line 1"),
        ('[{"a": 1}, 2]', "no list of references"),
        ("[]", "no list of references"),
        ("[" * 100_000, "nested too deeply"),
        ("[" + "1" * 5000 + "]", "number that is too long"),
        ("<PubmedArticleSet>" + "<a>" * 100_000, "nested too deeply"),
        (BOMB, "declares entities"),
        (FROM_DISK, "declares entities"),
        ("x" * (MOST_BYTES + 1), "larger than 10 MB"),
        ("TY  - JOUR\n" * (MOST_RECORDS + 1), "more than 20,000 records"),
        ("PMID- 1\n" * (MOST_RECORDS + 1), "more than 20,000 records"),
        ("@a{b,}\n" * (MOST_RECORDS + 2001), "more than 20,000 records"),
        ('[{"title": ""}' + ',{"title": ""}' * MOST_RECORDS + "]", "more than 20,000 records"),
    ],
    ids=range(22),
)
def test_input_as_a_whole_is_refused_soon_and_with_the_remedy(data, sentence):
    started = time.monotonic()
    with pytest.raises(NotReferences, match=sentence):
        read(data, "list.docx")
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    "data",
    [
        "TY  - JOUR\nTI  - x\n" + "abc\n" * 200_000,
        "PMID- 1\nTI  - x\n" + "      abc\n" * 200_000,
        "TY  - JOUR\nTI  - " + "a ; & < &amp; <i " * 50_000,
        "TY  - JOUR\nAU  - " + "&a;" * 100_000,
        "@article{a, title = {x}}\n" + "@" * 200_000,
        "@article{a, title = " + "{" * 200_000,
        "@article{a, title = {" + "{" * 2_400 + "x" + "}" * 2_400 + "}}",
        "@article{a, title = {" + "$" * 4_999 + "}}",
        "@article{a, title = {x}}\n" + " " * 500_000,
        "\n" * 500_000 + "@article{a, title={x}}",
    ],
    ids=range(10),
)
def test_no_input_takes_longer_than_its_length_allows(data):
    started = time.monotonic()
    read(data)
    assert time.monotonic() - started < 5


def test_many_records_that_want_one_key_are_told_apart_in_time():
    started = time.monotonic()
    found = read("TY  - JOUR\nID  - a\nTI  - x\nER  - \n" * 5_000)
    assert len({record.source.key for record in found.records}) == 5_000
    assert time.monotonic() - started < 10


def test_what_is_too_long_is_never_cut():
    long = "word " * 130
    found = read(
        f"TY  - JOUR\nTI  - {long}\nER  - \nTY  - JOUR\nTI  - Short\nPB  - {long}\nDO  - 10.1234/{'x' * 300}\nER  - \n"
    )
    (problem,) = found.problems
    assert problem.message.startswith("Record 1 (line 1, “word word")
    assert problem.message.endswith("has a title of 649 characters; 600 fit. Shorten it, or take the record out.")
    (record,) = found.records
    assert (record.position, record.source.publisher, record.source.doi) == (2, "", "")
    assert record.notes == (
        "The publisher has 649 characters, but 200 fit, so it was left out.",
        "The DOI has 308 characters, but 250 fit, so it was left out.",
    )


def test_an_author_whose_name_does_not_fit_is_a_problem():
    (problem,) = read(f"TY  - JOUR\nTI  - Title\nAU  - {'x' * 200}, A\n").problems
    assert problem.message.startswith("Record 1 (line 1, “Title”) has an author, “xxx")


def test_a_format_that_we_do_not_write_is_named():
    with pytest.raises(ValueError, match=r"not written as “nbib”\. Choose one of ris, bibtex, csl-json"):
        write([], "nbib")


@settings(max_examples=400, deadline=None)
@given(
    st.sampled_from(sorted((Path(__file__).parent / "files").iterdir())),
    st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 40), st.sampled_from(PIECES)), min_size=1, max_size=6),
)
def test_a_damaged_file_is_read_as_far_as_it_can_be_or_refused(path, damage):
    data = path.read_bytes()
    for begin, length, piece in damage:
        data = data[:begin] + piece + data[begin + length :]
    try:
        found = read(data, path.name)
    except NotReferences as refused:
        assert str(refused).endswith((".", "RIS.")) and len(str(refused)) < 400
        return
    assert all(problem.message.startswith("Record ") for problem in found.problems)
    for record in found.records:
        assert kept_key(record.source.key) == record.source.key
        assert all(len(getattr(record.source, name)) <= longest for name, longest in LONGEST.items())
        assert all(bool(author.family) != bool(author.corporate) for author in record.source.authors)
        assert not (record.source.pages and record.source.article_number)
