"""How a source is written in a list: Vancouver style (ICMJE; Citing Medicine, National Library of Medicine). Plain Python."""

from basics.dates import PartialDate
from references.content import Author, Source, SourceType


def author(one: Author) -> str:
    """`Nakano K`, or the whole name of a body. Given names become initials without stops."""
    if one.corporate:
        return one.corporate
    initials = "".join(part[0].upper() for part in one.given.replace("-", " ").split())
    return f"{one.family} {initials}".strip()


def authors(source: Source) -> str:
    """Up to six authors, then “et al.”; also where it is known only that there are others."""
    names = [author(one) for one in source.authors]
    if len(names) > 6 or (source.et_al and names):
        return ", ".join([*names[:6], "et al."])
    return ", ".join(names)


def when(source: Source) -> str:
    """The date of publication as precise as it is known, day first; empty if it is not."""
    return PartialDate.parse(source.issued).in_words() if source.issued else ""


def accessed(source: Source) -> str:
    """When somebody last read it there, as precise as it is known."""
    return PartialDate.parse(source.accessed).in_words() if source.accessed else ""


def place(source: Source) -> str:
    """Where in its container it stands: `2018;19(3):739`, or the date alone for what is not in a journal."""
    if source.type != SourceType.ARTICLE:
        return when(source)
    text = source.issued[:4]
    if source.volume:
        text += f";{source.volume}"
    if source.issue:
        text += f"({source.issue})"
    if source.pages or source.article_number:
        text += f":{shortened(source.pages) or source.article_number}"
    return text


def shortened(pages: str) -> str:
    """`833-842` as `833-42`: digits that both ends share are not said twice (Citing Medicine, chapter 1)."""
    first, dash, last = pages.replace("–", "-").partition("-")
    if not dash or not (first.isdigit() and last.isdigit()) or len(first) != len(last):
        return pages
    shared = next((n for n, (a, b) in enumerate(zip(first, last, strict=True)) if a != b), len(first))
    return f"{first}-{last[min(shared, len(last) - 1) :]}"
