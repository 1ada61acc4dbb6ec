from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from editions import actions
from staff.models import User


class Command(BaseCommand):
    help = (
        "Take everything personal from an account, and its name from the record, for somebody who asked for it. What they "
        "did stays, and the record still holds. It cannot be undone."
    )

    def add_arguments(self, parser):
        parser.add_argument("username", help="The name by which they sign in.")
        parser.add_argument("--by", required=True, metavar="NAME", help="The administrator who does it.")
        parser.add_argument("--dry-run", action="store_true", help="Say what would be done, and do nothing.")

    def handle(self, *args, username: str, by: str, dry_run: bool, **options):
        person, administrator = _named(username), _named(by)
        try:
            with transaction.atomic():
                entry = actions.erase_account(person, by=administrator)
                transaction.set_rollback(dry_run)
        except (PermissionDenied, actions.Refused) as refusal:
            raise CommandError(f"{refusal} Nothing was erased.") from refusal
        record = f"entry {entry.position} of the record says so" if entry else "the record held no name of theirs"
        done = "would be erased" if dry_run else "is erased"
        self.stdout.write(f"The account of {username} {done}; {record}.")


def _named(username: str) -> User:
    person = User.objects.filter(username=username).first()
    if person is None:
        raise CommandError(f"Nobody signs in as “{username}”. Look the name up under People.")
    return person
