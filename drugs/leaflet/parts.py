"""The parts of a drug as a leaflet says them, in the words and in the order of the page. Plain Python."""

from dataclasses import dataclass
from typing import Any

from basics.dates import PartialDate
from drugs import content
from drugs import vocabulary as words
from drugs.citations import Citations
from drugs.leaflet import rich
from drugs.leaflet.blocks import (
    Block,
    Blocks,
    Listing,
    Notice,
    Paragraph,
    Span,
    Spans,
    heading,
    plain,
    says,
    strong,
    upper_first,
)
from drugs.nations import InNation, Told


@dataclass(frozen=True)
class Hand:
    """What writes a page's parts: the numbers of its citations, and the pages it links to by lasting key.

    Sources are numbered as they are written, so parts are written in the order in which the page shows them.
    """

    citations: Citations
    linked: dict[str, Any]

    def rich(self, text: str, level: int) -> Blocks:
        return rich.blocks(text, self.numbers, level=level)

    def cite(self, listed: tuple[content.Citation, ...]) -> Spans:
        """The numbers of the citations beside a part."""
        said = self.numbers([(one.source, one.locator) for one in listed])
        return (Span(said, cited=True),) if said else ()

    def numbers(self, cited: list[tuple[str, str]]) -> str:
        """What stands for citations at one place: `[1–3, 5]`."""
        marks = self.citations.cite_together(cited)
        said = []
        for mark in marks:
            first, last = mark.places[0][0].number, mark.places[-1][0].number
            numbers = str(first) if len(mark.places) == 1 else f"{first}–{last}"
            said.append(f"{numbers}, {mark.locator}" if mark.locator else numbers)
        gap = "; " if any(mark.locator for mark in marks) else ", "
        return f"[{gap.join(said)}]" if said else ""

    def name(self, link: content.Link) -> str:
        """The name of another page, with what its reader has to know of it."""
        target = self.linked.get(link.page)
        if target is None:
            return link.name
        if target.withdrawal:
            return f"{link.name} (page withdrawn)"
        is_over = target.kind == "drug" and target.columns.get("status") == words.DrugStatus.NO_LONGER_USED
        return f"{link.name} (no longer used)" if is_over else link.name

    def list_sources(self, listed: tuple[content.Citation, ...]) -> None:
        """Put the sources of a page as a whole on its list."""
        for one in listed:
            self.citations.listed(one.source)


def when(text: str) -> str:
    """A partial date in words, or nothing."""
    return PartialDate.parse(text).in_words() if text else ""


def names(listed: tuple[content.OtherName, ...]) -> Blocks:
    """The other names of a drug, in one line."""
    said = [f"{one.name} ({one.kind.label}{f', {one.note}' if one.note else ''})" for one in listed]
    return (says(", ".join(said)),) if said else ()


def status(drug: content.DrugContent) -> Paragraph:
    as_of = f", as of {when(drug.status_as_of)}" if drug.status_as_of else ""
    return Paragraph((Span("Status: "), *strong(f"{drug.status.label}{as_of}")))


def alert(hand: Hand, one: content.Alert, *, level: int, as_heading: bool) -> Notice:
    """A dated, urgent notice. Its title is a heading at the top of a page, bold words where another page shows it.

    `level` is that of the headings that its text may have, or of the title above them.
    """
    title: Block = heading(one.title, level) if as_heading else Paragraph(strong(one.title))
    text = hand.rich(one.text, level + 1 if as_heading else level)
    sources = hand.cite(one.citations)
    told = (Paragraph((Span("Sources "), *sources), "quiet"),) if sources else ()
    return Notice((title, Paragraph(strong(f"Urgent notice, {when(one.date)}")), *text, *told), "urgent")


def indication(hand: Hand, one: content.Indication, level: int) -> Blocks:
    """A use of a drug: for what, how settled it is, who can have it and who cannot."""
    condition = hand.linked.get(one.condition.page)
    short = condition.columns.get("abbreviation", "") if condition and condition.kind == "condition" else ""
    name = upper_first(hand.name(one.condition)) + (f" ({short})" if short else "")
    title = heading(name, level)
    sure = (*how_sure(one, partners=[hand.name(partner) for partner in one.partners]), *hand.cite(one.citations))
    text = hand.rich(one.text, level + 1)
    is_over = one.certainty == words.Certainty.NO_LONGER_USED
    required = "Until then, all of this had to be true:" if is_over else "You may have it if all of this is true:"
    excluding = "Nobody could have it if:" if is_over else "You cannot have it if any of this is true:"
    return (
        title,
        Paragraph(sure),
        *text,
        *_criteria(hand, required, one.required, "tick"),
        *_criteria(hand, excluding, one.excluding, "cross"),
    )


def how_sure(one: content.Indication, partners: list[str] | None = None) -> Spans:
    """How settled a use is, at which stage of the disease, in which line of treatment, with what."""
    certainty = " ".join(filter(None, [one.certainty.label, one.where]))
    rest = [
        one.setting.label if one.setting else "",
        one.line.label if one.line else "",
        f"together with {', '.join(partners)}" if partners else "",
    ]
    return (*strong(upper_first(certainty)), *plain("".join(f"; {said}" for said in rest if said)))


def _criteria(hand: Hand, lead: str, listed: list[content.Criterion], marker) -> Blocks:
    if not listed:
        return ()
    return (Paragraph(strong(lead)), Listing(tuple(_criterion(hand, one) for one in listed), marker))


def _criterion(hand: Hand, one: content.Criterion) -> Blocks:
    text = Paragraph((*plain(one.text), *hand.cite(one.citations)))
    after = prior(one.prior, hand.name(one.prior.drug) if one.prior.drug else "") if one.prior else ""
    return (text, says(after, "quiet")) if after else (text,)


def prior(one: content.PriorTreatment, drug: str) -> str:
    """Which treatment came before, and how it ended. Nothing where neither a drug nor an outcome is known."""
    if not drug and not one.outcome:
        return ""
    outcome = f": {one.outcome.label}" if one.outcome else ""
    return f"After {drug or one.kind.label}{outcome}"


def where_it_stands(hand: Hand, nations: list[InNation], level: int) -> Blocks:
    """What the official bodies say, by nation, newest first; and for which nations nothing is described."""
    if not any(one.told for one in nations):
        none = "We describe no decision of NICE, the SMC, the AWMSG or a regulator on this drug."
        return (says(f"{none} There may still be one: ask your team."),)
    told = tuple(
        block
        for one in nations
        if one.told
        for block in (
            heading(one.nation.label, level),
            Listing(tuple((Paragraph(_decision(hand, line)),) for line in one.told)),
        )
    )
    *most, last = [one.name for one in nations if not one.told] or [""]
    names_of_others = f"{', '.join(most)} or {last}" if most else last
    if not last:
        return told
    return (
        *told,
        says(f"We describe no decision for {names_of_others}. There may still be one: ask your team.", "quiet"),
    )


def _decision(hand: Hand, told: Told) -> Spans:
    one = told.decision
    body = " ".join(filter(None, [one.body.label, one.number]))
    note = f" {one.note}" if one.note else ""
    return (
        *plain(f"{body}: {one.subject}. "),
        *strong(f"{upper_first(one.outcome.label)}{' (superseded)' if told.is_superseded else ''}"),
        *plain(f" ({when(one.date) or 'date not known'}).{note}"),
        *hand.cite(one.citations),
    )
