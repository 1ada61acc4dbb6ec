"""Which editions, in the editors' words."""

from datetime import datetime

from django.db import models
from django.db.models import BooleanField, Exists, ExpressionWrapper, F, OuterRef, Q, Subquery

from editions.vocabulary import OPEN, PUBLISHING, Act, Outcome, Progress


class SealedQuerySet(models.QuerySet):
    """Rows of the record are added one by one, and nothing else."""

    def _refuse(self, *args, **kwargs):
        from editions.models import Sealed

        raise Sealed(
            f"{str(self.model._meta.verbose_name_plural).capitalize()} are part of the record and never change."
        )

    update = delete = bulk_create = bulk_update = update_or_create = _refuse
    aupdate = adelete = abulk_create = abulk_update = aupdate_or_create = _refuse
    _raw_delete = _update = _refuse


class EditionQuerySet(SealedQuerySet):
    def live(self, at: datetime):
        """The edition of each page that visitors read at a moment. A withdrawn page has none."""
        return self.newest(at).exclude(self._withdrawn(at))

    def newest(self, at: datetime):
        """The edition of each page that went live last before a moment, also when the page was withdrawn since."""
        newest = (
            self.model._default_manager.filter(page=OuterRef("page"), progress=Progress.PUBLISHED, live_from__lte=at)
            .order_by("-number")
            .values("pk")[:1]
        )
        return self.filter(pk=Subquery(newest), progress=Progress.PUBLISHED, live_from__lte=at)

    def withdrawn(self, at: datetime):
        """The last edition of each page that is withdrawn at a moment."""
        from editions.models import Entry

        entries = Entry.objects.filter(act=Act.WITHDRAWN, holds_from__lte=at)  # few pages of many
        return self.newest(at).filter(self._withdrawn(at), page__in=set(entries.values_list("page", flat=True)))

    def _withdrawn(self, at: datetime) -> Exists:
        from editions.models import Entry

        return Exists(
            Entry.objects.filter(
                page=OuterRef("page"), act=Act.WITHDRAWN, holds_from__lte=at, holds_from__gte=OuterRef("live_from")
            )
        )

    def public(self, at: datetime):
        """Every edition that went live up to a moment, past ones included."""
        return self.filter(progress=Progress.PUBLISHED, live_from__lte=at)

    def scheduled(self, at: datetime):
        """Editions whose moment has not come."""
        return self.filter(progress=Progress.PUBLISHED, live_from__gt=at)

    def open(self):
        """Editions that wait for a review or for publication."""
        return self.filter(progress__in=OPEN, live_from__isnull=True)  # what is not published has no moment: an index

    def reviewed_before(self, page):
        """The newest edition of a page that is live or past and that somebody has reviewed, or None.

        What comes after it is new to every reader but its authors. A scheduled edition does not count before its
        moment: it can still be taken off the schedule, and its changes would come back as part of the next.
        """
        from editions.record import now

        published = self.filter(page=page, progress=Progress.PUBLISHED, live_from__lte=now())
        return published.exclude(self._unread(now())).order_by("-number").first()

    def unread_since(self, edition, page):
        """Editions of a page published after `edition`, the newest reviewed one; all of them, if there is none.

        What `reviewed_before` gives leaves out those published urgently and not read since, so these are just those.
        """
        later = self.filter(page=page, progress=Progress.PUBLISHED)
        return later.filter(number__gt=edition.number) if edition else later

    def _unread(self, at: datetime) -> Exists:
        """Whether an edition was published before review and is still unread: an entry that says so, no approval since."""
        from editions.models import Entry, Review

        approved = Review.objects.filter(
            edition=OuterRef("edition"),
            made_at__range=(OuterRef("at"), at),
            outcome=Outcome.APPROVED,
            entry__isnull=False,
        )
        urgent = Entry.objects.filter(edition=OuterRef("pk"), act=Act.PUBLISHED_URGENTLY)
        return Exists(urgent.exclude(Exists(approved)))

    def unread(self):
        """Editions that were published before review, and that nobody has read since: found by the acts, which are few."""
        from editions.models import Entry
        from editions.record import now

        urgent = Entry.objects.filter(act=Act.PUBLISHED_URGENTLY).values("edition")
        return self.filter(self._unread(now()), progress=Progress.PUBLISHED, pk__in=urgent)

    def awaiting_review(self):
        """Editions in review, and those that were published before review."""
        from editions.record import now

        return self.filter(Q(progress=Progress.IN_REVIEW) | Q(Q(progress=Progress.PUBLISHED), self._unread(now())))


class EntryQuerySet(SealedQuerySet):
    def with_told(self, at: datetime):
        """Each entry with `is_told`: whether visitors are told what it says at a moment.

        Not told is what speaks of an edition, a page or a source that nobody outside could read so far, and a review that
        asked for changes before its edition was published. Of these the public record shows the seal only.
        """
        from editions.models import Edition, Mention, Review

        public = Edition.objects.public(at)
        objection = Review.objects.filter(pk=OuterRef("review"), made_at__lte=F("edition__published_at"))
        objected = Q(Exists(objection.exclude(outcome=Outcome.APPROVED)))
        of_edition = Q(Exists(public.filter(pk=OuterRef("edition"))), edition__isnull=False) & ~objected
        of_page = Q(Exists(public.filter(page=OuterRef("page"))), edition__isnull=True, page__isnull=False)
        # Joined rather than nested: SQLite would list every public edition anew for each entry.
        cited = Mention.objects.filter(
            relation="cites",
            target=OuterRef("subject"),
            edition__progress=Progress.PUBLISHED,
            edition__live_from__lte=at,
        )
        of_source = Q(edition__isnull=True, page__isnull=True) & (Q(subject="") | Q(Exists(cited)))
        return self.annotate(is_told=ExpressionWrapper(of_edition | of_page | of_source, BooleanField()))

    def news(self, at: datetime):
        """The entries that tell visitors of a change, up to a moment, newest first.

        An edition that was taken off the schedule and published again is news once. A review that came before the
        publication is told with it.
        """
        again = self.model._default_manager.filter(
            edition=OuterRef("edition"), act__in=PUBLISHING, position__gt=OuterRef("position"), at__lte=at
        )
        told = self.filter(at__lte=at, holds_from__lte=at).with_told(at).filter(is_told=True)
        told = told.exclude(act__in=(Act.UNSCHEDULED, Act.NAME_REMOVED)).exclude(Q(act__in=PUBLISHING) & Exists(again))
        return told.exclude(act=Act.REVIEWED, at__lte=F("edition__published_at")).order_by("-holds_from", "-position")
