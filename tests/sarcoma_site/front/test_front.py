"""What is kept, for how long, and what is left to Django. The application inside and the database are the tests' own."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from sarcoma_site.front import front as the_front
from tests.front import HTML, Site


@pytest.fixture
def site(monkeypatch):
    return Site(monkeypatch)


def test_a_page_is_drawn_once_and_asks_the_database_once_a_second(site):
    for _ in range(50):
        assert site.get().body == site.text.encode()
    assert (site.counts.renders, site.counts.hits, site.counts.misses) == (1, 49, 1)
    asked = site.counts.asked
    site.later(seconds=0.9)
    site.get()
    assert site.counts.asked == asked
    site.later(seconds=0.2)
    for _ in range(5):
        site.get()
    assert site.counts.asked == asked + 1 and site.counts.renders == 1


def test_what_is_published_elsewhere_is_seen_within_a_second_and_what_is_published_here_at_once(site):
    site.get()
    site.publish("Published elsewhere.")
    site.later(seconds=1)
    assert site.get().body == b"Published elsewhere."
    site.publish("Published here.", here=True)
    assert site.get().body == b"Published here."
    assert site.counts.pages == 1  # the older ones are gone


def test_the_moment_of_a_scheduled_edition_and_midnight_begin_another_generation(site):
    # Fractions of a second pass here: the database would not have been asked again yet.
    soon = site.now + timedelta(seconds=0.5)
    site.generation = replace(site.generation, coming=soon)
    site.get()
    site.generation, site.text = replace(site.generation, coming=None, last=soon), "The scheduled edition."
    site.later(seconds=0.4)
    assert site.get().body != b"The scheduled edition."
    site.later(seconds=0.1)
    assert site.get().body == b"The scheduled edition."

    site.later(hours=10, minutes=59, seconds=59)  # 23:59:59.5 in London, which is an hour ahead of UTC
    site.get()
    site.generation, site.text = replace(site.generation, day=site.generation.day + timedelta(days=1)), "Late."
    site.later(seconds=0.4)
    assert site.get().body != b"Late."
    site.later(seconds=0.1)
    assert site.get().body == b"Late."


def test_a_page_drawn_while_something_was_published_is_drawn_again_and_only_a_whole_one_is_kept(site):
    drawn = []

    def publishing(environ, start_response):
        drawn.append(environ)
        answer = Site.inner(site, environ, start_response)
        if len(drawn) <= 2:
            site.publish(f"After publication {len(drawn)}.")
        return answer

    site.front._inner = publishing
    assert site.get().body == b"After publication 2."
    assert site.get().body == b"After publication 2." and len(drawn) == 3
    # If that happens each time, what comes is sent and not kept.
    drawn.clear()
    site.publish("Busy.", here=True)

    def always_publishing(environ, start_response):
        drawn.append(environ)
        answer = Site.inner(site, environ, start_response)
        site.publish("Busy.")
        return answer

    site.front._inner = always_publishing
    assert site.get().body == b"Busy." and len(drawn) == the_front.TRIES
    assert site.counts.pages == 0


def test_a_hundred_who_ask_at_once_get_one_render(site):
    gate, begun = threading.Event(), threading.Event()

    def slow(environ, start_response):
        begun.set()
        gate.wait(10)
        return Site.inner(site, environ, start_response)

    site.front._inner = slow
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(site.get().body)) for _ in range(100)]
    for thread in threads:
        thread.start()
    begun.wait(10)
    gate.set()
    for thread in threads:
        thread.join(10)
    assert answers == [site.text.encode()] * 100
    assert site.counts.renders == 1 and not site.front._turns


def test_who_has_waited_long_enough_asks_for_themselves(site, monkeypatch):
    monkeypatch.setattr(the_front, "PATIENCE", 0.05)
    gate, begun = threading.Event(), threading.Event()

    def stuck_once(environ, start_response):
        if not begun.is_set():
            begun.set()
            gate.wait(10)
        return Site.inner(site, environ, start_response)

    site.front._inner = stuck_once
    first = threading.Thread(target=site.get)
    first.start()
    begun.wait(10)
    assert site.get().body == site.text.encode() and site.counts.waited == 1
    gate.set()
    first.join(10)


def test_what_is_not_the_same_for_everybody_is_never_kept(site):
    for number, (status, headers) in enumerate(
        [
            ("200 OK", [*HTML, ("Set-Cookie", "a=b")]),
            ("200 OK", [("Vary", "Accept-Encoding, Cookie")]),
            ("200 OK", [("Vary", "*")]),
            ("200 OK", [("Cache-Control", "max-age=0, no-cache, no-store, must-revalidate, private")]),
            ("200 OK", [("Content-Encoding", "gzip")]),
            ("302 Found", [("Location", "/elsewhere/")]),
            ("404 Not Found", HTML),
            ("429 Too Many Requests", [("Retry-After", "60")]),
            ("500 Internal Server Error", HTML),
        ]
    ):
        site.status, site.headers = status, headers
        for method in ("GET", "HEAD", "GET"):
            answer = site.get(f"/{number}/", method=method)
            assert answer.status == int(status[:3]) and bool(answer.body) == (method == "GET")
            assert all(answer.headers[name.lower()] == value for name, value in headers)
    assert site.counts.pages == site.counts.hits == 0
    # What moved and what was withdrawn is kept, but nobody has a copy of it to compare.
    for status in ("301 Moved Permanently", "410 Gone"):
        site.status, site.headers = status, [("Location", "/there/")] if status.startswith("301") else HTML
        for _ in range(2):
            answer = site.get(f"/{status}/", HTTP_IF_NONE_MATCH="*")
            assert answer.status == int(status[:3]) and "etag" not in answer.headers
    assert site.counts.pages == site.counts.hits == 2


def test_an_answer_without_a_length_is_handed_through_as_it_comes(site):
    site.front._inner = lambda environ, start: (start("200 OK", [("Content-Type", "text/plain")]), iter([b"a", b"b"]))[
        1
    ]
    assert site.get().body == b"ab" and site.counts.pages == 0


def test_what_is_not_known_for_certain_is_left_to_django_as_it_came(site):
    site.get()
    for more in (
        {"method": "POST"},
        {"method": "OPTIONS"},
        {"method": "get"},
        {"HTTP_HOST": "evil.example"},
        {"HTTP_HOST": ""},
        {"HTTP_HOST": None},
        {"HTTP_HOST": "testserver@evil.example"},
        {"HTTP_HOST": "testserver/evil"},
        {"HTTP_RANGE": "bytes=0-9"},
        {"HTTP_IF_MATCH": "*"},
        {"CONTENT_LENGTH": "5"},
        {"HTTP_TRANSFER_ENCODING": "chunked"},
        {"SCRIPT_NAME": "/below"},
        {"wsgi.url_scheme": "https"},
        {"path": "/admin/", "HTTP_COOKIE": "session=secret"},
    ):
        asked = len(site.asked)
        site.get(**more)
        assert len(site.asked) == asked + 1, more
        expected = {
            name.upper() if name == "path" else name: value for name, value in more.items() if name[0].isupper()
        }
        assert all(site.asked[-1].get(name) == value for name, value in expected.items()), more
    assert site.asked[-1]["HTTP_COOKIE"] == "session=secret"
    assert site.counts.renders == 1 and site.counts.pages == 1


def test_a_page_is_drawn_for_the_sites_own_address_whoever_asks_and_however(site):
    for number, headers in enumerate(
        [
            {"HTTP_HOST": "localhost:8000"},
            {"HTTP_COOKIE": "session=secret", "HTTP_AUTHORIZATION": "Basic x", "HTTP_ACCEPT_LANGUAGE": "de"},
            {"HTTP_X_FORWARDED_HOST": "evil.example", "HTTP_X_ORIGINAL_URL": "/admin/"},
            {"HTTP_IF_NONE_MATCH": "*", "HTTP_ACCEPT_ENCODING": "br", "method": "HEAD"},
        ]
    ):
        site.get(f"/{number}/", **headers)
        drawn = site.asked[-1]
        assert drawn["HTTP_HOST"] == "testserver" and drawn["REQUEST_METHOD"] == "GET"
        assert {name for name in drawn if name.startswith("HTTP_")} == {"HTTP_HOST"}
    # Another host that is allowed, a cookie: the same page, from memory.
    site.get()
    kept = site.counts.renders
    for more in ({"HTTP_HOST": "127.0.0.1:9"}, {"HTTP_HOST": "TestServer"}, {"HTTP_COOKIE": "session=secret"}):
        assert site.get(**more).body == site.text.encode()
    assert site.counts.renders == kept


def test_two_addresses_are_one_only_if_django_sees_one(site):
    addresses = ["/a/", "/A/", "//a/", "/a//", "/a/;x", "/a/\0", "/a", "/a/%2F", "/a/\xc3\xa9", "/a/?b=1", "/./a/"]
    for address in addresses:
        site.text = f"At {address!r}."
        site.get(address)
    site.text = "At a with a query."
    site.get("/a/", query="b=1")
    for address in addresses:
        assert site.get(address).body == f"At {address!r}.".encode()
    assert site.get("/a/", query="b=1").body == b"At a with a query."


def test_memory_is_bounded_and_what_nobody_asks_for_goes_first(monkeypatch):
    site = Site(monkeypatch, most_bytes=60_000)
    for number in range(50):
        site.text = f"{number} " * 400
        site.get("/first/")
        site.get(f"/{number}/", HTTP_ACCEPT_ENCODING="br")
        site.get(f"/{number}/", HTTP_ACCEPT_ENCODING="gzip")
        assert site.counts.bytes <= 60_000
    assert 2 < site.counts.pages < 20 and site.counts.evicted == 51 - site.counts.pages
    renders = site.counts.renders
    site.get("/first/")  # asked for all the time
    assert site.counts.renders == renders
    site.get("/0/")
    assert site.counts.renders == renders + 1
    # A page that would drive most others out is not kept at all.
    site.text = "x" * 8_000
    assert len(site.get("/large/").body) == len(site.get("/large/").body) == 8_000
    assert site.counts.renders == renders + 3


def test_while_the_database_is_down_kept_pages_are_shown_and_say_so(site):
    site.text = f"<body><!--notice--><p>Said first.</p>{'Words. ' * 100}<!--notice--></body>"
    fresh = site.get()
    site.headers = [("Content-Type", "application/json")]
    site.get("/record.json")
    site.is_down = True
    site.later(minutes=10)
    old = site.get(HTTP_ACCEPT_ENCODING="")
    assert old.status == 200
    assert old.body.decode() == site.text.replace("<!--notice-->", "OLD SINCE 12:00", 1)
    assert old.headers["cache-status"] == 'front; hit; detail="down"' and old.headers["cache-control"] == "no-cache"
    assert old.headers["etag"] != fresh.headers["etag"] and "last-modified" not in old.headers
    assert old.headers["x-frame-options"] == "DENY"
    assert site.get(HTTP_ACCEPT_ENCODING="br", HTTP_IF_NONE_MATCH=old.headers["etag"]).status == 200
    assert site.get(HTTP_IF_NONE_MATCH=old.headers["etag"]).status == 304
    # What is for programs is marked for programs only.
    record = site.get("/record.json")
    assert record.body == site.text.encode() and "cache-status" in record.headers
    assert site.counts.stale == 4

    # What is not kept is not to be had; the desk is Django's.
    missing = site.get("/never-asked/")
    assert (missing.status, missing.headers["retry-after"], site.counts.refused) == (503, "60", 1)
    asked = len(site.asked)
    site.get("/admin/")
    assert len(site.asked) == asked + 1

    # It answers again, and nothing was published meanwhile.
    renders, site.is_down = site.counts.renders, False
    site.later(minutes=1)
    assert site.get().body == fresh.body and "cache-status" not in site.get().headers
    assert site.counts.renders == renders


def test_old_pages_are_shown_for_a_bounded_time_and_never_past_what_is_known_to_replace_them(monkeypatch):
    site = Site(monkeypatch, stale_for=3600)
    site.get()
    site.is_down = True
    for seconds, status in ((3599, 200), (2, 503), (3600, 503)):
        site.later(seconds=seconds)
        assert site.get().status == status
    site.is_down = False
    site.later(hours=1)
    assert site.get().status == 200

    site.generation = replace(site.generation, coming=site.now + timedelta(minutes=10))
    site.later(seconds=1)
    site.get()
    site.is_down = True
    for seconds, status in ((590, 200), (10, 503)):
        site.later(seconds=seconds)
        assert site.get().status == status


def test_what_this_process_replaced_is_not_shown_again_when_the_database_goes_down_right_after(site):
    site.get()
    site.publish("New.", here=True)
    site.is_down = True
    assert site.get().status == 503


def test_a_database_that_is_slow_to_fail_is_asked_ever_more_rarely(site):
    site.get()

    def hanging(known):
        site.later(seconds=5)
        site.is_down = True
        return Site.question(site, known)

    site.front._pulse._question = hanging
    site.later(seconds=1)
    asked = site.counts.asked
    for _ in range(40):
        site.later(seconds=1)
        assert site.get().status == 200
    assert site.counts.asked == asked + 1


def test_while_one_request_hangs_on_a_frozen_database_the_others_do_not(site):
    site.get()
    gate, begun = threading.Event(), threading.Event()

    def frozen(known):
        begun.set()
        gate.wait(10)
        return known

    site.front._pulse._question = frozen
    site.later(seconds=1)
    first = threading.Thread(target=site.get)
    first.start()
    begun.wait(10)
    site.later(seconds=2)
    assert "cache-status" in site.get().headers
    site.publish("New.", here=True)  # and what this process replaced is not shown at all
    assert site.get().status == 503
    gate.set()
    first.join(10)


def test_a_front_that_has_never_reached_the_database_says_so(site):
    site.is_down = True
    assert site.get().status == 503
    assert site.get("/admin/").status == 200


def test_a_clock_that_is_set_back_makes_nothing_stay(site):
    site.get()
    site.now -= timedelta(days=2)
    site.publish("New.")
    site.ticks += 1
    assert site.get().body == b"New."
