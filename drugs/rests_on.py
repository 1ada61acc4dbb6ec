"""Which pages rest on a source, and telling their editors when a source falls."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils import formats, timezone

from drugs.changes import pages_citing
from editions import actions
from editions.actions.flags import put_away
from editions.models import Edition, Flag, Page
from editions.vocabulary import FlagReason
from references.models import LinkCheck, Reference


def pages_resting_on(reference: Reference) -> QuerySet[Page]:
    """The pages that cite a source: in their working copy, in what visitors read, or in what they will read."""
    now = timezone.now()
    public = Edition.objects.live(now) | Edition.objects.scheduled(now)
    citing = public.filter(mentions__relation="cites", mentions__target=subject_of(reference))
    return Page.objects.filter(Q(pk__in=set(pages_citing(reference))) | Q(pk__in=citing.values("page"))).order_by("key")


def subject_of(reference: Reference) -> str:
    """What a flag about a source says that it is about."""
    return f"reference/{reference.key}"


def flag_dead_link(check: LinkCheck) -> list[Flag]:
    """Flag every page that rests on a source whose link is dead. Each page is told once, until the link opens again."""
    about = Flag.objects.filter(reason=FlagReason.LINK_DEAD, subject=subject_of(check.reference))
    told = about.filter(Q(resolved_at__isnull=True) | Q(raised_at__gte=check.failing_since))
    return actions.raise_on_pages(
        _keys(pages_resting_on(check.reference), told),
        reason=FlagReason.LINK_DEAD,
        subject=subject_of(check.reference),
        sentence=_dead_sentence(check),
    )


def _keys(pages: QuerySet[Page], told: QuerySet[Flag]) -> Iterable[str]:
    """The pages on which none of these flags was raised."""
    return pages.exclude(pk__in=told.values("page")).values_list("key", flat=True)


def _dead_sentence(check: LinkCheck) -> str:
    since = formats.date_format(timezone.localtime(check.failing_since), "j F Y")
    return (
        f"The link of the source “{check.reference.key}” is dead: {check.said} It fails since {since}. "
        f"Give the source an address that opens, or cite another. {check.address}"
    )


def put_away_dead_link(check: LinkCheck) -> int:
    """Put away the flags about a link that opens again. Returns how many. What visitors were told of stays."""
    open_ones = Flag.objects.open().filter(
        reason=FlagReason.LINK_DEAD, subject=subject_of(check.reference), told__isnull=True
    )
    return len([put_away(flag, by=None, note="The link opens again.") for flag in open_ones])
