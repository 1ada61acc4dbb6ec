from django.core.management.base import BaseCommand, CommandError

from staff import second_factor
from staff.models import User


class Command(BaseCommand):
    help = (
        "Let somebody sign in by password alone whose phone and recovery codes are lost, if no administrator is left who "
        "could do it at the desk. They are signed out everywhere, and get a letter. Safe to run twice."
    )

    def add_arguments(self, parser):
        parser.add_argument("name", help="The name by which they sign in.")

    def handle(self, *args, name: str, **options):
        person = User.objects.filter(username=name).first()
        if person is None:
            raise CommandError(f"Nobody signs in as “{name}”. Look the name up under People.")
        if person.second_factor_since is None:
            self.stdout.write(f"{person} has no second factor. Nothing was changed.")
            return
        second_factor.take_off(person, by=None)
        self.stdout.write(
            f"{person} signs in by password alone now. Where it is required, they set up a new one first."
        )
