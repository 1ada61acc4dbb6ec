"""What visitors are told, as immutable values: a page as it is published, its reviews, the lines of its history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from basics.days import london_day
from editions.kinds import kind
from editions.models import Entry, Review
from editions.told import Said
from editions.vocabulary import Scope

NAME_REMOVED = "name removed on request"


@dataclass(frozen=True)
class PublicReview:
    """What visitors are told of a review."""

    kind: str
    scope: str
    name: str
    role: str
    interests: str
    on: date
    invited: bool = False  # somebody from outside, whom the staff invited

    @classmethod
    def of(cls, review: Review) -> PublicReview:
        return cls(
            kind=review.kinds_line,
            invited=review.invited_by_id is not None,
            scope=Scope(review.scope).label,
            name=review.reviewer_name or NAME_REMOVED,
            role=review.reviewer_role,
            interests=review.reviewer_interests,
            on=london_day(review.made_at),
        )


@dataclass(frozen=True)
class CarriedOver:
    """Where a page came from, and the day on which it was last reviewed there, if anybody did."""

    source: str
    url: str
    reviewed_on: date | None


@dataclass(frozen=True)
class Notice:
    """A dated public sentence: a doubt, or the reason of a withdrawal."""

    sentence: str
    on: date


@dataclass(frozen=True)
class SourceMark:
    """How far a source can still be relied on, said on every page that cites it."""

    standing: str
    reason: str
    on: date
    superseded_by: str = ""  # the key of the source that took its place, if visitors can see it here


@dataclass(frozen=True)
class PublishedPage:
    """A page as visitors read it at a moment."""

    key: str
    kind: str
    slug: str
    url: str  # its address on this site, with the prefix of a past day if the site is read as of one
    number: int
    live_from: date
    change_kind: str
    change_note: str
    changes_eligibility: bool
    last_reviewed: date | None
    review: PublicReview | None  # the review that “last reviewed” rests on; None if it was carried over
    carried_over: CarriedOver | None
    review_due: date | None
    is_late: bool
    awaits_review: bool  # published before review, and nobody else has reviewed it since
    doubt: Notice | None
    withdrawal: Notice | None
    is_current: bool  # False for a past edition
    content_json: str
    edition_id: int
    page_id: int
    went_live_at: datetime
    # What lists show of it (editions.rows). A page that was read for a list has these, and no content.
    listed_title: str = ""
    columns: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @cached_property
    def content(self) -> Any:
        if not self.content_json:
            raise LookupError(f"{self.key} was read for a list, without its content.")
        return kind(self.kind).read(self.content_json)

    @property
    def title(self) -> str:
        return self.listed_title or kind(self.kind).title(self.content)

    @cached_property
    def present_url(self) -> str:
        """Its address on the site of today, whatever day is being read."""
        return kind(self.kind).address(self.slug)

    @property
    def history_url(self) -> str:
        return f"{self.present_url}history/"

    @property
    def edition_url(self) -> str:
        return f"{self.present_url}editions/{self.number}/"


@dataclass(frozen=True)
class HistoryLine:
    """One line of a page's review history."""

    on: date
    act: str  # editions.vocabulary.Act
    number: int | None = None
    change_kind: str = ""
    note: str = ""
    first_note: str = ""  # what stood there before the record put it right
    changes_eligibility: bool = False
    review: PublicReview | None = None
    url: str = ""  # of the edition, where the line is about one
    reviews: tuple[PublicReview, ...] = ()  # those that an edition was published with


def carried_over_from(entry: Said | None) -> CarriedOver | None:
    if entry is None:
        return None
    details = entry.details
    day = details.get("reviewed_on")
    return CarriedOver(details["source"], details.get("url", ""), date.fromisoformat(day) if day else None)


def notice_of(entry: Said, name: str) -> Notice:
    return Notice(entry.details[name], london_day(entry.holds_from))


def source_mark_of(entry: Entry, cited: set[str]) -> SourceMark:
    details = entry.details
    successor = details.get("superseded_by", "")
    day = london_day(entry.holds_from)
    return SourceMark(details["standing"], details["reason"], day, successor if successor in cited else "")
