"""Where a page stands, as staff need to know it: what visitors read, what waits, and what is in no edition yet."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Prefetch, Subquery
from django.utils import timezone

from editions import record
from editions.models import Edition, Entry, Flag, Page, Review
from editions.published import PublishedPage
from editions.site import PublishedSite
from editions.vocabulary import Act, Outcome, Progress


def with_editions(pages):
    """A queryset of pages with what `Standing` asks of them, in a fixed number of queries."""
    editions = (
        Edition.objects.defer("content_json")
        .select_related("submitted_by")
        .prefetch_related("reviews", "requests__reviewer")
        .order_by("-pk")
    )
    withdrawals = Entry.objects.filter(act=Act.WITHDRAWN).order_by("position")
    newest = Entry.objects.order_by("-position").values("at")[:1]
    return (
        pages.select_related("owner", "stand_in")
        .annotate(record_at=Subquery(newest))
        .prefetch_related(
            Prefetch("editions", editions, to_attr="known_editions"),
            Prefetch("entries", withdrawals, to_attr="withdrawals"),
        )
    )


@dataclass
class Standing:
    """Where one page stands. Give a page of `with_editions` where many are shown."""

    page: Any  # a Page of `with_editions`

    @classmethod
    def of(cls, page: Page) -> "Standing":
        return cls(page if hasattr(page, "known_editions") else with_editions(Page.objects.filter(pk=page.pk)).get())

    @cached_property
    def now(self):
        return record.not_before(self.page.record_at)

    @cached_property
    def _published(self) -> list[Edition]:
        published = [one for one in self.page.known_editions if one.progress == Progress.PUBLISHED]
        return sorted(published, key=lambda one: one.number, reverse=True)

    @cached_property
    def newest(self) -> Edition | None:
        """What visitors read, or read last before the page was withdrawn."""
        return next((one for one in self._published if one.live_from <= self.now), None)

    @cached_property
    def is_withdrawn(self) -> bool:
        return bool(
            self.newest
            and any(self.newest.live_from <= entry.holds_from <= self.now for entry in self.page.withdrawals)
        )

    @cached_property
    def live(self) -> Edition | None:
        return None if self.is_withdrawn else self.newest

    @cached_property
    def scheduled(self) -> Edition | None:
        return next((one for one in self._published if one.live_from > self.now), None)

    @cached_property
    def open(self) -> Edition | None:
        """The edition that waits for a review or for publication."""
        return next((one for one in self.page.known_editions if one.is_open()), None)

    @cached_property
    def requests_for_changes(self) -> list[Review]:
        """What reviewers of the edition that was sent back ask for."""
        if self.open is None or self.open.progress != Progress.CHANGES_REQUESTED:
            return []
        return list(self.open.reviews.filter(outcome=Outcome.CHANGES_REQUESTED))

    def _asked(self) -> str:
        """Who was asked to review the edition that waits, in a sentence."""
        names = [str(one.reviewer) for one in self.open.requests.all()] if self.open else []
        return f"Asked: {', '.join(names)}." if names else ""

    @cached_property
    def flags(self) -> list[Flag]:
        """The open reasons to look at it again."""
        return list(self.page.flags.open())

    @cached_property
    def has_changes(self) -> bool:
        """Whether the working copy was changed since the newest edition was made of it."""
        newest = self.open or self.scheduled or self.newest
        return newest is None or self.page.changes > newest.changes_at_freeze

    @cached_property
    def public(self) -> PublishedPage | None:
        """The page as visitors read it now."""
        return PublishedSite().by_keys([self.page.key]).get(self.page.key)

    def sentences(self) -> list[str]:
        """Where it stands, in words."""
        said = []
        if self.is_withdrawn:
            said.append("Withdrawn: visitors see only why.")
        elif self.live:
            said.append(f"Edition {self.live.number} is live.")
        else:
            said.append("Not published yet.")
        if self.scheduled:
            moment = timezone.localtime(self.scheduled.live_from)
            said.append(f"Edition {self.scheduled.number} goes live on {moment:%d %B %Y at %H:%M}.")
        if self.open:
            who = self.open.submitted_by
            said.append(
                {
                    Progress.IN_REVIEW: " ".join(
                        filter(None, [f"In review, submitted by {who}.", self.open.still_needed(), self._asked()])
                    ),
                    Progress.CHANGES_REQUESTED: f"Sent back to {who} with a request for changes.",
                    Progress.APPROVED: "Approved, and waits to be published.",
                }[Progress(self.open.progress)]
            )
        if self.has_changes and (self.newest or self.open):
            said.append("The draft has changes that are in no edition yet.")
        return said
