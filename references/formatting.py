"""How a source is written in a list: Vancouver style. Plain Python.

The rules are those of Citing Medicine (Patrias K, National Library of Medicine, 2nd edition), which the samples of the ICMJE
follow; each function names its chapter or sample. Two things are left as the record has them: the names of journals are
not abbreviated, and a place of publication is not invented where the publisher is given without one.
"""

import re
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from basics.dates import PartialDate
from references import identifiers, names, numbering
from references.content import Source, SourceType

PUBMED_AT = "https://pubmed.ncbi.nlm.nih.gov/"
PMC_AT = "https://pmc.ncbi.nlm.nih.gov/articles/"


@dataclass(frozen=True)
class Part:
    """A stretch of a reference: words, the source's own title, or a link with its address."""

    text: str
    is_title: bool = False
    address: str = ""


Sentence = list[Part]

# Works that stand alone: what contains them is a series. All others stand in a journal, a book, a site.
_ALONE = {SourceType.BOOK, SourceType.REPORT, SourceType.THESIS}
# What is read on a screen whether or not its address is known.
_ONLINE = {SourceType.WEBPAGE, SourceType.DATASET}
# Said in brackets after the title (chapter 5, Theses; chapter 24, Databases on the Internet).
_CONTENT_TYPES = {SourceType.THESIS: "dissertation", SourceType.DATASET: "dataset"}

_ONE_LINE = (
    "title",
    "container",
    "publisher",
    "volume",
    "issue",
    "pages",
    "article_number",
    "doi",
    "pmid",
    "pmcid",
    "url",
)
_ENDED = re.compile(r"[.?!…。？！][\"'”’»]*$")
_LAST_STOP = re.compile(r"(?<=\w\w)\.$")  # a sentence's, not that of “U.S.” or “…”
_WHAT_A_BODY_IS = re.compile(
    r"\b(Academy|Agency|Association|Board|Center|Centre|College|Commission|Committee|Consortium|Council|Department|"
    r"Foundation|Institute|Institutes|Ministry|Network|Office|Organisation|Organization|Service|Society|Trust|University)\b"
)


def vancouver(source: Source) -> str:
    """The whole reference in one line, as a reader would copy it."""
    return "".join(part.text for part in parts(source))


def parts(source: Source) -> list[Part]:
    """The same line in its parts, so that a template can draw the links. Their texts, one after the other, are the line."""
    source = _in_one_line(source)
    statement = _in_a_journal if source.type == SourceType.ARTICLE else _elsewhere
    sentences = [_sentence(names.authors(source)), *statement(source), *_links(source)]
    line: list[Part] = []
    for sentence in filter(None, sentences):
        line += [Part(" "), *sentence] if line else sentence
    return line


def cite_page(
    *,
    title: str,
    site: str,
    edition: int,
    published: date,
    address: str,
    reviewed: date | None = None,
    cited: date | None = None,
) -> str:
    """How one edition of one of our pages is cited (chapter 22, Contributions to Books on the Internet; chapter 25, Web Sites).

    Takes the page's title, the site's name, the edition's number, the day it was published and its own address; the day of
    the last review where there was one, and the day on which the reader read it, where that is known.
    """
    days = [f"{did} {_year_first(day)}" for did, day in (("reviewed", reviewed), ("cited", cited)) if day]
    seen = f" [{'; '.join(days)}]" if days else ""
    sentences = [
        _title(title),
        _sentence(f"{numbering.ordinal(edition)} ed"),
        _sentence("In: " + _with_medium(site, "Internet")),
        _sentence(_year_first(published) + seen),
        _available_from(address),
    ]
    return " ".join("".join(part.text for part in sentence) for sentence in sentences)


# The statements of a reference, each a sentence with its stop


def _in_a_journal(source: Source) -> list[Sentence]:
    """`Title. Journal. 2018 Mar 5;19(3):739.` (chapter 1A; on the Internet, chapter 23A)."""
    after_title, after_journal = _media(source)
    return [
        _title(source.title, after_title),
        _sentence(_with_medium(source.container, after_journal)),
        _sentence(_dates(source) + numbering.place_in_journal(source)),
    ]


def _elsewhere(source: Source) -> list[Sentence]:
    """`Title. In: Whole. Vol. 2. Publisher; 2002. p. 93-113. (Series).`, without what is not known.

    Chapters 2A to 2C (books, their parts and contributions), 3B (conference papers), 4A (reports), 5 (theses) and, on the
    Internet, 22, 24 and 25 share this order.
    """
    after_title, after_whole = _media(source)
    whole = _whole(source)
    series = source.container if source.type in _ALONE else ""
    number = numbering.number_in_whole(source)
    return [
        _title(source.title, after_title),
        _sentence("In: " + _with_medium(whole, after_whole) if whole else ""),
        _sentence("" if series else number[:1].upper() + number[1:]),
        _sentence("; ".join(filter(None, [_publisher(source), _dates(source)]))),
        _sentence(f"p. {numbering.shortened(source.pages)}" if source.pages else ""),
        _sentence(numbering.own_number(source)),
        _sentence(f"({'; '.join(filter(None, [series, number]))})" if series else ""),
    ]


def _links(source: Source) -> list[Sentence]:
    """The address, the DOI and the numbers in PubMed and PubMed Central (ICMJE sample of an article with a DOI)."""
    doi = Part(f"doi: {source.doi}", address=identifiers.doi_address(source.doi))
    pmid = Part(f"PubMed PMID: {source.pmid}", address=f"{PUBMED_AT}{quote(source.pmid)}/")
    pmcid = Part(f"PubMed Central PMCID: {source.pmcid}", address=f"{PMC_AT}{quote(source.pmcid)}/")
    numbers = [part for part, known in ((pmid, source.pmid), (pmcid, source.pmcid)) if known]
    between = [Part("; ")] if len(numbers) == 2 else []
    return [
        _available_from(source.url) if _is_found_by_address(source) else [],
        _stopped([doi]) if source.doi else [],
        _stopped([*numbers[:1], *between, *numbers[1:]]) if numbers else [],
    ]


def _title(title: str, medium: str = "") -> Sentence:
    """A title with its own last mark, or a full stop (chapter 1A, Article Title)."""
    if not medium:
        return _stopped([Part(title, is_title=True)])
    return _stopped([Part(_LAST_STOP.sub("", title), is_title=True), Part(f" [{medium}]")])


def _available_from(address: str) -> Sentence:
    """An address takes a full stop only after a slash: another stop could be read as its last letter (chapter 22A)."""
    # What is not an address of the web stays words: content can come from a file.
    link = Part(address, address=address if address.startswith(("https://", "http://")) else "")
    return [Part("Available from: "), link, *([Part(".")] if address.endswith("/") else [])]


def _sentence(text: str) -> Sentence:
    return _stopped([Part(text)]) if text else []


def _stopped(sentence: Sentence) -> Sentence:
    """With a full stop, unless a mark ends it already."""
    return sentence if _ENDED.search(sentence[-1].text) else [*sentence, Part(".")]


# What stands in them


def _is_found_by_address(source: Source) -> bool:
    """A DOI or the copy in PubMed Central stays where it is; an address is given where neither is known."""
    return bool(source.url) and not (source.doi or source.pmcid)


def _is_online(source: Source) -> bool:
    read_there = source.accessed and not (source.doi or source.pmcid)
    return source.type in _ONLINE or _is_found_by_address(source) or bool(read_there)


def _whole(source: Source) -> str:
    """The journal, book or site that a source is a part of; empty for what stands alone."""
    return "" if source.type in _ALONE else source.container


def _media(source: Source) -> tuple[str, str]:
    """What stands in brackets after the title and after the whole: `Internet` follows the whole where there is one.

    Chapter 22A, Type of Medium; “dissertation on the Internet” joins both.
    """
    content_type = _CONTENT_TYPES.get(source.type, "")
    if not _is_online(source):
        return content_type, ""
    if _whole(source):
        return content_type, "Internet"
    return (f"{content_type} on the Internet" if content_type else "Internet"), ""


def _with_medium(title: str, medium: str) -> str:
    return f"{_LAST_STOP.sub('', title)} [{medium}]" if title and medium else title


def _dates(source: Source) -> str:
    """`2018 Mar 5`, with the day it was read for what can change: `2018 Mar 5 [cited 2018 Apr 3]` (chapter 22A, Date)."""
    issued = PartialDate.parse(source.issued).year_first() if source.issued else ""
    cited = ""
    if source.accessed and _is_online(source):
        cited = f"[cited {PartialDate.parse(source.accessed).year_first()}]"
    return " ".join(filter(None, [issued, cited])) or "[date unknown]"


def _publisher(source: Source) -> str:
    """A body that publishes its own work is not named twice: `London: The Institute` (chapter 2A, Publisher)."""
    place, colon, body = source.publisher.rpartition(": ")
    kind = _WHAT_A_BODY_IS.search(body)
    is_author = body.casefold() in {one.corporate.casefold() for one in source.authors}
    return f"{place}{colon}The {kind[0]}" if is_author and kind else source.publisher


def _year_first(day: date) -> str:
    return PartialDate(day.year, day.month, day.day).year_first()


def _in_one_line(source: Source) -> Source:
    """The source with no line break and no blank at an end of a field. No-break spaces stay."""
    fields = {name: re.sub(r"[ \t\n]+", " ", getattr(source, name)).strip() for name in _ONE_LINE}
    return source.model_copy(update=fields)
