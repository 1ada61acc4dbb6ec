"""What waits for a person: the first thing that the desk shows them."""

from collections.abc import Iterable
from dataclasses import dataclass

from editions import record
from editions.models import CommandRun, Edition, Flag
from editions.site import PublishedPage, PublishedSite
from editions.vocabulary import FlagReason, Progress

ASKABLE = (Progress.IN_REVIEW, Progress.APPROVED)
REGULAR = ("flag_due_reviews", "send_reminders")
SHOWN = 12  # rows of each list; the rest is counted


@dataclass(frozen=True)
class Waiting:
    """One list of what waits. `editions`, `flags` or `pages` are its first rows, `count` says how many there are."""

    title: str
    about: str
    count: int
    editions: tuple[Edition, ...] = ()
    flags: tuple[Flag, ...] = ()
    pages: tuple[PublishedPage, ...] = ()


def waiting_for(user) -> list[Waiting]:
    """The lists that concern this person, in the order in which they want doing; empty ones are left out."""
    editions = Edition.objects.defer("content_json").select_related("page", "submitted_by", "published_by")
    open_ones = list(editions.filter(progress__in=[Progress.IN_REVIEW, Progress.APPROVED, Progress.CHANGES_REQUESTED]))
    unread = list(editions.awaiting_review().filter(progress=Progress.PUBLISHED))
    in_review = [one for one in open_ones if one.progress == Progress.IN_REVIEW]
    lists = [
        _editions(
            "Sent back to you",
            "A reviewer asks for changes.",
            (one for one in open_ones if one.progress == Progress.CHANGES_REQUESTED and one.submitted_by_id == user.pk),
        )
    ]
    if user.has_perm("editions.review_edition"):
        asked = set(user.review_requests.values_list("edition", flat=True))
        wanted = [one for one in open_ones if one.pk in asked and one.progress in ASKABLE]
        lists.append(_editions("You are asked to review", "A colleague asks you by name.", wanted))
        theirs = [one for one in [*unread, *in_review] if user.pk not in {one.submitted_by_id, *one.contributors}]
        lists.append(
            _editions("Waiting for your review", "Written by others, so you may read it with fresh eyes.", theirs)
        )
    if user.has_perm("editions.publish_edition"):
        approved = (one for one in open_ones if one.progress == Progress.APPROVED)
        lists.append(_editions("Waiting to be published", "Approved by a reviewer.", approved))
    lists += [
        _editions("Published before review", "The pages say so until somebody else has read them.", unread),
        _editions("In review", "Submitted, and not read yet.", in_review),
        _editions("Going live", "Scheduled: they go live by themselves.", editions.scheduled(record.now())),
        _late(),
        *_flags(),
    ]
    return [one for one in lists if one.count]


def _editions(title: str, about: str, found: Iterable[Edition]) -> Waiting:
    rows = tuple(found)
    return Waiting(title, about, len(rows), editions=rows[:SHOWN])


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


def regular_commands() -> list[tuple[str, CommandRun | None]]:
    """(name, last run) of the commands that have to run every night."""
    runs = {run.name: run for run in CommandRun.objects.filter(name__in=REGULAR)}
    return [(name, runs.get(name)) for name in REGULAR]


def _late() -> Waiting:
    late = sorted(
        (page for page in PublishedSite().everything() if page.is_late and page.review_due),
        key=lambda page: (page.review_due, page.title),
    )
    return Waiting(
        "Late for review", "Visitors are told so on each of these pages.", len(late), pages=tuple(late[:SHOWN])
    )
