"""Which generation holds now: asked of the database at most once a second, and at once where this process publishes."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock
from time import monotonic, time

from django.db import Error as DBError

from editions.generation import Generation
from sarcoma_site.front.counts import Counts

logger = logging.getLogger(__name__)
EVERY = 1.0  # seconds: so late may a publication of another process be seen
AS_LONG_AS_IT_TOOK = 10  # a database that does not answer is left alone for so many times what asking it took


@dataclass(frozen=True)
class Known:
    """What this process knows of the public site."""

    generation: Generation | None  # None: nothing that could be answered for
    serial: int = 0  # counts the generations that this process knew; what is kept is filed under it
    began: datetime | None = None
    reached_at: datetime | None = None  # when the database last answered, if it does not any more


class Pulse:
    """Asks `question` (the present generation, given the one known before) no more often than needed.

    `added_here` counts what this process itself published. While the database does not answer, the last generation is
    answered for during `stale_for` seconds, but never past the moment at which a scheduled edition goes live: what it
    replaces is not known here.
    """

    def __init__(
        self,
        question: Callable[[Generation | None], Generation],
        *,
        added_here: Callable[[], int],
        stale_for: float,
        counts: Counts,
    ):
        self._question = question
        self._added_here = added_here
        self._stale_for = stale_for
        self._counts = counts
        self._lock = Lock()
        self._known = Known(None)
        self._serial, self._name = 0, ""
        self._reached = 0.0  # seconds since 1970, when the database last answered
        self._answers = True
        self._seen = -1
        self._asked_at = self._ask_at = 0.0
        self._from = self._until = 0.0

    def known(self, *, anew: bool = False) -> Known:
        """What holds now. `anew`: as the database says in this moment."""
        # As _is_fresh says; written out, since every answer from memory begins with it.
        if (
            not anew
            and monotonic() < self._ask_at
            and self._from <= time() < self._until
            and self._added_here() == self._seen
        ):
            return self._known
        # Whoever holds the lock is asking. If that lasts, the others go on with what is known, and say so.
        patience = max(0.0, self._asked_at + EVERY - monotonic()) if self._lock.locked() else EVERY
        if not self._lock.acquire(timeout=patience):
            return self._doubtful(self._known if self._added_here() == self._seen else Known(None))
        try:
            if anew or not self._is_fresh():
                self._ask()
            return self._known
        finally:
            self._lock.release()

    def _is_fresh(self) -> bool:
        return monotonic() < self._ask_at and self._from <= time() < self._until and self._added_here() == self._seen

    def _ask(self) -> None:
        self._counts.asked += 1
        begun, now, seen = monotonic(), time(), self._added_here()
        self._asked_at = begun
        # After a publication of this process what was known is past, whatever comes of the question.
        known = self._known if seen == self._seen else Known(None)
        try:
            generation = self._question(known.generation)
            began = known.began if known.began and generation is known.generation else generation.began()
        except DBError as problem:
            if self._answers:
                logger.warning("The database does not answer; kept pages are shown, marked. %s", problem)
            self._answers = False
            self._known = self._doubtful(known)
            self._ask_at = monotonic() + max(EVERY, AS_LONG_AS_IT_TOOK * (monotonic() - begun))
            self._from, self._until = 0.0, self._ends(known) if self._known.generation else float("inf")
        else:
            if not self._answers:
                logger.warning("The database answers again.")
            self._answers = True
            if generation.name != self._name:
                self._serial, self._name = self._serial + 1, generation.name
            self._known, self._reached = Known(generation, self._serial, began), now
            self._ask_at = begun + EVERY
            # A clock that was set back does not bring the past back, since the record's clock holds on.
            self._from, self._until = min(now, began.timestamp()), generation.until.timestamp()
        self._seen = seen  # last: until now the other threads wait for the lock

    def _doubtful(self, known: Known) -> Known:
        """What can be answered for while the database says nothing."""
        if known.generation is None or not self._reached <= time() < self._ends(known):
            return Known(None)
        return Known(known.generation, known.serial, known.began, datetime.fromtimestamp(self._reached, UTC))

    def _ends(self, known: Known) -> float:
        """When a generation cannot be answered for any more, in seconds since 1970."""
        ends = self._reached + self._stale_for
        coming = known.generation.coming if known.generation else None
        return min(ends, coming.timestamp()) if coming else ends
