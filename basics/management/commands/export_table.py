from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from basics.exchange.formats import BadTable, format_of
from basics.exchange.tables import person_who_may, table_named
from basics.whole_files import written_whole


class Command(BaseCommand):
    help = "Export a table as CSV, XLSX or JSON, by the ending of the file, as the desk does. Writes over nothing."

    def add_arguments(self, parser):
        parser.add_argument("table", help="Which table, e.g. drugs.drug or references.reference.")
        parser.add_argument("file", type=Path, help="The file to write, e.g. drugs.csv.")
        parser.add_argument("--by", required=True, help="Who exports it: the name by which they sign in.")

    def handle(self, *args, table: str, file: Path, by: str, **options):
        desk = table_named(table)
        person = person_who_may(by, "export", desk)
        if file.exists():
            raise CommandError(f"{file} is there already. Choose another name, or move it away first.")
        resource = desk.resource_classes[0](by=person)
        try:
            written = format_of(file.name)
            data = written.export_data(resource.export(desk.model._default_manager.all()))
            with written_whole(file) as part:
                part.write_bytes(data if isinstance(data, bytes) else data.encode())
        except (BadTable, OSError) as problem:
            raise CommandError(f"{file}: {problem}") from problem
        self.stdout.write(f"Rows written to {file.name}: {desk.model._default_manager.count()}.")
