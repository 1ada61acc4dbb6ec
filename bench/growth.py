"""Measure the same pages and steps on sites of 10 pages to 10,000, in turn: `python -m bench growth`.

Each site is a SQLite database of its own with the starter content (19 pages) and invented drugs beside it (bench/scale.py):
two editions, a working copy and twenty revisions each. Nothing is kept between requests but what a process keeps by itself.
Beside the time on the clock stands the processor's, which says more where others work on the machine.
"""

import contextlib
import datetime
import os
import sqlite3
import statistics
import time
import uuid
from collections.abc import Callable
from pathlib import Path

SIZES = (10, 100, 1_000, 10_000)
EDITIONS, REVISIONS = 2, 20
PUBLIC = {
    "drug": "/drugs/imatinib/",
    "its history": "/drugs/imatinib/history/",
    "condition": "/conditions/gist/",
    "home": "/",
    "drugs A–Z": "/drugs/",
    "drugs, one letter": "/drugs/?letter=i",
    "conditions": "/conditions/",
    "sources": "/references/",
    "one source": "/references/nakano-2018/",
    "updates": "/updates/",
    "search, a name": "/search/?q=imatinib",
    "search, a word": "/search/?q=tablet",
}
DESK = {
    "desk": "/admin/",
    "list of drugs": "/admin/drugs/drug/",
    "list of pages": "/admin/editions/page/",
    "list of editions": "/admin/editions/edition/",
    "history of a row": "/admin/drugs/drug/{drug}/history/",
    "history of a page": "/admin/editions/page/{page}/history/",
}
STEPS = ("save", "submit", "review", "publish")
# What we hold ourselves to: of the median by the clock, at the largest size.
GOALS = {"drug": "≤ 1.2 × the smallest", "publish": "≤ 100 ms"}


class Site:
    """One of the databases, with what is measured on it."""

    def __init__(self, folder: Path, size: int):
        self.size, self.name = size, str(folder / f"growth-{size}.sqlite3")
        self.times: dict[str, list[tuple[float, float]]] = {}

    def turn_to(self) -> None:
        from django.db import connection

        connection.close()
        connection.settings_dict["NAME"] = self.name

    def make(self) -> None:
        """The database that is in use, which has the starter content, enlarged."""
        from django.db import connection

        from bench.scale import enlarge
        from drugs.models import Drug
        from editions import derived

        connection.ensure_connection()
        with contextlib.closing(sqlite3.connect(self.name)) as copy:
            connection.connection.backup(copy)
        self.turn_to()
        if self.size > (starter := Drug.objects.count()):
            enlarge(drugs=self.size - starter, editions=EDITIONS)
            derived.bring_up_to_date()
            _working_copies()

    def timed(self, name: str, call: Callable[[], object]) -> object:
        clock, processor = time.perf_counter(), time.process_time()
        made = call()
        spent = ((time.perf_counter() - clock) * 1000, (time.process_time() - processor) * 1000)
        self.times.setdefault(name, []).append(spent)
        return made

    def median(self, name: str, which: int) -> float:
        return round(statistics.median(pair[which] for pair in self.times[name]), 1)


def _working_copies() -> None:
    """A working copy with revisions for each invented drug, written past the guards like the rest of it."""
    from django.db import models, transaction
    from django.utils import timezone

    from drugs.models import Drug
    from editions.models import Page
    from staff.models import User

    someone, now = User.objects.get(username="somebody-large"), timezone.now()
    pages = Page.objects.filter(kind="drug").exclude(pk__in=Drug.objects.values("page"))
    history = Drug.history.model
    with transaction.atomic():
        drugs = models.QuerySet(Drug).bulk_create(
            [Drug(page=page, name=page.slug, summary=f"What {page.slug} is.", status="in_use") for page in pages]
        )
        kept = [field.attname for field in history.tracked_fields]
        rows = (
            history(
                **{name: getattr(drug, name) for name in kept} | {"summary": f"Said otherwise ({number})."},
                history_date=now - datetime.timedelta(days=REVISIONS - number),
                history_type="~" if number else "+",
                history_user=someone,
                history_change_reason=f"Round {number}.",
                change_set=uuid.uuid4(),
            )
            for drug in drugs
            for number in range(REVISIONS)
        )
        models.QuerySet(history).bulk_create(rows, batch_size=500)


def measure_growth(folder: Path, *, rounds: int, sizes: tuple[int, ...] = SIZES) -> dict:
    """Median ms of each page and step at each size, by the clock and by the processor."""
    from django.db import connection

    from editions.search import live

    live._KEPT = 4 * len(sizes)  # each site keeps what a process of its own would keep
    first = connection.settings_dict["NAME"]
    sites = [Site(folder, size) for size in sizes]
    try:
        for site in sites:
            connection.close()
            connection.settings_dict["NAME"] = first
            site.make()
        for turn in range(rounds + 1):  # the first is for what a process keeps, and is not counted
            for site in sites[turn % len(sites) :] + sites[: turn % len(sites)]:
                site.turn_to()
                _one_round(site, turn)
                if not turn:
                    site.times.clear()
    finally:
        connection.close()
        connection.settings_dict["NAME"] = first
        for site in sites:
            for ending in ("", "-wal", "-shm"):
                Path(site.name + ending).unlink(missing_ok=True)
    names = [*PUBLIC, *DESK, *STEPS, "first search after it"]
    return {
        "rounds": rounds,
        "sizes": list(sizes),
        "ms": {name: [site.median(name, 0) for site in sites] for name in names},
        "cpu_ms": {name: [site.median(name, 1) for site in sites] for name in names},
        "load": [round(one, 1) for one in os.getloadavg()],
    }


def _one_round(site: Site, turn: int) -> None:
    from django.test import Client

    from bench.__main__ import answered
    from drugs.models import Drug

    client, desk = Client(), Client()
    _steps(site, turn)
    site.timed("first search after it", lambda: answered(client, PUBLIC["search, a name"]))
    for name, address in PUBLIC.items():
        site.timed(name, lambda address=address: answered(client, address))
    desk.force_login(_people()["publisher"])
    drug = Drug.objects.get(name="imatinib")
    for name, address in DESK.items():
        there = address.format(drug=drug.pk, page=drug.page_id)
        site.timed(name, lambda there=there: answered(desk, there))


def _people() -> dict:
    """An author, a reviewer and a publisher, who also may look at every desk."""
    from django.contrib.auth.models import Group

    from staff.models import User

    people = {}
    for name, role in (("author", "Author"), ("reviewer", "Clinical reviewer"), ("publisher", "Publisher")):
        known = {"public_name": role, "is_staff": True, "is_superuser": name == "publisher"}
        people[name], _ = User.objects.get_or_create(username=f"growth-{name}", defaults=known)
        people[name].groups.set(Group.objects.filter(name=role))
    return people


def _steps(site: Site, turn: int) -> None:
    from basics.revisions import revising
    from drugs.models import Drug
    from editions import actions

    people = _people()
    drug = Drug.objects.get(name="imatinib")
    drug.summary = f"Imatinib is a drug, in the words of round {turn}."
    with revising(by=people["author"], because=f"Round {turn}."):
        site.timed("save", drug.save)
    edition = site.timed("submit", lambda: actions.submit(drug, by=people["author"], change_note=f"Round {turn}."))
    site.timed("review", lambda: actions.review(edition, by=people["reviewer"], outcome="approved"))
    site.timed("publish", lambda: actions.publish(edition, by=people["publisher"]))


def show_growth(figures: dict) -> None:
    """Print the medians and the ratio of the largest site to the smallest, beside the goals."""
    sizes = "".join(f"{size:>10,}" for size in figures["sizes"])
    print(f"\n{'ms by the clock, drugs:':<26}{sizes}{'ratio':>8}{'by CPU':>8}  goal")
    for name, times in figures["ms"].items():
        spent = figures["cpu_ms"][name]
        ratio, by_cpu = times[-1] / times[0], spent[-1] / (spent[0] or 0.1)
        row = "".join(f"{one:>10}" for one in times)
        print(f"{name:<26}{row}{ratio:>8.2f}{by_cpu:>8.2f}  {GOALS.get(name, '')}".rstrip())
    print(f"load at the end: {figures['load']}")
