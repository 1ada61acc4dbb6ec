"""What every action asks first, and what it says when it refuses."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Max, Q

from basics.text import tidy
from editions import record as the_record
from editions.kinds import Problem
from editions.models import Edition, Entry, Mention, Page
from editions.record import OpenRecord
from editions.vocabulary import Act, Progress


class Refused(Exception):
    """A rule stands against it. The message is a sentence for the person."""


class WrongProgress(Refused):
    """The edition or the page is not where it would have to be."""


class FourEyes(Refused, PermissionDenied):
    """Nobody reviews what they submitted or wrote."""


class NotReady(Refused):
    """The working copy has problems that have to be mended before it can be submitted."""

    def __init__(self, page: Page, problems: list[Problem]):
        self.problems = problems
        super().__init__(f"{page} is not ready to be submitted: " + " ".join(p.sentence for p in problems))


def check(user, permission: str, doing: str) -> None:
    if not user.has_perm(f"editions.{permission}"):
        raise PermissionDenied(f"{user} may not {doing}. An administrator can give the role that may.")


def tidied(text: str, name: str) -> str:
    """Words that staff wrote, tidied. Raises ValidationError for a character that cannot be published."""
    try:
        return tidy(text).strip()
    except ValueError as problem:
        raise ValidationError(f"{name}: {problem}") from problem


def words(text: str, name: str) -> str:
    """A public sentence, tidied. Raises ValidationError if there is none, or a character that cannot be published."""
    text = tidied(text, name)
    if not text:
        raise ValidationError(f"{name} is empty. Write a sentence: readers will see it.")
    return text


def check_seen(page: Page, seen_entry: int | None, *, passing: Q | None = None) -> None:
    """Refuse an act by somebody who decided before the page's newest entry was written.

    `seen_entry` is the position of the newest entry that the person saw on the page, 0 if there was none, None if
    nobody looked: a command. `passing` names entries that make no difference.
    """
    if seen_entry is None:
        return
    if seen_entry > (Entry.objects.aggregate(last=Max("position"))["last"] or 0):
        raise WrongProgress("This form says that you saw what is not in the record yet. Load the page again.")
    entries = _entries_about(page)
    newest = (entries.exclude(passing) if passing else entries).last()
    if newest is not None and newest.position > seen_entry:
        raise WrongProgress(
            f"Since you opened this form, this was recorded: {Act(newest.act).label}, by {newest.by_name or 'somebody'}. "
            "Nothing was done. Look at the page again, then decide."
        )


def newest_entry(page: Page) -> int:
    """The position of the newest entry about a page or a source that it cites, 0 if there is none."""
    newest = _entries_about(page).last()
    return newest.position if newest else 0


def _entries_about(page: Page):
    """The entries of a page, and those that mark a source which its live edition or the one in review cites."""
    now = the_record.now()
    editions = Edition.objects.filter(page=page)
    current = [*editions.open().values_list("pk", flat=True), *editions.newest(now).values_list("pk", flat=True)]
    sources = list(Mention.objects.filter(edition__in=current, relation="cites").values_list("target", flat=True))
    return Entry.objects.filter(Q(page=page) | Q(act=Act.SOURCE_MARKED, subject__in=sources)).order_by("position")


def held(edition: Edition) -> Edition:
    """The edition as it is now, its page held until the transaction ends."""
    Page.objects.select_for_update(no_key=True).get(pk=edition.page_id)
    return Edition.objects.select_related("page").get(pk=edition.pk)


def must_be(edition: Edition, to_be: str, *progress: Progress) -> None:
    if edition.progress not in progress:
        wanted = " or ".join(step.label for step in progress)
        raise WrongProgress(
            f"“{edition.page}” is {Progress(edition.progress).label}; only an edition that is {wanted} can be {to_be}."
        )


def must_be_live(edition: Edition, record: OpenRecord) -> None:
    if not Edition.objects.live(record.now).filter(pk=edition.pk).exists():
        raise WrongProgress(f"{edition} is not what visitors read now.")
