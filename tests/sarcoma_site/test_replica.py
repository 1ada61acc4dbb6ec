"""Public pages from a real replica, which follows by streaming: never older than what is public, and away without harm."""

import os
import subprocess
from contextlib import contextmanager, suppress
from threading import Thread

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import InternalError, connection, connections
from django.test import Client

from basics.routing import REPLICA, reading_from
from basics.snapshots import one_moment
from drills import servers
from editions import reading
from editions.models import Page
from editions.site import PublishedSite
from sarcoma_site.front import counts, in_front_of
from tests.factories import an_imatinib, changed, published
from tests.postgres import programs
from tests.sarcoma_site.front.test_before_django import get

IMATINIB = "/drugs/imatinib/"
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("postgres" not in os.environ.get("DATABASE_URL", ""), reason="a replica is PostgreSQL's"),
]


@pytest.fixture(scope="module")
def pair(_databases, servers_home):
    """A PostgreSQL with an empty site, and its replica. Their own: others make and drop databases on the tests' server."""
    first = servers.Postgres(servers_home / "first", programs())
    first.start()
    first.ask("CREATE DATABASE migrated")
    usual = f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{_databases.empty}"
    dumped = subprocess.run([programs() / "pg_dump", "-O", "-x", "-d", usual], check=True, capture_output=True).stdout
    filled = [programs() / "psql", "-q", "-v", "ON_ERROR_STOP=1", "-d", first.url("migrated")]
    subprocess.run(filled, check=True, input=dumped, stdout=subprocess.DEVNULL)
    second = servers.Follower(servers_home / "second", programs(), first.url())
    second.start()
    yield first, second
    second.stop()
    first.stop()


@pytest.fixture
def replica(pair, transactional_db, settings, monkeypatch, request):
    """A site on the first of the pair, with the second as REPLICA_URL names one."""
    first, second = pair
    name = f"site_{abs(hash(request.node.name))}"
    first.ask(f'CREATE DATABASE "{name}" TEMPLATE migrated')
    usual = connection.settings_dict.copy()
    connection.close()
    connection.settings_dict.update(HOST="127.0.0.1", PORT=first.port, USER=first.user, NAME=name)
    settings.DATABASE_ROUTERS = ["basics.routing.Router"]
    monkeypatch.setitem(connections.settings, REPLICA, {**connection.settings_dict, "PORT": second.port})
    monkeypatch.setattr(reading, "_ask_at", 0.0)
    with suppress(AttributeError):
        del connections[REPLICA]  # of the test before
    there = connections[REPLICA]

    def ensure_connection():
        """As Django's own: a test's is for the databases that its settings had at first."""
        if there.connection is None:
            with there.wrap_database_errors:
                there.connect()

    monkeypatch.setattr(there, "ensure_connection", ensure_connection)
    second.catch_up()
    yield second
    second.resume()
    there.close()
    connection.close()
    connection.settings_dict.update(usual)


@pytest.fixture
def drug(replica, author, team):
    drug = an_imatinib(by=author)
    published(drug, **team)
    replica.catch_up()
    return drug


@contextmanager
def counted(alias: str):
    """A list that holds one for each question that this thread asks the database `alias`."""
    found: list[int] = []

    def count(execute, sql, params, many, context):
        found.append(1)
        return execute(sql, params, many, context)

    with connections[alias].execute_wrapper(count):
        yield found


def asked(address: str) -> tuple[str, int, int]:
    """The text of a page, and how many questions the site's own database and the replica were asked for it."""
    with counted("default") as own, counted(REPLICA) as there:
        response = Client().get(address)
    assert response.status_code == 200
    return response.content.decode(errors="replace"), len(own), len(there)


def warnings() -> list[str]:
    return [one for one in Client().get("/readyz").json()["warnings"] if "replica" in one]


def test_public_answers_are_read_from_the_replica_and_only_the_newest_entry_from_the_database_itself(drug):
    for address in ("/", IMATINIB, "/search/?q=imatinib", "/updates.atom", "/api/v1/pages", f"{IMATINIB}leaflet.pdf"):
        _, own, there = asked(address)
        assert (own, there > 3) == (1, True), address
    assert warnings() == []


def test_who_reads_the_replica_writes_nothing(drug):
    with reading_from(REPLICA), one_moment(), pytest.raises(InternalError, match="read-only"):
        Page.objects.create(key="drug/other", kind="drug", slug="other")
    assert not Page.objects.filter(slug="other").exists()


def test_a_replica_that_is_late_never_gives_a_page_that_is_older_than_what_is_public(drug, team, replica):
    front = in_front_of(WSGIHandler())
    old = get(front, IMATINIB).body
    replica.pause()
    published(changed(drug, summary="What is new."), **team)
    new = get(front, IMATINIB).body
    assert new != old and b"What is new." in new
    text, own, _ = asked(IMATINIB)
    assert "What is new." in text and own > 3
    assert warnings() == ["The replica is 2 entries behind: public pages are read from the database itself."]
    before = counts()["hits"]
    replica.resume()
    replica.catch_up()
    assert get(front, IMATINIB).body == new and counts()["hits"] == before + 1  # it was rightly kept
    text, own, there = asked(IMATINIB)
    assert "What is new." in text and own == 1 < there and warnings() == []


def test_what_is_published_while_a_page_is_read_from_the_replica_is_in_the_page_that_is_kept(
    drug, team, replica, monkeypatch
):
    front, usual, told = in_front_of(WSGIHandler()), PublishedSite.page, []

    def publish():
        published(changed(drug, summary="What is new."), **team)
        connection.close()

    def then_it_is_published(site, *args):
        if not told:
            told.append(connections[REPLICA].in_atomic_block)
            publishing = Thread(target=publish)
            publishing.start()
            publishing.join()
        return usual(site, *args)

    monkeypatch.setattr(PublishedSite, "page", then_it_is_published)
    first, again = get(front, IMATINIB), get(front, IMATINIB)
    assert told == [True] and b"What is new." in first.body and first.body == again.body


def test_a_replica_that_ends_an_answer_in_the_middle_costs_no_answer(drug, replica, monkeypatch):
    usual, ended = PublishedSite.page, []

    def then_it_ends(site, *args):
        if not ended:
            ended.append(
                replica.ask("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state LIKE 'idle in%'")
            )
        return usual(site, *args)

    monkeypatch.setattr(PublishedSite, "page", then_it_ends)
    _, own, there = asked(IMATINIB)
    assert ended == [True] and own > 3 and there
    assert asked(IMATINIB)[2] == 0  # it is left alone for some seconds


def test_a_replica_that_is_away_is_told_of_and_read_again_when_it_is_back(drug, replica, monkeypatch):
    asked(IMATINIB)
    replica.stop()
    try:
        for _ in range(2):
            text, own, _ = asked(IMATINIB)
            assert "imatinib" in text and own > 3
        assert warnings() == ["The replica does not answer: public pages are read from the database itself."]
    finally:
        replica.start()
    replica.catch_up()
    monkeypatch.setattr(reading, "_ask_at", 0.0)  # the seconds are over
    assert asked(IMATINIB)[1] == 1 and warnings() == []
