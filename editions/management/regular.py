"""Commands that run by themselves, every night."""

import sys
from collections.abc import Iterable

from django.core.management.base import BaseCommand
from tqdm import tqdm

from editions.models import CommandRun


class RegularCommand(BaseCommand):
    """Shows a bar when somebody watches, and leaves a note of its last run for the desk."""

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="Say what would be done, and do nothing.")

    def watch(self, items: Iterable) -> Iterable:
        return tqdm(items, disable=not sys.stderr.isatty(), leave=False)

    def finish(self, said: str, *, dry_run: bool) -> None:
        name = type(self).__module__.rpartition(".")[2]
        if dry_run:
            said = f"Dry run, nothing was changed. {said}"
        else:
            CommandRun.note(name, said)
        self.stdout.write(said)
