"""PubMed's XML, as its site and its E-utilities give it. It is read and not written.

Rules: the PubMed DTD (dtd.nlm.nih.gov/ncbi/pubmed) and its description of elements: a PubmedArticleSet of PubmedArticle
and PubmedBookArticle.
"""

from collections.abc import Iterator
from io import BytesIO
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from references.content import SourceType
from references.formats import dates, medline
from references.formats.names import person
from references.formats.record import Draft, Name, NotReferences
from references.formats.words import escaped

_ARTICLES = {"PubmedArticle", "PubmedBookArticle"}
_DEEPEST = 40  # the DTD's own elements go about ten deep


def read(data: bytes) -> Iterator[Draft]:
    """The articles and books of a set. Raises NotReferences for XML that is broken, or made to exhaust a reader.

    Bytes, so that the declaration's own encoding counts.
    """
    for position, element in enumerate(_articles(data), start=1):
        yield (_article if element.tag == "PubmedArticle" else _book)(element, position)
        element.clear()


def _articles(data: bytes) -> Iterator[Element]:
    """Each article as soon as it is complete. Entities are refused: PubMed declares none."""
    depth = 0
    try:
        for event, element in iterparse(BytesIO(data), events=("start", "end"), forbid_entities=True):
            depth += 1 if event == "start" else -1
            if depth > _DEEPEST:
                raise NotReferences("This XML is nested too deeply to be PubMed's. Save it from PubMed anew.")
            if event == "end" and element.tag in _ARTICLES:
                yield element
    except NotReferences:
        raise
    except DefusedXmlException:
        raise NotReferences("This XML declares entities, which PubMed's never does, so it is not read.") from None
    except (ParseError, ValueError, LookupError) as problem:
        raise NotReferences(f"This XML is broken ({problem}). Save it from PubMed anew.") from None


def _article(element: Element, position: int) -> Draft:
    citation = _child(element, "MedlineCitation")
    article = _child(citation, "Article")
    journal = _child(article, "Journal")
    draft = Draft(position)
    draft.type = medline.kind(_texts(article, "PublicationTypeList/PublicationType"), draft.notes)
    draft.authors, draft.et_al = _authors(article, "AuthorList")
    draft.fields = {
        "title": medline.title(_marked(article, "ArticleTitle"), _marked(article, "VernacularTitle"), draft.notes),
        "container": _text(journal, "Title") or _text(journal, "ISOAbbreviation"),
        "issued": _date(_child(journal, "JournalIssue/PubDate")),
        "volume": _text(journal, "JournalIssue/Volume"),
        "issue": _text(journal, "JournalIssue/Issue"),
        "pages": _text(article, "Pagination/MedlinePgn") or _text(article, "Pagination/StartPage"),
        "doi": _text(article, "ELocationID[@EIdType='doi']"),
        "pmid": _text(citation, "PMID"),
    } | _identifiers(_child(element, "PubmedData"), _text(article, "ELocationID[@EIdType='doi']"))
    medline.number_articles(draft, _text(article, "ELocationID[@EIdType='pii']"))
    return draft


def _book(element: Element, position: int) -> Draft:
    """A book of the NCBI Bookshelf, or a chapter where the document has a title of its own."""
    document = _child(element, "BookDocument")
    book = _child(document, "Book")
    draft = Draft(position, type=SourceType.BOOK)
    chapter, whole = (
        medline.title(_marked(parent, tag), "", draft.notes)
        for parent, tag in ((document, "ArticleTitle"), (book, "BookTitle"))
    )
    own, own_et_al = _authors(document, "AuthorList[@Type='authors']")
    of_book, of_book_et_al = _authors(book, "AuthorList[@Type='authors']")
    draft.authors, draft.et_al = (own, own_et_al) if own else (of_book, of_book_et_al)
    draft.editors = _authors(book, "AuthorList[@Type='editors']")[0]
    draft.fields = {
        "title": chapter or whole,
        "publisher": _text(book, "Publisher/PublisherName"),
        "issued": _date(_child(book, "PubDate")),
        "pmid": _text(document, "PMID"),
    } | _identifiers(document, "")
    if chapter and whole:
        draft.type, draft.fields["container"] = SourceType.CHAPTER, whole
    return draft


def _child(element: Element, path: str) -> Element:
    """An element below another; an empty one where there is none, so that whatever is below it is empty too."""
    found = element.find(path)
    return Element("missing") if found is None else found


def _text(element: Element, path: str) -> str:
    return "".join(_child(element, path).itertext()).strip()


def _texts(element: Element, path: str) -> list[str]:
    return ["".join(found.itertext()) for found in element.findall(path)]


def _marked(element: Element, path: str) -> str:
    """A title with its <sup> and <sub> still there, for `words.plain` to read; other markup leaves its text."""
    return _with_marks(_child(element, path))


def _with_marks(element: Element) -> str:
    inner = escaped(element.text or "") + "".join(_with_marks(child) + escaped(child.tail or "") for child in element)
    return f"<{element.tag}>{inner}</{element.tag}>" if element.tag in {"sup", "sub"} else inner


def _identifiers(parent: Element, known_doi: str) -> dict[str, str]:
    """DOI and PMC number of an ArticleIdList; those of the articles that are cited stand elsewhere."""
    kinds = {"doi": "doi", "pmc": "pmcid"}
    found = {
        kinds[one.get("IdType", "")]: (one.text or "").strip()
        for one in parent.findall("ArticleIdList/ArticleId")
        if one.get("IdType") in kinds
    }
    return found | ({"doi": known_doi} if known_doi else {})


def _authors(parent: Element, path: str) -> tuple[list[Name], bool]:
    """The authors of a list in their order, and whether the list says that it lacks some (CompleteYN)."""
    listed = _child(parent, path)
    names = [_name(author) for author in listed.findall("Author") if author.get("ValidYN", "Y") == "Y"]
    return names, listed.get("CompleteYN", "Y") == "N"


def _name(author: Element) -> Name:
    if body := _text(author, "CollectiveName"):
        return Name(corporate=body)
    given = _text(author, "ForeName") or _text(author, "Initials")
    return person(_text(author, "LastName"), given, _text(author, "Suffix"))


def _date(date: Element) -> str:
    if words := _text(date, "MedlineDate"):
        return words
    year, month, day = (_text(date, part) for part in ("Year", "Month", "Day"))
    if number := dates.month(month):
        return "-".join(filter(None, (year, number, day.zfill(2) if day else "")))
    return " ".join(filter(None, (year, month, _text(date, "Season"))))
