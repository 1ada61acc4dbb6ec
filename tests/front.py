"""A front round an application of the tests' own, with a clock and a database that do what a test says."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

from django.core.signals import request_finished, request_started
from django.db import OperationalError, close_old_connections
from django.http import HttpResponse

from editions.generation import Generation
from sarcoma_site.front import page, pulse
from sarcoma_site.front.addresses import Addresses
from sarcoma_site.front.counts import Counts
from sarcoma_site.front.front import Front
from sarcoma_site.front.pulse import Pulse
from sarcoma_site.front.store import Store

NOON = datetime(2026, 5, 5, 12, tzinfo=UTC)
HTML = [
    ("Content-Type", "text/html; charset=utf-8"),
    ("X-Frame-Options", "DENY"),
    ("Vary", "Accept-Encoding"),
    ("Cache-Control", "public, max-age=5"),
]


class FakeGeneration(Generation):
    def began(self):
        return self.last


FIRST = FakeGeneration(1, "seal", NOON - timedelta(hours=2), None, date(2026, 5, 5))


class AllPublic(Addresses):
    """All but what is below /admin/ is a public page, and may be asked with any plain query."""

    def is_public(self, key):
        return not key[0].startswith("/admin/")


@dataclass
class Got:
    status: int
    headers: dict[str, str]
    body: bytes


class Site:
    """The application inside (`inner`), what the database says (`generation`, or `is_down`), and the front before it."""

    def __init__(self, monkeypatch, *, most_bytes=1_000_000, stale_for=3600.0):
        self.now, self.ticks = NOON, 1000.0
        monkeypatch.setattr(pulse, "monotonic", lambda: self.ticks)
        for module in (pulse, page):
            monkeypatch.setattr(module, "time", lambda: self.now.timestamp())
        self.generation, self.is_down, self.added_here = FIRST, False, 0
        self.asked: list[dict] = []  # the requests that came to the application inside
        self.status, self.headers, self.text = "200 OK", HTML, "The page. " * 100
        self.counts = counts = Counts()
        self.front = Front(
            self.inner,
            addresses=AllPublic(),
            pulse=Pulse(self.question, added_here=lambda: self.added_here, stale_for=stale_for, counts=counts),
            store=Store(most_bytes, counts),
            counts=counts,
            marking=lambda page, known: page.marked(f"OLD SINCE {known.reached_at:%H:%M}", "down"),
            unreachable=lambda environ, start: (start("503 Service Unavailable", [("Retry-After", "60")]), [b"503"])[1],
        )
        self.front._started = NOON - timedelta(hours=1)

    def inner(self, environ, start_response):
        self.asked.append(environ)
        body = self.text.encode()
        start_response(self.status, [*self.headers, ("Content-Length", str(len(body)))])
        return [body]

    def question(self, known):
        if self.is_down:
            raise OperationalError("connection refused")
        return known if known == self.generation else self.generation

    def later(self, **by):
        self.now += timedelta(**by)
        self.ticks += timedelta(**by).total_seconds()

    def publish(self, text: str, *, here: bool = False):
        self.text = text
        self.generation = replace(self.generation, entries=self.generation.entries + 1)
        self.added_here += here

    def get(self, path="/drugs/imatinib/", query="", method="GET", **more) -> Got:
        """The answer to a request. `more`: further words of its WSGI environment."""
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "HTTP_HOST": "testserver",
            "SERVER_NAME": "testserver",
            "SERVER_PORT": "80",
            "REMOTE_ADDR": "192.0.2.1",
            "wsgi.url_scheme": "http",
        } | more
        return got(self.front, {name: value for name, value in environ.items() if value is not None})


def got(application, environ) -> Got:
    said = []
    body = application(environ, lambda status, headers, exc_info=None: said.extend((status, headers)))
    names = [name.lower() for name, _ in said[1]]
    assert len(set(names)) == len(names), f"A header twice: {said[1]}"
    return Got(int(said[0][:3]), dict(zip(names, (value for _, value in said[1]), strict=True)), b"".join(body))


def answered(front, path: str, **headers: str) -> HttpResponse:
    """The answer of a front before the real site, as the test client would give it."""
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": "", "HTTP_HOST": "testserver"}
    environ |= {"SERVER_NAME": "testserver", "SERVER_PORT": "80", "REMOTE_ADDR": "192.0.2.1"}
    for signal in (request_started, request_finished):  # as under Django's test client
        signal.disconnect(close_old_connections)
    try:
        answer = got(front, environ | {"wsgi.url_scheme": "http", "wsgi.input": BytesIO()} | headers)
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)
    return HttpResponse(answer.body, status=answer.status, headers=answer.headers)
