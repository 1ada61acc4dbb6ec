from editions import actions
from editions.management.regular import RegularCommand


class Command(RegularCommand):
    help = (
        "Flag every page whose review is due, and put away the flags of pages that were reviewed. Forget what readers wrote "
        "long ago. Safe to run again."
    )

    def handle(self, *args, dry_run: bool, **options):
        raised, put_away = actions.flag_due(dry_run=dry_run, watch=self.watch)
        forgotten = actions.forget_old_feedback(dry_run=dry_run)
        said = f"{raised} pages flagged as due, {put_away} flags put away, {forgotten} old messages of readers deleted."
        self.finish(said, dry_run=dry_run)
