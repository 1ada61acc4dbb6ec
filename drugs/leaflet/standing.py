"""What a leaflet says of the page itself: how fresh, how sure, who stands behind it, from where. Plain Python."""

from datetime import date
from typing import Any

from basics.dates import PartialDate
from drugs.citations import Citations, Cited
from drugs.leaflet.blocks import (
    Blocks,
    Facts,
    Listing,
    Notice,
    Paragraph,
    Span,
    Spans,
    heading,
    plain,
    says,
    strong,
    warning,
)
from references import formatting


def day(value: date) -> str:
    """A day as a reader sees it: “3 April 2018”."""
    return PartialDate(value.year, value.month, value.day).in_words()


def last_reviewed(page: Any) -> str:
    return f"Last reviewed {day(page.last_reviewed)}" if page.last_reviewed else "Not reviewed yet"


def review_line(page: Any) -> Blocks:
    """How fresh a page is, and every doubt about it, aloud."""
    by = f" by {page.review.name}" if page.review else ""
    carried = ", on the page it was carried over from" if page.carried_over and not page.review else by
    due = f". Next review due {day(page.review_due)}" if page.review_due and not page.is_late else ""
    blocks: list = [says(f"{last_reviewed(page)}{carried}{due}. Edition {page.number}.", "quiet")]
    if page.awaits_review:
        blocks.append(
            warning(
                "Published before review.",
                "This edition was urgent. Nobody but its publisher has checked it yet, and this line stays until "
                "somebody else has.",
            )
        )
    if page.is_late:
        blocks.append(
            warning(
                "This page is late.",
                f"By our own rule it should have been reviewed by {day(page.review_due)}. Things may have changed "
                "since it was last reviewed.",
            )
        )
    if page.doubt:
        blocks.append(warning(f"A doubt, told on {day(page.doubt.on)}:", page.doubt.sentence))
    return tuple(blocks)


def not_current(page: Any, today: Any, address: str) -> Blocks:
    """Above a past edition: what became of the page, and where the current one is."""
    lead = Paragraph(
        (
            *strong("This is not the current edition."),
            Span(
                f" It is edition {page.number}, as it went live on {day(page.live_from)}. Do not use it to decide about "
                "treatment."
            ),
        )
    )
    if today.withdrawal:
        since: Blocks = (
            Paragraph(
                (
                    *strong(f"This page was withdrawn on {day(today.withdrawal.on)}:"),
                    *plain(f" {today.withdrawal.sentence}"),
                )
            ),
        )
    else:
        since = (says(f"Since then: {today.change_kind}. {today.change_note}"),)
    current = Paragraph((Span("The current edition: "), Span(address, address=address)))
    return (Notice((lead, *since, current), "urgent"),)


def before_you_change_anything() -> Blocks:
    """Stands on every leaflet, as it stands on every page (templates/components/_standing.html)."""
    told = Paragraph(
        (
            *strong("Do not start, stop or change a treatment because of a page."),
            Span(" What is right for you depends on things that no page knows."),
        )
    )
    help_ = says(
        "Talk to your cancer team first. Your specialist nurse or your GP can help you to reach them. If you feel very "
        "unwell, call your hospital’s advice line straight away."
    )
    return (Notice((heading("Before you change anything", 2), told, help_), "calm"),)


def sources(citations: Citations) -> Blocks:
    """The sources with their numbers, in Vancouver style. Asked once everything that cites was written."""
    listed = tuple((Paragraph(_source(one), "quiet"),) for one in citations)
    return (heading("Sources", 2), Listing(listed, "number")) if listed else ()


def _source(cited: Cited) -> Spans:
    """A reference; before it and behind it, what befell the source."""
    reference = tuple(Span(part.text, address=part.address) for part in formatting.parts(cited.source))
    if not cited.mark:
        return reference
    told = f" Marked {day(cited.mark.on)}: {cited.mark.reason}"
    return (*strong(f"{cited.mark.standing.upper()}: "), *reference, *strong(told))


def who_stands_behind(page: Any, address: str) -> Blocks:
    """Who reviewed it, when it is due, which edition this is, why it was made, and its address for good."""
    rows = [("Reviewed by", _reviewer(page))]
    if page.review_due:
        late = ". It is late." if page.is_late else ""
        rows.append(("Next review was due" if page.is_late else "Next review due", f"{day(page.review_due)}{late}"))
    eligibility = "; it changes who can have the drug" if page.changes_eligibility else ""
    rows += [
        (
            "This edition",
            f"Edition {page.number}, live since {day(page.live_from)} ({page.change_kind}{eligibility}).",
        ),
        ("Why it was made", page.change_note),
    ]
    facts = (*((name, plain(said)) for name, said in rows), ("Its address for good", (Span(address, address=address),)))
    return (heading("Who stands behind this page", 2), Facts(facts))


def _reviewer(page: Any) -> str:
    if review := page.review:
        who = ", ".join(filter(None, [review.name, review.role, "invited from outside" if review.invited else ""]))
        declared = f" Declared interests: {review.interests}" if review.interests else ""
        return f"{who} ({review.kind} review of {review.scope}, {day(review.on)}).{declared}"
    if carried := page.carried_over:
        if carried.reviewed_on is None:
            return f"Nobody here yet. The page was carried over from {carried.source}, where nobody had reviewed it."
        return (
            f"Nobody here yet. The page was carried over, in our own words, from {carried.source}, where it was last "
            f"reviewed on {day(carried.reviewed_on)}."
        )
    return "Nobody yet."
