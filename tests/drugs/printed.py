"""Leaflets for tests: made of contents alone, and read back."""

import io
import re
from datetime import UTC, date, datetime
from itertools import takewhile
from types import SimpleNamespace

from pypdf import PdfReader

from basics import richtext
from basics.content import Value
from basics.vocabulary import Vocabulary
from drugs.citations import Citations
from drugs.leaflet.compose import Leaflet, leaflet
from drugs.pathway import pathway
from editions.kinds import kind


def a_leaflet(content, *, today=None, is_large: bool = False, marks=None, **fields) -> Leaflet:
    """The leaflet of a content, without a database; `fields` are those of the published page that shows it."""
    page = SimpleNamespace(
        kind=content.kind,
        title=kind(content.kind).title(content),
        number=3,
        edition_url="/page/editions/3/",
        present_url="/page/",
        live_from=date(2018, 4, 3),
        last_reviewed=date(2018, 4, 3),
        review=None,
        carried_over=None,
        review_due=date(2019, 4, 3),
        is_late=False,
        awaits_review=False,
        doubt=None,
        change_kind="correction",
        change_note="A word was wrong.",
        changes_eligibility=False,
        went_live_at=datetime(2018, 4, 3, tzinfo=UTC),
    )
    vars(page).update(fields)
    context = {
        "page": page,
        "content": content,
        "shown": {},
        "linked": {},
        "now": {},
        "pathway": pathway([]),
        "narrower": [],
        "citations": Citations(content.sources, marks),
    }
    return leaflet(context, site_address="https://drugs.example.org", today=today, is_large=is_large)


def pages_of(file: bytes) -> list[str]:
    """The text of each page of a PDF, lines joined, break marks left out."""
    return [" ".join(page.extract_text().replace("\u200b", "").split()) for page in PdfReader(io.BytesIO(file)).pages]


def squeezed(text: str) -> str:
    """Text without white space and in small letters: where a line breaks does not matter."""
    return re.sub(r"\s", "", text.replace("\u200b", "")).casefold()


def told(file: bytes) -> str:
    """All that a leaflet says, without what stands at the foot of each page: a sentence may run on overleaf."""
    pages = [re.sub(r"page\d+of\d+", "", squeezed(page)) for page in pages_of(file)]
    endings = zip(*(reversed(page) for page in pages), strict=False)
    foot = len(list(takewhile(lambda letters: len(set(letters)) == 1, endings))) if len(pages) > 1 else 0
    return "".join(page[: len(page) - foot] for page in pages) + pages[0][len(pages[0]) - foot :]


def words_in(value) -> list[str]:
    """Every word of a content that a reader is told: its texts, without keys and sources."""
    if isinstance(value, Vocabulary):
        return []
    if isinstance(value, Value):
        silent = {"key", "page", "sources", "source", "kind", "format"} | {
            name for name in type(value).model_fields if name.endswith(("date", "as_of"))
        }
        return [
            text for name in type(value).model_fields if name not in silent for text in words_in(getattr(value, name))
        ]
    if isinstance(value, tuple):
        return [text for item in value for text in words_in(item)]
    if isinstance(value, str) and value:
        return richtext.words(value, lambda key, locator: "\n").split("\n") if value.startswith("<") else [value]
    return []
