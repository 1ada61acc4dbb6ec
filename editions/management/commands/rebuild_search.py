import sys

from django.core.management.base import BaseCommand
from tqdm import tqdm

from editions.search import entries


class Command(BaseCommand):
    help = "Make what visitors can search anew from every edition. Nothing else is touched; safe to run at any time."

    def handle(self, *args, **options):
        made = entries.rebuild(lambda rows: tqdm(rows, disable=not sys.stderr.isatty(), leave=False))
        self.stdout.write(f"{made} editions can be searched, each from the moment on at which it is live.")
