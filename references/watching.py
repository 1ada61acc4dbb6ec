"""What is known of the sources beside what editors write: whether a link opens, and what notices there are of a paper.

Neither is versioned, nor part of what a page freezes: no person wrote it, and it is true of now only.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils import formats, timezone

from basics.text import legible
from references import retractions
from references.content import Standing
from references.vocabulary import FAILING, GOOD, Nature, Outcome

if TYPE_CHECKING:
    from references.models import Reference
    from references.visiting import Visit

# A site may be away for some days, and come back.
FAILED_DAYS = 3
FAILED_FOR = timedelta(days=7)
SAID = 400  # characters of what other servers and lists say that are kept


class LinkCheckQuerySet(models.QuerySet):
    def dead(self):
        """Those that failed on so many days, over so long, that nobody waits any more."""
        return self.filter(
            outcome__in=FAILING,  # to be put off is no failure, and its moment makes none longer
            failures__gte=FAILED_DAYS,
            checked_at__gte=F("failing_since") + FAILED_FOR,
        )

    def opening(self):
        return self.filter(outcome__in=GOOD)


class LinkCheck(models.Model):
    """What came of following a reference's link. It goes when the link is edited."""

    reference = models.OneToOneField("references.Reference", models.CASCADE, related_name="link_check")
    address = models.TextField()  # that was asked
    checked_at = models.DateTimeField()
    outcome = models.CharField(max_length=20, choices=Outcome.choices())
    said = models.TextField()
    status = models.PositiveSmallIntegerField(null=True)
    leads_to = models.TextField(blank=True)
    last_good_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)  # days in a row on which it failed
    failing_since = models.DateTimeField(null=True)

    objects = LinkCheckQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(failures=0, failing_since__isnull=True) | Q(failures__gt=0, failing_since__isnull=False),
                name="linkcheck_fails_since_a_moment",
            )
        ]

    def __str__(self):
        return f"{self.address}: {Outcome(self.outcome).label}"

    @property
    def is_dead(self) -> bool:
        """As `LinkCheckQuerySet.dead`."""
        if self.failing_since is None or self.outcome not in FAILING:
            return False
        return self.failures >= FAILED_DAYS and self.checked_at - self.failing_since >= FAILED_FOR

    def in_words(self) -> str:
        """What came of it, for an editor: “It has moved for good. It leads to https://… Followed on 3 May 2026.”"""
        said = [self.said]
        if self.outcome in {Outcome.REFUSED, Outcome.ROBOTS}:
            said.append("A person can probably read it.")
        if self.leads_to and self.leads_to != self.address:
            said.append(f"It leads to {self.leads_to}")
        if self.is_dead:
            said.append("It has failed for so long that it counts as dead.")
        said.append(f"Followed on {formats.date_format(timezone.localtime(self.checked_at), 'j F Y')}.")
        return " ".join(said)

    def note(self, visit: "Visit", *, at: datetime) -> None:
        """Take in what came of a visit. Failures count once a day; being put off counts neither way."""
        if visit.outcome in FAILING:
            if not self.failures or _day(self.checked_at) < _day(at):
                self.failures += 1
            self.failing_since = self.failing_since or at
        elif visit.outcome != Outcome.PUT_OFF:
            self.failures, self.failing_since = 0, None
        if visit.outcome in GOOD:
            self.last_good_at = at
        self.checked_at, self.outcome = at, visit.outcome
        self.said = legible(visit.said, SAID)  # it may quote what a site sent
        self.status, self.leads_to = visit.status, visit.leads_to


def _day(moment: datetime):
    return timezone.localtime(moment).date()


class Notice(models.Model):
    """That a list of retractions names a reference: what was done to the paper, when, and where that is said.

    It changes nothing of the reference: how far a source can be relied on is said by a person.
    """

    reference = models.ForeignKey("references.Reference", models.CASCADE, related_name="notices")
    record = models.PositiveBigIntegerField()  # its number in the list
    is_notice = models.BooleanField(default=False)  # the reference is no paper, but the notice itself
    nature = models.CharField(max_length=30, choices=Nature.choices())
    made_on = models.DateField(null=True)
    title = models.TextField(blank=True)  # of the paper
    notice_doi = models.TextField(blank=True)
    notice_pmid = models.TextField(blank=True)
    reasons = models.TextField(blank=True)
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["reference", "record"], name="notice_once_per_record")]

    def __str__(self):
        return f"{self.reference.key} {Nature(self.nature).label}"

    @classmethod
    def holding_for(cls, reference: "Reference") -> "Notice | None":
        """The notice that holds for a paper (see references.retractions.holding), or None."""
        return retractions.holding(cls.objects.filter(reference=reference, is_notice=False))

    @property
    def sentence(self) -> str:
        """What was done, for an editor: “It was retracted on 3 May 2018 (notice: doi 10.1000/n): “…”. Reasons: …”."""
        what = "It is itself the notice by which a paper was" if self.is_notice else "It was"
        reasons = f" Reasons: {legible(self.reasons, SAID)}." if self.reasons else ""
        return f"{what} {self._what_and_when()}: “{self.title}”.{reasons}"

    @property
    def for_readers(self) -> str:
        """What was done, as a publisher can say it beside the source: “It was retracted on 3 May 2018 (notice: doi …).”"""
        return f"It was {self._what_and_when()}."

    def _what_and_when(self) -> str:
        day = f" on {formats.date_format(self.made_on, 'j F Y')}" if self.made_on else ""
        return f"{Nature(self.nature).label}{day}{self._where_said()}"

    def _where_said(self) -> str:
        if self.notice_doi:
            return f" (notice: doi {self.notice_doi})"
        return f" (notice: PubMed {self.notice_pmid})" if self.notice_pmid else ""

    @property
    def standing(self) -> Standing | None:
        """The standing that follows for the paper, for a person to decide on; None where no word of ours fits."""
        return _STANDINGS.get(Nature(self.nature))


_STANDINGS = {
    Nature.RETRACTION: Standing.RETRACTED,
    Nature.CORRECTION: Standing.CORRECTED,
    Nature.REINSTATEMENT: Standing.CURRENT,
}
