"""From which database a public answer is read: the replica, if it knows the whole record, or the site's own."""

import logging
import time
from collections.abc import Callable
from typing import TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db import Error as DBError

from basics.routing import REPLICA, connection_read, give_back, has_replica, reading_from
from basics.snapshots import one_moment
from editions import record

log = logging.getLogger(__name__)
LEFT_ALONE = 5.0  # seconds at the least, after it did not answer …
AS_LONG_AS_IT_TOOK = 10  # … and so many times what it took to fail

Answer = TypeVar("Answer")
_ask_at = 0.0  # when the replica may be asked again


def at_one_moment(answer: Callable[[], Answer]) -> Answer:
    """What `answer` reads of the public site, all of it at one moment. It writes nothing, and may be called twice.

    The replica is read only if its newest entry is the newest of the site's own database, asked before: so an answer is
    never older than what this process knew when it began, however late the replica is. A replica that is away, late, or
    ends an answer in the middle costs an answer some time; then the site's own database is read.
    """
    if has_replica() and _may_be_asked():
        newest = record.head()
        give_back(DEFAULT_DB_ALIAS)
        begun = time.monotonic()
        try:
            with reading_from(REPLICA), one_moment():
                if record.head() == newest:
                    return answer()
        except DBError as problem:  # also of a table that has not reached it yet
            _leave_alone(begun, problem)
    with one_moment():
        return answer()


def replica_warnings() -> list[str]:
    """What is wrong with the replica, in sentences for whoever looks after the site. Public pages are served all the same."""
    if not has_replica():
        return []
    entries, head = record.head()
    try:
        with reading_from(REPLICA):
            there, head_there = record.head()
    except DBError:
        connections[REPLICA].close()
        return ["The replica does not answer: public pages are read from the database itself."]
    if head_there == head:
        return []
    late = f"{entries - there} entries behind" if there < entries else "not of this record"
    return [f"The replica is {late}: public pages are read from the database itself."]


def _may_be_asked() -> bool:
    # Who reads the replica already, or is in the middle of writing, goes on where they are.
    connection = connection_read()
    return connection.alias == DEFAULT_DB_ALIAS and not connection.in_atomic_block and time.monotonic() >= _ask_at


def _leave_alone(begun: float, problem: Exception) -> None:
    global _ask_at
    now = time.monotonic()
    _ask_at = now + max(LEFT_ALONE, AS_LONG_AS_IT_TOOK * (now - begun))
    connections[REPLICA].close()
    log.warning("The replica does not answer; public pages are read from the database itself. %s", problem)
