import sys

from django.core.management.base import BaseCommand, CommandError
from pydantic import ValidationError
from tqdm import tqdm

from drugs import starter
from drugs.starter_files import read_starter


class Command(BaseCommand):
    help = (
        "Load the starter content: the 2018 page, olaratumab's notice, and drafts. Safe to run again; all or nothing."
    )

    def handle(self, *args, **options):
        def watch(items):
            return tqdm(items, disable=not sys.stderr.isatty(), leave=False)

        try:
            loaded = starter.load(read_starter(), watch)
        except (starter.InTheWay, ValidationError, ValueError) as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(
            f"Starter content: {loaded.pages} pages, {loaded.editions} editions, {loaded.drafts} drafts and "
            f"{loaded.references} references loaded; what was there stays as it is."
        )
