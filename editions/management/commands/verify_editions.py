import sys
from datetime import timedelta

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from basics.snapshots import one_moment
from editions import record, seals
from editions.models import Entry
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
        try:
            expected = seals.typed(expect)
        except ValueError as problem:
            raise CommandError(f"{problem} Look at your copy again; nothing was verified.") from problem
        with one_moment():
            entries, head = record.head()
            findings = verify(expected, lambda rows: tqdm(rows, disable=not sys.stderr.isatty(), leave=False))
            newest = Entry.objects.order_by("position").last()
            known = Entry.objects.filter(seal=expected).first() if expected else None
        if findings:
            first, *others = findings
            lines = [f"The record does not hold. First: {first.sentence}"]
            lines += [f"  Also: {finding.sentence}" for finding in others[:19]]
            if len(others) > 19:
                lines.append(f"  … and {len(others) - 19} more.")
            raise CommandError("\n".join(lines))
        self.stdout.write(f"The record holds: {entries} entries, newest seal {head}")
        if known:
            self.stdout.write(
                f"The expected seal is that of entry {known.position}, of {_day(known)}: nothing up to it was altered."
            )
        if newest:
            self.stdout.write(
                f"To keep on paper, away from this machine: entry {newest.position} of {_day(newest)}\n\n"
                f"{seals.grouped(head)}\n"
            )
            if newest.at > timezone.now() + _SLACK:
                self.stderr.write(
                    f"The newest entry is of {newest.at:%Y-%m-%d %H:%M} UTC, which has not come yet: this machine's clock is "
                    "behind, or was ahead when it was written. Look at the clock."
                )


_SLACK = timedelta(minutes=1)


def _day(entry: Entry) -> str:
    return f"{timezone.localdate(entry.at):%-d %B %Y}"
