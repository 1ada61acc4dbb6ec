"""What changed in public, newest first: the lines of /updates/ and of the feeds."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.http import Http404
from django.urls import reverse

from basics.days import london_day
from editions import lists
from editions.kinds import all_kinds
from editions.models import Edition, Entry, Review
from editions.published import PublicReview, PublishedPage
from editions.site import PublishedSite
from editions.vocabulary import PUBLISHING, Act, ChangeKind, Outcome

SOURCE = "source"  # beside the kinds of page: marks on sources, which are of no page


@dataclass(frozen=True)
class Update:
    """One public change, in words."""

    entry: Entry  # that tells it; its seal is what it is known by for good
    headline: str
    note: str
    page: PublishedPage | None = None  # as it stands now; None for a mark on a source
    number: int | None = None
    change_kind: str = ""  # editions.vocabulary.ChangeKind, of an edition that went live
    first_note: str = ""  # what stood there before the record put it right
    changes_eligibility: bool = False
    why_urgent: str = ""  # why an edition did not wait for its review
    reviews: tuple[PublicReview, ...] = ()
    source: str = ""  # the key of the source that was marked
    cited_by: tuple[PublishedPage, ...] = ()  # the live pages that cite it

    @property
    def seal(self) -> str:
        return self.entry.seal

    @property
    def act(self) -> str:
        return self.entry.act

    @property
    def held_from(self) -> datetime:
        return self.entry.holds_from

    @property
    def on(self) -> date:
        return london_day(self.held_from)

    @property
    def tells_edition(self) -> bool:
        return self.act in PUBLISHING

    @property
    def url(self) -> str:
        """Where it can be read: the edition or the page; of a mark, the source if a live page cites it, or nothing."""
        if self.page is None:  # sources have their pages in the app that stands above this one: known by name only
            return reverse("drugs:reference-detail", args=[self.source]) if self.cited_by else ""
        return f"{self.page.present_url}editions/{self.number}/" if self.tells_edition else self.page.history_url

    @property
    def title(self) -> str:
        """What it is about and what happened: “imatinib, edition 2: correction”."""
        return f"{self.page.title if self.page else self.source}: {self.headline}"

    @property
    def summary(self) -> str:
        """The change note, whether it changes who can have the drug, and who reviewed it, in plain text."""
        eligibility = ""
        if self.changes_eligibility:
            eligibility = "This changes who can have the drug."
        elif self.tells_edition and self.number != 1:
            eligibility = "This does not change who can have the drug."
        urgent = f"Why it did not wait for a review: {self.why_urgent}" if self.why_urgent else ""
        by = [f"Reviewed by {one.name} ({one.kind}, {one.scope})." for one in self.reviews]
        return " ".join(part for part in (self.note, eligibility, urgent, *by) if part)


def entries(site: PublishedSite, kind: str = "", page: PublishedPage | None = None):
    """The entries that tell of changes, newest first, as a queryset: of one kind (or SOURCE), of one page, or all."""
    news = Entry.objects.news(site.at).select_related("page")
    if page is not None:
        news = news.filter(page=page.page_id)
    if kind == SOURCE:
        return news.filter(act=Act.SOURCE_MARKED)
    return news.filter(page__kind=kind) if kind else news


def kinds() -> dict[str, str]:
    """What changes can be of, and how it is called: the kinds of page, and sources."""
    pages = {one.name: one.label + ("s" if one.has_many_pages else "") for one in all_kinds()}
    return {**pages, SOURCE: "sources"}


def kind_asked_for(request) -> str:
    """The kind in `?kind=`, or nothing for all. Raises Http404 for one that does not exist."""
    kind = request.GET.get("kind", "")
    if kind and kind not in kinds():
        raise Http404("There is no such kind of page.")
    return kind


def in_words(site: PublishedSite, rows: Iterable[Entry]) -> list[Update]:
    """These entries in words. Asks the same number of queries for one entry and for many."""
    return _Telling(site, list(rows)).lines()


class _Telling:
    """A few entries with all that is needed to tell them."""

    def __init__(self, site: PublishedSite, rows: list[Entry]):
        self.rows = rows
        ids = {row.edition_id for row in rows if row.edition_id}
        self.editions = Edition.objects.defer("content_json").in_bulk(ids)
        self.notes = site.corrected_notes(ids)
        self.reviews = list(Review.objects.filter(edition__in=ids, made_at__lte=site.at))
        subjects = {row.subject for row in rows if row.act == Act.SOURCE_MARKED}
        cites = lists.tied(site, "cites", subjects)
        self.citing = list(cites.values_list("target", "edition__page__key"))
        keys = {row.page.key for row in rows if row.page} | {key for _, key in self.citing}
        self.pages = site.outline_by_keys(keys)

    def lines(self) -> list[Update]:
        return [self._line(row) for row in self.rows]

    def _line(self, row: Entry) -> Update:
        if row.act == Act.SOURCE_MARKED:
            return self._mark(row)
        page = self.pages[row.page.key] if row.page else None
        if row.act in PUBLISHING:
            return self._publication(row, page)
        if row.act == Act.REVIEWED:
            return self._review(row, page)
        return self._notice(row, page)

    def _publication(self, row: Entry, page: PublishedPage | None) -> Update:
        edition = self.editions[row.edition_id]
        given = [one for one in self.reviews if one.edition_id == edition.pk and one.made_at <= row.at]
        return Update(
            entry=row,
            headline=f"edition {edition.number}, {_kind_of_change(row, edition)}",
            note=self.notes.get(edition.pk) or edition.change_note,
            first_note=edition.change_note if edition.pk in self.notes else "",
            page=page,
            number=edition.number,
            change_kind=edition.change_kind,
            changes_eligibility=edition.changes_eligibility,
            why_urgent=row.details["reason"] if row.act == Act.PUBLISHED_URGENTLY else "",
            reviews=tuple(PublicReview.of(one) for one in given if one.outcome == Outcome.APPROVED),
        )

    def _review(self, row: Entry, page: PublishedPage | None) -> Update:
        review = next(one for one in self.reviews if one.pk == row.review_id)
        number = self.editions[row.edition_id].number
        approved = review.outcome == Outcome.APPROVED
        return Update(
            entry=row,
            headline=f"edition {number} reviewed{', no change needed' if approved else ''}",
            note="" if approved else "The reviewer asks for changes.",
            page=page,
            number=number,
            reviews=(PublicReview.of(review),),
        )

    def _notice(self, row: Entry, page: PublishedPage | None) -> Update:
        details = row.details
        number = self.editions[row.edition_id].number if row.edition_id else None
        headlines = {
            Act.WITHDRAWN: "page withdrawn",
            Act.DOUBT_TOLD: "a doubt was told",
            Act.DOUBT_SETTLED: "the doubt was settled",
            Act.MOVED: "moved to a new address",
            Act.NOTE_CORRECTED: f"the note on edition {number} was put right",
        }
        said = next((details[name] for name in ("sentence", "note", "reason") if details.get(name)), "")
        if row.act == Act.NOTE_CORRECTED:
            said = f"It now says: “{details['note']}” Why: {details['reason']}"
        return Update(
            entry=row,
            headline=headlines[Act(row.act)],
            note=said,
            page=page,
            number=number,
        )

    def _mark(self, row: Entry) -> Update:
        details = row.details
        standing = details["standing"]
        cited_by = {key for target, key in self.citing if target == row.subject}
        pages = sorted((self.pages[key] for key in cited_by), key=lambda page: page.title.casefold())
        return Update(
            entry=row,
            headline="the mark on this source was taken back"
            if standing == "current"
            else f"this source is marked as {standing.replace('_', ' ')}",
            note=details["reason"],
            source=row.subject.removeprefix("reference/"),
            cited_by=tuple(pages),
        )


def _kind_of_change(row: Entry, edition: Edition) -> str:
    if row.act == Act.CARRIED_OVER:
        return Act.CARRIED_OVER.label
    urgently = ", published before review" if row.act == Act.PUBLISHED_URGENTLY else ""
    return ChangeKind(edition.change_kind).label + urgently
