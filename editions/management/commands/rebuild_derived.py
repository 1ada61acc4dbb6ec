import sys

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from editions import derived
from editions.search.engines import EngineAway


class Command(BaseCommand):
    help = (
        "Make anew from every edition what is derived from it: what lists show, what it mentions, and what visitors can "
        "search. Nothing else is touched; safe to run at any time."
    )

    def handle(self, *args, **options):
        try:
            made = derived.rebuild(lambda rows: tqdm(rows, disable=not sys.stderr.isatty(), leave=False))
        except EngineAway as problem:
            raise CommandError(
                f"The database lists and searches; the search engine does not search yet. {problem} Run this again."
            ) from problem
        self.stdout.write(f"{made} editions can be listed and searched, each from the moment on at which it is live.")
