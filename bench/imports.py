"""Measure the import of references beside the library's own defaults with history: same rows, same run, taken in turn."""

import resource
import statistics
import sys
import time
from collections.abc import Callable

import tablib

# What we hold ourselves to: our time as a part of the library's, and the memory of the whole process.
GOAL_RATIO = 0.5
GOAL_MB = 300


def references(rows: int, label: str, authors: int = 0) -> tablib.Dataset:
    """A table of so many references with every column filled that can be, under keys of their own."""
    header = ["key", "type", "title", "container", "issued", "volume", "issue", "pages", "doi", "pmid", "pmcid", "url"]
    dataset = tablib.Dataset(headers=[*header, "accessed", "et_al", *(["authors"] if authors else [])])
    first = int(label) * rows
    for number in range(first, first + rows):
        row = [f"source-{number}", "article-journal", f"What came of trial {number} in sarcoma", "A Journal of Trials"]
        row += [
            "2018-04",
            f"{number % 90}",
            "3",
            f"{number}-{number + 9}",
            f"10.1000/trial.{number}",
            f"{1000 + number}",
        ]
        row += [f"PMC{1000 + number}", f"https://example.org/trials/{number}", "2018-04-03", "no"]
        dataset.append([*row, *(["; ".join(f"Author {n}, A" for n in range(authors))] if authors else [])])
    return dataset


def measure_imports(rows: int, rounds: int, by) -> dict:
    """Medians of seconds, queries and their ratios, and the peak memory of this process before the library's turn."""
    figures: dict[str, dict[str, list[tuple[float, int]]]] = {
        what: {"ours": [], "library": []} for what in ("preview and confirm", "unchanged again")
    }
    peak = 0.0
    for number in range(rounds):
        dataset = references(rows, str(number))
        for whose, doing in (("ours", _ours(dataset, by)), ("library", _library(dataset, by))):
            for what, call in doing.items():
                figures[what][whose].append(_seconds_and_queries(call))
            peak = peak or _peak_mb()
    with_authors = _ours(references(rows, str(rounds), authors=3), by)["preview and confirm"]
    seconds, queries = _seconds_and_queries(with_authors)
    return {
        "rows": rows,
        "beside": {what: _beside(**pair) for what, pair in figures.items()},
        "with_authors": {"s": round(seconds, 2), "queries": queries},
        "peak_mb": round(peak),
    }


def _ours(dataset: tablib.Dataset, by) -> dict[str, Callable[[], None]]:
    from references.resources import ReferenceResource

    def preview_and_confirm() -> None:
        preview = ReferenceResource(by=by)
        _expect(preview.import_data(dataset, dry_run=True), new=len(dataset))
        _expect(ReferenceResource(by=by, expected=preview.seen).import_data(dataset), new=len(dataset))

    def unchanged_again() -> None:
        _expect(ReferenceResource(by=by).import_data(dataset, dry_run=True), skip=len(dataset))

    return {"preview and confirm": preview_and_confirm, "unchanged again": unchanged_again}


def _library(dataset: tablib.Dataset, by) -> dict[str, Callable[[], None]]:
    """The library as it comes, matching by the key; a person and a reason on each revision, as ours has."""
    from import_export import resources

    from bench.models import PlainReference

    class PlainResource(resources.ModelResource):
        class Meta:
            model = PlainReference
            import_id_fields = ["key"]
            fields = dataset.headers

        def before_save_instance(self, instance, row, **kwargs):
            instance._history_user, instance._change_reason = by, "Import of references.csv"

    class SkippingResource(PlainResource):
        class Meta:
            skip_unchanged = True

    def preview_and_confirm() -> None:
        _expect(PlainResource().import_data(dataset, dry_run=True), new=len(dataset))
        _expect(PlainResource().import_data(dataset), new=len(dataset))

    def unchanged_again() -> None:
        _expect(SkippingResource().import_data(dataset, dry_run=True), skip=len(dataset))

    return {"preview and confirm": preview_and_confirm, "unchanged again": unchanged_again}


def _expect(result, **totals: int) -> None:
    """Ends the run if an import did something else: its time would say nothing."""
    if result.has_errors() or any(result.totals[name] != value for name, value in totals.items()):
        raise SystemExit(f"The import of the benchmark came to {dict(result.totals)}, so nothing was measured.")


def _seconds_and_queries(call: Callable[[], None]) -> tuple[float, int]:
    from django.db import connection

    queries = 0

    def count(execute, *args):
        nonlocal queries
        queries += 1
        return execute(*args)

    with connection.execute_wrapper(count):
        begun = time.perf_counter()
        call()
        return time.perf_counter() - begun, queries


def _peak_mb() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1024 / (1024 if sys.platform == "darwin" else 1)


def _beside(ours: list[tuple[float, int]], library: list[tuple[float, int]]) -> dict[str, float]:
    mine, theirs = (statistics.median(seconds for seconds, _ in each) for each in (ours, library))
    return {
        "s": round(mine, 2),
        "library_s": round(theirs, 2),
        "ratio": round(mine / theirs, 2),
        "queries": ours[0][1],
        "library_queries": library[0][1],
    }


def show_imports(figures: dict) -> None:
    """Print the figures as a table, beside their goals."""
    heading = f"import of {figures['rows']} rows"
    print(f"\n{heading:<24}{'s':>8}{'library':>10}{'ratio':>8}{'goal':>8}{'queries':>16}")
    for what, row in figures["beside"].items():
        queries = f"{row['queries']} / {row['library_queries']}"
        print(f"{what:<24}{row['s']:>8}{row['library_s']:>10}{row['ratio']:>8}{GOAL_RATIO:>8}{queries:>16}")
    row = figures["with_authors"]
    print(f"{'with three authors each':<24}{row['s']:>8}{'':>26}{row['queries']:>16}")
    print(f"peak memory {figures['peak_mb']} MB, goal {GOAL_MB} MB")
