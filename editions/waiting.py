"""What waits for a person: the first thing that the desk shows them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, TruncMonth

from basics.days import add_months, london_day
from editions import record
from editions.models import CommandRun, Contribution, Edition, EmptySearch, Feedback, Flag, Listing, Page
from editions.published import PublishedPage
from editions.site import PublishedSite
from editions.vocabulary import REVIEWABLE, Act, FlagReason, Progress

_SET_ASIDE = (Progress.TAKEN_BACK, Progress.REPLACED)
REGULAR = ("flag_due_reviews", "send_reminders", "check_reference_links", "backup")
SOON = timedelta(days=90)
SHOWN = 12  # rows of each list; the rest is counted


@dataclass(frozen=True)
class Waiting:
    """One list of what waits. `editions`, `flags` … are its first rows, `count` says how many there are."""

    title: str
    about: str
    count: int
    editions: tuple[Edition, ...] = ()
    flags: tuple[Flag, ...] = ()
    drafts: tuple[Page, ...] = ()
    pages: tuple[PublishedPage, ...] = ()
    searches: tuple[EmptySearch, ...] = ()
    feedback: tuple[Feedback, ...] = ()


def waiting_for(user) -> list[Waiting]:
    """The lists that concern this person, in the order in which they want doing; empty ones are left out."""
    editions = Edition.objects.defer("content_json").select_related("page", "submitted_by", "published_by")
    open_ones = list(editions.open())
    unread = list(editions.unread())
    in_review = [one for one in open_ones if one.progress == Progress.IN_REVIEW]
    lists = [
        _editions(
            "Sent back to you",
            "A reviewer asks for changes.",
            (one for one in open_ones if one.progress == Progress.CHANGES_REQUESTED and one.submitted_by_id == user.pk),
        )
    ]
    lists.append(_drafts_of(user))
    if user.has_perm("editions.review_edition"):
        asked = set(user.review_requests.values_list("edition", flat=True))
        wanted = [one for one in open_ones if one.pk in asked and one.progress in REVIEWABLE]
        lists.append(_editions("You are asked to review", "A colleague asks you by name.", wanted))
        theirs = [one for one in [*unread, *in_review] if user.pk not in {one.submitted_by_id, *one.contributors}]
        lists.append(
            _editions("Waiting for your review", "Written by others, so you may read it with fresh eyes.", theirs)
        )
    if user.has_perm("editions.publish_edition"):
        approved = (one for one in open_ones if one.progress == Progress.APPROVED)
        lists.append(_editions("Waiting to be published", "Approved by a reviewer.", approved))
    if user.has_perm("editions.triage_feedback"):
        lists.append(_feedback())
    lists += [
        _editions("Published before review", "The pages say so until somebody else has read them.", unread),
        _editions("In review", "Submitted, and not read yet.", in_review),
        _editions("Going live", "Scheduled: they go live by themselves.", scheduled()),
        _unread(),
        _late(),
        _due_soon(),
        *_flags(),
        latest(),
        _empty_searches(),
    ]
    return [one for one in lists if one.count]


def _editions(title: str, about: str, found: Iterable[Edition]) -> Waiting:
    rows = tuple(found)
    return Waiting(title, about, len(rows), editions=rows[:SHOWN])


def _drafts_of(user) -> Waiting:
    """The pages whose draft this person changed since the newest edition was made of it."""
    newest = Edition.objects.filter(page=OuterRef("page")).exclude(progress__in=_SET_ASIDE).order_by("-pk")
    mine = (
        Contribution.objects.filter(user=user)
        .annotate(frozen_at=Coalesce(Subquery(newest.values("changes_at_freeze")[:1]), 0))
        .filter(last_change__gt=F("frozen_at"))
        .select_related("page")
        .order_by("page__key")
    )
    pages = tuple(one.page for one in mine)
    about = "You changed these drafts, and no edition holds it yet."
    return Waiting("Your drafts", about, len(pages), drafts=pages[:SHOWN])


def _feedback() -> Waiting:
    rows = list(Feedback.objects.new().select_related("page"))
    about = "Read each, and raise a flag or put it away."
    return Waiting("Readers wrote", about, len(rows), feedback=tuple(rows[:SHOWN]))


def _flags() -> list[Waiting]:
    """The open flags by their reason, but those that say what the list of late pages says."""
    found: dict[str, list[Flag]] = {}
    for flag in Flag.objects.open().exclude(reason=FlagReason.REVIEW_DUE).select_related("page"):
        found.setdefault(flag.reason_line, []).append(flag)
    about = "Reasons to look at a page again."
    return [
        Waiting(f"Flagged: {reason}", about, len(flags), flags=tuple(flags[:SHOWN]))
        for reason, flags in sorted(found.items())
    ]


def _empty_searches() -> Waiting:
    """What readers looked for and did not find, until somebody puts it away."""
    waiting = EmptySearch.objects.waiting()
    about = "What readers looked for, and we do not have, or know by another name."
    return Waiting("Searches that found nothing", about, waiting.count(), searches=tuple(waiting[:SHOWN]))


def regular_commands() -> list[tuple[str, CommandRun | None]]:
    """(name, last run) of the commands that have to run every night."""
    runs = {run.name: run for run in CommandRun.objects.filter(name__in=REGULAR)}
    return [(name, runs.get(name)) for name in REGULAR]


def due() -> QuerySet[Listing]:
    """The listings of what is live and has a review that falls due, the most urgent first."""
    return _live().filter(review_due__isnull=False).order_by("review_due", "edition__page__key")


def pages(rows: Sequence[Listing]) -> tuple[PublishedPage, ...]:
    """The pages of these listings in their order, without their contents."""
    found = PublishedSite().by_editions([row.edition_id for row in rows])
    return tuple(found[row.edition_id] for row in rows)


def _live() -> QuerySet[Listing]:
    return Listing.objects.live(record.now())


def _today() -> date:
    return london_day(record.now())


def _listed(title: str, about: str, rows: QuerySet[Listing]) -> Waiting:
    return Waiting(title, about, rows.count(), pages=pages(list(rows[:SHOWN])))


def _unread() -> Waiting:
    about = "Carried over from where nobody had reviewed them either. Each of these pages says so."
    rows = _live().filter(last_reviewed=None, awaits_review=False).order_by("edition__page__key")
    return _listed("Never reviewed", about, rows)


def _late() -> Waiting:
    about = "Visitors are told so on each of these pages."
    return _listed("Late for review", about, due().filter(review_due__lt=_today()))


def _due_soon() -> Waiting:
    about = f"Within {SOON.days} days."
    return _listed("Due for review", about, due().filter(review_due__range=(_today(), _today() + SOON)))


@dataclass(frozen=True)
class Month:
    """How many reviews fall due in a month; the first of them holds all that are late."""

    label: str
    count: int
    share: int  # of the fullest month, in tenths, for the bar


def months(*, ahead: int = 12) -> list[Month]:
    """Reviews that are late, and those that fall due in this month and the next ones."""
    today = _today()
    names = [add_months(today.replace(day=1), number) for number in range(ahead)]
    to_come = due().order_by().filter(review_due__range=(today, add_months(names[-1], 1) - timedelta(days=1)))
    by_month = dict(to_come.values_list(TruncMonth("review_due")).annotate(Count("pk")))
    late = due().filter(review_due__lt=today).count()
    counts = [("Late", late), *((f"{month:%b %Y}", by_month.get(month, 0)) for month in names)]
    most = max(count for _, count in counts) or 1
    return [Month(label, count, -(-10 * count // most)) for label, count in counts]


def months_ahead() -> list[Month]:
    """The late reviews and those of the next 90 days, for the small chart of the front page."""
    return months(ahead=4)


def scheduled() -> list[Edition]:
    """The editions that go live by themselves, the next one first."""
    editions = Edition.objects.defer("content_json").select_related("page", "published_by")
    return list(editions.scheduled(record.now()).order_by("live_from"))


def latest() -> Waiting:
    """What was published last."""
    editions = Edition.objects.defer("content_json").select_related("page", "submitted_by", "published_by")
    editions = editions.exclude(entries__act=Act.CARRIED_OVER)  # nothing new to anybody
    rows = editions.public(record.now()).order_by("-live_from", "-pk")[:6]
    return Waiting("Published last", "What visitors read since then.", len(rows), editions=tuple(rows))
