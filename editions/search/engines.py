"""Where the words of search entries are looked up: the database's own text index, or another engine behind this interface.

The rest of the search knows an engine by three verbs. It gets words that are ready to be compared, and gives editions
back; which of them are live, names, near names, order and extracts are not its business. `SEARCH_ENGINE` names the class:
the database's here, or the one of an engine on a machine of its own (`SEARCH_URL`, editions/search/opensearch.py).
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Protocol

from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import import_string

from basics.routing import connection_read
from editions.models import SearchEntry
from editions.search.query import Word


class EngineAway(Exception):
    """An engine beside the database did not do what it was asked; holds a sentence."""


class Engine(Protocol):
    def write(self, entries: Iterable[SearchEntry]) -> None:
        """Take stored entries up. In the transaction that stored them, if there is one."""

    def remake(self) -> None:
        """Forget everything, and take up the entries that are stored."""

    def matches(self, words: Sequence[Word], *, every: bool) -> dict[int, float]:
        """Number of an edition → how well it fits, for editions that hold every one of the words, or any of them."""


def engine() -> Engine:
    return import_string(settings.SEARCH_ENGINE)()


class DatabaseEngine:
    """FTS5 on SQLite, a tsvector with a GIN index on PostgreSQL. Both compare words as they are written to them."""

    def __init__(self):
        self._index = _INDEXES[connection.vendor]

    def write(self, entries: Iterable[SearchEntry]) -> None:
        if statement := self._index.WRITE:
            with connection.cursor() as cursor:
                cursor.executemany(statement, [[entry.pk] for entry in entries])

    def remake(self) -> None:
        if statement := self._index.REMAKE:
            with connection.cursor() as cursor:
                cursor.execute(statement)

    def matches(self, words: Sequence[Word], *, every: bool) -> dict[int, float]:
        if not words:
            return {}
        with self._index.planned(), connection_read().cursor() as cursor:
            cursor.execute(self._index.MATCH, [self._index.expression(words, every=every)])
            return dict(cursor.fetchall())


class SqliteIndex:
    """An FTS5 table over the columns of the entries. A word is letters and digits, and quoted: nothing is an operator."""

    CREATE = (
        "CREATE VIRTUAL TABLE editions_searchindex USING fts5(names_words, subjects_words, headings_words, body_words, "
        "content='editions_searchentry', content_rowid='id', tokenize='unicode61 remove_diacritics 0', prefix='2 3 4')",
    )
    DROP = ("DROP TABLE IF EXISTS editions_searchindex",)
    WRITE = (
        "INSERT INTO editions_searchindex (rowid, names_words, subjects_words, headings_words, body_words) "
        "SELECT id, names_words, subjects_words, headings_words, body_words FROM editions_searchentry WHERE id = %s"
    )
    REMAKE = "INSERT INTO editions_searchindex (editions_searchindex) VALUES ('rebuild')"
    MATCH = (
        "SELECT entry.edition_id, -bm25(editions_searchindex, 10.0, 4.0, 3.0, 1.0) FROM editions_searchindex "
        "JOIN editions_searchentry AS entry ON entry.id = editions_searchindex.rowid WHERE editions_searchindex MATCH %s"
    )

    @staticmethod
    def planned() -> AbstractContextManager:
        return nullcontext()

    @staticmethod
    def expression(words: Sequence[Word], *, every: bool) -> str:
        one_each = (
            " OR ".join([*(f'"{one}"' for one in word.exact), *(f'"{one}" *' for one in word.starts)]) for word in words
        )
        return (" AND " if every else " OR ").join(f"({either})" for either in one_each)


class PostgresqlIndex:
    """A column that the database itself keeps in step with the others, and a GIN index on it."""

    CREATE = (
        "ALTER TABLE editions_searchentry ADD COLUMN document tsvector GENERATED ALWAYS AS ("
        "setweight(to_tsvector('simple', names_words), 'A') || setweight(to_tsvector('simple', subjects_words), 'B') || "
        "setweight(to_tsvector('simple', headings_words), 'C') || setweight(to_tsvector('simple', body_words), 'D')"
        ") STORED",
        # Without a list of what is still to be put in: every search would read it.
        "CREATE INDEX editions_searchentry_document ON editions_searchentry USING gin (document) WITH (fastupdate = off)",
    )
    DROP = (
        "DROP INDEX IF EXISTS editions_searchentry_document",
        "ALTER TABLE editions_searchentry DROP COLUMN IF EXISTS document",
    )
    WRITE = ""
    REMAKE = "ANALYZE editions_searchentry"
    MATCH = (
        "SELECT edition_id, ts_rank('{0.1, 0.3, 0.4, 1.0}', document, asked) "
        "FROM editions_searchentry, to_tsquery('simple', %s) AS asked WHERE document @@ asked"
    )

    @staticmethod
    @contextmanager
    def planned() -> Iterator[None]:
        """The planner does not count what it costs to read long documents, and would read every one of them."""
        where = connection_read()
        with transaction.atomic(using=where.alias):
            with where.cursor() as cursor:
                cursor.execute("SET LOCAL enable_seqscan = off")
            yield

    @staticmethod
    def expression(words: Sequence[Word], *, every: bool) -> str:
        one_each = (
            " | ".join([*(f"'{one}'" for one in word.exact), *(f"'{one}':*" for one in word.starts)]) for word in words
        )
        return (" & " if every else " | ").join(f"({either})" for either in one_each)


_INDEXES: dict[str, type[SqliteIndex] | type[PostgresqlIndex]] = {"sqlite": SqliteIndex, "postgresql": PostgresqlIndex}


def create_index(apps, schema_editor) -> None:
    """A step of a migration: the index of this database."""
    for statement in _INDEXES[schema_editor.connection.vendor].CREATE:
        schema_editor.execute(statement)


def drop_index(apps, schema_editor) -> None:
    for statement in _INDEXES[schema_editor.connection.vendor].DROP:
        schema_editor.execute(statement)
