"""Run the drills and print how often each was tried, survived and lost. Exit status 1 if anything was lost.

`--database sqlite` or `postgresql` runs on one of them, `--rounds N` says how often each is killed, `--only save,clock` runs
those whose names have one of the words, `--seed N` chooses the same moments again (the processes will not be just as far).
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from drills import commands, crowds, killing, outages, proxy, scratch, servers, wide
from drills.killing import Row
from tests.postgres import programs

Drill = tuple[str, Callable[[], Row | list[Row]]]


def drills(site: scratch.Scratch, url: str, rounds: int, chance: random.Random, postgres) -> Iterable[Drill]:
    def address() -> str:
        return f"sqlite:///{site.name}" if postgres is None else postgres.url(site.name)

    few = max(1, rounds // 5)
    yield "save, submit, review, publish", lambda: killing.steps(site, rounds, chance)
    yield "import of a table", lambda: commands.import_table(site, rounds, chance)
    yield "import of references", lambda: commands.import_references(site, rounds, chance)
    yield "import of a bundle", lambda: commands.import_bundle(site, rounds, chance)
    yield "backup", lambda: commands.backup(site, rounds, chance)
    yield "restore", lambda: commands.restore(site, rounds, chance)
    yield "migrate", lambda: commands.migrate(site, max(1, rounds // 2), chance)
    yield "static copy", lambda: commands.export_site(site, few, chance)
    yield "two savers", lambda: crowds.savers(site, rounds)
    yield "two publishers", lambda: crowds.publishers(site, rounds)
    yield "clock", lambda: outages.clock(site)
    if postgres is None:  # the disk of PostgreSQL is not ours to fill
        yield "full disk, files", lambda: outages.files(site, rounds)
        yield "full disk, database", lambda: outages.full_database(site, few)
    yield "readers", lambda: crowds.readers(site, address, rounds * 2)
    if servers.Redis.is_here():
        yield "redis stopped", lambda: outages.redis_stopped(site, address, rounds)
    if postgres is not None:
        yield "database stopped", lambda: outages.database_stopped(site, postgres, few)
        if servers.Redis.is_here() and proxy.Nginx.is_here():
            yield "wide", lambda: wide.wide(site, postgres, rounds)


def run(vendor: str, asked) -> bool:
    """Run the drills on one database. Returns whether anything was lost."""
    with tempfile.TemporaryDirectory(prefix="drills-") as name:
        folder, postgres = Path(name), None
        os.chmod(folder, 0o755)
        if vendor == "postgresql":
            if (found := programs()) is None:
                print("PostgreSQL is not installed here, so nothing was tried on it.")
                return False
            postgres = servers.Postgres(folder / "postgres", found)
            postgres.start()
        try:
            url = postgres.url() if postgres else f"sqlite:///{folder / 'first.sqlite3'}"
            scratch.prepare(folder, url)
            site = scratch.Scratch(folder)
            chance = random.Random(asked.seed)
            lost = [_show(row, vendor) for row in _rows(drills(site, url, asked.rounds, chance, postgres), asked.only)]
        finally:
            if postgres:
                postgres.stop()
    return any(lost)


def _rows(all_of_them: Iterable[Drill], only: str) -> Iterable[Row]:
    for name, drill in all_of_them:
        if any(word in name for word in only.split(",")):
            began = time.monotonic()
            found = drill()
            yield from found if isinstance(found, list) else [found]
            print(f"  {name}: {time.monotonic() - began:.0f} s", file=sys.stderr)


def _show(row: Row, vendor: str) -> bool:
    survived = row.tried - len(row.lost)
    print(
        f"| {row.name} | {vendor} | {row.tried} | {row.nothing} | {row.all} | {row.ended} | {survived} | {len(row.lost)} |"
    )
    for lost in row.lost[:5]:
        print(f"  LOST: {lost}")
    sys.stdout.flush()
    return bool(row.lost)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m drills", description=__doc__)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], help="Default: both, one after the other.")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--only", default="")
    asked = parser.parse_args()
    if asked.database:
        return int(run(asked.database, asked))
    print(f"Seed {asked.seed}, {asked.rounds} rounds. Survived: all or nothing, the record holds, pages are served.\n")
    print("| drill | database | tried | killed before | killed after | ended | survived | lost |")
    print("|---|---|---:|---:|---:|---:|---:|---:|", flush=True)
    same = ["--rounds", str(asked.rounds), "--seed", str(asked.seed), "--only", asked.only]
    ended = [
        subprocess.run([sys.executable, "-m", "drills", "--database", vendor, *same], check=False).returncode
        for vendor in ("sqlite", "postgresql")
    ]
    return int(any(ended))


if __name__ == "__main__":
    sys.exit(main())
