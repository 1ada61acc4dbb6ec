"""The front before the real site: what is published is seen, and every kept page is the page that Django draws."""

import logging
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
import time_machine
from django.core.exceptions import DisallowedHost
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.db import OperationalError, close_old_connections, connection
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone

from editions import actions
from sarcoma_site.front import counts, in_front_of
from sarcoma_site.front.addresses import Addresses
from tests.factories import a_person, an_imatinib, changed, published
from tests.front import got

IMATINIB = "/drugs/imatinib/"
# Each public address, or one of its kind, that is kept.
KEPT = """
/ /drugs/ /drugs/olaratumab/ /drugs/imatinib/ /guides/targeted-cancer-drugs-for-soft-tissue-sarcoma/ /conditions/
/conditions/gist/ /glossary/ /references/ /record/ /updates/ /updates/?kind=drug /updates/?kind=drug&page=1
/updates.atom /updates.atom?kind=drug /drugs/olaratumab/updates.atom /drugs/olaratumab/history/
/drugs/olaratumab/editions/1/ /drugs/olaratumab/compare/1/2/ /drugs/olaratumab/references.ris /drugs/olaratumab/references.json
/drugs/olaratumab/leaflet.pdf /drugs/olaratumab/leaflet.pdf?print=large /as-of/2018-12-31/ /as-of/2018-12-31/drugs/olaratumab/
""".split()  # noqa: SIM905
# What is not kept: the desk, health, what is private or not there, a query that no view reads or that is written otherwise.
LEFT_ALONE = """
/admin/ /admin/login/ /healthz /readyz /review/token/ /record.json /nowhere/ /drugs/nobody/ /drugs /as-of/9999-01-01/
/drugs/?utm_source=x /updates/?page=1&kind=drug /updates/?kind=drug&kind=drug /updates/?kind=%64rug /updates/?page=999
/drugs//imatinib/ /DRUGS/ /drugs/imatinib/;x /drugs/imatinib%00/
""".split()  # noqa: SIM905


@pytest.fixture
def front(db):
    return in_front_of(WSGIHandler())


def get(front, address: str, **more):
    path, _, query = address.partition("?")
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path.replace("%00", "\0"),
        "QUERY_STRING": query,
        "HTTP_HOST": "testserver",
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(),
    }
    for signal in (request_started, request_finished):  # as under Django's test client
        signal.disconnect(close_old_connections)
    try:
        return got(front, environ | more)
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


@pytest.mark.one_database
def test_every_kept_page_is_the_one_that_django_draws_and_is_the_same_with_a_session(front, client):
    call_command("load_starter_content", verbosity=0)
    client.force_login(a_person("paula", "Publisher"))
    cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    for address in KEPT:
        before = counts()
        first, again = get(front, address), get(front, address, HTTP_COOKIE=cookie)
        after = counts()
        assert (first.status, after["hits"] - before["hits"]) == (200, 1), address
        for answer in (first, again):
            answer.headers.pop("last-modified", None)  # said once its second is over, which may be between the two
        assert first == again and "set-cookie" not in first.headers, address
        # Django itself, with the cookie of somebody who is signed in: no template reads who asks.
        drawn = client.get(address)
        assert drawn.content == first.body and not drawn.cookies, address
        assert "Cookie" not in drawn.get("Vary", ""), address
        ours = {"etag", "last-modified", "vary", "content-length", "x-request-id"}
        assert {name.lower(): value for name, value in drawn.headers.items() if name.lower() not in ours} == {
            name: value for name, value in first.headers.items() if name not in ours
        }, address
    kept = counts()["pages"]
    assert kept == len(KEPT)
    for address in LEFT_ALONE:
        for _ in range(2):
            assert get(front, address, HTTP_COOKIE=cookie).status == client.get(address).status_code, address
    assert (counts()["pages"], counts()["hits"]) == (kept, kept)


def test_what_is_published_or_withdrawn_is_seen_at_once(
    front, client, team, author, publisher, django_capture_on_commit_callbacks
):
    def done(act, *args, **details):
        with django_capture_on_commit_callbacks(execute=True):
            return act(*args, **details)

    drug = an_imatinib(by=author)
    assert get(front, IMATINIB).status == 404
    done(published, drug, **team)
    first = get(front, IMATINIB)
    assert first == get(front, IMATINIB) and first.status == 200 and counts()["hits"] == 1
    # A draft that is saved, and an edition that is submitted, change nothing in public.
    changed(drug, summary="The new sentence.")
    assert get(front, IMATINIB) == first
    done(published, drug, **team)
    second = get(front, IMATINIB, HTTP_IF_NONE_MATCH=first.headers["etag"])
    assert second.status == 200 and b"The new sentence." in second.body
    done(actions.tell_doubt, drug.page, by=publisher, sentence="A doubt about the dose.")
    assert b"A doubt about the dose." in get(front, IMATINIB).body
    done(actions.withdraw_page, drug.page, by=publisher, reason="It was taken off the market.")
    for _ in range(2):
        gone = get(front, IMATINIB)
        assert gone.status == 410 and b"It was taken off the market." in gone.body
    assert counts()["hits"] == 3


def test_a_scheduled_edition_and_lateness_come_at_their_moment(front, team, author):
    with time_machine.travel(datetime(2026, 5, 5, 9, tzinfo=UTC), tick=False) as clock:
        drug = an_imatinib(by=author)
        published(drug, **team)
        changed(drug, summary="The sentence of ten o'clock.")
        published(drug, **team, live_from=timezone.now() + timedelta(hours=1))
        assert b"of ten o" not in get(front, IMATINIB).body
        clock.shift(timedelta(minutes=59, seconds=59.9))
        assert b"of ten o" not in get(front, IMATINIB).body
        clock.shift(timedelta(seconds=0.1))
        assert b"of ten o" in get(front, IMATINIB).body
        due = front._pulse.known().generation.day.replace(year=2027)
        clock.move_to(datetime(2027, due.month, due.day, 22, 59, 59, tzinfo=UTC))  # a second before midnight in London
        timely = get(front, IMATINIB).body
        assert get(front, IMATINIB).body == timely
        clock.shift(timedelta(seconds=1))
        late = get(front, IMATINIB).body
        assert late == Client().get(IMATINIB).content != timely


@pytest.fixture
def broken_database():
    """Nothing gets an answer from the database while `broken_database()` is entered."""

    def silent(execute, sql, params, many, context):
        raise OperationalError("connection to server failed: Connection refused")

    logging.disable(logging.CRITICAL)
    yield lambda: connection.execute_wrapper(silent)
    logging.disable(logging.NOTSET)


def test_with_the_database_down_kept_pages_say_so_and_the_rest_is_a_503_with_all_its_headers(
    transactional_db, broken_database, team, author
):
    front = in_front_of(WSGIHandler())
    published(an_imatinib(by=author), **team)
    fresh = get(front, IMATINIB)
    with time_machine.travel(timezone.now() + timedelta(seconds=1)), broken_database():
        front._pulse._ask_at = 0.0
        old = get(front, IMATINIB)
        assert old.status == 200 and b"This page may be out of date." in old.body and b"<!--" not in old.body
        assert old.headers["cache-status"].startswith('front; hit; detail="database unreachable since 20')
        never_asked = get(front, "/drugs/")  # the front's own
        djangos = get(front, "/drugs/?utm_source=x")
        for answer in (never_asked, djangos):
            assert answer.status == 503 and b"This page cannot be shown at this moment" in answer.body
            assert (answer.headers["retry-after"], answer.headers["cache-control"]) == ("30", "no-store")
            assert "set-cookie" not in answer.headers and b"refused" not in answer.body
        assert set(never_asked.headers) == set(djangos.headers)
        security = {
            name for name in fresh.headers if name.startswith(("content-security", "x-", "cross-", "permissions"))
        }
        assert len(security) == 6 and security <= set(old.headers) and security <= set(never_asked.headers)
        assert get(front, "/healthz").status == 200
        # Whoever was just writing keeps every word.
        desk = Client(raise_request_exception=False, headers={"cookie": "sessionid=somebodys"})
        sent = desk.post("/admin/", {"a": "My words."})
        assert sent.status_code == 503 and "My words." in sent.text and "database does not answer" in sent.text
    front._pulse._ask_at = 0.0
    assert get(front, IMATINIB) == fresh and get(front, "/drugs/").status == 200


def test_without_memory_for_pages_there_is_no_front(settings):
    settings.PAGE_CACHE_MB = 0
    assert in_front_of(get) is get


def test_hosts_and_proxies_are_judged_as_django_does(settings):
    settings.ALLOWED_HOSTS = [".example.org", "testserver"]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    addresses = Addresses()
    plain = {"REQUEST_METHOD": "GET", "PATH_INFO": "/", "wsgi.url_scheme": "http", "HTTP_HOST": "testserver"}
    hosts = (
        "testserver TESTSERVER:80 a.example.org example.org. [::1] a.example.org.evil * testserver@evil testserver:x"
    )
    judged = {}
    for host in [*hosts.split(), "a b"]:
        for _ in range(2):  # judged, then remembered
            judged[host] = addresses.key(plain | {"HTTP_HOST": host}) is not None
        request = HttpRequest()
        request.META = plain | {"HTTP_HOST": host}
        try:
            request.get_host()
        except DisallowedHost:
            assert not judged[host], host
        else:
            assert judged[host], host
    assert set(judged.values()) == {True, False}
    for said, is_ours in {"https": False, "https,http": False, "http": True, "": True}.items():
        assert (addresses.key(plain | {"HTTP_X_FORWARDED_PROTO": said}) is not None) == is_ours, said
    settings.SITE_URL = "http://elsewhere.example"  # Django would refuse what the front would ask
    assert not Addresses().is_ours


@pytest.mark.django_db
def test_what_the_front_asks_it_asks_at_once_so_that_its_connection_can_go_back(django_assert_num_queries):
    from sarcoma_site import front as the_front

    found = the_front._present(None)
    with django_assert_num_queries(0):
        assert found.began()
