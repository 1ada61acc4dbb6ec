"""What visitors can search of each kind of page: names first, then the words of the page, without markup."""

from collections.abc import Iterator

from basics import richtext
from drugs import content
from drugs.vocabulary import DrugStatus, NameKind
from editions.search.document import Document, Name, Passage

_WHAT = {
    NameKind.BRAND: "a brand name of",
    NameKind.FORMER: "a former name of",
    NameKind.DEVELOPMENT: "a development code of",
    NameKind.OTHER: "another name of",
}
_IN_GLOSSARY = "explained in the glossary"


def drug(value: content.DrugContent) -> Document:
    return Document(
        title=value.name,
        names=tuple(Name(one.name, _WHAT[one.kind], one.note) for one in value.names),
        subjects=tuple(
            link.name for indication in value.indications for link in (indication.condition, *indication.partners)
        ),
        passages=tuple(_parts_of_drug(value)),
        is_lower=value.status == DrugStatus.NO_LONGER_USED,
    )


def _parts_of_drug(value: content.DrugContent) -> Iterator[Passage]:
    yield Passage(value.summary)
    for alert in value.alerts:
        yield Passage(_plain(alert.text), alert.title)
    yield Passage(_plain(value.about))
    for one in value.indications:
        text = _lines(_plain(one.text), *(criterion.text for criterion in one.criteria))
        yield Passage(text or f"{value.name.capitalize()} for {one.condition.name}.", one.condition.name, one.key)
    ways = (f"{way.name}. {way.text}" for way in value.mechanisms)
    yield Passage(_lines(value.drug_class, value.targets, *ways), "How it works")
    route = value.route.label if value.route else ""
    yield Passage(_lines(value.form, route, _plain(value.how_you_have_it)), "How you have it")
    for decision in value.decisions:
        said = f"{decision.body.label} {decision.number}: {decision.outcome.label}. {decision.subject}"
        yield Passage(_lines(said, decision.note), "What the official bodies say")
    yield Passage(_plain(value.research), "What is being studied")
    yield Passage(value.atc_code)


def condition(value: content.ConditionContent) -> Document:
    return Document(
        title=value.name,
        names=(Name(value.abbreviation, "short for"),) if value.abbreviation else (),
        subjects=(value.parent.name,) if value.parent else (),
        passages=(Passage(value.summary), Passage(_plain(value.about))),
    )


def guide(value: content.GuideContent) -> Document:
    return Document(
        title=value.title,
        subjects=tuple(link.name for section in value.sections for link in section.drugs),
        passages=(Passage(value.summary), *(_section(one) for one in value.sections)),
    )


def _section(one: content.GuideSection) -> Passage:
    shown = f"Described here: {', '.join(link.name for link in one.drugs)}" if one.drugs else ""
    return Passage(_lines(_plain(one.text), shown), one.heading, one.key)


def glossary(value: content.GlossaryContent) -> Document:
    return Document(
        title=value.title,
        names=tuple(
            Name(name, _IN_GLOSSARY, anchor=term.key)
            for term in value.terms
            for name in (term.name, term.abbreviation)
            if name
        ),
        passages=(
            Passage(_plain(value.intro)),
            *(_term(term) for term in value.terms),
        ),
    )


def _term(term: content.Term) -> Passage:
    short = f" ({term.abbreviation})" if term.abbreviation else ""
    return Passage(f"{term.name}{short}: {term.definition}", term.name, term.key)


def _plain(text: str) -> str:
    return " ".join(richtext.words(text).split())


def _lines(*texts: str) -> str:
    """Texts after one another, each ended as a sentence."""
    return " ".join(text if text.endswith((".", "?", "!", ":")) else f"{text}." for text in texts if text)
