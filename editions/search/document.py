"""What is searchable of a page's content: plain values that a kind of page makes of it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Name:
    """A name that leads to a page, other than the page's own.

    `what` says what the name is, before the page's own: “a brand name of”. `anchor` is the place on the page that it
    names, and then `what` is all that is said; without one it names the page.
    """

    text: str
    what: str
    note: str = ""  # e.g. the country in which a brand is sold
    anchor: str = ""


@dataclass(frozen=True)
class Passage:
    """A part of the page as plain words. `anchor` leads to it, where it has one."""

    text: str
    heading: str = ""
    anchor: str = ""


@dataclass(frozen=True)
class Document:
    """All that is searchable of a content."""

    title: str
    names: tuple[Name, ...] = ()
    subjects: tuple[str, ...] = ()  # what it is about, or shows: conditions, drugs
    passages: tuple[Passage, ...] = ()  # in the order of the page; the first says what it is
    is_lower: bool = False  # listed after the others, such as a drug that is no longer used
