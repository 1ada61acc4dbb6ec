"""Searches that found nothing, counted for editors: what readers look for and we do not have.

Nothing is kept of who searched, and nothing that looks as if it told of a person. However much is asked, the table
stays small.
"""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from editions.models import EmptySearch
from editions.search.query import Query
from editions.search.words import plain_words

MOST_ROWS = 2000
MOST_NEW_A_DAY = 100
FORGOTTEN_AFTER = timedelta(days=180)  # where room is wanted
_MOST_LETTERS = 60
_MOST_WORDS = 6  # more is a sentence, and may tell of somebody
_MOST_DIGITS = 5  # more is a date of birth, a telephone number, an NHS number
_WAITS = 50  # milliseconds for somebody else's writing; a reader waits for no count
_OF_A_PERSON = re.compile(
    r"@|https?:|www\.|\b(mr|mrs|ms|miss|dr)\b|\b[a-z]{1,2}\d[a-z\d]?\s*\d[a-z]{2}\b", re.IGNORECASE
)

logger = logging.getLogger(__name__)


def kept_text(query: Query) -> str:
    """The words of a query as they are counted; nothing if they are long, or may tell of a person."""
    words = plain_words(query.text)
    text = " ".join(words)
    digits = sum(one.isdigit() for one in text)
    if query.is_cut or len(query.text) > _MOST_LETTERS or len(words) > _MOST_WORDS or digits > _MOST_DIGITS:
        return ""
    return "" if _OF_A_PERSON.search(query.text) or _OF_A_PERSON.search(text) else text


def note(query: Query, *, on: date | None = None) -> bool:
    """Count a search that found nothing, in a short transaction of its own. Whether it was counted; raises nothing."""
    text, today = kept_text(query), on or timezone.localdate()
    if not text:
        return False
    try:
        with _without_waiting():
            again = EmptySearch.objects.filter(text=text)
            if again.update(times=F("times") + 1, last_on=today):
                return True
            if not _has_room(today):
                return False
            EmptySearch.objects.create(text=text, first_on=today, last_on=today)
            return True
    except DatabaseError as problem:
        logger.info("A search that found nothing was not counted: %s", problem)
        return False


def put_away(found: QuerySet[EmptySearch], *, by) -> int:
    """Take searches off the list. They go on being counted, and stay off it. Raises PermissionDenied."""
    if not by.has_perm("editions.put_away_search"):
        raise PermissionDenied(f"{by} may not put away searches.")
    return found.filter(put_away_at__isnull=True).update(put_away_at=timezone.now(), put_away_by=by)


def _has_room(today: date) -> bool:
    if EmptySearch.objects.filter(first_on=today).count() >= MOST_NEW_A_DAY:
        return False
    if EmptySearch.objects.count() >= MOST_ROWS:
        EmptySearch.objects.filter(last_on__lt=today - FORGOTTEN_AFTER).delete()
    return EmptySearch.objects.count() < MOST_ROWS


@contextmanager
def _without_waiting() -> Iterator[None]:
    """A transaction that gives up at once where somebody else writes for long."""
    if connection.vendor == "postgresql":
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL lock_timeout = {_WAITS}")
            yield
        return
    with connection.cursor() as cursor:
        usual = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
        cursor.execute(f"PRAGMA busy_timeout = {_WAITS}")
    try:
        with transaction.atomic():
            yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA busy_timeout = {usual}")
