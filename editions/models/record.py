"""The record: editions, their reviews, and the sealed list of public acts."""

import json
import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from basics.fields import PlainCharField, PlainTextField
from editions import seals
from editions.models.pages import Page
from editions.querysets import EditionQuerySet, EntryQuerySet, SealedQuerySet
from editions.vocabulary import OPEN, Act, ChangeKind, Check, Outcome, Progress, ReviewKind, Scope


class Sealed(Exception):
    """Somebody tried to change what never changes."""


class SealedRow(models.Model):
    """A row that is only ever added. The database refuses the rest as well (editions/triggers.py)."""

    objects = SealedQuerySet.as_manager()

    class Meta:
        abstract = True
        base_manager_name = "objects"  # what related managers write through

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise Sealed(f"{str(self._meta.verbose_name).capitalize()} “{self}” never changes after it is made.")
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args, **kwargs):
        raise Sealed(
            f"{str(self._meta.verbose_name).capitalize()} “{self}” is part of the record and is never deleted."
        )


class Edition(models.Model):
    """A page's content, frozen when it was submitted for review."""

    # Everything else is frozen from the moment the edition is created.
    MOVING_FIELDS = frozenset({"progress", "number", "published_at", "published_by", "live_from"})

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    page = models.ForeignKey(Page, models.PROTECT, related_name="editions")
    content_json = models.TextField("content")  # text, not a JSON column: its bytes are what was sealed
    change_kind = models.CharField(max_length=20, choices=ChangeKind.choices())
    change_note = PlainTextField()
    changes_eligibility = models.BooleanField("changes who can have the drug", default=False)
    review_interval_months = models.PositiveSmallIntegerField()
    changes_at_freeze = models.PositiveBigIntegerField()
    # Who changed the page's working copy since the edition before: numbers of people, frozen with what they wrote.
    contributors = models.JSONField(default=list)
    # The kinds of review without which it is not approved, frozen as they were asked for; none: one review of any kind.
    reviews_needed = models.JSONField(default=list)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="submitted_editions")
    submitted_at = models.DateTimeField()
    digest = models.CharField(max_length=64, editable=False)

    progress = models.CharField(max_length=20, choices=Progress.choices(), default=Progress.IN_REVIEW)
    number = models.PositiveIntegerField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="published_editions"
    )
    live_from = models.DateTimeField(null=True, blank=True)

    objects = EditionQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["page", "number"], name="edition_number_once_per_page"),
            models.UniqueConstraint(
                fields=["page"],
                condition=Q(progress__in=[str(step) for step in OPEN]),
                name="edition_one_open_per_page",
            ),
            models.CheckConstraint(
                condition=(
                    Q(
                        progress="published",
                        number__gte=1,
                        published_at__isnull=False,
                        published_by__isnull=False,
                        live_from__isnull=False,
                    )
                    | Q(
                        ~Q(progress="published"),
                        number__isnull=True,
                        published_at__isnull=True,
                        published_by__isnull=True,
                        live_from__isnull=True,
                    )
                ),
                name="edition_published_as_a_whole",
            ),
        ]
        indexes = [
            models.Index(F("page"), F("live_from").desc(), F("number").desc(), name="edition_live_at"),
            models.Index(fields=["live_from"], name="edition_live_from"),  # what is scheduled, without reading contents
        ]
        permissions = [
            ("submit_edition", "Can submit a page for review"),
            ("review_edition", "Can review an edition"),
            ("invite_reviewer", "Can invite a reviewer from outside"),
            ("correct_note", "Can correct the change note of a published edition"),
            ("publish_edition", "Can publish an edition"),
            ("publish_urgently", "Can publish before review"),
            ("carry_over", "Can carry a page over from elsewhere"),
        ]
        default_permissions = ("view",)

    def __str__(self):
        if self.number:
            return f"{self.page} edition {self.number}"
        return f"{self.page}, {Progress(self.progress).label}"

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise Sealed(f"{self}: an edition never changes. Its progress moves through editions.actions.")
        self.digest = self.compute_digest()
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args, **kwargs):
        raise Sealed(f"{self} is part of the record and is never deleted.")

    def _move(self, **moving) -> None:
        """Store a step of its progress. Only editions/actions calls this; the database checks it against the record."""
        if surplus := set(moving) - self.MOVING_FIELDS:
            raise Sealed(f"{self}: {', '.join(sorted(surplus))} never change.")
        for name, value in moving.items():
            setattr(self, name, value)
        models.QuerySet(Edition).filter(pk=self.pk).update(**moving)
        if "live_from" in moving:
            _keep_listings(self.page_id)

    def frozen(self) -> dict:
        """All that is frozen of it, as it enters the digest: the content by its own hash."""
        return {
            "uid": str(self.uid),
            "page": self.page.key,
            "content": seals.sha256(self.content_json),
            "change_kind": str(self.change_kind),
            "change_note": self.change_note,
            "changes_eligibility": self.changes_eligibility,
            "review_interval_months": self.review_interval_months,
            "changes_at_freeze": self.changes_at_freeze,
            "contributors": self.contributors,
            "reviews_needed": self.reviews_needed,
            "submitted_by": self.submitted_by_id,
            "submitted_at": seals.moment(self.submitted_at),
        }

    def compute_digest(self) -> str:
        """The hash of all that is frozen, by which entries of the record know the edition."""
        return seals.sha256(seals.canonical(self.frozen()))

    @property
    def content(self):
        """What a visitor reads, as a typed value."""
        return self.page.kind_of_page.read(self.content_json)

    def is_open(self) -> bool:
        return self.progress in OPEN

    def is_scheduled(self, at) -> bool:
        return self.progress == Progress.PUBLISHED and self.live_from > at

    def is_work_of(self, user) -> bool:
        """Four eyes: whether the user submitted this edition, published it before review, or changed the page's
        working copy since the reviewed edition before it."""
        if user.pk == self.submitted_by_id or user.pk in self.contributors:
            return True
        if self.published_by_id == user.pk and self.is_urgent():
            return True
        return self.page.contributions.filter(user=user, last_change__gt=self.changes_at_freeze).exists()

    def kinds_given(self) -> set[str]:
        """The kinds of review that approve this edition so far."""
        return {kind for one in self.reviews.all() if one.outcome == Outcome.APPROVED for kind in one.kinds}

    def kinds_missing(self) -> list[str]:
        """The kinds of review that it still needs before it is approved."""
        given = self.kinds_given()
        return [kind for kind in self.reviews_needed if kind not in given]

    def current_note(self) -> str:
        """The change note that readers see: the newest correction of it, or the one that was frozen."""
        corrected = self.entries.filter(act=Act.NOTE_CORRECTED).order_by("position").last()
        return corrected.details["note"] if corrected else self.change_note

    def still_needed(self) -> str:
        """What it waits for, in a sentence; nothing if any one review is enough."""
        missing = " and ".join(ReviewKind(kind).label for kind in self.kinds_missing())
        return f"It needs a {missing} review." if missing else ""

    def is_urgent(self) -> bool:
        """Whether it was published before review."""
        return self.entries.filter(act=Act.PUBLISHED_URGENTLY).exists()


def _keep_listings(page: int) -> None:
    from editions.derived import keep_listings

    keep_listings([page])


class Review(SealedRow):
    """One person's verdict on one edition: a member of staff's, or that of somebody whom one of them invited."""

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="reviews")
    kinds = models.JSONField(default=list)  # of ReviewKind, in its order
    scope = models.CharField(max_length=20, choices=Scope.choices())
    outcome = models.CharField(max_length=20, choices=Outcome.choices())
    comment = PlainTextField(blank=True)
    remarks = models.JSONField(default=list)  # {"part": key, "label": words, "text": words} for parts of the page
    checked = models.JSONField(default=list)  # of Check: what the reviewer says they looked at
    made_at = models.DateTimeField()
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="reviews")
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    # Copied from the reviewer on that day. Only the name can be removed, on request.
    reviewer_name = PlainCharField(max_length=160)
    name_salt = models.CharField(max_length=64)
    name_hash = models.CharField(max_length=64)
    reviewer_role = PlainCharField(max_length=330, blank=True)
    reviewer_interests = PlainTextField(blank=True)

    class Meta(SealedRow.Meta):
        ordering = ["pk"]
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(
                condition=Q(reviewer__isnull=False, invited_by__isnull=True)
                | Q(reviewer__isnull=True, invited_by__isnull=False),
                name="review_by_staff_or_by_invitation",
            )
        ]

    def __str__(self):
        return f"{self.kinds_line} review of {self.edition}"

    def is_reading_of_the_whole(self) -> bool:
        """Whether “last reviewed” can rest on it."""
        return self.outcome == Outcome.APPROVED and self.scope == Scope.WHOLE_PAGE

    @property
    def kinds_line(self) -> str:
        """Its kinds in words: “clinical and plain English”."""
        return " and ".join(ReviewKind(kind).label for kind in self.kinds)

    @property
    def checked_lines(self) -> list[str]:
        return [Check(one).label for one in self.checked]

    def compute_digest(self) -> str:
        """The hash of the review, by which its entry of the record knows it. The name is in it only as a salted hash."""
        return seals.sha256(
            seals.canonical(
                {
                    "uid": str(self.uid),
                    "edition": str(self.edition.uid),
                    "kinds": self.kinds,
                    "scope": str(self.scope),
                    "outcome": str(self.outcome),
                    "comment": self.comment,
                    "remarks": self.remarks,
                    "checked": self.checked,
                    "made_at": seals.moment(self.made_at),
                    "reviewer": self.reviewer_id,
                    "invited_by": self.invited_by_id,
                    "name": self.name_hash,
                    "role": self.reviewer_role,
                    "interests": self.reviewer_interests,
                }
            )
        )


class Entry(SealedRow):
    """One public act, sealed. The statement is what was sealed; the other columns only make it quick to find."""

    position = models.PositiveBigIntegerField(unique=True)
    act = models.CharField(max_length=30, choices=Act.choices())
    page = models.ForeignKey(Page, models.PROTECT, null=True, related_name="entries")
    edition = models.ForeignKey(Edition, models.PROTECT, null=True, related_name="entries")
    review = models.OneToOneField(Review, models.PROTECT, null=True, related_name="entry")
    subject = models.CharField(max_length=140, blank=True)  # e.g. `reference/moroncini-2018`
    at = models.DateTimeField()
    holds_from = models.DateTimeField()
    statement = models.TextField()
    # Nobody of the staff if an invited reviewer did it: the review says who invited them.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    by_name = PlainCharField(max_length=160)
    by_salt = models.CharField(max_length=64)
    previous_seal = models.CharField(max_length=64)
    seal = models.CharField(max_length=64, unique=True)

    is_told: bool  # whether visitors are told what it says; EntryQuerySet.with_told works it out

    objects: ClassVar = EntryQuerySet.as_manager()

    class Meta(SealedRow.Meta):
        ordering = ["position"]
        verbose_name_plural = "entries"
        default_permissions = ("view",)
        permissions = [("remove_name", "Can remove a person's name from the record on request")]
        indexes = [
            models.Index(fields=["page", "act", "holds_from"], name="entry_of_page"),
            models.Index(fields=["subject", "holds_from"], name="entry_of_subject"),
            models.Index(fields=["act", "edition"], name="entry_of_act"),
            models.Index(F("holds_from").desc(), F("position").desc(), name="entry_newest"),
        ]

    @property
    def details(self) -> dict:
        """The act's own facts, as they were sealed."""
        return json.loads(self.statement)["details"]

    def __str__(self):
        return f"entry {self.position}: {Act(self.act).label} {self.edition or self.page or self.subject}"


class Record(models.Model):
    """One row: how many entries there are and the newest seal. Locking it makes public acts happen one at a time."""

    entries = models.PositiveBigIntegerField(default=0)
    head = models.CharField(max_length=64, default=seals.GENESIS)

    class Meta:
        default_permissions = ()

    def __str__(self):
        return f"{self.entries} entries, seal {self.head}"


class Mention(models.Model):
    """An edition's tie to another thing: `treats condition/gist`, `cites reference/nakano-2018`."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="mentions")
    relation = models.CharField(max_length=30)
    target = models.CharField(max_length=140)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "relation", "target"], name="mention_once_per_edition")
        ]
        indexes = [
            models.Index(fields=["target", "relation"], name="mention_of_target"),
            models.Index(fields=["relation", "target"], name="mention_by_relation"),
        ]
        default_permissions = ()

    def __str__(self):
        return f"{self.edition} {self.relation} {self.target}"
