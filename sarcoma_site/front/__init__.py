"""Whole public pages from this process's memory, in front of Django (docs/decisions/0025-pages-in-front.md).

A public page follows from the record and the moment alone. So one that was drawn holds until the next *generation*:
the next entry of the record, the moment of a scheduled edition, or midnight. Views say for themselves that they are such
(editions/public.py); all else is left to Django.
"""

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from django.db import Error as DBError

from basics.routing import PULSE, give_back, reading_from
from editions import generation, record
from editions.models import Record
from sarcoma_site.front.addresses import Addresses
from sarcoma_site.front.answer import Inner
from sarcoma_site.front.counts import Counts
from sarcoma_site.front.front import Front
from sarcoma_site.front.pulse import Pulse
from sarcoma_site.front.store import Store
from sarcoma_site.front.unreachable import marked, unreachable

_fronts: list[Front] = []


def in_front_of(inner: Inner) -> Inner:
    """The site with its front; the site alone if PAGE_CACHE_MB is 0, or DEBUG is on: templates change. Django is set up."""
    if not settings.PAGE_CACHE_MB or settings.DEBUG:
        return inner
    tally = Counts()
    front = Front(
        inner,
        addresses=Addresses(),
        pulse=Pulse(
            _present,
            added_here=lambda: record.added_here,
            stale_for=settings.PAGE_STALE_HOURS * 3600,
            counts=tally,
        ),
        store=Store(settings.PAGE_CACHE_MB * 1024 * 1024, tally),
        counts=tally,
        marking=marked,
        unreachable=unreachable,
    )
    _fronts[:] = [front]
    return front


def counts() -> dict[str, int]:
    """What the front of this process did so far; nothing where there is none."""
    return _fronts[0].counts.as_dict() if _fronts else {}


def _present(known: generation.Generation | None) -> generation.Generation:
    """The generation of this moment, from the database. A connection that broke meanwhile is made anew once."""
    with reading_from(PULSE if PULSE in connections.settings else DEFAULT_DB_ALIAS):
        connection = connections[Record.objects.db]
        was_open = connection.connection is not None
        try:
            found = _asked(known)
        except DBError:
            connection.close()
            if not was_open:
                raise
            try:
                found = _asked(known)
            except DBError:
                connection.close()
                raise
        if not was_open:
            give_back(connection.alias)  # no request ends here that would
        return found


def _asked(known: generation.Generation | None) -> generation.Generation:
    found = generation.current(known)
    if found is not known:
        found.began()  # remembered: nothing is asked when the connection has been given back
    return found
