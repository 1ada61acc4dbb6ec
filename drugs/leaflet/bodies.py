"""What a leaflet says of each kind of page, from the context in which the page's own template draws it. Plain Python."""

from collections.abc import Mapping
from typing import Any

from drugs import content
from drugs.leaflet import parts
from drugs.leaflet.blocks import (
    Blocks,
    Facts,
    Listing,
    Paragraph,
    Span,
    heading,
    plain,
    says,
    strong,
    upper_first,
    warning,
)
from drugs.leaflet.parts import Hand
from drugs.leaflet.standing import day, review_line
from drugs.nations import by_nation
from drugs.pathway.graph import Item
from drugs.vocabulary import DrugStatus

# What `drugs.pages.present` gives.
Context = Mapping[str, Any]


def beside(value: content.Content) -> Blocks:
    """What stands under the title: other names, and in one sentence what it is."""
    summary = getattr(value, "summary", "")  # the glossary has none
    return (*parts.names(getattr(value, "names", ())), *((says(summary, "lead"),) if summary else ()))


def alerts_of(hand: Hand, value: content.Content) -> Blocks:
    """A drug's status and its urgent notices, which stand above everything else that is said of it."""
    if not isinstance(value, content.DrugContent):
        return ()
    return (parts.status(value), *(parts.alert(hand, one, level=2, as_heading=True) for one in value.alerts))


def drug_body(hand: Hand, context: Context) -> Blocks:
    value: content.DrugContent = context["content"]
    blocks = [
        *hand.rich(value.about, 2),
        heading("Who it was for" if value.status == DrugStatus.NO_LONGER_USED else "Who it is for", 2),
        *_uses(hand, value, level=3),
        *_how_it_works(value),
        *_how_you_have_it(hand, value),
    ]
    nations = context.get("nations") or by_nation(value.decisions)
    blocks += [heading("Where it stands", 2), *parts.where_it_stands(hand, nations, 3)]
    if value.research:
        blocks += [heading("What is being studied", 2), *hand.rich(value.research, 3)]
    if asked := context.get("asked"):
        start = "Somewhere to start. These questions are not part of what our reviewers check."
        listed = Listing(tuple((says(one),) for one in asked))
        blocks += [heading("Questions to ask your doctor", 2), listed, says(start, "quiet")]
    hand.list_sources(value.citations)
    return tuple(blocks)


def _uses(hand: Hand, value: content.DrugContent, level: int) -> Blocks:
    if not value.indications:
        return (says("No use is described yet."),)
    return tuple(block for one in value.indications for block in parts.indication(hand, one, level))


def _how_it_works(value: content.DrugContent) -> Blocks:
    as_of = f", as of {parts.when(value.atc_as_of)}" if value.atc_as_of else ""
    rows = [
        ("Kind of drug", value.drug_class),
        ("What it aims at", value.targets),
        ("ATC code", f"{value.atc_code}{as_of}" if value.atc_code else ""),
    ]
    facts = tuple((name, plain(said)) for name, said in rows if said)
    ways = tuple((Paragraph((*strong(f"{one.name}."), *plain(f" {one.text}"))),) for one in value.mechanisms)
    if not (facts or ways):
        return ()
    shown = (*((Listing(ways),) if ways else ()), *((Facts(facts),) if facts else ()))
    return (heading("How it works", 2), *shown)


def _how_you_have_it(hand: Hand, value: content.DrugContent) -> Blocks:
    how = ", ".join(filter(None, [upper_first(value.form), value.route.label if value.route else ""]))
    if not (how or value.how_you_have_it):
        return ()
    return (
        heading("How you have it", 2),
        *((says(f"{how}."),) if how else ()),
        *hand.rich(value.how_you_have_it, 3),
    )


def condition_body(hand: Hand, context: Context) -> Blocks:
    value: content.ConditionContent = context["content"]
    treatments = tuple(_step(item, context["page"].key) for item in context["pathway"].items)
    blocks = [
        *((says(f"It is a kind of {hand.name(value.parent)}."),) if value.parent else ()),
        *hand.rich(value.about, 2),
        heading("Targeted drugs for it", 2),
        Listing(treatments) if treatments else says("We describe no targeted drug for it by this name yet."),
    ]
    if context["narrower"]:
        kinds = tuple((says(upper_first(one.title)),) for one in context["narrower"])
        blocks += [heading("Kinds of it", 2), Listing(kinds)]
    hand.list_sources(value.citations)
    return tuple(blocks)


def _step(item: Item, condition: str) -> Blocks:
    """A use of a drug for the condition, as the page's list tells it: how settled it is, and what comes before it."""
    use: Any = item.step.treatment
    said = parts.how_sure(use.indication)
    if use.indication.condition.page != condition:
        said = (*said, *plain(f"; for {use.indication.condition.name}"))
    if use.page.awaits_review:
        said = (*said, *strong("; published before review"))
    if use.page.is_late:
        said = (*said, *strong("; review late"))
    before = [f"{'And after' if place else 'After'} {prior.in_words}" for place, prior in enumerate(item.priors)]
    before += [f"Also after {prior.in_words}." for prior in item.circular]
    before += [f"Not after {prior.in_words}" for prior in item.excluded]
    return (
        Paragraph(strong(upper_first(use.page.title))),
        Paragraph(said),
        *(says(line, "quiet") for line in before),
    )


def guide_body(hand: Hand, context: Context) -> Blocks:
    value: content.GuideContent = context["content"]
    blocks: list = []
    for section in value.sections:
        blocks += [heading(section.heading, 2), *hand.rich(section.text, 3)]
        for link in section.drugs:
            blocks += _shown(hand, link, context)
    hand.list_sources(value.citations)
    return tuple(blocks)


def _shown(hand: Hand, link: content.Link, context: Context) -> Blocks:
    """A drug as a guide shows it, from the edition that is live at the guide's moment."""
    page = context["shown"].get(link.page)
    if page is None:
        return (says(f"{upper_first(link.name)}: there is no page about it here yet."),)
    title = heading(upper_first(page.title), 3)
    if page.withdrawal:
        lead = f"The page about this drug was withdrawn on {day(page.withdrawal.on)}:"
        return (title, warning(lead, page.withdrawal.sentence))
    value: content.DrugContent = page.content
    blocks = (
        title,
        *_since(page, context["now"].get(link.page)),
        *parts.names(value.names),
        says(value.summary),
        parts.status(value),
        *(parts.alert(hand, one, level=4, as_heading=False) for one in value.alerts),
        *review_line(page),
        *hand.rich(value.about, 4),
        *(block for one in value.indications for block in parts.indication(hand, one, 4)),
        *hand.rich(value.research, 4),
    )
    hand.list_sources(value.citations)
    return blocks


def _since(page: Any, today: Any) -> Blocks:
    """What became of a drug since the past edition that shows it."""
    if today and today.number != page.number:
        return (warning(f"This has changed since ({today.change_kind}):", today.change_note),)
    if today and today.withdrawal:
        return (warning("Withdrawn since:", today.withdrawal.sentence),)
    return ()


def glossary_body(hand: Hand, context: Context) -> Blocks:
    value: content.GlossaryContent = context["content"]
    blocks: list = [*hand.rich(value.intro, 2)]
    for one in value.terms:
        short = f" ({one.abbreviation})" if one.abbreviation else ""
        blocks += [
            heading(f"{one.name}{short}", 2),
            Paragraph((Span(one.definition), *hand.cite(one.citations))),
        ]
    hand.list_sources(value.citations)
    return tuple(blocks)


BODIES = {"drug": drug_body, "condition": condition_body, "guide": guide_body, "glossary": glossary_body}
