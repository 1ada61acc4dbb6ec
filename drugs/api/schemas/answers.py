"""The answer of each address, and of what went wrong."""

from datetime import date, datetime

from pydantic import BaseModel, Field

from drugs import vocabulary as words
from drugs.api.schemas.common import Addresses, Asked, CarriedOver, PageLine, Part, Review, Word, one_of, told
from drugs.api.schemas.contents import Alert, AnyContent, Indication
from drugs.api.schemas.sources import NumberedSource, Source
from editions.vocabulary import PUBLISHING, ChangeKind


class Page(PageLine, Asked):
    """A page, or one edition of it, as a whole."""

    is_current: bool = told("Whether this is what visitors read now. If not, say so wherever you show it.")
    current: PageLine | None = told("Where the page stands today, if this is not what visitors read now.")
    notice: str = told("What the site says of itself on every page, such as that it is a demonstration; or empty.")
    addresses: Addresses = told("Where people read it.")
    review: Review | None = told("The review that `last_reviewed` rests on. Null if nobody here has reviewed the page.")
    carried_over: CarriedOver | None = told("Where the page came from, if it was not written here first.")
    content: AnyContent
    sources: list[NumberedSource] = told("The sources that it cites, in the order of their numbers.")


# Editions


class EditionLine(BaseModel):
    edition: int = told("Its number.")
    live_from: date = told("The day from which it was what visitors read.")
    act: Word = Field(
        description=f"How it came to be published. One of {', '.join(f'`{one.value}`' for one in PUBLISHING)}."
    )
    change_kind: Word = one_of(ChangeKind, "What sort of change it brought.")
    change_note: str = told("Why it exists.")
    first_note: str = told("What the change note said before it was put right, or empty.")
    changes_eligibility: bool = told("Whether it changed who can have the drug.")
    reviews: list[Review] = told("The reviews that it was published with.")
    is_current: bool = told("Whether it is what visitors read now.")
    url: str = told("Its address for people, for good.")
    api: str = told("The edition in this API.")


class EditionList(BaseModel):
    page: PageLine = told("The page, as it stands now.")
    items: list[EditionLine] = told("Its editions, the newest first.")


# Eligibility and pathways


class Eligibility(BaseModel):
    """What a drug is used for, and who can have it."""

    drug: PageLine = told("The drug’s page.")
    status: Word = one_of(words.DrugStatus, "Whether it is in use. Show it.")
    alerts: list[Alert] = told("The urgent notices on the drug’s page. Show them above all else.")
    indications: list[Indication] = told("Its indications; if a condition was asked for, those for it.")


class EligibilityList(Part):
    items: list[Eligibility] = told("The live drugs, in the order of their keys.")


class Step(BaseModel):
    """A treatment in its place in the pathway."""

    drug: PageLine = told("The drug’s page.")
    status: Word = one_of(words.DrugStatus, "Whether the drug is in use. Show it.")
    indication: Indication = told("The indication. What has to come before it stands in `requires`, as `prior`.")


class Pathway(Asked):
    condition: PageLine = told("The condition’s page.")
    steps: list[Step] = told(
        "The uses of live drugs for the condition, and what follows them in its kinds: settled ones first, then by line."
    )
    kinds: list[PageLine] = told("The pages of its narrower kinds.")


# References


class Reference(Source):
    cited_by: list[PageLine] = told("The live pages that cite it.")


class ReferenceList(Part):
    items: list[Reference] = told("The sources of all live pages, in the order of their keys.")


class ReferenceAnswer(Reference, Asked):
    pass


# Changes


class Change(BaseModel):
    """One public change."""

    id: str = told("What it is known by for good. The Atom feeds use the same.")
    act: str = told(
        "What was done: `carried_over`, `published`, `published_urgently`, `reviewed`, `withdrawn`, `source_marked`, "
        "`doubt_told`, `doubt_settled`, `moved` or `note_corrected`. Others can be added."
    )
    at: datetime = told("The moment from which it holds.")
    headline: str = told("What happened, in a few words.")
    note: str = told("The change note, the reason or the sentence that was told.")
    page: PageLine | None = told("The page as it stands now. Null for a mark on a source.")
    edition: int | None = told("The number of the edition that the change is about.")
    change_kind: Word | None = one_of(ChangeKind, "Of an edition: what sort of change it brought.")
    changes_eligibility: bool = told("Whether it changes who can have the drug.")
    why_urgent: str = told("Of an edition that did not wait for its review: why. Otherwise empty.")
    reviews: list[Review] = told("The reviews that it was published with, or the review that it is.")
    source: str | None = told("Of a mark on a source: the reference key.")
    cited_by: list[PageLine] = told("Of a mark on a source: the live pages that cite it.")
    url: str | None = told("Where people read it.")


class ChangeList(BaseModel):
    items: list[Change] = told("The changes after the cursor, each once, in the order of the record.")
    next: str = told("The cursor to ask with next time, as `since`. Keep it.")
    more: bool = told("Whether there can be more already. Ask again at once if so.")


# The root, and what went wrong


class Root(BaseModel):
    name: str = told("The name of the site.")
    version: str = told("The version of this API.")
    notice: str = told("What the site says of itself on every page, such as that it is a demonstration; or empty.")
    site: str = told("The site’s address.")
    documentation: str = told("How to use this API.")
    openapi: str = told("The OpenAPI document.")
    addresses: dict[str, str] = told("The addresses of this API, with the parts in braces to be filled in.")


class Fault(BaseModel):
    parameter: str = told("The parameter that it is about.")
    detail: str = told("What is wrong with it.")


class Problem(BaseModel):
    """What went wrong (RFC 9457)."""

    type: str = told("An address where this kind of problem is explained.")
    title: str = told("The problem in a few words.")
    status: int = told("The HTTP status.")
    detail: str = told("What happened here, and what to do about it.")
    errors: list[Fault] = told("The parameters that are wrong. Empty for other problems.")


class Gone(Problem):
    """The page was withdrawn: take it off yours, and show why."""

    page: PageLine = told("The page that was withdrawn, with the reason in `withdrawal`.")
    history: str = told("Its review history, which stays.")
