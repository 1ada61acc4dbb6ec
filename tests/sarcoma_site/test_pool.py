"""Connections to PostgreSQL come from a pool, by a setting alone, and the pool is back as soon as the database is."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import OperationalError
from django.db.utils import ConnectionHandler

from drills import servers
from sarcoma_site.databases import database
from tests.postgres import programs


@pytest.fixture(scope="module")
def postgres(servers_home):
    """A PostgreSQL of one's own, which a test may stop."""
    if (found := programs()) is None:
        pytest.skip("PostgreSQL is not installed on this machine.")
    server = servers.Postgres(servers_home / "postgres", found)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def pooled(postgres, django_db_blocker):
    """Connections of Django to it, by threads, at most three at once."""
    handler = ConnectionHandler({"default": database("DATABASE_URL", postgres.url(), pool=(0, 3))})
    with django_db_blocker.unblock():
        yield handler
        handler["default"].close()
        handler["default"].close_pool()


def asked(pooled, question: str = "SELECT pg_backend_pid()", before_it_ends=lambda: None):
    """The answer to a question, asked as a request of a thread would: the connection goes back at its end."""
    connection = pooled["default"]
    try:
        with connection.cursor() as cursor:
            found = cursor.execute(question).fetchone()[0]
            before_it_ends()
            return found
    finally:
        connection.close_if_unusable_or_obsolete()


def test_many_threads_share_as_many_connections_as_the_setting_allows(pooled):
    count = "SELECT pg_sleep(0.02), COUNT(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"
    with ThreadPoolExecutor(20) as crowd:
        most = max(crowd.map(lambda _: asked(pooled, f"SELECT count FROM ({count}) AS sessions"), range(100)))
    assert most == 3


def test_after_a_restart_nobody_gets_a_connection_that_broke(pooled, postgres):
    together = threading.Barrier(3, timeout=30)
    with ThreadPoolExecutor(3) as crowd:
        before = set(crowd.map(lambda _: asked(pooled, before_it_ends=together.wait), range(3)))
    assert len(before) == 3
    postgres.stop()
    postgres.start()
    after = [asked(pooled) for _ in range(6)]
    assert before.isdisjoint(after)


def test_who_waits_for_a_database_that_is_away_is_told_so_and_is_answered_as_soon_as_it_is_back(pooled, postgres):
    asked(pooled)
    postgres.stop()
    for _ in range(3):
        with pytest.raises(
            OperationalError, match=r"refuses connections|closed|terminat"
        ):  # not: after so many seconds
            asked(pooled)
    postgres.start()
    assert asked(pooled, "SELECT 1") == 1


def test_what_uses_up_the_pool_is_told_from_a_database_that_is_away(pooled):
    pooled.settings["default"]["OPTIONS"]["pool"]["timeout"] = 0.2
    with ThreadPoolExecutor(3) as crowd:
        begun, go_on = threading.Barrier(4, timeout=30), threading.Event()
        held = [crowd.submit(asked, pooled, before_it_ends=lambda: (begun.wait(), go_on.wait(30))) for _ in range(3)]
        begun.wait()
        try:
            with pytest.raises(OperationalError, match="couldn't get a connection"):
                asked(pooled)
        finally:
            go_on.set()
        assert len({one.result() for one in held}) == 3
    assert asked(pooled, "SELECT 1") == 1
