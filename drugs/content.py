"""What a visitor reads on each kind of page, as typed values.

Fields stand in the order in which the page shows them: citations are numbered by walking a content from top to
bottom (`cited_keys`), so the order here is the order of the numbers. Where a page shows the items of one field in an order
of its own (decisions, by nation), the numbers that it draws follow what it shows.

A stored edition is never migrated. It carries the number of its format; `read` brings older formats up to today's
with one small step per format (`UPGRADES`).
"""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, ValidationInfo, model_validator

from basics import richtext
from basics.content import Key, PageKey, Plain, Rich, Value, When, Words, rich_fields
from drugs import vocabulary as words
from references.content import Source

FORMAT = 2

AtcCode = Annotated[str, StringConstraints(pattern=r"^([A-Z]\d{2}[A-Z]{2}\d{2})?$")]


def _once(owner: str, items: tuple, *names: str) -> None:
    """Refuse a list in which two items share what links and rows know them by."""
    known = [tuple(getattr(item, name) for name in names) for item in items]
    for one in known:
        if known.count(one) > 1:
            raise ValueError(f"{owner} holds {' '.join(map(str, one))} twice. Keep one of them.")


class Link(Value):
    """Another page, by its lasting key, under the name it had when this page was frozen."""

    page: PageKey
    name: Words


class Citation(Value):
    """A source behind the words beside it, with the place in the source where they are found."""

    source: Key
    locator: Plain = ""


class OtherName(Value):
    name: Words
    kind: words.NameKind
    note: Plain = ""  # e.g. the country in which a brand is sold


class Mechanism(Value):
    """A way in which a drug works."""

    key: Key
    name: Words
    text: Words


class PriorTreatment(Value):
    """A treatment that a criterion speaks of, and how it ended."""

    kind: words.PriorKind
    drug: Link | None = None
    outcome: words.PriorOutcome = words.PriorOutcome.UNSPECIFIED

    @model_validator(mode="after")
    def _drug_where_the_kind_says_so(self):
        if (self.kind == words.PriorKind.DRUG) != (self.drug is not None):
            raise ValueError("A prior treatment names a drug exactly when its kind is “a drug”.")
        return self


class Criterion(Value):
    """One line of who can, or cannot, have the drug."""

    kind: words.CriterionKind
    text: Words
    prior: PriorTreatment | None = None
    citations: tuple[Citation, ...] = ()


class Indication(Value):
    """A use of a drug: for which condition, when, with what, and how settled that is."""

    key: Key  # unique on the page: the deep link to it
    condition: Link
    setting: words.Setting = words.Setting.UNSPECIFIED
    line: words.Line = words.Line.UNSPECIFIED
    certainty: words.Certainty = words.Certainty.USED
    where: Plain = ""  # e.g. “in the UK”
    partners: tuple[Link, ...] = ()
    text: Rich = ""
    citations: tuple[Citation, ...] = ()
    criteria: tuple[Criterion, ...] = ()

    @model_validator(mode="after")
    def _each_partner_once(self):
        _once("The list of partner drugs", self.partners, "page")
        return self

    @property
    def required(self) -> list[Criterion]:
        """What has to be true of a person, all of it."""
        return [one for one in self.criteria if one.kind == words.CriterionKind.REQUIRES]

    @property
    def excluding(self) -> list[Criterion]:
        """What must not be true of a person, none of it."""
        return [one for one in self.criteria if one.kind == words.CriterionKind.EXCLUDES]


class Decision(Value):
    """A dated statement of a body on a drug's licence or NHS use."""

    body: words.Body
    nation: words.Nation
    number: Plain = ""  # e.g. “TA86”
    subject: Words  # what it is about: “GIST that cannot be removed or has spread”
    outcome: words.DecisionOutcome
    date: When = ""
    note: Plain = ""
    citations: tuple[Citation, ...] = ()


class Alert(Value):
    """A dated, urgent notice at the top of a page."""

    date: When = Field(min_length=4)
    title: Words
    text: Rich
    citations: tuple[Citation, ...] = ()


def _lists_of_citations(value: Any) -> Iterator[tuple[Citation, ...]]:
    if isinstance(value, Value):
        for name in type(value).model_fields:
            item = getattr(value, name)
            if name == "citations":
                yield item
            yield from _lists_of_citations(item)
    elif isinstance(value, tuple):
        for item in value:
            yield from _lists_of_citations(item)


_SOURCES_LATER = object()


class Content(Value):
    """What every kind of page has."""

    format: Literal[2] = 2
    sources: tuple[Source, ...] = ()  # in the order of their numbers

    @model_validator(mode="after")
    def _each_citation_has_its_source(self, info: ValidationInfo):
        """A source behind every citation, and no source that nothing cites."""
        if info.context is _SOURCES_LATER:
            return self
        for listed in _lists_of_citations(self):
            _once("A list of sources", listed, "source")
        cited = cited_keys(self)
        held = [source.key for source in self.sources]
        if cited != held:
            missing = [key for key in cited if key not in held]
            surplus = [key for key in held if key not in cited]
            raise ValueError(
                f"The sources must be those cited, in the order in which they are cited: {cited}. "
                f"Missing: {missing or 'none'}; not cited: {surplus or 'none'}."
            )
        return self


class DrugContent(Content):
    kind: Literal["drug"] = "drug"
    name: Words  # the international nonproprietary name (INN)
    names: tuple[OtherName, ...] = ()
    summary: Words  # what it is, in one sentence
    status: words.DrugStatus
    status_as_of: When = ""
    alerts: tuple[Alert, ...] = ()
    about: Rich = ""
    indications: tuple[Indication, ...] = ()
    drug_class: Plain = ""
    targets: Plain = ""
    mechanisms: tuple[Mechanism, ...] = ()
    form: Plain = ""  # e.g. “tablet or capsule”
    route: words.Route | None = None
    how_you_have_it: Rich = ""
    decisions: tuple[Decision, ...] = ()
    research: Rich = ""
    atc_code: AtcCode = ""
    atc_as_of: When = ""
    citations: tuple[Citation, ...] = ()  # for the page as a whole

    @model_validator(mode="after")
    def _each_part_once(self):
        _once("The list of names", self.names, "name")
        _once("The list of indications", self.indications, "key")
        _once("The list of ways of working", self.mechanisms, "key")
        _once("The list of decisions", self.decisions, "body", "number", "subject", "date")
        return self


class ConditionContent(Content):
    kind: Literal["condition"] = "condition"
    name: Words
    abbreviation: Plain = ""
    parent: Link | None = None
    summary: Words
    about: Rich = ""
    citations: tuple[Citation, ...] = ()


class GuideSection(Value):
    """A part of a guide: its own words, then the drugs it shows, each from that drug's live edition."""

    key: Key
    heading: Words
    text: Rich = ""
    drugs: tuple[Link, ...] = ()

    @model_validator(mode="after")
    def _each_drug_once(self):
        _once("The list of drugs shown", self.drugs, "page")
        return self


class GuideContent(Content):
    kind: Literal["guide"] = "guide"
    title: Words
    summary: Words
    sections: tuple[GuideSection, ...] = ()
    citations: tuple[Citation, ...] = ()

    @model_validator(mode="after")
    def _each_section_once(self):
        _once("The list of sections", self.sections, "key")
        return self


class Term(Value):
    key: Key
    name: Words
    abbreviation: Plain = ""
    definition: Words
    citations: tuple[Citation, ...] = ()


class GlossaryContent(Content):
    kind: Literal["glossary"] = "glossary"
    title: Words
    intro: Rich = ""
    terms: tuple[Term, ...] = ()
    citations: tuple[Citation, ...] = ()

    @model_validator(mode="after")
    def _each_term_once(self):
        _once("The glossary", self.terms, "key")
        _once("The glossary", self.terms, "name")
        return self


AnyContent = Annotated[DrugContent | ConditionContent | GuideContent | GlossaryContent, Field(discriminator="kind")]


def cited_keys(value: Any) -> list[str]:
    """The keys of the sources that a content cites, once each, by first appearance on the page."""
    return list(dict.fromkeys(key for key, _ in citations_in(value)))


def citations_in(value: Any) -> Iterator[tuple[str, str]]:
    """Every (source key, locator) of a content, in the order in which the page shows them."""
    if isinstance(value, Citation):
        yield value.source, value.locator
    elif isinstance(value, Value):
        rich = rich_fields(type(value))
        for name in type(value).model_fields:
            if name in rich:
                yield from richtext.citations(getattr(value, name))
            elif name != "sources":
                yield from citations_in(getattr(value, name))
    elif isinstance(value, tuple):
        for item in value:
            yield from citations_in(item)


def links_in(value: Any) -> Iterator[Link]:
    """Every link to another page in a content, in order."""
    if isinstance(value, Link):
        yield value
    elif isinstance(value, Value):
        for name in type(value).model_fields:
            yield from links_in(getattr(value, name))
    elif isinstance(value, tuple):
        for item in value:
            yield from links_in(item)


def assemble(
    model: type[Content], fields: Mapping[str, Any], library: Callable[[list[str]], Mapping[str, Source]]
) -> Content:
    """A content made of fields, with the sources that it cites taken from a library of them by key.

    Raises pydantic.ValidationError, also for a citation whose source the library does not have.
    """
    keys = cited_keys(model.model_validate(fields, context=_SOURCES_LATER))
    held = library(keys)
    return model.model_validate({**fields, "sources": [held[key] for key in keys if key in held]})


def _without_standing(data: dict) -> dict:
    """Format 1 froze how far a source can be relied on: the record says it, for every edition alike."""
    sources = [{name: value for name, value in one.items() if name != "standing"} for one in data.get("sources", [])]
    return {**data, "format": 2, "sources": sources}


# From format n to n + 1: a function from the stored mapping to the next format's mapping.
UPGRADES: dict[int, Callable[[dict], dict]] = {1: _without_standing}


def read(model: type[Content], stored: str) -> Content:
    """A content from the JSON of an edition, of whatever format it was written in.

    Raises ValueError if the format is newer than this program knows, pydantic.ValidationError if it does not fit.
    """
    data = json.loads(stored)
    while (number := data.get("format", 1)) != FORMAT:
        if number not in UPGRADES:
            raise ValueError(f"This edition is written in format {number}; this program reads up to {FORMAT}.")
        data = UPGRADES[number](data)
    return model.model_validate(data)
