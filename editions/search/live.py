"""The pages of a moment as the search knows them: under which names, and which of them are listed lower.

Small, and kept in this process while what is public stays the same: `PublishedSite.generation` says when it changes. Then
only what came since is read.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from threading import Lock
from typing import TYPE_CHECKING

from django.db.models import Max, QuerySet

from editions import lists
from editions.models import Edition, SearchEntry
from editions.search.called import Live, Place
from editions.search.document import Name

if TYPE_CHECKING:
    from editions.site import PublishedSite

_KEPT = 4  # moments at once: the present, and a few past days
_MOST_CHANGES = 500  # between two moments; after more, all is read anew
_Key = tuple[str, object, int | None]
_kept: OrderedDict[_Key, Live] = OrderedDict()
_lock = Lock()


def live(site: PublishedSite) -> Live:
    """The pages of a site, kept until what is public changes or the rows of the search are made anew."""
    key = (
        site.generation,
        site.at if site.is_past else None,
        SearchEntry.objects.aggregate(newest=Max("pk"))["newest"],
    )
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
        known = [*_kept.values()]
    found = _read(site, known)
    with _lock:
        _kept[key] = found
        while len(_kept) > _KEPT:
            _kept.popitem(last=False)
    return found


def _read(site: PublishedSite, known: list[Live]) -> Live:
    """The pages of a site: those that differ least among `known`, brought up to its moment."""
    withdrawn = set(Edition.objects.withdrawn(site.at).values_list("pk", flat=True))
    live_rows = SearchEntry.objects.filter(edition__in=lists.live_editions(site))
    gone_rows = SearchEntry.objects.filter(edition__in=withdrawn)
    states = {
        edition: (edition, pk, digest, rows is gone_rows)
        for rows in (live_rows, gone_rows)
        for edition, pk, digest in rows.values_list("edition", "pk", "edition__digest")
    }
    wanted = set(states.values())
    nearest = min(known, key=lambda one: len(wanted ^ one.states), default=Live())
    come, left = wanted - nearest.states, nearest.states - wanted
    if len(come) + len(left) > _MOST_CHANGES:
        return Live.of([*_places(live_rows, withdrawn), *_places(gone_rows, withdrawn)])
    rows = SearchEntry.objects.filter(edition__in=[edition for edition, *_ in come])
    return nearest.changed([edition for edition, *_ in left], _places(rows, withdrawn))


def _places(rows: QuerySet[SearchEntry], withdrawn: set[int]) -> Iterator[Place]:
    own = ("pk", "title", "names", "names_words", "is_lower")
    of_edition = ("edition", "edition__digest", "edition__page__kind")
    for pk, title, names, compared, is_lower, edition, digest, kind in rows.values_list(*own, *of_edition):
        gone = edition in withdrawn
        yield Place(
            edition=edition,
            entry=pk,
            digest=digest,
            kind=kind,
            title=title,
            names=tuple(Name(*one) for one in names),
            compared=tuple(dict.fromkeys(compared.split())),
            is_withdrawn=gone,
            is_lower=gone or is_lower,
        )
