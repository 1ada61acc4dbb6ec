"""What visitors are told of an edition at a moment beside its words: the review it rests on, doubts, what became of it."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from editions.models import Entry, Review
from editions.vocabulary import Act, Outcome, Scope

_DOUBTS = (Act.DOUBT_TOLD, Act.DOUBT_SETTLED)
_ACTS = (Act.REVIEWED, Act.PUBLISHED_URGENTLY, Act.CARRIED_OVER, Act.WITHDRAWN, Act.NOTE_CORRECTED, *_DOUBTS)


class Numbered(Protocol):
    """A published edition, as far as it is asked about here."""

    @property
    def pk(self) -> int: ...
    @property
    def page_id(self) -> int: ...
    @property
    def number(self) -> int: ...


class Said(NamedTuple):
    """An entry of the record about a page."""

    act: str
    at: datetime
    holds_from: datetime
    edition: int | None
    statement: str

    @property
    def details(self) -> dict[str, Any]:
        """The act's own facts, as they were sealed."""
        return json.loads(self.statement)["details"]


class _Approval(NamedTuple):
    """An approval of an edition that is live or past. They are in order: of the newest edition the last is the greatest."""

    number: int
    made_at: datetime
    review: int
    edition: int
    is_of_whole_page: bool


class _Urgent(NamedTuple):
    """That an edition was published before review."""

    edition: int
    at: datetime
    number: int | None  # None until it goes live


@dataclass
class _OfPage:
    """What the record says of one page, in its order."""

    entries: list[Said] = field(default_factory=list)
    approvals: list[_Approval] = field(default_factory=list)
    urgent: list[_Urgent] = field(default_factory=list)


@dataclass(frozen=True)
class Told:
    """What the record says of one edition and its page at a moment."""

    review: Review | None  # of the newest edition that was read as a whole the last
    carried_over: Said | None
    awaits_review: bool
    doubt: Said | None
    withdrawal: Said | None  # the last of its page, whether it still stands or not
    note: str  # the change note, if the record put it right


def told_of(editions: Sequence[Numbered], at: datetime) -> dict[int, Told]:
    """Primary key of each edition → what visitors are told of it at a moment, in at most two questions.

    Worked out here rather than within the question for the editions: for Django to put that together took longer than all
    else on a page, and a page has a handful of such entries.
    """
    said = _said({one.page_id for one in editions}, at)
    rests_on = {one.pk: _rests_on(one.number, said[one.page_id]) for one in editions}
    reviews = Review.objects.in_bulk([approval.review for approval in rests_on.values() if approval])
    told = {}
    for one in editions:
        of_page, approval = said[one.page_id], rests_on[one.pk]
        held = [entry for entry in of_page.entries if entry.holds_from <= at]
        doubt = _last(entry for entry in held if entry.act in _DOUBTS and entry.at <= at)
        note = _last(entry for entry in held if entry.act == Act.NOTE_CORRECTED and entry.edition == one.pk)
        told[one.pk] = Told(
            review=reviews[approval.review] if approval else None,
            carried_over=_last(entry for entry in of_page.entries if entry.act == Act.CARRIED_OVER),
            awaits_review=_is_unread(one.number, of_page),
            doubt=doubt if doubt and doubt.act == Act.DOUBT_TOLD else None,
            withdrawal=_last(entry for entry in held if entry.act == Act.WITHDRAWN),
            note=note.details["note"] if note else "",
        )
    return told


def _said(pages: set[int], at: datetime) -> dict[int, _OfPage]:
    """What the record says of each of these pages, in one question."""
    found: dict[int, _OfPage] = defaultdict(_OfPage)
    asked = Entry.objects.filter(page__in=pages, act__in=_ACTS).order_by("position")
    own = ("page", "act", "at", "holds_from", "edition", "statement")
    of_edition, of_review = ("edition__number", "edition__live_from"), ("made_at", "outcome", "scope")
    columns = (*own, *of_edition, "review", *(f"review__{name}" for name in of_review))
    for (
        page,
        act,
        moment,
        holds_from,
        edition,
        statement,
        number,
        live_from,
        review,
        made_at,
        outcome,
        scope,
    ) in asked.values_list(*columns):
        went_live = live_from is not None and live_from <= at
        if act == Act.PUBLISHED_URGENTLY:
            found[page].urgent.append(_Urgent(edition, moment, number if went_live else None))
        elif act != Act.REVIEWED:
            found[page].entries.append(Said(act, moment, holds_from, edition, statement))
        elif went_live and outcome == Outcome.APPROVED and made_at <= at:
            found[page].approvals.append(_Approval(number, made_at, review, edition, scope == Scope.WHOLE_PAGE))
    return found


def _last(entries: Iterable[Said]) -> Said | None:
    return next(reversed([*entries]), None)


def _rests_on(number: int, said: _OfPage) -> _Approval | None:
    """The review that edition `number` rests on: of the newest edition that was read as a whole the last.

    An edition read before this one may have been reviewed; one that came later says nothing about it. What somebody
    approved before another asked for changes, and it was published all the same, is no reading on which a page could rest.
    """
    overruled = {
        one.review
        for one in said.approvals
        for act in said.urgent
        if act.edition == one.edition and act.at > one.made_at
    }
    whole = [one for one in said.approvals if one.is_of_whole_page and one.number <= number]
    return max((one for one in whole if one.review not in overruled), default=None)


def _is_unread(number: int, said: _OfPage) -> bool:
    """Whether edition `number` holds words that were published before review, and that nobody has read since.

    They stay unread in the editions after, until somebody reads that edition itself, or a later one as a whole.
    """
    unread = [act for act in said.urgent if act.number is not None and act.number <= number]
    approvals = [one for one in said.approvals if one.number <= number]
    return any(not any(_reads(one, act) for one in approvals) for act in unread)


def _reads(approval: _Approval, urgent: _Urgent) -> bool:
    if approval.edition == urgent.edition:
        return approval.made_at >= urgent.at
    return approval.is_of_whole_page and approval.number > (urgent.number or 0)
