"""Letters to those who look after a page: a month before its review is due, on the day, and every week after."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from basics import letters
from editions.models import Page, Reminder
from editions.published import PublishedPage
from editions.site import PublishedSite
from staff.models import User

BEFORE = timedelta(days=30)
WEEK = timedelta(days=7)


@dataclass
class Sent:
    """What a run did: pages reminded of, letters sent, and letters that the mail server refused."""

    pages: int = 0
    letters: int = 0
    refused: int = 0


@dataclass(frozen=True)
class Due:
    """A page in a letter."""

    page: PublishedPage
    day: date
    step: int
    link: str

    @property
    def is_late(self) -> bool:
        return self.step > 0


def step_of(due: date, today: date) -> int | None:
    """The newest step that has come: −1 a month before, 0 from the day on, n after n weeks; None before all of them."""
    if today < due - BEFORE:
        return None
    return -1 if today < due else (today - due) // WEEK


def send_reminders(*, dry_run: bool = False, watch: Callable[[Iterable], Iterable] = lambda pages: pages) -> Sent:
    """Send what is to be sent today. Each step of a page's due date comes once, however often this runs.

    After missed runs only the newest step is sent. Each person gets one letter with all their pages: the owner and the
    stand-in of a page, whoever of them is active; all publishers, if it has neither. What the mail server refuses
    counts as not sent, and comes with the next run.
    """
    today = timezone.localdate()
    sent = set(Reminder.objects.values_list("page", "due", "step"))
    pages = Page.objects.select_related("owner", "stand_in").in_bulk()
    publishers = _publishers()
    by_address: dict[str, list[Due]] = defaultdict(list)
    site = PublishedSite()
    steps = {
        page.key: step
        for page in watch(site.outline())
        if page.review_due is not None
        and (step := step_of(page.review_due, today)) is not None
        and (page.page_id, page.review_due, step) not in sent
    }
    for key, public in sorted(site.by_keys(steps).items()):
        link = letters.address("admin:editions_page_change", public.page_id)
        due = Due(public, public.review_due or today, steps[key], link)
        for address in _addresses(pages[public.page_id]) or publishers:
            by_address[address].append(due)
    done = Sent()
    reached: dict[Due, list[str]] = defaultdict(list)
    for address, dues in sorted(by_address.items()):
        dues.sort(key=lambda one: (one.day, one.page.title))
        subject = f"{len(dues)} page{'s' if len(dues) > 1 else ''} to review"
        if dry_run or letters.send("reminder", to=[address], subject=subject, dues=dues):
            done.letters += 1
            for due in dues:
                reached[due].append(address)
        else:
            done.refused += 1
    done.pages = len(reached)
    if not dry_run:
        for due, addresses in reached.items():
            Reminder.objects.get_or_create(
                page_id=due.page.page_id,
                due=due.day,
                step=due.step,
                defaults={"sent_to": ", ".join(addresses)},
            )
    return done


def _addresses(page: Page) -> list[str]:
    return [person.email for person in (page.owner, page.stand_in) if person and person.is_active and person.email]


def _publishers() -> list[str]:
    people = User.objects.who_may("editions.publish_edition")
    return sorted(people.exclude(email="").values_list("email", flat=True))
