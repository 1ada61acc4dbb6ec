"""Which database is read: the replica inside `reading_from(REPLICA)`, the site's own everywhere else."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

REPLICA = "replica"
PULSE = "pulse"  # the site's own database over a connection apart, for whoever asks whether anything changed
_alias: ContextVar[str] = ContextVar("the database that is read", default=DEFAULT_DB_ALIAS)


class Router:
    """Django's router of a site with a replica, or with a pool.

    Who reads the replica cannot write: what they try goes there too, and is refused there. Otherwise a public page could
    change something beside the moment that it reads.
    """

    def db_for_read(self, model, **hints) -> str:
        return _alias.get()

    def db_for_write(self, model, **hints) -> str:
        return _alias.get()

    def allow_relation(self, one, other, **hints) -> bool:
        return True

    def allow_migrate(self, db: str, app_label: str, **hints) -> bool:
        return db == DEFAULT_DB_ALIAS


@contextmanager
def reading_from(alias: str) -> Iterator[None]:
    """Inside, all that this thread asks goes to the database `alias`."""
    token = _alias.set(alias)
    try:
        yield
    finally:
        _alias.reset(token)


def connection_read() -> BaseDatabaseWrapper:
    """The connection for questions in SQL, to the database that models are read from here."""
    return connections[_alias.get()]


def has_replica() -> bool:
    return REPLICA in connections.settings


def give_back(alias: str) -> None:
    """Let others have this thread's connection, if it is one of a pool and nobody is in the middle of something."""
    connection = connections[alias]
    if connection.settings_dict["OPTIONS"].get("pool") and not connection.in_atomic_block:
        connection.close()
