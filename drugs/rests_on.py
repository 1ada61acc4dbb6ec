"""Which pages rest on a source, and telling their editors when a source falls."""

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import formats, timezone

from drugs.changes import pages_citing
from editions import actions
from editions.actions.flags import put_away
from editions.models import Edition, Flag, Mention, Page
from editions.vocabulary import FlagReason
from references.models import LinkCheck, Notice, Reference
from references.vocabulary import Nature


def pages_resting_on(reference: Reference) -> QuerySet[Page]:
    """The pages that cite a source: in their working copy, in what visitors read, or in what they will read."""
    now = timezone.now()
    public = Edition.objects.live(now) | Edition.objects.scheduled(now)
    citing = public.filter(mentions__relation="cites", mentions__target=subject_of(reference))
    return Page.objects.filter(Q(pk__in=set(pages_citing(reference))) | Q(pk__in=citing.values("page"))).order_by("key")


def subject_of(reference: Reference) -> str:
    """What a flag about a source says that it is about."""
    return f"reference/{reference.key}"


@transaction.atomic
def mark(reference: Reference, *, by, seen_mark: int | None = None, **said) -> None:
    """Mark a source with `actions.mark_source`, and with the same words its duplicates that published pages cite."""
    actions.mark_source(reference.key, by=by, seen_mark=seen_mark, **said)
    for duplicate in reference.merged.all():
        cited = Mention.objects.filter(relation="cites", target=subject_of(duplicate), edition__number__isnull=False)
        if cited.exists():
            actions.mark_source(duplicate.key, by=by, **said)


def flag_dead_links() -> list[Flag]:
    """Flag every page that rests on a source whose link is dead. Each page is told once, until the link opens again."""
    dead = LinkCheck.objects.dead().select_related("reference")
    return [flag for check in dead for flag in _flag_dead(check)]


def _flag_dead(check: LinkCheck) -> list[Flag]:
    subject = subject_of(check.reference)
    about = Flag.objects.filter(reason=FlagReason.LINK_DEAD, subject=subject)
    told = about.filter(Q(resolved_at__isnull=True) | Q(raised_at__gte=check.failing_since))
    pages = pages_resting_on(check.reference).exclude(pk__in=told.values("page"))
    return actions.raise_on_pages(
        pages.values_list("key", flat=True),
        reason=FlagReason.LINK_DEAD,
        subject=subject,
        sentence=_dead_sentence(check),
    )


def _dead_sentence(check: LinkCheck) -> str:
    since = formats.date_format(timezone.localtime(check.failing_since), "j F Y")
    return (
        f"The link of the source “{check.reference.key}” is dead since {since}: {check.said} "
        f"Give the source an address that opens, or cite another. {check.address}"
    )


def put_away_opening_links() -> int:
    """Put away the flags about links that open again. Returns how many. What visitors were told of stays."""
    flags = list(Flag.objects.open().filter(reason=FlagReason.LINK_DEAD, told__isnull=True))
    keys = {flag.subject.removeprefix("reference/") for flag in flags}
    opening = LinkCheck.objects.opening().filter(reference__key__in=keys).select_related("reference")
    subjects = {subject_of(check.reference) for check in opening}
    return len([put_away(flag, by=None, note="The link opens again.") for flag in flags if flag.subject in subjects])


def flag_fallen() -> list[Flag]:
    """Flag every page that rests on a source that a notice speaks of. Each page is told of each notice once, for good."""
    noticed = Reference.objects.filter(pk__in=Notice.objects.values("reference"))
    return [flag for reference in noticed for flag in _flag_fallen(reference)]


def _flag_fallen(reference: Reference) -> list[Flag]:
    notice = Notice.holding_for(reference) or reference.notices.first()  # or it is itself the notice, of several papers
    if notice is None:
        return []
    of_source = f"{subject_of(reference)}#"
    # A notice can speak of many papers, in as many records; who cites the notice is told once.
    subject = f"{of_source}notice" if notice.is_notice else f"{of_source}{notice.record}"
    told = Flag.objects.filter(reason=FlagReason.SOURCE_CHANGED, subject__startswith=of_source)
    resting = pages_resting_on(reference)
    if other := reference.merged_into:  # what is cited instead of a duplicate is the same source
        resting |= pages_resting_on(other)
    pages = resting.exclude(pk__in=told.filter(subject=subject).values("page"))
    if notice.nature == Nature.REINSTATEMENT:  # news only to those who were told that the source fell
        pages = pages.filter(pk__in=told.values("page"))
    return actions.raise_on_pages(
        pages.values_list("key", flat=True),
        reason=FlagReason.SOURCE_CHANGED,
        subject=subject,
        sentence=f"The source “{reference.stands_in or reference.key}” that it cites has to be looked at. {notice.sentence}",
    )
