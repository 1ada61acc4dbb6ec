import logging
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import Error as DBError
from tqdm import tqdm

from editions.models import CommandRun
from sarcoma_site import static_copy


class Command(BaseCommand):
    help = (
        "Write the whole public site into a folder, for a plain web server or a bucket: for the day the database is down. "
        "Done again, it changes what changed, and nothing at all if nothing public did."
    )

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path, help="An empty folder, a new one, or an earlier copy, e.g. /srv/copy.")
        parser.add_argument(
            "--whole", action="store_true", help="Draw every page anew: after an upgrade of the software."
        )
        parser.add_argument("--without-leaflets", action="store_true", help="Leave the PDF leaflets out.")

    def handle(self, *args, folder: Path, whole: bool, without_leaflets: bool, **options):
        logging.getLogger("request").setLevel(logging.WARNING)  # a line for each page would tell nobody anything
        try:
            with tqdm(unit=" pages", disable=not sys.stderr.isatty(), leave=False) as bar:
                made = static_copy.make(folder, whole=whole, leaflets=not without_leaflets, tell=lambda _: bar.update())
        except BlockingIOError as problem:
            raise CommandError(f"Another process is making a copy in {folder}. Wait until it is done.") from problem
        except (static_copy.NotOurs, static_copy.Broken) as problem:
            raise CommandError(str(problem)) from problem
        except (OSError, DBError) as problem:
            why = getattr(problem, "strerror", None) or problem
            raise CommandError(
                f"The copy in {folder} was not finished: {why}. Make it again when that is mended."
            ) from problem
        for address, source in sorted(made.nowhere.items()):
            self.stderr.write(f"{source} links to {address}, where there is nothing.")
        said = f"{folder}: {len(made.note.files)} files"
        said += (
            ", as they were: nothing public has changed"
            if made.is_as_before
            else f", {made.changed} of them new or changed"
        )
        said += f", {made.removed} taken away" if made.removed else ""
        CommandRun.note("export_site", said)
        self.stdout.write(f"{said}. The newest seal in it is {made.note.seal}.")
