"""Files as reference managers, PubMed and publishers write them simply load."""

from pathlib import Path

import pytest

from references.content import Author, SourceType
from references.formats import Found, read

FILES = Path(__file__).parent / "files"
MUELLER = Author(family="Müller-Öztürk", given="Änne")
GRAAF = Author(family="van der Graaf", given="Winette T. A.")


def found_in(name: str) -> Found:
    return read((FILES / name).read_bytes(), name)


def fields(source) -> dict:
    """What a source says beyond its key, type and authors."""
    told = source.model_dump(exclude={"key", "type", "authors", "et_al", "standing"})
    return {name: text for name, text in told.items() if text}


@pytest.mark.parametrize(
    ("name", "format", "positions", "keys"),
    [
        ("zotero.ris", "ris", (1, 2), ["muller-ozturk-2018", "nice-2017"]),
        ("endnote.ris", "ris", (1, 2), ["smith-2018", "editor-nd"]),
        ("publisher.ris", "ris", (1, 2), ["berry-2018", "berry-2018-b"]),
        ("by_hand.ris", "ris", (1,), ["serrano-2017"]),
        ("pubmed.nbib", "nbib", (1, 2, 3), ["van-der-graaf-2018", "nakano-2017", "invented-editorial-2016"]),
        ("pubmed.xml", "pubmed-xml", (1, 2, 3), ["muller-2018", "eine-erfundene-2017", "berry-2016"]),
        ("zotero.bib", "bibtex", (1, 2), ["muller-ozturk-2018", "nice-nd"]),
        ("odd.bib", "bibtex", (1, 2, 3, 5, 6), ["berry-2017", "berry-2017-b", "twice", "thesis", "patent"]),
        ("zotero.json", "csl-json", (1, 2, 3), ["van-der-graaf-2018", "without-year-nd", "film-2018"]),
    ],
)
def test_every_file_is_recognised_and_its_records_get_keys(name, format, positions, keys):
    found = found_in(name)
    assert found.format == format
    assert tuple(record.position for record in found.records) == positions
    assert [record.source.key for record in found.records] == keys
    # The content says what it is, whatever the file is called and however its lines end.
    assert read((FILES / name).read_bytes(), "something.txt") == found
    assert read((FILES / name).read_bytes().replace(b"\n", b"\r\n")).records == found.records
    if format != "pubmed-xml":
        text = (FILES / name).read_text(encoding="utf-8")
        for data in (text, text.replace("\n", "\r"), b"\xef\xbb\xbf" + text.encode(), text.encode("utf-16")):
            assert read(data) == found


def test_zotero_ris():
    article, report = (record.source for record in found_in("zotero.ris").records)
    assert article.authors == (MUELLER, GRAAF, Author(corporate="National Sarcoma Group"))
    assert fields(article) == {
        "title": "The protein KIT in sarcoma: 10⁶ cells & more",
        "container": "Journal of Invented Oncology",
        "issued": "2018-03-05",
        "volume": "12",
        "issue": "3",
        "pages": "833-842",
        "doi": "10.1234/jio.2018.001",
        "pmid": "12345678",
        "pmcid": "PMC7654321",
        "url": "https://example.org/jio/2018/001;v=1",
        "accessed": "2018-04-03",
    }
    assert (report.type, report.publisher, report.issued) == (SourceType.REPORT, "NICE", "2017")


def test_endnote_ris():
    article, book = found_in("endnote.ris").records
    assert article.source.authors == (
        Author(family="Smith Jr.", given="John"),
        Author(corporate="World Sarcoma Organization"),
        Author(corporate="University of Invention, Berkeley"),
    )
    assert fields(article.source) == {
        "title": "Drugs with an article number",
        "container": "Invented Sciences",
        "issued": "2018-03-03",
        "volume": "19",
        "issue": "3",
        "article_number": "739",
        "doi": "10.1234/is19030739",
        "pmid": "12345678",
        "pmcid": "PMC7654321",
    }
    assert not article.notes
    assert book.notes == (
        "The date of publication “n.d.” was left out.",
        "No author is named, so the editors stand in their place.",
    )


def test_a_publishers_ris_without_ends_and_with_words_around_it():
    found = found_in("publisher.ris")
    article, other = found.records
    assert article.line == 6
    assert article.source.authors == (Author(family="Berry", given="Vera"), Author(family="Nakano", given="Kenji"))
    assert fields(article.source) == {
        "title": "A trial without an end tag",
        "container": "Invented Journal of Cancer",
        "issued": "2018-04",
        "volume": "7",
        "article_number": "e1234",
        "doi": "10.1234/ijc.7",
        "url": "https://example.org/7",
    }
    assert article.notes == ("“e1234” stood for pages and was read as the article number.",)
    assert other.source.et_al
    assert other.source.authors == (
        Author(family="Berry", given="Vera"),
        Author(family="van der Graaf", given="Winette"),
        Author(family="Nakano", given="K"),
        Author(family="Smith", given="JA"),
    )
    # 621234567 may be a number of any database.
    assert fields(other.source) == {"title": "Another one", "issued": "2018"}
    assert other.notes == (
        "We have no type “MGZN”; it was read as journal article.",
        "The date of publication “Spring 2018” was kept as 2018.",
        "The DOI “not a DOI” is none and was left out.",
    )
    assert [problem.message for problem in found.problems] == [
        "Record 3 (line 27) has no title. Add one to it, or take the record out."
    ]


def test_ris_typed_by_hand():
    (record,) = found_in("by_hand.ris").records
    assert record.source.authors == (Author(family="Serrano", given="César"),)
    assert fields(record.source) == {"title": "Typed by hand", "issued": "2017", "pages": "12-19"}


def test_pubmed_nbib():
    article, translated, chapter = found_in("pubmed.nbib").records
    assert article.source.authors == (
        Author(family="van der Graaf", given="Winette T A"),
        Author(family="Smith Jr", given="John A"),
        Author(corporate="Invented Sarcoma Group"),
    )
    assert fields(article.source) == {
        "title": "Invented inhibitors in soft tissue sarcoma: what do we know about a very long title that goes on?",
        "container": "Invented sciences",
        "issued": "2018-03-05",
        "volume": "19",
        "issue": "3",
        "article_number": "739",
        "doi": "10.1234/is19030739",
        "pmid": "12345678",
        "pmcid": "PMC7654321",
    }
    assert article.notes == ("PubMed marks this as retracted. Look at it before anything rests on it.",)
    assert translated.source.title == "Imatinib: an invented review"
    assert translated.source.authors == (Author(family="Nakano", given="K"),)
    assert (translated.source.pages, translated.source.issued) == ("833-842", "2017")
    assert chapter.source.type == SourceType.CHAPTER
    assert (chapter.source.title, chapter.source.container) == ("A chapter of it", "Invented encyclopedia of sarcoma")


def test_pubmed_xml_in_its_own_encoding():
    article, translated, chapter = (record.source for record in found_in("pubmed.xml").records)
    assert article.et_al
    assert article.authors == (
        Author(family="Müller", given="Änne"),
        Author(family="Smith Jr", given="John A"),
        Author(corporate="Invented Sarcoma Group"),
    )
    assert fields(article) == {
        "title": "The KIT gene in 10⁶ cells & p <0.05",
        "container": "Invented sciences",
        "issued": "2018-03-05",
        "volume": "19",
        "issue": "3",
        "article_number": "739",
        "doi": "10.1234/is19030739",
        "pmid": "12345678",
        "pmcid": "PMC7654321",
    }
    assert (translated.title, translated.pages, translated.issued) == ("Eine erfundene Übersicht", "833-842", "2017")
    assert (chapter.type, chapter.title, chapter.publisher) == (SourceType.CHAPTER, "A chapter of it", "Invented Press")
    assert chapter.authors == (Author(family="Berry", given="V"),)
    assert (chapter.doi, chapter.pmid, chapter.issued) == ("10.1234/nbk1", "12345680", "2016")


def test_pasted_pubmed_xml_is_what_it_is_whatever_its_declaration_says():
    text = (FILES / "pubmed.xml").read_text(encoding="iso-8859-1")
    assert read(f"\n{text}").records == found_in("pubmed.xml").records


def test_zotero_bibtex():
    article, page = (record.source for record in found_in("zotero.bib").records)
    assert article.et_al
    assert article.authors == (
        MUELLER,
        GRAAF,
        Author(corporate="National Sarcoma Group"),
        Author(family="Élie", given="Zoé"),
    )
    assert fields(article) == {
        "title": "The KIT protein – β-catenin & GIST: ¹⁸F in 50% of 10⁶ cells",
        "container": "Journal of Invented Oncology & Biology",
        "issued": "2018-03",
        "volume": "12",
        "issue": "3",
        "pages": "833-842",
        "doi": "10.1234/jio.2018.001",
        "pmid": "12345678",
        "pmcid": "PMC7654321",
        "url": "https://example.org/a_b%20c~d",
        "accessed": "2018-04-03",
    }
    assert page.type == SourceType.WEBPAGE
    assert page.authors == (Author(corporate="National Institute for Health and Care Excellence"),)
    assert fields(page) == {"title": "Guidance on ß and Škoda", "url": "https://www.example.org/guidance"}


def test_one_broken_bibtex_entry_or_a_key_that_stands_twice_loses_no_other_entry():
    found = found_in("odd.bib")
    article, again, book, thesis, patent = found.records
    assert article.source.authors == (
        Author(family="Berry", given="Vera"),
        Author(family="Smith Jr", given="John"),
        Author(corporate="World Sarcoma Organization"),
    )
    assert fields(article.source) == {
        "title": 'Quoted "words" and 50% unescaped & more',
        "container": "Journal of Invented Oncology",
        "issued": "2017-03-03",
        "article_number": "e1234",
        "pmid": "12345678",
    }
    assert again.notes[-1] == (
        "The key “berry-2017” stands at another record too, so this one is called “berry-2017-b”."
    )
    assert book.source.title == "A field that stands twice"
    assert (thesis.source.type, thesis.source.publisher, thesis.line) == (
        SourceType.THESIS,
        "University of Invention",
        14,
    )
    assert patent.notes == ("We have no type “@patent”; it was read as report or guideline.",)
    (problem,) = found.problems
    assert (problem.position, problem.line) == (4, 12)
    assert problem.message.startswith("Record 4 (line 12) cannot be read: a brace")


def test_zotero_csl_json():
    found = found_in("zotero.json")
    article, page, film = found.records
    assert article.source.et_al
    assert article.source.authors == (
        Author(family="van der Graaf", given="Winette"),
        Author(family="Smith Jr", given="John"),
        Author(corporate="National Sarcoma Group"),
    )
    assert fields(article.source) == {
        "title": "The protein KIT & H₂O",
        "container": "Journal of Invented Oncology",
        "issued": "2018-03-05",
        "volume": "12",
        "issue": "3",
        "pages": "833-842",
        "doi": "10.1234/jio.2018.001",
        "pmid": "12345678",
        "pmcid": "PMC7654321",
        "url": "https://example.org/1",
        "accessed": "2018-04",
    }
    assert page.notes[0] == "The web address “www.example.org” is none and was left out."
    assert film.notes[0] == "We have no type “motion_picture”; it was read as report or guideline."
    assert [problem.message for problem in found.problems] == [
        "Record 4 has no title. Add one to it, or take the record out.",
        "Record 5 is not an item with fields. Take it out.",
    ]


def test_windows_1252_is_read_where_a_file_is_no_utf_8():
    (record,) = read(
        "TY  - JOUR\nTI  - β is not in it, but “ö” and € are\nER  - \n".replace("β", "B").encode("cp1252")
    ).records
    assert record.source.title == "B is not in it, but “ö” and € are"


def test_crossrefs_lists_and_single_items_are_read():
    item = '{"type": "journal-article", "title": ["A title"], "container-title": ["A journal"], "author": [{"name": "A Body"}]}'
    (record,) = read(item).records
    assert (record.source.title, record.source.container) == ("A title", "A journal")
    assert record.source.authors == (Author(corporate="A Body"),)
    assert read(f'{{"items": [{item}]}}').records == (record,)
