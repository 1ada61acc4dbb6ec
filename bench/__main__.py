"""Measure public pages beside a constant answer of the same bytes, what editors do, and imports beside the library's own.

In-process through Django's test client, on a temporary SQLite database with the starter content: it says what the code
costs, not what a server and a network add. Kept pages are measured as they are served (bench/pages.py). `--quick` runs one
round, `--served` measures served pages only, `growth` the same pages on ever larger sites, `--json PATH` says where the
figures go.
"""

import argparse
import json
import os
import platform
import secrets
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.growth import measure_growth, show_growth
from bench.imports import measure_imports, show_imports
from bench.pages import measure_served, show_served

PAGES = {
    "home": "/",
    "guide": "/guides/targeted-cancer-drugs-for-soft-tissue-sarcoma/",
    "drug": "/drugs/imatinib/",
    "drug-cited": "/drugs/olaratumab/",
    "history": "/drugs/olaratumab/history/",
    "as-of": "/as-of/2018-12-31/drugs/olaratumab/",
}


def prepare(folder: str) -> None:
    """Set Django up on a database of its own in `folder`, with the starter content and a team."""
    os.environ.update(
        DATABASE_URL=f"sqlite:///{folder}/bench.sqlite3",
        SECRET_KEY=secrets.token_urlsafe(50),
        DEBUG="off",
        SITE_URL="http://127.0.0.1:8000",
        EMAIL_URL="dummy://",
        CACHE_URL="",
        LIMITS="search=1000000 api=1000000 leaflet=1000000",  # nobody else asks so often from one address
        DJANGO_SETTINGS_MODULE="bench.settings",
    )
    import django
    from django.conf import settings
    from django.core.management import call_command

    django.setup()
    settings.ALLOWED_HOSTS.append("testserver")
    call_command("migrate", run_syncdb=True, verbosity=0)
    call_command("load_starter_content", verbosity=0)


def milliseconds(call: Callable[[], object]) -> float:
    """How long one call takes."""
    begun = time.perf_counter()
    call()
    return (time.perf_counter() - begun) * 1000


def answered(client, address: str) -> bytes:
    """The bytes of a page. Ends the run if it is not there: the time of an error page would say nothing."""
    response = client.get(address)
    if response.status_code != 200:
        raise SystemExit(f"{address} answers {response.status_code}, so nothing was measured.")
    return response.content


def measure_pages(rounds: int) -> dict[str, dict[str, float]]:
    """Median ms of each page and of a constant answer of the same bytes, taken in turn; and the page's SQL queries."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from bench.urls import CONSTANT

    client = Client()
    figures: dict[str, dict[str, list[float]]] = {name: {"page": [], "constant": []} for name in PAGES}
    queries = {}
    for name, address in PAGES.items():
        with CaptureQueriesContext(connection) as captured:
            CONSTANT[name] = answered(client, address)
        queries[name] = len(captured)
        if answered(client, f"/constant/{name}") != CONSTANT[name]:
            raise SystemExit(f"The constant answer beside {address} has other bytes, so nothing was measured.")
    for _ in range(rounds):
        for name, address in PAGES.items():
            for _ in range(5):
                figures[name]["page"].append(milliseconds(lambda address=address: client.get(address)))
                figures[name]["constant"].append(milliseconds(lambda name=name: client.get(f"/constant/{name}")))
    return {name: _beside(pair["page"], pair["constant"], queries[name]) for name, pair in figures.items()}


def measure_plain(rounds: int) -> dict[str, dict[str, float]]:
    """Median ms of a drug's page that is not kept, and of a hand-written view of the same words (bench/plain.py), in turn."""
    from django.test import Client

    client = Client()
    figures: dict[str, dict[str, list[float]]] = {
        slug: {"page": [], "plain": []} for slug in ("imatinib", "olaratumab")
    }
    for slug in figures:
        answered(client, f"/plain/{slug}/")
    for _ in range(rounds * 5):
        for slug, pair in figures.items():
            pair["page"].append(milliseconds(lambda slug=slug: client.get(f"/drugs/{slug}/")))
            pair["plain"].append(milliseconds(lambda slug=slug: client.get(f"/plain/{slug}/")))
    medians = {slug: [statistics.median(pair[name]) for name in ("page", "plain")] for slug, pair in figures.items()}
    return {
        slug: {"ms": round(ours, 2), "plain_ms": round(plain, 2), "ratio": round(ours / plain, 2)}
        for slug, (ours, plain) in medians.items()
    }


def _beside(page: list[float], constant: list[float], queries: int) -> dict[str, float]:
    ours, theirs = statistics.median(page), statistics.median(constant)
    return {"ms": round(ours, 2), "constant_ms": round(theirs, 2), "ratio": round(ours / theirs, 1), "queries": queries}


def measure_actions(rounds: int) -> dict[str, float]:
    """Median ms of what editors do to one drug, and of checking the whole record."""
    from django.test import Client

    from basics.exchange.formats import StrictCsv
    from basics.revisions import revising
    from drugs.models import Drug
    from drugs.resources import DrugResource
    from editions import actions
    from editions.verification import verify

    client = Client()
    author, reviewer, publisher = (_person(name) for name in ("Author", "Clinical reviewer", "Publisher"))
    drug = Drug.objects.get(name="imatinib")
    figures: dict[str, list[float]] = {}

    def timed(name: str, call: Callable[[], object]) -> object:
        held: list[object] = []
        figures.setdefault(name, []).append(milliseconds(lambda: held.append(call())))
        return held[0]

    for number in range(rounds):
        criterion = drug.indications.first().criteria.first()
        criterion.text = f"There is a high risk that your GIST will return ({number})."
        with revising(by=author, because=f"Round {number}."):
            timed("save a criterion", criterion.save)
        edition = timed("submit", lambda number=number: actions.submit(drug, by=author, change_note=f"Round {number}."))
        timed("review", lambda edition=edition: actions.review(edition, by=reviewer, outcome="approved"))
        edition = timed("publish", lambda edition=edition: actions.publish(edition, by=publisher))
        timed("verify_editions", verify)
        now = edition.number
        timed("compare two editions", lambda now=now: answered(client, f"/drugs/imatinib/compare/1/{now}/"))
        timed("draw a leaflet", lambda: answered(client, "/drugs/imatinib/leaflet.pdf"))
        table = timed("export drugs", lambda: StrictCsv().export_data(DrugResource().export()))
        dataset = StrictCsv().create_dataset(table)
        preview = timed(
            "preview an import of drugs",
            lambda dataset=dataset: DrugResource(by=author).import_data(dataset, dry_run=True),
        )
        if preview.has_errors() or preview.has_validation_errors() or preview.total_rows != Drug.objects.count():
            raise SystemExit("The import of what was exported is refused, so its time says nothing.")
    return {name: round(statistics.median(times), 2) for name, times in figures.items()}


def _person(role: str):
    """A member of staff with one role, if there is one of that name."""
    from django.contrib.auth.models import Group

    from staff.models import User

    person = User(username=role.split()[-1].lower(), public_name=role, is_staff=True)
    person.save()
    person.groups.set(Group.objects.filter(name=role))
    return person


def machine() -> dict[str, str | int | None]:
    """The shape of the machine that measured: figures from another are not comparable."""
    import django

    return {
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "django": django.get_version(),
        "sqlite": sqlite3.sqlite_version,
        "system": platform.system(),
    }


def show(result: dict) -> None:
    """Print the figures as a table."""
    print(", ".join(f"{name} {value}" for name, value in result["machine"].items()))
    if "pages" in result:
        _show_in_process(result)
    if "served" in result:
        show_served(result["served"])
    if "growth" in result:
        show_growth(result["growth"])


def _show_in_process(result: dict) -> None:
    print(f"\n{'page':<18}{'ms':>8}{'constant':>10}{'ratio':>8}{'queries':>9}")
    for name, row in result["pages"].items():
        print(f"{name:<18}{row['ms']:>8}{row['constant_ms']:>10}{row['ratio']:>8}{row['queries']:>9}")
    print(f"\n{'not kept':<12}{'ms':>8}{'plain':>10}{'ratio':>8}")
    for name, row in result["plain"].items():
        print(f"{name:<12}{row['ms']:>8}{row['plain_ms']:>10}{row['ratio']:>8}")
    print(f"\n{'what editors do':<30}{'ms':>8}")
    for name, value in result["actions"].items():
        print(f"{name:<30}{value:>8}")
    show_imports(result["imports"])


def main() -> None:
    """Measure, write the figures, show them. The database goes with its folder."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "what", nargs="?", choices=["growth"], help="growth: sites of 10 to 10,000 drugs, and nothing else"
    )
    parser.add_argument("--quick", action="store_true", help="one round only")
    parser.add_argument("--served", action="store_true", help="served pages only")
    parser.add_argument("--json", type=Path, default=Path("var/bench.json"), help="where the figures go")
    options = parser.parse_args()
    rounds = 1 if options.quick else 7
    served = {"rounds": 1 if options.quick else 9, "seconds": 1, "connections": (8,) if options.quick else (1, 8, 64)}
    with tempfile.TemporaryDirectory(prefix="sarcoma-bench-") as folder:
        prepare(folder)
        if options.what == "growth":
            few = {"rounds": 1, "sizes": (10, 20)} if options.quick else {"rounds": 9}
            result = {"machine": machine(), "growth": measure_growth(Path(folder), **few)}
            _write(options.json, result)
            return
        result = {"machine": machine(), "served": measure_served(Path(folder), **served)}
        if not options.served:
            result |= {
                "pages": measure_pages(rounds),
                "plain": measure_plain(rounds),
                "actions": measure_actions(rounds),
            }
            result["imports"] = measure_imports(*((200, 1) if options.quick else (10_000, 3)), by=_person("Importer"))
    _write(options.json, result)


def _write(path: Path, result: dict) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(result, indent=1))
    show(result)


if __name__ == "__main__":
    main()
