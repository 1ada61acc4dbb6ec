"""Following the links of references, and keeping what came of it."""

import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from math import inf
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from references.models import LinkCheck, Reference
from references.visiting import Visit, Visitor
from references.vocabulary import Outcome

# So many sites that all keep silent are not all down, and this one hardly ever is: then it is our network.
_HOSTS = 3
_NEVER_DOWN = "doi.org"
_Waiting = list[tuple[Reference, Visit, datetime]]


@dataclass
class Report:
    """What a run did: how many links had which outcome. Without a network nothing was kept.

    Which links are dead is asked of the rows (`LinkCheck.objects.dead()`): a run that died told nobody.
    """

    outcomes: Counter[Outcome] = field(default_factory=Counter)
    has_network: bool = True

    @property
    def checked(self) -> int:
        return self.outcomes.total()


def to_check(most: int) -> QuerySet[Reference]:
    """The references with a link, those first that were never followed or not for longest."""
    linked = Reference.objects.filter(~Q(doi="") | ~Q(url="")).select_related("link_check")
    return linked.order_by(F("link_check__checked_at").asc(nulls_first=True), "key")[:most]


def check(
    references: Iterable[Reference],
    *,
    visitor: Visitor,
    now: Callable[[], datetime] = timezone.now,
    seconds: float = inf,
    clock: Callable[[], float] = time.monotonic,
) -> Report:
    """Follow the link of each reference, until the time is used up, and keep what came of it.

    A run that dies keeps what it did: each outcome is stored when it is known, except that as long as no site answered
    at all, it may be our own network that fails, and the outcomes wait.
    """
    report, ends = Report(), clock() + seconds
    waiting: _Waiting = []
    for reference in references:
        if clock() >= ends:
            break
        visit, at = visitor.visit(reference.link), now()
        waiting.append((reference, visit, at))
        if visitor.was_answered:
            _keep_all(waiting, report)
    if waiting and _is_our_network(waiting):
        report.has_network = False
    else:
        _keep_all(waiting, report)
    return report


def _is_our_network(waiting: _Waiting) -> bool:
    """Whether it is us, where no site answered."""
    hosts = {urlsplit(reference.link).hostname for reference, *_ in waiting}
    return len(hosts) >= _HOSTS or _NEVER_DOWN in hosts or any(not visit.has_network for _, visit, _ in waiting)


def _keep_all(waiting: _Waiting, report: Report) -> None:
    for reference, visit, at in waiting:
        _keep(reference, visit, at, report)
    waiting.clear()


@transaction.atomic
def _keep(asked: Reference, visit: Visit, at: datetime, report: Report) -> None:
    """Store what came of a visit, unless the reference was deleted, or got another link, in the meantime."""
    reference = Reference.objects.select_for_update(no_key=True).filter(pk=asked.pk).first()
    if reference is None or reference.link != asked.link:
        return
    kept = LinkCheck.objects.filter(reference=reference).first()
    found = kept or LinkCheck(reference=reference, address=reference.link)
    found.note(visit, at=at)
    found.save()
    report.outcomes[visit.outcome] += 1
