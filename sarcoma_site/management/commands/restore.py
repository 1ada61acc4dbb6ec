import sqlite3
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import Error as DBError

from editions import seals
from editions.models import CommandRun
from sarcoma_site import backups
from sarcoma_site.management.commands.backup import watch, why


class Command(BaseCommand):
    help = (
        "Restore a backup into an empty or missing database: all of it or nothing. Then it is brought up to this version of "
        "the software, everybody is signed out, and the record is verified."
    )
    requires_migrations_checks = False
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="The backup, e.g. /backups/2026-11-24.zip.")
        parser.add_argument(
            "--dry-run", action="store_true", help="Check the file and the database, and change nothing."
        )
        parser.add_argument(
            "--expect",
            metavar="SEAL",
            default="",
            help="A seal that was printed earlier and kept elsewhere. It must be part of the record.",
        )

    def handle(self, *args, file: Path, dry_run: bool, expect: str, **options):
        try:
            expected = seals.typed(expect)
            if dry_run:
                manifest = backups.read(file, watch)
                self.stdout.write(
                    f"Dry run, nothing was changed. {file} is whole and can be restored here. {manifest.line}"
                )
                return
            restored = backups.put_back(file, expected_seal=expected, watch=watch, tell=self._tell)
        except backups.NotFinished as problem:
            raise CommandError(str(problem)) from problem
        except (backups.BadBackup, OSError, DBError, sqlite3.Error, ValueError) as problem:
            raise CommandError(f"{file} was not restored, and nothing was changed: {why(problem)}") from problem
        CommandRun.note("restore", f"{file}: {restored.manifest.line}")
        if restored.findings:
            raise CommandError(
                "The backup was restored as it was made, but its record does not hold: "
                + " ".join(finding.sentence for finding in restored.findings[:5])
            )
        self.stdout.write(f"{file} is restored. {restored.manifest.line}\nThe record holds. Everybody signs in anew.")

    def _tell(self, said: str) -> None:
        if sys.stderr.isatty():
            self.stderr.write(said)
