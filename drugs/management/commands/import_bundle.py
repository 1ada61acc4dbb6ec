import sys
from pathlib import Path

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from drugs.bundles import arriving, founding
from drugs.bundles.reading import Read, read
from editions import seals
from editions.actions import Refused
from editions.bundles.faults import BadBundle
from staff.models import User


class Command(BaseCommand):
    help = (
        "Read whole pages from a bundle. An empty site becomes the one that was exported, record and all; where there are "
        "pages already, the contents arrive as drafts and nothing is published. All or nothing; safe to run again."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="The bundle, e.g. site.bundle.json.")
        parser.add_argument("--dry-run", action="store_true", help="Say what would be done, and do nothing.")
        parser.add_argument("--by", metavar="USERNAME", default="", help="The author in whose name drafts are changed.")
        parser.add_argument(
            "--keep-ours",
            action="store_true",
            help="Where a source or a way of working is here with other words, leave ours.",
        )
        parser.add_argument(
            "--expect",
            metavar="SEAL",
            default="",
            help="For an empty site: a seal that was printed earlier and kept elsewhere. It must be part of the record.",
        )

    def handle(self, *args, file: Path, by: str, dry_run: bool, keep_ours: bool, expect: str, **options):
        try:
            expected = seals.typed(expect)
            bundle = read(file)
            if bundle.bundle.record and founding.is_empty():
                said = self._found(bundle, expected, dry_run)
            else:
                said = self._arrive(bundle, by, keep_ours, dry_run)
        except BadBundle as problem:
            raise CommandError(f"{file} was not imported, and nothing was changed.\n{problem}") from problem
        except (OSError, Refused, PermissionDenied, ValueError) as problem:
            raise CommandError(f"{file}: {problem}") from problem
        self.stdout.write(f"Dry run, nothing was changed. {said}" if dry_run else said)

    def _found(self, bundle: Read, expected: str, dry_run: bool) -> str:
        made = founding.found(bundle, expected_seal=expected, dry_run=dry_run, watch=self._watch)
        return (
            f"The site was empty and is now that of the bundle: {made.pages} pages, {made.drafts} drafts, {made.editions} "
            f"editions, {made.entries} entries, {made.references} references, {made.people} people who cannot sign in. "
            f"The record holds, newest seal {made.newest_seal}"
        )

    def _arrive(self, bundle: Read, by: str, keep_ours: bool, dry_run: bool) -> str:
        person = User.objects.filter(username=by).first() if by else None
        if person is None:
            raise Refused(
                f"There is no account “{by}”."
                if by
                else "Contents arrive here as drafts, in somebody's name. Give --by USERNAME of an author."
            )
        arrived = arriving.arrive(bundle, by=person, keep_ours=keep_ours, dry_run=dry_run, watch=self._watch)
        kept = f" Ours were kept where they differ: {', '.join(arrived.kept)}." if arrived.kept else ""
        return (
            f"{arrived.made} drafts made, {arrived.changed} changed, {arrived.unchanged} were the same; "
            f"{arrived.references} references added. Nothing was published.{kept}"
        )

    def _watch(self, items):
        return tqdm(items, disable=not sys.stderr.isatty(), leave=False)
