import json

from django.core.management.base import BaseCommand, CommandError

from staff.kept import kept_about
from staff.models import User


class Command(BaseCommand):
    help = "Print all that is kept about a person as JSON, to be given to them: their account, sign-ins, and what they did."

    def add_arguments(self, parser):
        parser.add_argument("username", help="The name by which they sign in.")

    def handle(self, *args, username: str, **options):
        person = User.objects.filter(username=username).first()
        if person is None:
            raise CommandError(f"Nobody signs in as “{username}”. Look the name up under People.")
        self.stdout.write(json.dumps(kept_about(person), indent=2, ensure_ascii=False))
