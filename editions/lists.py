"""Long lists of what is live: rows that were derived when an edition was made, read part by part.

A part of a list costs the same few queries however many pages there are, and reads no page's content.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Max, QuerySet

from editions.models import Edition, Heading, Listing, Mention

if TYPE_CHECKING:
    from editions.published import PublishedPage
    from editions.site import PublishedSite


def rows(site: PublishedSite, kind: str = "") -> QuerySet[Listing]:
    """The listings of what is live, of a kind or of all, in the order of lists."""
    live = Listing.objects.live(site.at).order_by("sort", "edition_id")
    return live.filter(kind=kind) if kind else live


def live_editions(site: PublishedSite) -> QuerySet[Edition]:
    """As `Edition.objects.live`, by the times of the listings: for what asks of many pages at once."""
    return Edition.objects.filter(listing__live_from__lte=site.at, listing__live_until__gt=site.at)


def tied(site: PublishedSite, relation: str, targets: Iterable[str] | None = None) -> QuerySet[Mention]:
    """The ties of a kind that live editions have, to any of these targets or to all."""
    ties = Mention.objects.filter(
        relation=relation, edition__listing__live_from__lte=site.at, edition__listing__live_until__gt=site.at
    )
    return ties if targets is None else ties.filter(target__in=set(targets))


def under(
    site: PublishedSite, group: str, keys: Iterable[str] | None = None, *, in_order: bool = False
) -> QuerySet[Heading]:
    """The headings of a group, with these keys or with all, that live pages stand under. `in_order`: for a part of them."""
    live = Heading.objects.live_in_order(site.at) if in_order else Heading.objects.live(site.at)
    found = live.filter(group=group)
    return found if keys is None else found.filter(key__in=set(keys))


def newest_under(site: PublishedSite, group: str, keys: Iterable[str]) -> dict[str, int]:
    """Each of these keys → the live edition under it that went live last."""
    found = under(site, group, keys)
    moments = dict(found.values_list("key").annotate(Max("live_from")).order_by())
    last = found.filter(live_from__in=set(moments.values())).order_by("pk")
    rows = last.values_list("key", "listing__edition", "live_from")
    return {key: edition for key, edition, moment in rows if moment == moments[key]}


class _InParts(Sequence):
    """Rows of a query, counted when that is asked for and read where they are asked for."""

    def __init__(self, site: PublishedSite, found: QuerySet, *, counted: QuerySet | None = None):
        self._site, self._found = site, found
        self._counted = found if counted is None else counted  # the same rows, as they are counted best

    @cached_property
    def _count(self) -> int:
        return self._counted.count()

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, at):
        if isinstance(at, slice):
            return self._read(self._found[at])
        return self._read(self._found[at : at + 1])[0]

    @abstractmethod
    def _read(self, found: QuerySet) -> list[Any]:
        """The rows of a part of the query as what the list is a list of."""

    def _pages(self, editions: Iterable[int]) -> dict[int, PublishedPage]:
        pages = self._site.outline_of(Edition.objects.filter(pk__in=set(editions)))
        return {page.edition_id: page for page in pages}


class Listed(_InParts):
    """Live pages without their contents, in the order of a list."""

    def _read(self, found):
        editions = list(found.values_list("edition", flat=True))
        pages = self._pages(editions)
        return [pages[edition] for edition in editions]


@dataclass(frozen=True)
class Line:
    """A line of an A–Z: a page under one of its names."""

    name: str
    what: str  # what the name is; nothing for the page's own
    letter: str
    page: PublishedPage


class Names(_InParts):
    """Lines of an A–Z, in its order."""

    def _read(self, found):
        lines = list(found.values_list("label", "note", "key", "listing__edition"))
        pages = self._pages(edition for *_, edition in lines)
        return [Line(name, what, letter, pages[edition]) for name, what, letter, edition in lines]


@dataclass(frozen=True)
class Group:
    """A heading with how many live pages stand under it."""

    key: str
    label: str
    count: int
    editions: tuple[int, ...] = ()  # of these pages, where they were asked for


def headings(
    site: PublishedSite, kind: str, group: str, *, key: str = "", also: Mapping[str, str], in_order: bool = False
) -> QuerySet[Heading]:
    """The headings of a group that live pages of a kind stand under, in order; of one key, or of pages under others."""
    found = under(site, group, [key] if key else None, in_order=in_order).filter(kind=kind)
    for other, wanted in also.items():
        found = found.filter(listing__in=under(site, other, [wanted]).values("listing"))
    return found.order_by("key", "sort", "listing_id")


def groups(found: QuerySet[Heading]) -> list[Group]:
    """The groups of these headings by their labels, with how many pages stand under each.

    Counted by an index alone; then one heading of each is read, the one that was written last.
    """
    counted = found.order_by().values("key").annotate(times=Count("pk"), last=Max("pk"))
    times = {last: times for _, times, last in counted.values_list("key", "times", "last")}
    said = sorted(Heading.objects.in_bulk(times).values(), key=lambda one: (one.sort, one.key))
    return [Group(one.key, one.label, times[one.pk]) for one in said]


def whole_groups(found: QuerySet[Heading]) -> list[Group]:
    """As `groups`, with the editions under each: for a list that is short enough to be read as a whole."""
    rows = [*found.order_by("sort", "pk").values_list("key", "label", "listing__edition")]
    made: dict[str, Group] = {}
    for key, label, edition in rows:
        known = made.get(key, Group(key, label, 0))
        made[key] = Group(key, known.label, known.count + 1, (*known.editions, edition))
    return list(made.values())


def letters(found: QuerySet[Heading]) -> list[Group]:
    """The letters that these names stand under, with how many do."""
    counted = found.order_by("key").values_list("key").annotate(Count("pk"))
    return [Group(key, key.upper(), times) for key, times in counted]
