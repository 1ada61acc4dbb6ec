"""Several processes behind nginx, on one PostgreSQL and one Redis: as the deployment runs them."""

import re
import statistics
import sys
import time
from collections.abc import Callable

from drills import servers
from drills.killing import Row, Say, forked
from drills.proxy import Nginx, Readers, ask
from drills.scratch import Scratch, person, wrong

PAGES = ("/", "/drugs/imatinib/", "/drugs/", "/updates/", "/conditions/gist/", "/search/?q=glivec", "/healthz")
PROCESSES = 3
WITHIN = 1.5  # seconds until others see a publication: they ask once a second, and then draw the page


class Deployment:
    """Three application processes, nginx in front, PostgreSQL and Redis behind."""

    def __init__(self, scratch: Scratch, postgres: servers.Postgres, redis: servers.Redis):
        self.nginx = Nginx(scratch.folder / "nginx")
        self.url = f"https://localhost:{self.nginx.port}"
        more = {"SITE_URL": self.url, "TRUSTED_PROXIES": "127.0.0.1", "LIMITS": "search=1000000"}
        more["METRICS_TOKEN"] = ""
        self.applications = [
            servers.Application(postgres.url(scratch.name), workers=1, cache_url=redis.url, **more)
            for _ in range(PROCESSES)
        ]

    def __enter__(self) -> "Deployment":
        self.applications[0].collect_static()
        for one in self.applications:
            one.start()
        self.nginx.start(one.port for one in self.applications)
        return self

    def __exit__(self, *problem) -> None:
        self.nginx.stop()
        for one in self.applications:
            one.stop()

    def at(self, application: servers.Application, address: str, **asked):
        """What one process answers, asked as nginx asks it."""
        host = self.url.removeprefix("https://")
        return ask(application.port, address, tls=False, Host=host, X_Forwarded_Proto="https", **asked)


def wide(scratch: Scratch, postgres: servers.Postgres, rounds: int) -> list[Row]:
    """All that a deployment on several processes has to stand: docs/drills.md says what."""
    scratch.fresh("started")
    redis = servers.Redis(scratch.folder)
    redis.start()
    try:
        with Deployment(scratch, postgres, redis) as deployed:
            rows = [
                _published_on_one(scratch, deployed, rounds),
                _under_load("answers while a process is killed", deployed, _kill, max(1, rounds // 2)),
                _under_load("answers during a rolling restart", deployed, _restart, max(1, rounds // 5)),
                _under_load("answers while workers are replaced", deployed, _reload, max(1, rounds // 5)),
                _without_redis(deployed, redis, rounds),
                *_without_database(deployed, postgres, max(1, rounds // 5)),
            ]
    finally:
        redis.stop()
    scratch.quiet()
    rows[0].lost += filter(None, [wrong()])
    return rows


def _note(words: str) -> None:
    print(f"  {words}", file=sys.stderr)


# Publish on one, read on the others


def _published_on_one(scratch: Scratch, deployed: Deployment, rounds: int) -> Row:
    """A publisher presses the button on one process; the others show it within a second, and never less afterwards."""
    row, took = Row("a publication on one process, read on the others"), []
    address = "/drugs/imatinib/"
    for number in range(rounds):
        one, *others = deployed.applications[number % PROCESSES :] + deployed.applications[: number % PROCESSES]
        for application in deployed.applications:
            deployed.at(application, address)  # kept
        word = f"Word{number}y."
        edition = int(forked(lambda say, word=word: _approved(word, say)).said[-1])
        fault = _pressed(deployed, one, edition)
        begun = time.monotonic()
        if word not in deployed.at(one, address)[2]:
            fault = fault or f"{word} is not seen where it was published"
        waiting = list(others)
        while waiting and time.monotonic() < begun + 10 * WITHIN:
            waiting = [application for application in waiting if word not in deployed.at(application, address)[2]]
            took.append(time.monotonic() - begun)
            time.sleep(0.02)
        if took and took[-1] > WITHIN:
            fault = fault or f"{word} is seen after {took[-1]:.2f} s"
        row.count(was_killed=True, happened=True, lost=fault)
    _note(f"seen by the last process after at most {max(took):.2f} s")
    return row


def _approved(word: str, say: Say) -> None:
    """An edition that only has to be published; its number among editions."""
    from basics.revisions import revising
    from drugs.models import Drug
    from editions import actions

    drug = Drug.objects.get(name="imatinib")
    with revising(by=person("edith"), because="A drill"):
        drug.summary = f"{word} In short."
        drug.save()
    edition = actions.submit(drug, by=person("edith"), change_note=word)
    actions.review(edition, by=person("ravi"), outcome="approved")
    say(str(edition.pk))


def _pressed(deployed: Deployment, application: servers.Application, edition: int) -> str:
    """Publish through the desk of one process, as Paula's browser does. What went wrong, if anything did."""
    from types import SimpleNamespace
    from urllib.parse import urlencode

    from django.db import connection
    from django.test import Client
    from django.urls import reverse

    from tests.desk import fields_of

    paula = Client()
    paula.force_login(person("paula"))
    connection.close()
    address = reverse("admin:editions_edition_step", args=[edition, "publish"])
    cookie = f"__Host-session={paula.cookies['sessionid'].value}"
    status, headers, text = deployed.at(application, address, Cookie=cookie)
    tokens = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', text)
    given = re.search(r"__Host-csrf=(\w+)", headers.get("set-cookie", ""))
    if status != 200 or not tokens or not given:
        return f"the form to publish answers {status}"
    fields = {**fields_of(SimpleNamespace(text=text)), "csrfmiddlewaretoken": tokens[-1]}
    sent = {"Cookie": f"{cookie}; __Host-csrf={given[1]}", "Origin": deployed.url}
    sent["Content_Type"] = "application/x-www-form-urlencoded"
    status, _, _ = deployed.at(application, address, method="POST", body=urlencode(fields), **sent)
    return "" if status == 302 else f"publishing answers {status}"


# Processes that die, or are replaced


def _kill(application: servers.Application) -> None:
    time.sleep(0.7)
    application.kill()
    time.sleep(0.7)
    application.start()


def _restart(application: servers.Application) -> None:
    application.stop()
    application.start()


def _reload(application: servers.Application) -> None:
    application.reload()
    time.sleep(4)


def _under_load(name: str, deployed: Deployment, fault: Callable[[servers.Application], None], rounds: int) -> Row:
    """Nobody who reads through nginx sees any of it."""
    row = Row(name)
    with Readers(deployed.nginx.port, PAGES) as readers:
        for _ in range(rounds):
            for application in deployed.applications:
                fault(application)
                time.sleep(0.5)
    row.tried = row.all = readers.answers
    row.lost = readers.faults
    # A form that a process was answering when it was killed may have had its effect, and an answer of which a part went out
    # cannot be taken back: nginx asks nobody else to do it again.
    if readers.cut > (rounds * PROCESSES if fault is _kill else 0):
        row.lost.append(f"{readers.cut} answers were cut off")
    _note(f"{name}: {readers.answers} answers, the slowest took {readers.slowest:.2f} s; {readers.cut} cut off")
    return row


# What they rest on


def _without_redis(deployed: Deployment, redis: servers.Redis, rounds: int) -> Row:
    row = Row("answers through nginx while Redis is stopped")
    usual = _median(deployed)
    redis.stop()
    try:
        slow = _median(deployed)
        for _ in range(rounds):
            for address in PAGES:
                status, _, _ = ask(deployed.nginx.port, address)
                row.count(was_killed=True, happened=True, lost="" if status == 200 else f"{address} answers {status}")
    finally:
        redis.start()
    _note(f"a search took {usual * 1000:.0f} ms with Redis, {slow * 1000:.0f} ms without")
    return row


def _median(deployed: Deployment) -> float:
    took = []
    for _ in range(15):
        begun = time.monotonic()
        ask(deployed.nginx.port, "/search/?q=imatinib")
        took.append(time.monotonic() - begun)
    return statistics.median(took)


def _without_database(deployed: Deployment, postgres: servers.Postgres, rounds: int) -> list[Row]:
    away, back = Row("answers through nginx while PostgreSQL is stopped"), Row("answers after it started again")
    kept = ("/", "/drugs/imatinib/", "/drugs/")
    for day in range(rounds):
        other = (f"/as-of/2019-01-{day % 28 + 1:02d}/", "/search/?q=word", "/record.json")
        for application in deployed.applications:
            for address in kept:
                deployed.at(application, address)
        postgres.stop()
        time.sleep(1.2)  # what was asked within the last second is still known
        for _ in range(PROCESSES):
            for address in kept:
                status, headers, text = ask(deployed.nginx.port, address)
                marked = "database unreachable since" in headers.get("cache-status", "") and "<!--notice-->" not in text
                away.count(
                    was_killed=True, happened=True, lost="" if status == 200 and marked else f"{address} {status}"
                )
            for address in other:
                status, headers, _ = ask(deployed.nginx.port, address)
                right = status == 503 and "retry-after" in headers
                away.count(was_killed=True, happened=True, lost="" if right else f"{address} answers {status}")
        postgres.start()
        time.sleep(1.2)  # it is asked again after a second
        for _ in range(PROCESSES):
            for address in (*kept, *other):
                status, headers, _ = ask(deployed.nginx.port, address)
                right = status == 200 and "unreachable" not in headers.get("cache-status", "")
                back.count(was_killed=True, happened=True, lost="" if right else f"{address} answers {status}")
    return [away, back]
