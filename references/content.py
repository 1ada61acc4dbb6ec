"""A source as a page shows it: what is frozen of a reference when a page that cites it is submitted."""

from basics.content import Key, Plain, Value, When, Words
from basics.vocabulary import Vocabulary

# The longest text that each field of a source, and of its authors, is stored with.
LONGEST = {
    "title": 600,
    "container": 300,
    "publisher": 200,
    "volume": 30,
    "issue": 30,
    "pages": 40,
    "article_number": 40,
    "doi": 250,
    "pmid": 8,
    "pmcid": 12,
    "url": 600,
}
LONGEST_NAME = {"family": 120, "given": 120, "corporate": 250}


class SourceType(Vocabulary):
    """The CSL 1.0.2 item types that our sources use (citationstyles.org, appendix III)."""

    ARTICLE = "article-journal", "journal article"
    BOOK = "book", "book"
    CHAPTER = "chapter", "book chapter"
    REPORT = "report", "report or guideline"
    WEBPAGE = "webpage", "web page"
    DATASET = "dataset", "dataset"
    THESIS = "thesis", "thesis"
    PAPER = "paper-conference", "conference paper"


class Standing(Vocabulary):
    """How far a source can still be relied on."""

    CURRENT = "current", "current"
    CORRECTED = "corrected", "corrected"
    SUPERSEDED = "superseded", "superseded"
    WITHDRAWN = "withdrawn", "withdrawn"
    RETRACTED = "retracted", "retracted"
    UNREACHABLE = "unreachable", "unreachable"


class Author(Value):
    """A person (family and given names) or, with `corporate`, a body under its whole name."""

    family: Plain = ""
    given: Plain = ""
    corporate: Plain = ""


class Source(Value):
    """A bibliographic record. Field names follow CSL-JSON where it has one."""

    key: Key
    type: SourceType
    title: Words
    authors: tuple[Author, ...] = ()
    et_al: bool = False  # further authors are known to exist, but not by name
    container: Plain = ""  # journal, book or site
    publisher: Plain = ""
    issued: When = ""
    volume: Plain = ""
    issue: Plain = ""
    pages: Plain = ""
    article_number: Plain = ""
    doi: Plain = ""
    pmid: Plain = ""
    pmcid: Plain = ""
    url: Plain = ""
    accessed: When = ""
    replaces: tuple[Key, ...] = ()  # keys of duplicates that were merged into it: their addresses lead here
