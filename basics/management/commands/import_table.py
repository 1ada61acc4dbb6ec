from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from basics.exchange.formats import MOST_BYTES, BadTable, format_of
from basics.exchange.resources import sentences
from basics.exchange.tables import person_who_may, table_named
from basics.exchange.uploads import sha256


class Command(BaseCommand):
    help = (
        "Import a table (CSV, XLSX or JSON), as the desk does: all of it or nothing, into working copies only, with a revision "
        "for each row. Safe to run again."
    )

    def add_arguments(self, parser):
        parser.add_argument("table", help="Which table, e.g. drugs.drug or references.reference.")
        parser.add_argument("file", type=Path, help="The file, e.g. drugs.csv.")
        parser.add_argument("--by", required=True, help="Who imports it: the name by which they sign in.")
        parser.add_argument("--dry-run", action="store_true", help="Say what would happen, and change nothing.")

    def handle(self, *args, table: str, file: Path, by: str, dry_run: bool, **options):
        desk = table_named(table)
        person = person_who_may(by, "import", desk)
        try:
            if file.stat().st_size > MOST_BYTES:
                raise CommandError(
                    f"{file} has more than {MOST_BYTES // 1024 // 1024} MB. Split it into several files."
                )
            content = file.read_bytes()
            dataset = format_of(file.name).create_dataset(content)
        except (BadTable, OSError) as problem:
            raise CommandError(f"{file}: {problem}") from problem
        resource = desk.resource_classes[0](by=person)
        with transaction.atomic():
            result = resource.import_data(dataset, dry_run=dry_run, file_name=file.name, digest=sha256(content))
        if said := sentences(result):
            raise CommandError("\n".join([f"{file}: nothing was imported.", *said]))
        would = "would be " if dry_run else ""
        totals = result.totals
        self.stdout.write(
            f"{totals['new']} {would}new, {totals['update']} {would}changed, {totals['skip']} {would}left as they were."
        )
