"""What pages say, kind by kind."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from drugs import vocabulary as words
from drugs.api.schemas.common import Cited, Link, Text, Word, one_of, told


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
