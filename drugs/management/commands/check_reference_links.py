from argparse import ArgumentTypeError

from django.conf import settings
from django.core.management.base import CommandError

from drugs import rests_on
from editions.management.regular import RegularCommand
from references import link_check
from references.link_check import Report
from references.visiting import Visitor
from references.vocabulary import Outcome


def _above_nothing(text: str) -> int:
    if not text.isdigit() or not int(text):
        raise ArgumentTypeError(f"“{text}” is not a number of 1 or more.")
    return int(text)


class Command(RegularCommand):
    help = (
        "Follow the links of references, those first that were not followed for longest, and flag the pages that cite "
        "a source whose link is dead for good. Safe to run again."
    )

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument(
            "--most", type=_above_nothing, default=200, help="How many links to follow at most (default: 200)."
        )
        parser.add_argument(
            "--minutes", type=_above_nothing, default=60, help="After how many minutes to stop (default: 60)."
        )

    def handle(self, *args, most: int, minutes: int, dry_run: bool, **options):
        references = list(link_check.to_check(most))
        if dry_run:
            self.finish(f"{len(references)} links would be followed.", dry_run=True)
            return
        visitor = Visitor(settings.SITE_URL)
        report = link_check.check(self.watch(references), visitor=visitor, seconds=minutes * 60)
        if not report.has_network:
            raise CommandError(
                "No site answered, so this machine has no network, or a firewall keeps it in. Nothing was noted. "
                "Let it reach the internet on ports 80 and 443 without a proxy, and run the command again."
            )
        raised, gone = len(rests_on.flag_dead_links()), rests_on.put_away_opening_links()
        left = len(references) - report.checked
        self.finish(f"{followed(report, left)}; {raised} pages flagged, {gone} flags put away.", dry_run=False)


def followed(report: Report, left: int) -> str:
    """What came of the links, for the closing line."""
    found = ", ".join(f"{report.outcomes[one]} {_SHORT[one]}" for one in Outcome if report.outcomes[one])
    counted, later = f" ({found})" if found else "", f", {left} left for the next run" if left else ""
    return f"{report.checked} links followed{counted}{later}"


_SHORT = {
    Outcome.REACHABLE: "open",
    Outcome.MOVED: "moved",
    Outcome.GONE: "gone",
    Outcome.REFUSED: "refused",
    Outcome.ROBOTS: "closed to programs",
    Outcome.NOT_REACHED: "not reached",
    Outcome.PUT_OFF: "put off",
}
