"""What NBIB and PubMed's XML share: the two ways in which the National Library of Medicine hands out a citation.

Rules: MEDLINE/PubMed Data Element (Field) Descriptions, nlm.nih.gov/bsd/mms/medlineelements.html.
"""

import re
from collections.abc import Iterable

from references.content import SourceType
from references.formats.record import Draft

_BRACKETED = re.compile(r"\[(.*)\]", re.DOTALL)
# “739” and “E739” are one number: PubMed gives it as pages and, with another letter, as the publisher's identifier.
_NUMBER = re.compile(r"[eE]?(\d{1,8})", re.ASCII)
_TYPES = (
    ("dataset", SourceType.DATASET),
    ("academic dissertation", SourceType.THESIS),
    ("technical report", SourceType.REPORT),
)


def title(text: str, vernacular: str, notes: list[str]) -> str:
    """A title without PubMed's own signs: one full stop at its end, and the brackets around a translated title."""
    text = _without_stop(text.strip())
    found = _BRACKETED.fullmatch(text)
    if not text or (found and "not available" in found[1].lower()):
        return _without_stop(vernacular.strip())
    if not found or "]" in found[1].split("[", 1)[0]:
        return text
    notes.append("The title is PubMed's translation: its brackets were left out.")
    return _without_stop(found[1])


def kind(publication_types: Iterable[str], notes: list[str]) -> SourceType:
    """The type of source; articles have many publication types of which ours is none. Warns of what was retracted."""
    named = {one.strip().lower() for one in publication_types}
    if "retracted publication" in named:
        notes.append("PubMed marks this as retracted. Look at it before anything rests on it.")
    return next((type for name, type in _TYPES if name in named), SourceType.ARTICLE)


def number_articles(draft: Draft, publisher_id: str) -> None:
    """Move `739` from the pages to the article number where the publisher's identifier says that it is one."""
    pages, number = draft.fields.get("pages", ""), _NUMBER.fullmatch(publisher_id.strip())
    if not number:
        return
    same = _NUMBER.fullmatch(pages.strip())
    if not pages:
        draft.fields["article_number"] = publisher_id.strip()
    elif same and same[1] == number[1]:
        draft.fields["pages"], draft.fields["article_number"] = "", pages.strip()


def _without_stop(text: str) -> str:
    return text[:-1].rstrip() if text.endswith(".") and not text.endswith("..") else text
