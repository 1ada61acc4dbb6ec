"""Commands of libraries that would delete what this site keeps."""

from django.core.management.base import BaseCommand, CommandError


class RefusingCommand(BaseCommand):
    """Takes whatever arguments the library's own command takes, and refuses."""

    def run_from_argv(self, argv):
        self.stderr.write(_SENTENCE)
        raise SystemExit(1)

    def add_arguments(self, parser):
        parser.add_argument("anything", nargs="*")
        parser.add_argument("--auto", action="store_true")

    def handle(self, *args, **options):
        raise CommandError(_SENTENCE)


_SENTENCE = (
    "Revisions are never deleted: they say who wrote what. Delete nothing, and keep backups small by other means."
)
