"""What every answer about pages has in common."""

from datetime import date

from pydantic import BaseModel, Field

from basics.vocabulary import Vocabulary
from editions.vocabulary import ChangeKind


def told(description: str, **more):
    """A field with its description."""
    return Field(description=description, **more)


class Word(BaseModel):
    """A fixed word: its value, for programs, and its label, to be shown."""

    value: str = told("The value, for programs. It does not change.")
    label: str = told("The words to show.")


def one_of(vocabulary: type[Vocabulary], what: str):
    values = ", ".join(f"`{one.value}`" for one in vocabulary if one.value)
    return Field(description=f"{what} One of {values}.")


class Text(BaseModel):
    """Text with its citations as numbers in square brackets: those of the page’s list of sources."""

    html: str = told(
        "HTML with the tags p, br, strong, em, ul, ol, li, h3, a and sup only. It was cleaned when it was frozen, and again "
        "for this answer. Links are absolute. A citation is `<sup>[2]</sup>`."
    )
    text: str = told("The same as plain text, one line for each paragraph or item of a list.")


class Notice(BaseModel):
    """A dated public sentence."""

    sentence: str = told("The sentence, to be shown as it is.")
    on: date = told("The day on which it was told.")


class Link(BaseModel):
    """Another page, under the name it had when this page was frozen."""

    key: str = told("Its lasting key, such as `drug/imatinib`.")
    name: str = told("Its name at that time.")
    url: str | None = told("Its address, if visitors can read it at the moment of this answer.")
    api: str | None = told("The same page in this API.")
    withdrawal: Notice | None = told(
        "The reason why that page was withdrawn: why there is no address. Null if it was not. Show it beside the name."
    )


class Cited(BaseModel):
    """A source behind the words beside it."""

    source: str = told("The reference key.")
    number: int = told("Its number in the page’s list of sources.")
    locator: str = told("Where in the source the words are found, or empty.")


class Review(BaseModel):
    """A review, as visitors are told of it."""

    kind: str = told("Its kinds in words, such as “clinical and plain English”.")
    scope: str = told("What was read: “the whole page” or “the change only”.")
    name: str = told("The reviewer’s name, or that it was removed on request.")
    role: str = told("The reviewer’s role on that day, or empty.")
    interests: str = told("The interests that the reviewer declared, or empty.")
    on: date = told("The day of the review.")
    invited: bool = told("Whether the reviewer was invited from outside.")


class CarriedOver(BaseModel):
    """Where a page came from."""

    source: str = told("The name of the page that it was carried over from.")
    url: str = told("Its address, or empty.")
    reviewed_on: date | None = told("The day on which it was last reviewed there. Null if nobody reviewed it there.")


class Addresses(BaseModel):
    """Where people read it. All are absolute."""

    page: str = told("The page as visitors read it, on the day of `as_of` if one was asked for.")
    edition: str = told("This edition, for good.")
    history: str = told("The review history.")
    leaflet: str = told("The leaflet of this edition to print, as a PDF.")
    leaflet_large_print: str = told("The same in large print.")
    references: str = told("The sources of the present page for a reference manager, as RIS.")
    updates: str = told("The page’s Atom feed.")


class PageLine(BaseModel):
    """A page, and how fresh and how sure it is. Show at least `last_reviewed`, and what is said by the fields after it."""

    key: str = told("Its lasting key, such as `drug/imatinib`. It never changes; the slug can.")
    kind: str = told("`drug`, `condition`, `guide` or `glossary`.")
    slug: str = told("The last part of its address.")
    title: str = told("What the page is called.")
    edition: int = told("The number of the edition.")
    live_from: date = told("The day from which this edition is what visitors read.")
    change_kind: Word = one_of(ChangeKind, "What sort of change the edition brought.")
    change_note: str = told("The public sentence that says why the edition exists.")
    changes_eligibility: bool = told("Whether the edition changed who can have the drug.")
    last_reviewed: date | None = told(
        "The day on which a person last approved the whole page; of a page that was carried over and not reviewed here, the "
        "day of its review there. Null if nobody ever did."
    )
    review_due: date | None = told("The day by which the next review is due.")
    is_late: bool = told("Whether that day has passed. If so, visitors are told; tell yours.")
    awaits_review: bool = told(
        "Whether it was published before review, and nobody but its publisher has checked it. If so, tell your visitors."
    )
    doubt: Notice | None = told("A doubt that visitors are told of, until it is settled.")
    withdrawal: Notice | None = told("The reason why the page was withdrawn. Of a page that visitors can read, null.")
    url: str = told("Its address for people.")
    api: str = told("The page in this API.")


class Asked(BaseModel):
    """What every answer about pages says of itself."""

    as_of: date | None = told("The day that was asked for, at whose end the site stood so; null for now.")


class Part(Asked):
    """A part of a longer list."""

    count: int = told("How many items the whole list has.")
    page: int = told("The number of this part, from 1.")
    per_page: int = told("The most items that a part has.")
    next: str | None = told("The address of the next part.")
    previous: str | None = told("The address of the part before.")


class ListedPage(PageLine):
    summary: str = told("What the page is about, in a sentence or two. Empty for the glossary.")


class PageList(Part):
    items: list[ListedPage] = told("The live pages, in the order of their keys. Withdrawn ones are not among them.")
