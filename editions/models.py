"""The record: pages, their editions, the reviews of these, and the sealed list of public acts."""

import json
import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from basics.fields import KeyField, PlainCharField, PlainTextField
from basics.models import VersionedRow
from editions import kinds, seals
from editions.querysets import EditionQuerySet, SealedQuerySet
from editions.vocabulary import OPEN, Act, ChangeKind, Outcome, Progress, ReviewKind, Scope


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


class Page(models.Model):
    """A public address, and everything ever published there."""

    kind = models.CharField(max_length=20)
    slug = KeyField()
    # The kind and the slug that the page was born with. Seals, mentions and contents name the page by it for good.
    key = models.CharField(max_length=121, unique=True, editable=False)
    # How many changes its working copy has seen. Compared, not the clock, to tell who changed what since when.
    changes = models.PositiveBigIntegerField(default=0, editable=False)
    review_interval_months = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        help_text="Months after a review until the next one is due. Empty: the usual for its kind.",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "slug"], name="page_address_once"),
            models.CheckConstraint(
                condition=Q(review_interval_months__isnull=True) | Q(review_interval_months__range=(1, 60)),
                name="page_review_interval_sane",
                violation_error_message="A review is due after 1 to 60 months.",
            ),
        ]
        permissions = [
            ("withdraw_page", "Can withdraw a page"),
            ("move_page", "Can give a page a new address"),
            ("tell_doubt", "Can tell visitors of a doubt"),
            ("mark_source", "Can mark a source on every page that cites it"),
        ]

    def __str__(self):
        return self.key

    def save(self, *args, **kwargs):
        """Make a page, or store its review interval. Its address moves, and its changes are counted, by actions only."""
        if self._state.adding:
            self.key = f"{self.kind}/{self.slug}"
            kwargs["force_insert"] = True
        else:
            kwargs["update_fields"] = ["review_interval_months"]
        super().save(*args, **kwargs)

    def _store(self, **fields) -> None:
        """Store what only editions/actions changes."""
        for name, value in fields.items():
            setattr(self, name, value)
        models.QuerySet(Page).filter(pk=self.pk).update(**fields)

    @property
    def kind_of_page(self) -> "kinds.Kind":
        return kinds.kind(self.kind)

    def due_after_months(self) -> int:
        """The review interval in months: the page's own, or that of its kind."""
        return self.review_interval_months or self.kind_of_page.review_interval_months

    def get_absolute_url(self) -> str:
        return self.kind_of_page.address(self.slug)


class FormerSlug(models.Model):
    """An address that a page once had. It leads to the page's present address for good."""

    page = models.ForeignKey(Page, models.PROTECT, related_name="former_slugs")
    kind = models.CharField(max_length=20)
    slug = KeyField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "slug"], name="former_slug_once")]

    def __str__(self):
        return f"{self.kind}/{self.slug}"


class Contribution(models.Model):
    """That a person changed a page's working copy, and the page's count of changes when they last did."""

    page = models.ForeignKey(Page, models.CASCADE, related_name="contributions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="contributions")
    last_change = models.PositiveBigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["page", "user"], name="contribution_once_per_person")]

    def __str__(self):
        return f"{self.user} on {self.page}"


class WorkingCopy(VersionedRow):
    """The rows that staff edit for one page. Never public."""

    page = models.OneToOneField(Page, models.PROTECT, related_name="+", editable=False)

    stays_under = ("page",)

    class Meta(VersionedRow.Meta):
        abstract = True

    def hold(self) -> None:
        Page.objects.select_for_update(no_key=True).filter(pk=self.page_id).first()

    @property
    def slug(self) -> str:
        return self.page.slug


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
        indexes = [models.Index(F("page"), F("live_from").desc(), F("number").desc(), name="edition_live_at")]
        permissions = [
            ("submit_edition", "Can submit a page for review"),
            ("review_edition", "Can review an edition"),
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

    def compute_digest(self) -> str:
        """The hash of all that is frozen, by which entries of the record know the edition."""
        return seals.sha256(
            seals.canonical(
                {
                    "uid": str(self.uid),
                    "page": self.page.key,
                    "content": seals.sha256(self.content_json),
                    "change_kind": str(self.change_kind),
                    "change_note": self.change_note,
                    "changes_eligibility": self.changes_eligibility,
                    "review_interval_months": self.review_interval_months,
                    "changes_at_freeze": self.changes_at_freeze,
                    "contributors": self.contributors,
                    "submitted_by": self.submitted_by_id,
                    "submitted_at": seals.moment(self.submitted_at),
                }
            )
        )

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

    def is_urgent(self) -> bool:
        """Whether it was published before review."""
        return self.entries.filter(act=Act.PUBLISHED_URGENTLY).exists()


class Review(SealedRow):
    """One person's verdict on one edition."""

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="reviews")
    kind = models.CharField(max_length=20, choices=ReviewKind.choices())
    scope = models.CharField(max_length=20, choices=Scope.choices())
    outcome = models.CharField(max_length=20, choices=Outcome.choices())
    comment = PlainTextField(blank=True)
    made_at = models.DateTimeField()
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="reviews")
    # Copied from the reviewer on that day. Only the name can be removed, on request.
    reviewer_name = PlainCharField(max_length=160)
    name_salt = models.CharField(max_length=64)
    name_hash = models.CharField(max_length=64)
    reviewer_role = PlainCharField(max_length=330, blank=True)
    reviewer_interests = PlainTextField(blank=True)

    class Meta(SealedRow.Meta):
        ordering = ["pk"]
        default_permissions = ("view",)

    def __str__(self):
        return f"{ReviewKind(self.kind).label} review of {self.edition}"

    def compute_digest(self) -> str:
        """The hash of the review, by which its entry of the record knows it. The name is in it only as a salted hash."""
        return seals.sha256(
            seals.canonical(
                {
                    "uid": str(self.uid),
                    "edition": str(self.edition.uid),
                    "kind": str(self.kind),
                    "scope": str(self.scope),
                    "outcome": str(self.outcome),
                    "comment": self.comment,
                    "made_at": seals.moment(self.made_at),
                    "reviewer": self.reviewer_id,
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
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    by_name = PlainCharField(max_length=160)
    by_salt = models.CharField(max_length=64)
    previous_seal = models.CharField(max_length=64)
    seal = models.CharField(max_length=64, unique=True)

    class Meta(SealedRow.Meta):
        ordering = ["position"]
        verbose_name_plural = "entries"
        default_permissions = ("view",)
        permissions = [("remove_name", "Can remove a person's name from the record on request")]
        indexes = [
            models.Index(fields=["page", "act", "holds_from"], name="entry_of_page"),
            models.Index(fields=["subject", "holds_from"], name="entry_of_subject"),
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
        indexes = [models.Index(fields=["target", "relation"], name="mention_of_target")]
        default_permissions = ()

    def __str__(self):
        return f"{self.edition} {self.relation} {self.target}"
