"""The shapes of the API's answers. They are a promise: a field keeps its name and its meaning as long as `/api/v1/` stands.

Names are those of docs/glossary.md. Every shape that carries words of a page carries its edition and its last review as
well, so that nobody can show the one without the other.
"""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from basics.vocabulary import Vocabulary
from drugs import vocabulary as words
from editions.vocabulary import PUBLISHING, ChangeKind
from references.content import SourceType, Standing


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


# What pages say


class OtherName(BaseModel):
    name: str = told("The name.")
    kind: Word = one_of(words.NameKind, "What sort of name it is.")
    note: str = told("More about it, such as the country of a brand, or empty.")


class Alert(BaseModel):
    """A dated urgent notice. Show it above all else."""

    date: str = told("The day, month or year of the notice: `2019-01-22`, `2019-01` or `2019`.")
    title: str = told("Its title.")
    text: Text = told("What it says.")
    citations: list[Cited] = told("The sources behind it.")


class PriorTreatment(BaseModel):
    kind: Word = one_of(words.PriorKind, "What the treatment was.")
    drug: Link | None = told("The drug, if it was one.")
    outcome: Word | None = one_of(words.PriorOutcome, "How it ended; null if that is not stated.")


class Criterion(BaseModel):
    """One line of who can, or cannot, have the drug."""

    text: str = told("The line, in plain words.")
    prior: PriorTreatment | None = told("The earlier treatment that it speaks of.")
    citations: list[Cited] = told("The sources behind it.")


class Indication(BaseModel):
    """A use of a drug: for which condition, when, with what, how settled that is, and who can have it."""

    key: str = told("What it is known by on its page.")
    url: str = told("Its place on the drug’s page.")
    condition: Link = told("The condition.")
    setting: Word | None = one_of(words.Setting, "When in the course of the disease; null if that is not stated.")
    line: Word | None = one_of(words.Line, "How many treatments came before; null if that is not stated.")
    certainty: Word = one_of(words.Certainty, "How settled the use is. Do not show the indication without it.")
    where: str = told("Where that holds, such as “in the UK”, or empty.")
    partners: list[Link] = told("Drugs that are given together with it.")
    text: Text = told("What else there is to say. Can be empty.")
    requires: list[Criterion] = told("What has to be true of a person, all of it.")
    excludes: list[Criterion] = told("What must not be true of a person, none of it.")
    citations: list[Cited] = told("The sources behind it.")


class Mechanism(BaseModel):
    key: str = told("What it is known by.")
    name: str = told("Its name.")
    text: str = told("How it works, in plain words.")


class Decision(BaseModel):
    """A dated statement of a body on a drug’s licence or NHS use."""

    body: Word = one_of(words.Body, "Who decided.")
    nation: Word = one_of(words.Nation, "For where.")
    number: str = told("Its number, such as “TA488”, or empty.")
    subject: str = told("What it is about.")
    outcome: Word = one_of(words.DecisionOutcome, "What was decided.")
    date: str = told("The day, month or year, or empty.")
    note: str = told("More about it, or empty.")
    citations: list[Cited] = told("The sources behind it.")


class DrugContent(BaseModel):
    kind: Literal["drug"] = told("Always `drug`.")
    name: str = told("The international nonproprietary name (INN).")
    names: list[OtherName] = told("Brand, former, development and other names.")
    summary: str = told("What it is, in one sentence.")
    status: Word = one_of(words.DrugStatus, "Whether it is in use. Show it.")
    status_as_of: str = told("The day, month or year of which that is said, or empty.")
    alerts: list[Alert] = told("Urgent notices. Show them above all else.")
    about: Text = told("More about what it is. Can be empty.")
    indications: list[Indication] = told("What it is used for, and who can have it.")
    drug_class: str = told("Its class, such as “tyrosine kinase inhibitor”, or empty.")
    targets: str = told("What it acts on, or empty.")
    mechanisms: list[Mechanism] = told("How it works.")
    form: str = told("Such as “tablet or capsule”, or empty.")
    route: Word | None = one_of(words.Route, "How it gets into the body; null if that is not stated.")
    how_you_have_it: Text = told("How people have it. Can be empty.")
    decisions: list[Decision] = told("What regulators and the NHS decided.")
    research: Text = told("What is being studied. Can be empty.")
    atc_code: str = told("Its code in the WHO’s classification (ATC), or empty.")
    atc_as_of: str = told("The day, month or year of that code, or empty.")
    citations: list[Cited] = told("Sources of the page as a whole.")


class ConditionContent(BaseModel):
    kind: Literal["condition"] = told("Always `condition`.")
    name: str = told("The name of the condition.")
    abbreviation: str = told("Such as “GIST”, or empty.")
    parent: Link | None = told("The wider condition that it is a kind of.")
    summary: str = told("What it is, in a sentence or two.")
    about: Text = told("More about what it is. Can be empty.")
    citations: list[Cited] = told("Sources of the page as a whole.")


class GuideSection(BaseModel):
    key: str = told("What it is known by on its page.")
    url: str = told("Its place on the page.")
    heading: str = told("Its heading.")
    text: Text = told("Its own words. Can be empty.")
    drugs: list[Link] = told("The drugs that it shows, each from its own page: ask for them there.")


class GuideContent(BaseModel):
    kind: Literal["guide"] = told("Always `guide`.")
    title: str = told("The title.")
    summary: str = told("What it is about, in a sentence or two.")
    sections: list[GuideSection] = told("Its parts, in their order.")
    citations: list[Cited] = told("Sources of the page as a whole.")


class Term(BaseModel):
    key: str = told("What it is known by on its page.")
    url: str = told("Its place on the page.")
    name: str = told("The word.")
    abbreviation: str = told("Its abbreviation, or empty.")
    definition: str = told("What it means, in plain words.")
    citations: list[Cited] = told("The sources behind it.")


class GlossaryContent(BaseModel):
    kind: Literal["glossary"] = told("Always `glossary`.")
    title: str = told("The title.")
    intro: Text = told("Words above the terms. Can be empty.")
    terms: list[Term] = told("The terms, in the order of the page.")
    citations: list[Cited] = told("Sources of the page as a whole.")


AnyContent = Annotated[
    DrugContent | ConditionContent | GuideContent | GlossaryContent,
    Field(discriminator="kind", description="What the page says. Its shape follows from its `kind`."),
]


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
