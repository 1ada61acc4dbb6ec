import sys

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from drugs import starter
from drugs.starter_files import read_starter
from editions.actions import Refused


class Command(BaseCommand):
    help = (
        "Load the starter content: the 2018 page, olaratumab's notice, drafts, and the pages about the site. Safe to run "
        "again; all or nothing."
    )

    def handle(self, *args, **options):
        def watch(items):
            return tqdm(items, disable=not sys.stderr.isatty(), leave=False)

        try:
            loaded = starter.load(read_starter(), watch)
        except ValidationError as problem:
            raise CommandError(" ".join(problem.messages)) from problem
        except (starter.InTheWay, Refused, ValueError) as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(
            f"Starter content: {loaded.pages} pages, {loaded.editions} editions, {loaded.drafts} drafts and "
            f"{loaded.references} references loaded; what was there stays as it is."
        )
