"""The record as visitors see it: in words, and as JSON from which anybody can recompute it.

An entry that speaks of what nobody outside could read so far (EntryQuerySet.with_told) is shown by its seals only. The
chain still holds over it, and the day its edition goes live, what it says has to fit the seal that stood there before.
Of a review the public facts are given, and its digest: what the reviewer wrote to the staff enters the digest and stays
with them. So do the name's salt in the review and its hash, without which short comments could be guessed from the digest.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from editions import seals
from editions.models import Edition, Entry, Review
from editions.published import NAME_REMOVED, PublishedPage
from editions.site import PublishedSite
from editions.vocabulary import PUBLISHING, Act

FORMAT = 1
BATCH = 100  # entries, with their editions, that are in memory at once


@dataclass(frozen=True)
class RecordLine:
    """One entry in words."""

    entry: Entry
    is_told: bool
    page: PublishedPage | None

    @property
    def act(self) -> str:
        return Act(self.entry.act).label if self.is_told else "held back"

    @property
    def number(self) -> int | None:
        return self.entry.edition.number if self.is_told and self.entry.edition else None

    @property
    def source(self) -> str:
        """The key of the source that it is about, or nothing."""
        return self.entry.subject.removeprefix("reference/") if self.is_told else ""

    @property
    def who(self) -> str:
        return (self.entry.by_name or NAME_REMOVED) if self.is_told else ""

    @property
    def holds_later(self) -> bool:
        """Whether it held from another moment than that at which it was done."""
        return self.is_told and self.entry.holds_from != self.entry.at


def entries(site: PublishedSite) -> QuerySet[Entry]:
    """The record up to the site's moment, in its order, each entry with `is_told`."""
    return Entry.objects.filter(at__lte=site.at).with_told(site.at).order_by("position")


def in_words(site: PublishedSite, rows: list[Entry]) -> list[RecordLine]:
    """These entries of `entries` in words."""
    pages = site.outline_by_keys([row.page.key for row in rows if row.page and row.is_told])
    return [RecordLine(row, row.is_told, pages.get(row.page.key) if row.page and row.is_told else None) for row in rows]


def with_their_pages(rows: QuerySet[Entry]) -> QuerySet[Entry]:
    """The entries with all that `in_words` asks of them, but not the contents of editions."""
    return rows.select_related("page", "edition").defer("edition__content_json")


def as_json(site: PublishedSite, since: Entry | None = None) -> Iterator[str]:
    """The record as JSON text in pieces, a batch of entries at a time: all of it, or what came after an entry."""
    known = entries(site)
    last = known.last()
    head = {
        "format": FORMAT,
        "at": seals.moment(site.at),
        "since": since.seal if since else seals.GENESIS,
        "newest_position": last.position if last else 0,
        "newest_seal": last.seal if last else seals.GENESIS,
        "live": dict(Edition.objects.live(site.at).values_list("page__key", "number")),
    }
    yield seals.canonical(head)[:-1] + ',"entries":['
    comma, position = "", since.position if since else 0
    known = known.filter(position__lte=head["newest_position"])  # whatever is added while this is read
    while batch := list(known.filter(position__gt=position)[:BATCH]):
        for one in _batch(batch):
            yield comma + seals.canonical(one)
            comma = ",\n"
        position = batch[-1].position
    yield "]}\n"


def _batch(rows: list[Entry]) -> Iterator[dict[str, Any]]:
    """What outsiders need of each entry to recompute its seal and the digests in it."""
    told = [row for row in rows if row.is_told]
    published = [row.edition_id for row in told if row.act in PUBLISHING]
    editions = Edition.objects.select_related("page").in_bulk(published)
    reviews = Review.objects.in_bulk([row.review_id for row in told if row.review_id])
    for row in rows:
        chained = {"position": row.position, "previous_seal": row.previous_seal, "seal": row.seal}
        if row.is_told:
            edition = editions.get(row.edition_id) if row.act in PUBLISHING else None
            review = reviews.get(row.review_id)
            chained |= {
                "statement": row.statement,
                "name": row.by_name or None,
                "salt": row.by_salt or None,
                "edition": _edition(edition) if edition else None,
                "review": _review(review) if review else None,
            }
        yield chained


def _edition(edition: Edition) -> dict[str, Any]:
    """All that is frozen of an edition, as it enters its digest, and the text whose hash is in it."""
    return {"frozen": edition.frozen(), "content_json": edition.content_json}


def _review(review: Review) -> dict[str, Any]:
    """What the history tells of a review. Its comment, its remarks and what was ticked stay with the staff."""
    return {
        "uid": str(review.uid),
        "kinds": review.kinds,
        "scope": str(review.scope),
        "outcome": str(review.outcome),
        "made_at": seals.moment(review.made_at),
        "role": review.reviewer_role,
        "interests": review.reviewer_interests,
    }
