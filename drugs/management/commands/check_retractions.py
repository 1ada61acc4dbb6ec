from pathlib import Path

from django.core.management.base import CommandError
from django.db import transaction

from drugs import rests_on
from editions.management.regular import RegularCommand
from references import notices, retractions
from references.retractions import BrokenRow

_SHOWN = 20  # broken rows that are told one by one


class Command(RegularCommand):
    help = (
        "Read the list of retractions that Crossref publishes (Retraction Watch, CSV), and flag the pages that cite a "
        "source that it names. No source's standing is changed by it. Safe to run again."
    )

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("csv", type=Path, help="The file, e.g. retraction_watch.csv.")

    def handle(self, *args, csv: Path, dry_run: bool, **options):
        try:
            found = retractions.read(csv, notices.ours(), self.watch)
        except (retractions.NotTheList, OSError) as problem:
            raise CommandError(f"{csv}: {problem}") from problem
        with transaction.atomic():
            new, flags = notices.keep(found.matches), rests_on.flag_fallen()
            transaction.set_rollback(dry_run)
        self.finish(
            f"{found.rows} rows read, {len(found.matches)} about our sources, {len(new)} of them new; "
            f"{len(flags)} pages flagged, {len(found.broken)} rows could not be read.",
            dry_run=dry_run,
        )
        if found.broken:
            raise CommandError(_broken(csv, found.broken))


def _broken(csv: Path, rows: list[BrokenRow]) -> str:
    lines = [f"{csv}, row {one.row}: {one.sentence}." for one in rows[:_SHOWN]]
    if len(rows) > _SHOWN:
        lines.append(f"… and {len(rows) - _SHOWN} more.")
    lines.append(
        "All other rows were read. Download the file again; if the rows are still broken, look there for our sources by "
        "hand, and tell Crossref."
    )
    return "\n".join(lines)
