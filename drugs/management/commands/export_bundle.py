import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from pydantic import ValidationError
from tqdm import tqdm

from basics.whole_files import refuse_over
from drugs.bundles import schema, writing
from editions.bundles.faults import faults_of


class Command(BaseCommand):
    help = "Write whole pages to one JSON file: the whole site with its record, or the contents of some pages."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="The file to write, e.g. site.bundle.json.")
        parser.add_argument(
            "--page",
            nargs="+",
            metavar="KEY",
            action="extend",
            help="Only what these pages say, e.g. drug/imatinib: live, in the draft, and the sources they cite.",
        )
        parser.add_argument("--force", action="store_true", help="Replace the file if it is there.")
        parser.add_argument(
            "--schema", action="store_true", dest="only_schema", help="Write the JSON Schema of bundles, and no bundle."
        )

    def handle(self, *args, file: Path, page: list[str] | None, force: bool, only_schema: bool, **options):
        try:
            said = self._schema(file, force) if only_schema else self._bundle(file, page, force)
        except (writing.NoSuchPage, OSError) as problem:
            raise CommandError(str(problem)) from problem
        except ValidationError as problem:
            said = "; ".join(faults_of(problem))
            raise CommandError(f"What is stored is not what a bundle holds: {said}. Run verify_editions.") from problem
        self.stdout.write(said)

    def _schema(self, file: Path, force: bool) -> str:
        writing.write_json(schema.Bundle.model_json_schema(), file, over=force)
        return f"The JSON Schema of bundles of version {schema.VERSION} is in {file}."

    def _bundle(self, file: Path, keys: list[str] | None, force: bool) -> str:
        refuse_over(file, over=force)  # before the work, not only after it
        drawn = writing.some_pages(keys, self._watch) if keys else writing.whole_site(self._watch)
        size = writing.write(drawn.bundle, file, over=force)
        bundle = drawn.bundle
        said = (
            f"{file}: {len(bundle.contents)} pages with contents, {len(bundle.references)} references, "
            f"{size / 1000:.0f} kB."
        )
        if bundle.record:
            part = bundle.record
            said += (
                f" The record: {len(part.entries)} entries, {len(part.editions)} editions, {len(part.reviews)} reviews, "
                f"newest seal {part.newest_seal}."
            )
        if drawn.left_out:
            said += f" {len(drawn.left_out)} drafts are not in it. {'; '.join(drawn.left_out)}."
        return said

    def _watch(self, items):
        return tqdm(items, disable=not sys.stderr.isatty(), leave=False)
