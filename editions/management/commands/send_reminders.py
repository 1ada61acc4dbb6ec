from django.core.management.base import CommandError

from editions.management.regular import RegularCommand
from editions.reminders import send_reminders


class Command(RegularCommand):
    help = "Remind those who look after a page of its review: a month before, on the day, every week after. Once each."

    def handle(self, *args, dry_run: bool, **options):
        sent = send_reminders(dry_run=dry_run, watch=self.watch)
        said = f"{sent.letters} letters about {sent.pages} pages."
        if sent.refused:
            raise CommandError(
                f"{said} The mail server refused {sent.refused}: look at EMAIL_URL, then run this again. What was sent "
                "is not sent twice."
            )
        self.finish(said, dry_run=dry_run)
