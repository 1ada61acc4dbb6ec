"""The one door to what is public at a moment. Public views get a PublishedSite and know nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Subquery

from basics.days import LONDON, london_day
from editions import generation, lists, record
from editions.kinds import all_kinds, kind
from editions.models import Edition, Entry, FormerSlug, Mention, Page, Review
from editions.published import HistoryLine, PublicReview, PublishedPage, SourceMark, source_mark_of
from editions.read_pages import read_pages
from editions.search import searching
from editions.search.called import Called
from editions.search.searching import Found
from editions.vocabulary import PUBLISHING, Act, ChangeKind, Outcome

# Named, because inside PublishedSite `list` is a method.
Pages = list[PublishedPage]
History = list[HistoryLine]
Names = list[Called]
Also = Mapping[str, str]  # group → key: see editions.rows.Heading


class PublishedSite:
    """What is public at a moment, now or in the past.

    `at` is an aware datetime; None means now, by the record's clock: never before the newest entry, so that a machine's
    clock that was set back hides nothing that was done.
    """

    def __init__(self, at: datetime | None = None, *, day: date | None = None):
        self.at = min(at, record.now()) if at else record.now()
        self.day = day  # the day that the address names, on an as-of page
        self.is_past = at is not None
        self.prefix = f"/as-of/{day.isoformat()}" if day else ""
        self._read: dict[tuple[str, str], PublishedPage | None] = {}
        self._outlines: dict[str, PublishedPage | None] = {}

    @classmethod
    def as_of(cls, day: date) -> PublishedSite:
        """The site as it stood at the end of a day in London. Raises ValueError for a day that has not come."""
        now = record.now()
        if day > london_day(now):
            raise ValueError("That day has not come.")
        end = datetime.combine(day + timedelta(days=1), time.min, LONDON) - timedelta(microseconds=1)
        return cls(min(end, now), day=day)

    @cached_property
    def now(self) -> datetime:
        """The moment by the record's clock, whatever moment is being read."""
        return record.now() if self.is_past else self.at

    @cached_property
    def first_day(self) -> date | None:
        """The day from which there is something to read. None if nothing has been published."""
        first = Edition.objects.public(self.now).order_by("live_from").values_list("live_from", flat=True).first()
        return london_day(first) if first else None

    @cached_property
    def generation(self) -> str:
        """A value that changes whenever what is public does, also when a scheduled edition's moment comes."""
        return generation.at(self.at).name

    # Pages

    def page(self, kind_name: str, slug: str) -> PublishedPage | None:
        """The page at an address, withdrawn ones included, or None. `moved_to` knows addresses that changed."""
        if (kind_name, slug) not in self._read:
            self.read_ahead((kind_name, slug))
        return self._read[kind_name, slug]

    def read_ahead(self, *addresses: tuple[str, str]) -> None:
        """Read several pages (kind, slug) at once that `page` will be asked for."""
        at_any = Q()
        for kind_name, slug in addresses:
            at_any |= Q(page__kind=kind_name, page__slug=slug)
        found = {(page.kind, page.slug): page for page in self._newest(at_any)}
        self._read |= {address: found.get(address) for address in addresses}

    def moved_to(self, kind_name: str, slug: str) -> str | None:
        """The present address of a page that once was at this one, or None."""
        moved = self.present_slug(kind_name, slug)
        return self.prefix + kind(kind_name).address(moved) if moved else None

    def present_slug(self, kind_name: str, slug: str) -> str | None:
        """The slug that a page has now which once had this one, or None."""
        public = Edition.objects.public(self.at).filter(page=OuterRef("page"))  # a draft's address is no secret told
        former = FormerSlug.objects.filter(Exists(public), kind=kind_name, slug=slug).select_related("page").first()
        return former.page.slug if former else None

    def list(self, kind_name: str) -> Pages:
        """The live pages of a kind, by title. Withdrawn ones are not among them."""
        return sorted(
            self._pages(lists.live_editions(self).filter(listing__kind=kind_name), are_newest=True),
            key=lambda page: page.title.casefold(),
        )

    def everything(self) -> Pages:
        """Every live page of every kind."""
        return [page for one in all_kinds() for page in self.list(one.name)]

    def keys(self, kind_name: str = "", *, tied: tuple[str, str] | None = None) -> QuerySet:
        """The lasting keys of the live pages of a kind, or of all, in order: a long list is read part by part by them.

        `tied` (relation, target) leaves those that have this tie.
        """
        live = lists.live_editions(self)
        live = live.filter(listing__kind=kind_name) if kind_name else live
        if tied:
            live = live.filter(mentions__relation=tied[0], mentions__target=tied[1])
        return live.order_by("page__key").values_list("page__key", flat=True)

    def listed(self, kind_name: str) -> lists.Listed:
        """The live pages of a kind, by title, for a list: read part by part, without their contents."""
        return lists.Listed(self, lists.rows(self, kind_name))

    def names(self, kind_name: str, *, letter: str = "", also: Also | None = None) -> lists.Names:
        """The live pages of a kind under each of their names, of one letter only, or only those under some headings."""
        of = (self, kind_name, "name")
        counted = lists.headings(*of, key=letter, also=also or {})
        # What stands under another heading is found by that; then the few are sorted.
        found = counted if also else lists.headings(*of, key=letter, also={}, in_order=True)
        return lists.Names(self, found, counted=counted)

    def letters(self, kind_name: str, *, also: Also | None = None) -> Sequence[lists.Group]:
        """The letters that names of live pages of a kind begin with."""
        return lists.letters(lists.headings(self, kind_name, "name", also=also or {}))

    def groups(self, kind_name: str, group: str, *, as_a_whole: bool = False) -> Sequence[lists.Group]:
        """The headings of a group that live pages of a kind stand under, with how many do, or with which ones do."""
        found = lists.headings(self, kind_name, group, also={})
        return lists.whole_groups(found) if as_a_whole else lists.groups(found)

    def under(self, group: str, key: str) -> lists.Listed:
        """The live pages of every kind that stand under a heading, by title, for a list."""
        return lists.Listed(self, lists.rows(self).filter(pk__in=lists.under(self, group, [key]).values("listing")))

    def outlines_under(self, group: str, keys: Iterable[str]) -> dict[str, Pages]:
        """Each of these keys → the live pages under it, by title, without their contents."""
        found: dict[str, Pages] = {key: [] for key in keys}
        stand: dict[int, Any] = {}
        for key, edition in lists.under(self, group, found).values_list("key", "listing__edition"):
            stand.setdefault(edition, []).append(key)
        pages = self.outline_of(Edition.objects.filter(pk__in=stand))
        for page in sorted(pages, key=lambda page: page.title.casefold()):
            for key in stand[page.edition_id]:
                found[key].append(page)
        return found

    def newest_under(self, group: str, keys: Iterable[str]) -> dict[str, PublishedPage]:
        """Each of these keys → the page under it whose live edition went live last. Others are left out."""
        newest = lists.newest_under(self, group, keys)
        pages = {page.edition_id: page for page in self._pages(Edition.objects.filter(pk__in=set(newest.values())))}
        return {key: pages[edition] for key, edition in newest.items()}

    def keys_under(self, group: str) -> QuerySet:
        """The keys of a group that live pages stand under, each once, in order: a long list is read part by part."""
        return lists.under(self, group).order_by("key").values_list("key", flat=True).distinct()

    def outline(self) -> Pages:
        """Every live page without its content, in the order of their due dates: where only dates and marks are asked.

        Fast where there are thousands.
        """
        pages = self.outline_of(lists.live_editions(self))
        return sorted(pages, key=lambda page: (page.review_due or date.max, page.key))

    def outline_of(self, editions: QuerySet) -> Pages:
        """The pages of these editions without their contents, but with their titles and columns."""
        return self._pages(editions, with_contents=False)

    def outline_by_keys(self, keys: Iterable[str]) -> dict[str, PublishedPage]:
        """As `by_keys`, without the contents."""
        asked = set(keys)
        found = {page.key: page for page in self._newest(Q(page__key__in=asked), with_contents=False)}
        self._outlines |= {key: found.get(key) for key in asked}
        return found

    def addresses(self, keys: Iterable[str]) -> dict[str, str]:
        """The addresses of those of these pages (by lasting key) that are live, in one query.

        In none, if `outline_by_keys` was asked for all of them before.
        """
        asked = set(keys)
        if asked <= self._outlines.keys():
            read = [page for key in asked if (page := self._outlines[key])]
            return {page.key: page.url for page in read if not page.withdrawal}
        live = Edition.objects.live(self.at).filter(page__key__in=asked)
        return {
            key: self.prefix + kind(kind_name).address(slug)
            for key, kind_name, slug in live.values_list("page__key", "page__kind", "page__slug")
        }

    def live_since(self) -> dict[str, tuple[str, datetime]]:
        """Lasting key of every live page → its address, and the moment since which its edition is live."""
        columns = ("page__key", "page__kind", "page__slug", "live_from")
        return {
            key: (self.prefix + kind(kind_name).address(slug), moment)
            for key, kind_name, slug, moment in lists.live_editions(self).values_list(*columns)
        }

    def by_keys(self, keys: Iterable[str]) -> dict[str, PublishedPage]:
        """The pages with these lasting keys that visitors can read or that were withdrawn; others are left out."""
        return {page.key: page for page in self._newest(Q(page__key__in=set(keys)))}

    def by_editions(self, numbers: Iterable[int]) -> dict[int, PublishedPage]:
        """The pages whose newest editions up to this moment are these, by the numbers of their rows, without contents."""
        pages = self.outline_of(Edition.objects.newest(self.at).filter(pk__in=set(numbers)))
        return {page.edition_id: page for page in pages}

    def search(self, typed: str) -> Found:
        """What answers to what a visitor typed: hits best first, near names to ask about, whether it fell back."""
        return searching.search(self, typed)

    def names_starting(self, typed: str) -> Names:
        """Names that begin with what a visitor has typed so far."""
        return searching.names_starting(self, typed)

    def mentioning(self, relation: str, target: str) -> Pages:
        """The live pages whose editions have this tie: `mentioning("treats", "condition/gist")`."""
        return self.mentioning_any(relation, [target])

    def mentioning_any(self, relation: str, targets: Iterable[str]) -> Pages:
        """The live pages whose editions have a tie to any of these, each once, by title."""
        editions = lists.live_editions(self).filter(pk__in=lists.tied(self, relation, targets).values("edition"))
        return sorted(self._pages(editions, are_newest=True), key=lambda page: page.title.casefold())

    def listed_mentioning(self, relation: str, target: str) -> lists.Listed:
        """As `mentioning`, for a list: read part by part, without contents."""
        tied = lists.tied(self, relation, [target]).values("edition")
        return lists.Listed(self, lists.rows(self).filter(edition__in=tied))

    def edition(self, kind_name: str, slug: str, number: int) -> PublishedPage | None:
        """Edition `number` of a page if it went live up to this moment. A past one is as it stood when it went live."""
        editions = Edition.objects.public(self.at).filter(page__kind=kind_name, page__slug=slug, number=number)
        found = self._pages(editions)
        return found[0] if found else None

    def as_if_live(self, page: Page, content_json: str, *, edition: Edition | None) -> PublishedPage:
        """A page with a content that may not be public, for previews by staff. `edition` holds the content, if any."""
        live = self.by_keys([page.key]).get(page.key)
        if edition and edition.number and (found := self.edition(page.kind, page.slug, edition.number)):
            return found
        return PublishedPage(
            key=page.key,
            kind=page.kind,
            slug=page.slug,
            url=page.get_absolute_url(),
            number=edition.number if edition and edition.number else (live.number if live else 0) + 1,
            live_from=london_day(self.at),
            change_kind=ChangeKind(edition.change_kind).label if edition else "draft",
            change_note=edition.change_note if edition else "",
            changes_eligibility=edition.changes_eligibility if edition else False,
            last_reviewed=live.last_reviewed if live else None,
            review=live.review if live else None,
            carried_over=live.carried_over if live else None,
            review_due=live.review_due if live else None,
            is_late=live.is_late if live else False,
            awaits_review=False,
            doubt=live.doubt if live else None,
            withdrawal=None,
            is_current=True,
            content_json=content_json,
            edition_id=edition.pk if edition else 0,
            page_id=page.pk,
            went_live_at=self.at,
        )

    @cached_property
    def _newest_editions(self) -> QuerySet:
        return Edition.objects.newest(self.at)

    def _newest(self, which: Q, *, with_contents: bool = True) -> Pages:
        """Pages as they were published last, withdrawn ones included."""
        return self._pages(self._newest_editions.filter(which), with_contents=with_contents, are_newest=True)

    def _pages(self, editions: QuerySet, *, with_contents: bool = True, are_newest: bool = False) -> Pages:
        return read_pages(editions, self.at, self.prefix, with_contents=with_contents, are_newest=are_newest)

    def corrected_notes(self, editions: Iterable[int]) -> dict[int, str]:
        """Primary key of an edition → its change note, where the record put it right."""
        entries = Entry.objects.filter(act=Act.NOTE_CORRECTED, edition__in=editions, holds_from__lte=self.at)
        return {entry.edition_id or 0: entry.details["note"] for entry in entries.order_by("position")}

    # Sources

    def source_marks(self, replaced: Mapping[str, Iterable[str]]) -> dict[str, SourceMark]:
        """The marks that stand at this moment on sources (keys of references), each given with the keys it replaces.

        What was said of a duplicate is said of the source that it became, until either is marked anew. That a duplicate
        is current again takes away its own mark only.
        """
        carriers: dict[str, list[str]] = {}
        for key, others in replaced.items():
            for one in {key, *others}:
                carriers.setdefault(f"reference/{one}", []).append(key)
        standing: dict[str, Entry] = {}
        entries = Entry.objects.filter(act=Act.SOURCE_MARKED, subject__in=carriers, holds_from__lte=self.at)
        for entry in entries.order_by("position"):
            for key in carriers[entry.subject]:
                if entry.details["standing"] != "current":
                    standing[key] = entry
                elif key in standing and entry.subject in {f"reference/{key}", standing[key].subject}:
                    del standing[key]
        cited = self._cited(entry.details.get("superseded_by", "") for entry in standing.values())
        return {key: source_mark_of(entry, cited - {key}) for key, entry in standing.items()}

    def _cited(self, keys: Iterable[str]) -> set[str]:
        """Those of these sources that a live page cites."""
        wanted = {key for key in keys if key}
        return set(lists.under(self, "source", wanted).values_list("key", flat=True)) if wanted else set()

    # History

    def first_published(self, page: PublishedPage) -> date:
        """The day from which the first edition of a page was live."""
        if page.number == 1:
            return page.live_from
        editions = Edition.objects.public(self.at).filter(page=page.page_id).order_by("number")
        return london_day(editions.values_list("live_from", flat=True)[:1].get())

    def changed(self) -> dict[str, datetime]:
        """Lasting key → when a page last changed in public: an edition, a review, a doubt, a mark on a source it cites."""
        news = Entry.objects.news(self.at).order_by()
        changed = dict(news.filter(page__isnull=False).values_list("page__key").annotate(Max("holds_from")))
        marked = dict(news.filter(act=Act.SOURCE_MARKED).values_list("subject").annotate(Max("holds_from")))
        for key, subject in self.ties("cites"):
            if subject in marked:
                changed[key] = max(changed[key], marked[subject])
        return changed

    def ties(self, relation: str) -> Iterable[tuple[str, str]]:
        """Every tie of a kind that a live page has: its lasting key, and what it is tied to."""
        ties = lists.tied(self, relation).order_by("edition__page__key", "target")
        return ties.values_list("edition__page__key", "target")

    def ended(self, relation: str) -> dict[str, datetime]:
        """What pages were tied to → when an edition with such a tie last stopped being live."""
        at, page = self.at, OuterRef("edition__page")
        after = Edition.objects.public(at).filter(page=page, number__gt=OuterRef("edition__number")).order_by("number")
        gone = Entry.objects.filter(
            page=page, act=Act.WITHDRAWN, holds_from__lte=at, holds_from__gte=OuterRef("edition__live_from")
        ).order_by("position")
        past = Mention.objects.filter(relation=relation, edition__in=Edition.objects.public(at)).annotate(
            replaced=Subquery(after.values("live_from")[:1]), withdrawn=Subquery(gone.values("holds_from")[:1])
        )
        ended: dict[str, datetime] = {}
        for target, *moments in past.values_list("target", "replaced", "withdrawn"):
            if known := [moment for moment in moments if moment]:
                ended[target] = max(min(known), ended.get(target, min(known)))
        return ended

    def history(self, page: PublishedPage) -> History:
        """All that was done in public to a page up to this moment, newest first."""
        editions = list(Edition.objects.public(self.at).filter(page=page.page_id).order_by("number"))
        reviews = Review.objects.filter(edition__in=editions, made_at__lte=self.at).select_related("edition")
        publishing = Entry.objects.filter(edition__in=editions, act__in=PUBLISHING).order_by("position")
        acts = {entry.edition_id: entry.act for entry in publishing}
        by_edition: dict[int, list[Review]] = {}
        for review in reviews:
            by_edition.setdefault(review.edition_id, []).append(review)
        notes, numbers = self.corrected_notes([one.pk for one in editions]), {one.pk: one.number for one in editions}
        lines = [
            line
            for edition in editions
            for line in self._edition_lines(page, edition, acts[edition.pk], by_edition.get(edition.pk, []), notes)
        ]
        told = (Act.WITHDRAWN, Act.DOUBT_TOLD, Act.DOUBT_SETTLED, Act.MOVED, Act.NOTE_CORRECTED)
        for entry in Entry.objects.filter(page=page.page_id, act__in=told, holds_from__lte=self.at):
            if entry.edition_id and entry.edition_id not in numbers:
                continue  # the note on an edition that is still scheduled
            note = next((entry.details[name] for name in ("reason", "sentence", "note") if entry.details.get(name)), "")
            number = numbers.get(entry.edition_id)
            lines.append(
                (
                    entry.holds_from,
                    HistoryLine(on=london_day(entry.holds_from), act=entry.act, note=note, number=number),
                )
            )
        return [line for _, line in sorted(lines, key=lambda pair: pair[0], reverse=True)]

    def _edition_lines(self, page, edition, act, given, notes):
        approving = [one for one in given if one.outcome == Outcome.APPROVED]
        before = tuple(PublicReview.of(one) for one in approving if one.made_at <= edition.published_at)
        yield (
            edition.live_from,
            HistoryLine(
                on=london_day(edition.live_from),
                act=act,
                number=edition.number,
                change_kind=ChangeKind(edition.change_kind).label,
                note=notes.get(edition.pk) or edition.change_note,
                first_note=edition.change_note if edition.pk in notes else "",
                changes_eligibility=edition.changes_eligibility,
                url=f"{page.present_url}editions/{edition.number}/",
                reviews=before,
            ),
        )
        for one in given:
            if one.made_at > edition.published_at:
                yield (
                    one.made_at,
                    HistoryLine(
                        on=london_day(one.made_at),
                        act=Act.REVIEWED,
                        number=edition.number,
                        note="" if one.outcome == Outcome.APPROVED else "The reviewer asks for changes.",
                        review=PublicReview.of(one),
                    ),
                )

    def changes(self, limit: int = 20) -> Pages:
        """The editions that went live last, newest first; carried-over first editions are not news. Without contents."""
        recent = Edition.objects.public(self.at).exclude(entries__act=Act.CARRIED_OVER).order_by("-live_from", "-pk")
        pages = self.outline_of(Edition.objects.filter(pk__in=list(recent.values_list("pk", flat=True)[:limit])))
        return sorted(pages, key=lambda page: page.went_live_at, reverse=True)
