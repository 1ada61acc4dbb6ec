from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import transaction

from staff.models import User, one_time_password

TEAM = (
    ("edith", "Author", "Edith Ames", "medical writer"),
    ("ravi", "Clinical reviewer", "Dr Ravi Shah", "consultant oncologist"),
    ("paula", "Publisher", "Paula Quinn", "head of patient information"),
    ("ada", "Administrator", "Ada Novak", "site administrator"),
)


class Command(BaseCommand):
    help = (
        "Make everything ready to serve: database, static files, starter content and, on this machine only, a "
        "demonstration team whose one-time passwords are printed once. Run again, it keeps what is there."
    )

    def handle(self, *args, **options):
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        call_command("load_starter_content", stdout=self.stdout)
        if settings.IS_THIS_MACHINE:
            self._team()
        else:
            self.stdout.write(
                f"SITE_URL is {settings.SITE_URL}, not this machine, so there is no demonstration team. "
                "Make your first account with: python manage.py createsuperuser"
            )
        self.stdout.write(f"The public site:    {settings.SITE_URL}/\nThe editors’ desk:  {settings.SITE_URL}/admin/")

    @transaction.atomic
    def _team(self):
        made = [(username, password) for username, *who in TEAM if (password := _make(username, *who))]
        if not made:
            self.stdout.write("The demonstration team is there already; its passwords are not shown again.")
            return
        self.stdout.write("\nThe demonstration team. Write these down: they are shown only now, and each is changed")
        self.stdout.write("at the first sign-in.\n")
        for username, password in made:
            role = next(role for name, role, *_ in TEAM if name == username)
            self.stdout.write(f"  {username:<8} {password}   {role}")
        self.stdout.write("")


def _make(username: str, role: str, public_name: str, professional_role: str) -> str:
    """Make one of the team; returns the one-time password, or nothing if the account is there."""
    if User.objects.filter(username=username).exists():
        return ""
    person = User(username=username, public_name=public_name, professional_role=professional_role, is_staff=True)
    password = one_time_password()
    person.set_one_time_password(password)
    person.save()
    person.groups.set(Group.objects.filter(name=role))
    return password
