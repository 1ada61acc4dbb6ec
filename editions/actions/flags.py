"""Reasons to look at a page again: raising them, and resolving them once somebody looked."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from editions import record as the_record
from editions.actions.rules import WrongProgress, check, words
from editions.models import Edition, Flag, Page, Review
from editions.site import PublishedSite
from editions.vocabulary import Act, FlagReason, Outcome, Scope


def raise_flag(page: Page, *, reason: FlagReason, sentence: str, subject: str = "", by=None) -> Flag | None:
    """Say that a page has to be looked at again. None if a flag of this reason and subject is open already."""
    flag, is_new = Flag.objects.get_or_create(
        page=page,
        reason=FlagReason(reason),
        subject=subject,
        resolved_at=None,
        defaults={"sentence": words(sentence, "The sentence"), "raised_by": by},
    )
    return flag if is_new else None


def raise_on_pages(keys: Iterable[str], *, reason: FlagReason, sentence: str, subject: str = "", by=None) -> list[Flag]:
    """The same flag on several pages, told by their lasting keys. Returns those that are new."""
    pages = Page.objects.filter(key__in=set(keys)).order_by("key")
    made = (raise_flag(page, reason=reason, sentence=sentence, subject=subject, by=by) for page in pages)
    return [flag for flag in made if flag]


@transaction.atomic
def resolve_flag(flag: Flag, *, by, note: str) -> Flag:
    """Put a flag away, saying how: the page was reviewed, or a new edition of it is live, since it was raised.

    If the flag was said aloud and is what visitors are told of the page now, that doubt is settled with the same note.
    Raises PermissionDenied, ValidationError; WrongProgress if nobody looked at the page since, or if it is resolved.
    """
    check(by, "resolve_flag", "resolve flags")
    note = words(note, "The note")
    record = the_record.lock()
    flag = Flag.objects.select_for_update(no_key=True, of=("self",)).select_related("page", "told").get(pk=flag.pk)
    if flag.resolved_at:
        raise WrongProgress("This flag is resolved already.")
    if not _was_looked_at(flag, record.now):
        raise WrongProgress(
            "Nobody has reviewed the page since this flag was raised, and no new edition is live. Say “Reviewed, no "
            "change needed”, or publish what mends it, then resolve the flag."
        )
    if flag.told and flag.page.newest_doubt() == flag.told:
        record.add(Act.DOUBT_SETTLED, page=flag.page, by=by, details={"note": note})
    return put_away(flag, by=by, note=note)


def _was_looked_at(flag: Flag, now) -> bool:
    reviewed = Review.objects.filter(
        edition__page=flag.page,
        edition__number__isnull=False,
        made_at__gt=flag.raised_at,
        outcome=Outcome.APPROVED,
        scope=Scope.WHOLE_PAGE,
    )
    replaced = Edition.objects.public(now).filter(page=flag.page, submitted_at__gt=flag.raised_at)
    return reviewed.exists() or replaced.exists()


def put_away(flag: Flag, *, by, note: str) -> Flag:
    """Store that a flag is resolved, by somebody or by itself (`by` is None). Asks for no right and no look."""
    flag.resolved_at, flag.resolved_by, flag.note = timezone.now(), by, note
    flag.save(update_fields=["resolved_at", "resolved_by", "note"])
    return flag


def put_away_due(page: Page, *, by, note: str) -> None:
    """Put away the flag that a page's review is due, because somebody read the page as a whole."""
    for flag in Flag.objects.open().filter(page=page, reason=FlagReason.REVIEW_DUE):
        put_away(flag, by=by, note=note)


def flag_due(*, dry_run: bool = False, watch=lambda pages: pages) -> tuple[int, int]:
    """Flag every live page whose review is due, and put away the flags of those that were reviewed meanwhile.

    Returns how many were raised and how many put away. Safe to run at any time, and again.
    """
    raised = gone = 0
    site = PublishedSite()
    late = {page.key: page for page in watch(site.outline()) if page.is_late}
    for flag in Flag.objects.open().filter(reason=FlagReason.REVIEW_DUE).select_related("page"):
        if flag.page.key not in late:
            gone += 1
            if not dry_run:
                put_away(flag, by=None, note="The page was reviewed, or is not public any more.")
    known = set(Flag.objects.open().filter(reason=FlagReason.REVIEW_DUE).values_list("page__key", flat=True))
    for key in sorted(set(late) - known):
        raised += 1
        if not dry_run:
            due = late[key].review_due
            sentence = f"Its review was due on {due.day} {due:%B %Y}."
            raise_flag(Page.objects.get(key=key), reason=FlagReason.REVIEW_DUE, sentence=sentence)
    return raised, gone
