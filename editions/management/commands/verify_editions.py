import sys

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from editions import record
from editions.verification import verify


class Command(BaseCommand):
    help = "Recompute every seal of the record and all that follows from it, and name what was altered."

    def add_arguments(self, parser):
        parser.add_argument(
            "--expect",
            metavar="SEAL",
            default="",
            help="A seal that was printed earlier and kept elsewhere. It must still be part of the record: only so "
            "does it show when the newest entries were cut off.",
        )

    def handle(self, *args, expect, **options):
        entries, head = record.head()
        findings = verify(expect.strip().lower(), lambda rows: tqdm(rows, disable=not sys.stderr.isatty(), leave=False))
        if findings:
            first, *others = findings
            lines = [f"The record does not hold. First: {first.sentence}"]
            lines += [f"  Also: {finding.sentence}" for finding in others[:19]]
            if len(others) > 19:
                lines.append(f"  … and {len(others) - 19} more.")
            raise CommandError("\n".join(lines))
        self.stdout.write(f"The record holds: {entries} entries, newest seal {head}")
