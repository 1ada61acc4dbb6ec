"""The sources that pages cite."""

from datetime import date

from pydantic import BaseModel

from drugs.api.schemas.common import Word, one_of, told
from references.content import SourceType, Standing


class Author(BaseModel):
    """A person, or a body under its whole name."""

    family: str = told("Family name, or empty.")
    given: str = told("Given names, or empty.")
    corporate: str = told("The name of a body, or empty.")


class SourceMark(BaseModel):
    """What a publisher of this site says of a source. Show it wherever you show the source."""

    standing: Word = one_of(Standing, "How far the source can still be relied on.")
    reason: str = told("Why.")
    on: date = told("The day on which it was marked.")
    superseded_by: str = told("The key of the source that took its place, or empty.")


class Source(BaseModel):
    """A source: what the page froze of it, and how far it can be relied on at the moment of this answer."""

    key: str = told("The reference key.")
    citation: str = told("How it is cited, in Vancouver style.")
    type: Word = one_of(SourceType, "What it is.")
    title: str = told("Its title.")
    authors: list[Author] = told("Its authors.")
    et_al: bool = told("Whether it has further authors.")
    container: str = told("The journal, book or site, or empty.")
    publisher: str = told("Who published it, or empty.")
    issued: str = told("The day, month or year, or empty.")
    volume: str = told("The volume, or empty.")
    issue: str = told("The issue, or empty.")
    pages: str = told("The pages, or empty.")
    article_number: str = told("The article’s number, or empty.")
    doi: str = told("Its DOI, or empty.")
    pmid: str = told("Its number in PubMed, or empty.")
    pmcid: str = told("Its number in PubMed Central, or empty.")
    link: str = told("Its web address, or empty.")
    accessed: str = told("When that was last read, or empty.")
    standing: Word = one_of(Standing, "How far it can still be relied on.")
    mark: SourceMark | None = told("What was said of that, unless it is current.")
    url: str = told("Its page here, with every place that cites it.")
    api: str = told("The reference in this API.")


class NumberedSource(Source):
    number: int = told("Its number on the page.")
