import sqlite3
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import Error as DBError
from tqdm import tqdm

from editions.models import CommandRun
from sarcoma_site import backups


def watch(parts, size: int):
    """Shows how far it is when somebody watches."""
    with tqdm(total=size or None, unit="B", unit_scale=True, disable=not sys.stderr.isatty(), leave=False) as bar:
        for part in parts:
            yield part
            bar.update(len(part))


def why(problem: Exception) -> str:
    """What went wrong, without the number that the system gives it."""
    return getattr(problem, "strerror", None) or str(problem)


class Command(BaseCommand):
    help = (
        "Back the whole database up into one file, while it is in use. The file holds password hashes and the secrets of "
        "second factors: keep it as safe as the database."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="The file to write, e.g. /backups/2026-11-24.zip.")
        parser.add_argument("--force", action="store_true", help="Replace the file if it is there already.")

    def handle(self, *args, file: Path, force: bool, **options):
        try:
            made = backups.take(file, over=force, watch=watch)
        except FileExistsError as problem:
            raise CommandError(str(problem)) from problem
        except (backups.BadBackup, OSError, DBError, sqlite3.Error) as problem:
            raise CommandError(f"No backup was made, and nothing of it was left in {file}: {why(problem)}") from problem
        said = f"{file}: {made.size / 1000:.0f} kB, {made.manifest.line}"
        try:
            CommandRun.note("backup", said)
        except DBError as problem:  # e.g. a full disk; the backup is there
            self.stderr.write(f"The backup was made, but its moment could not be written down: {problem}")
        self.stdout.write(f"{said}\nSHA-256 of the file: {made.sha256}")
