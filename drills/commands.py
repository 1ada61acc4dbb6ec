"""kill -9 during the commands that bring data in or out: afterwards all or nothing, and done again it comes right."""

import csv
import random
from collections.abc import Callable
from io import StringIO
from pathlib import Path

from drills.killing import Row, Say, forked, moments
from drills.scratch import Scratch, wrong


def command(*args: str) -> Callable[[Say], None]:
    def work(say: Say) -> None:
        from django.core.management import call_command

        call_command(*args)

    return work


def import_table(scratch: Scratch, rounds: int, chance: random.Random) -> Row:
    file = scratch.folder / "references.csv"
    with file.open("w", newline="") as table:
        writer = csv.writer(table)
        writer.writerow(["key", "type", "title", "issued"])
        writer.writerows([f"drill-{n}", "article-journal", f"Trial {n}", "2018"] for n in range(150))
    work = command("import_table", "references.reference", str(file), "--by", "edith")
    return _sources("import of a table", work, 150, scratch, rounds, chance)


def import_references(scratch: Scratch, rounds: int, chance: random.Random) -> Row:
    file = scratch.folder / "references.ris"
    one = "TY  - JOUR\nTI  - Trial {0}\nAU  - Drill, D\nPY  - 2018\nID  - drill-{0}\nER  - \n\n"
    file.write_text("".join(one.format(n) for n in range(60)))
    work = command("import_references", str(file), "--by", "edith")
    return _sources("import of references", work, 60, scratch, rounds, chance)


def _sources(
    name: str, work: Callable[[Say], None], rows: int, scratch: Scratch, rounds: int, chance: random.Random
) -> Row:
    """An import of so many sources, whose titles begin with “Trial”: all of them are in, or none."""
    from references.models import Reference

    def once(after: float) -> None:
        ended = forked(work, after)
        scratch.quiet()
        found = Reference.objects.filter(title__startswith="Trial ").count()
        half = f"{found} of {rows} sources" if found not in {0, rows} else ""
        row.count(was_killed=ended.was_killed, happened=found == rows, lost=half or wrong())
        if found:
            scratch.fresh("started")

    scratch.fresh("started")
    usual, row = forked(work).seconds, Row(name)
    scratch.fresh("started")
    return moments(row, rounds, chance, usual, once)


def export_site(scratch: Scratch, rounds: int, chance: random.Random) -> Row:
    """Killed while it writes a copy, it makes the same copy when it is run again, and leaves no half file."""
    from sarcoma_site import static_copy

    scratch.fresh("started")
    of_their_moment = {"copy.json", ".copy.lock", "record.json", "kind=source/updates.atom"}  # an empty feed
    whole, copy = scratch.folder / "whole", scratch.folder / "copy"
    work, row = command("export_site", str(copy), "--whole"), Row("static copy")
    usual = forked(command("export_site", str(whole))).seconds

    def files(folder: Path) -> dict[str, bytes]:
        found = {str(one.relative_to(folder)): one.read_bytes() for one in folder.rglob("*") if one.is_file()}
        return {name: body for name, body in found.items() if name not in of_their_moment}

    def once(after: float) -> None:
        ended = forked(work, after)
        scratch.quiet()
        half = [name for name, body in files(copy).items() if name.endswith(".html") and b"</html>" not in body]
        static_copy.make(copy)
        ours, theirs = files(copy), files(whole)
        other = sorted(name for name in ours.keys() | theirs.keys() if ours.get(name) != theirs.get(name))
        lost = f"empty files: {half}" if half else f"made again, other files differ: {other[:3]}" if other else ""
        row.count(was_killed=ended.was_killed, happened=False, lost=lost or wrong())

    return moments(row, rounds, chance, usual, once)


def import_bundle(scratch: Scratch, rounds: int, chance: random.Random) -> Row:
    from django.core.management import call_command

    from drugs.bundles.founding import is_empty
    from editions import record

    file = scratch.folder / "site.bundle.json"
    scratch.fresh("started")
    call_command("export_bundle", str(file), stdout=StringIO())
    whole = record.head()
    work = command("import_bundle", str(file))

    def once(after: float) -> None:
        ended = forked(work, after)
        scratch.quiet()
        here = record.head()
        lost = "" if is_empty() and here[0] == 0 else wrong() if here == whole else "part of the bundle is in"
        row.count(was_killed=ended.was_killed, happened=here == whole, lost=lost)
        if here[0]:
            scratch.fresh("migrated")

    scratch.fresh("migrated")
    usual, row = forked(work).seconds, Row("import of a bundle")
    scratch.fresh("migrated")
    return moments(row, rounds, chance, usual, once)


def backup(scratch: Scratch, rounds: int, chance: random.Random) -> Row:
    """The file has a backup at every moment, the old one or the new one; nothing is left beside it in the end."""
    from sarcoma_site.backups import archive

    scratch.fresh("started")
    folder = scratch.folder / "backups"
    folder.mkdir()
    file = folder / "site.zip"
    work = command("backup", str(file), "--force")
    usual, row = forked(work).seconds, Row("backup")

    def once(after: float) -> None:
        before = _made_at(file)
        ended = forked(work, after)
        scratch.quiet()
        try:
            archive.read(file, lambda parts, size: parts)
            lost = ""
        except (archive.BadBackup, OSError) as problem:
            lost = str(problem)
        row.count(was_killed=ended.was_killed, happened=_made_at(file) != before, lost=lost or wrong())

    moments(row, rounds, chance, usual, once)
    forked(work)
    if others := sorted(path.name for path in folder.iterdir() if path != file):
        row.lost.append(f"left behind: {others}")
    return row


def _made_at(file: Path) -> int:
    return file.stat().st_ino


def restore(scratch: Scratch, rounds: int, chance: random.Random) -> Row:
    from django.core.management import call_command

    from editions import record
    from sarcoma_site.backups import BadBackup, _way

    scratch.fresh("started")
    file = scratch.folder / "restore.zip"
    call_command("backup", str(file), stdout=StringIO())
    whole = record.head()
    work = command("restore", str(file))

    def once(after: float) -> None:
        ended = forked(work, after)
        scratch.quiet()
        try:
            _way().refuse_used()
            happened, lost = False, ""
        except BadBackup:
            # PostgreSQL: the data are in, and what follows may have been cut off. Migrate does it, as the guide says.
            forked(command("migrate"))
            happened, lost = True, wrong() if record.head() == whole else "part of the backup is in"
        row.count(was_killed=ended.was_killed, happened=happened, lost=lost)
        if happened:
            scratch.fresh("")

    scratch.fresh("")
    usual, row = forked(work).seconds, Row("restore")
    scratch.fresh("")
    return moments(row, rounds, chance, usual, once)


def migrate(scratch: Scratch, rounds: int, chance: random.Random) -> Row:
    """Killed while it makes the whole database, it goes on from there when it is run again."""
    from django.db import connection

    from editions import triggers

    work = command("migrate")
    scratch.fresh("")
    usual, row = forked(work).seconds, Row("migrate")

    def once(after: float) -> None:
        scratch.fresh("")
        ended = forked(work, after)
        scratch.quiet()
        try:
            forked(work)
            missing = triggers.missing(connection)
            lost = f"guards are missing: {missing}" if missing else ""
        except SystemExit as problem:
            lost = str(problem).splitlines()[-1]
        row.count(was_killed=ended.was_killed, happened=False, lost=lost)

    return moments(row, rounds, chance, usual, once)
