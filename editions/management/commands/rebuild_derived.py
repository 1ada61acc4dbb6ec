import sys

from django.core.management.base import BaseCommand
from tqdm import tqdm

from editions import derived


class Command(BaseCommand):
    help = (
        "Make anew from every edition what is derived from it: what lists show, what it mentions, and what visitors can "
        "search. Nothing else is touched; safe to run at any time."
    )

    def handle(self, *args, **options):
        made = derived.rebuild(lambda rows: tqdm(rows, disable=not sys.stderr.isatty(), leave=False))
        self.stdout.write(f"{made} editions can be listed and searched, each from the moment on at which it is live.")
