"""Bringing the record of another site into an empty one: its acts are done again, in the order in which they were done.

No guard of the database steps aside. An edition comes in as in review, while its page has as many changes as it was
frozen with, and every further step follows the review or the entry that it followed on the other site.
"""

from collections import deque
from collections.abc import Callable, Iterable

from django.contrib.auth import get_user_model
from django.db import DatabaseError, transaction

from editions import record as the_record
from editions.actions import beside
from editions.actions.beside import DoesNotHold, moment
from editions.actions.pages import counted_elsewhere
from editions.actions.rules import Refused
from editions.bundles import schema
from editions.bundles.statements import Sealed, Statement
from editions.derived import write_derived
from editions.models import Edition, Entry, FormerSlug, Page, Review
from editions.verification import verify
from editions.vocabulary import OPEN, PUBLISHING, REVIEWABLE, Act, Outcome, Progress


def is_empty() -> bool:
    """Whether nothing was ever written here."""
    return not Page.objects.exists() and not Entry.objects.exists()


@transaction.atomic
def bring_in(
    part: schema.RecordPart,
    statements: list[Statement],
    *,
    drafts: Callable[[], None],
    expected_seal: str = "",
    watch: Callable[[Iterable], Iterable] = lambda rows: rows,
) -> None:
    """Write a record, and the drafts of its pages, into an empty site; then check all of it as `verify_editions` does.

    `statements` are those of the part's entries, read. `drafts` makes the working copies, whose changes were counted on
    the other site. Raises Refused where something is here already, DoesNotHold for what does not fit.
    """
    record = the_record.lock()
    if not is_empty():
        raise Refused("This site has pages already, and one site has one record.")
    beside.people(part.people)
    replay = _Replay(record, part, statements)
    for place in watch(range(len(statements))):
        replay.entry(place)
    replay.end()
    with counted_elsewhere():
        drafts()
    for row in part.pages:
        beside.counts(replay.pages[row.key], row)
    beside.flags(part.flags, replay.pages)
    if findings := verify(expected_seal):
        raise DoesNotHold(*(finding.sentence for finding in findings))


class _Replay:
    """The acts of a record, done again one by one."""

    def __init__(self, record, part: schema.RecordPart, statements: list[Statement]):
        self._record, self._part, self._statements = record, part, statements
        self._waiting = deque(part.editions)
        self._wanted = {row.uid: row for row in part.editions}
        self._reviews = {row.uid: row for row in part.reviews}
        self._last = {said.edition.uid: said.position for said in statements if said.edition}
        self._people = get_user_model().objects.in_bulk()
        self._editions: dict[str, Edition] = {}
        self._of_page: dict[str, list[Edition]] = {row.key: [] for row in part.pages}
        self.pages = {row.key: _page(row) for row in part.pages}

    def entry(self, place: int) -> None:
        """Do one act again: the rows that it speaks of, the entry, and the step that it leads to."""
        said = self._statements[place]
        try:
            edition = self._come_to(said.edition.uid) if said.edition else None
            review = self._review(said, said.review, edition) if said.review and edition else None
            self._entry(said, self._part.entries[place], edition, review)
            self._step(said, edition, review)
        except DatabaseError as problem:
            raise DoesNotHold(f"Entry {said.position} cannot have been made so: {problem}") from problem

    def end(self) -> None:
        """The editions that no entry speaks of, and the steps that none tells: taken back, or replaced by the next."""
        try:
            while self._waiting:
                self._freeze(self._waiting.popleft())
            for key in self.pages:
                self._close_open(key)
        except DatabaseError as problem:
            raise DoesNotHold(f"An edition that is not published cannot have been made so: {problem}") from problem
        for uid, row in self._wanted.items():
            found = self._editions[uid]
            if (found.progress, found.number) != (row.progress, row.number):
                raise DoesNotHold(
                    f"Edition {uid} of {row.page} counts as {row.progress.label}, number {row.number}; by the reviews and "
                    f"entries it is {Progress(found.progress).label}, number {found.number}."
                )
        for page_row in self._part.pages:
            page = self.pages[page_row.key]
            former = set(page.former_slugs.values_list("slug", flat=True))
            if (page.slug, former) != (page_row.slug, set(page_row.former_slugs)):
                raise DoesNotHold(f"The page {page_row.key} was altered: its address is not the one in the record.")

    def _come_to(self, uid: str) -> Edition:
        """The edition, made together with those that were frozen before it."""
        while uid not in self._editions:
            self._freeze(self._waiting.popleft())
        return self._editions[uid]

    def _freeze(self, row: schema.EditionRow) -> None:
        page = self.pages[row.page]
        self._close_open(row.page)
        if page.changes < row.changes_at_freeze:
            page._store(changes=row.changes_at_freeze)
        edition = Edition(
            uid=row.uid,
            page=page,
            content_json=row.content,
            change_kind=str(row.change_kind),
            change_note=row.change_note,
            changes_eligibility=row.changes_eligibility,
            review_interval_months=row.review_interval_months,
            changes_at_freeze=row.changes_at_freeze,
            contributors=list(row.contributors),
            reviews_needed=[str(kind) for kind in row.reviews_needed],
            submitted_by_id=row.submitted_by,
            submitted_at=moment(row.submitted_at),
        )
        edition.save()
        if edition.digest != row.digest:
            raise DoesNotHold(
                f"An edition of {row.page} ({row.uid}) was altered: its content or its change note is not what was sealed."
            )
        write_derived(edition, edition.content)
        self._editions[row.uid] = edition
        self._of_page[row.page].append(edition)

    def _close_open(self, key: str) -> None:
        """The step that no entry tells, of the edition that stood open until the page's next one was frozen."""
        for edition in self._of_page[key]:
            ends_as = self._wanted[str(edition.uid)].progress
            if edition.progress in OPEN and ends_as in (Progress.TAKEN_BACK, Progress.REPLACED):
                edition._move(progress=ends_as)

    def _review(self, said: Statement, sealed: Sealed, edition: Edition) -> Review:
        row = self._reviews[sealed.uid]
        review = Review(
            uid=row.uid,
            edition=edition,
            kinds=[str(kind) for kind in row.kinds],
            scope=str(row.scope),
            outcome=str(row.outcome),
            comment=row.comment,
            remarks=[remark.model_dump() for remark in row.remarks],
            checked=[str(one) for one in row.checked],
            made_at=moment(row.made_at),
            reviewer_id=row.reviewer,
            invited_by_id=row.invited_by,
            reviewer_name=row.reviewer_name,
            name_salt=row.name_salt,
            name_hash=row.name_hash,
            reviewer_role=row.reviewer_role,
            reviewer_interests=row.reviewer_interests,
        )
        if review.compute_digest() != sealed.digest:
            raise DoesNotHold(
                f"Review {row.uid} (entry {said.position}) was altered: its verdict or its words are not what was sealed."
            )
        review.save()
        return review

    def _entry(self, said: Statement, row: schema.EntryRow, edition: Edition | None, review: Review | None) -> None:
        self._record.take_in(
            Entry(
                position=said.position,
                act=str(said.act),
                page=self.pages[said.page] if said.page else None,
                edition=edition,
                review=review,
                subject=said.subject,
                at=moment(said.at),
                holds_from=moment(said.holds_from),
                statement=row.statement,
                by_id=said.person,
                by_name=row.name,
                by_salt=row.salt,
                seal=row.seal,
            )
        )

    def _step(self, said: Statement, edition: Edition | None, review: Review | None) -> None:
        """What the act changed, as the actions of this app change it."""
        if edition is not None and said.act in PUBLISHING:
            edition._move(
                progress=Progress.PUBLISHED,
                number=said.details["number"],
                published_at=moment(said.at),
                published_by=self._people.get(said.person),
                live_from=moment(said.holds_from),
            )
        elif edition is not None and said.act == Act.UNSCHEDULED:
            edition._move(
                progress=self._after_the_schedule(said, str(edition.uid)),
                number=None,
                published_at=None,
                published_by=None,
                live_from=None,
            )
        elif edition is not None and review is not None:
            self._verdict(edition, review)
        elif said.act == Act.MOVED and said.page:
            self._moved(self.pages[said.page], str(said.details["from"]), str(said.details["to"]))

    def _after_the_schedule(self, said: Statement, uid: str) -> Progress:
        set_aside = self._wanted[uid].progress == Progress.REPLACED and self._last[uid] == said.position
        return Progress.REPLACED if set_aside else Progress.APPROVED

    @staticmethod
    def _verdict(edition: Edition, review: Review) -> None:
        if edition.progress not in REVIEWABLE:
            return
        if review.outcome == Outcome.CHANGES_REQUESTED:
            edition._move(progress=Progress.CHANGES_REQUESTED)
        elif edition.progress != Progress.APPROVED and not edition.kinds_missing():
            edition._move(progress=Progress.APPROVED)

    @staticmethod
    def _moved(page: Page, old: str, new: str) -> None:
        FormerSlug.objects.filter(page=page, slug=new).delete()
        FormerSlug.objects.create(page=page, kind=page.kind, slug=old)
        page._store(slug=new)


def _page(row: schema.PageRow) -> Page:
    kind, slug = row.key.split("/", 1)
    page = Page(kind=kind, slug=slug, review_interval_months=row.review_interval_months)
    page.save()
    return page
