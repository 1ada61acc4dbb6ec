"""Public addresses, and who changed what stands behind them."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from basics.fields import KeyField
from basics.models import VersionedRow
from editions import kinds
from editions.vocabulary import Act


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

    # Who is reminded of its review.
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="owned_pages"
    )
    stand_in = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

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
            ("care_for_page", "Can say who looks after a page, and how often it is reviewed"),
            ("mark_source", "Can mark a source on every page that cites it"),
        ]

    def __str__(self):
        return self.key

    def save(self, *args, **kwargs):
        """Make a page, or store who looks after it, and how often.

        Its address moves, and its changes are counted, by actions only.
        """
        if self._state.adding:
            self.key = f"{self.kind}/{self.slug}"
            kwargs["force_insert"] = True
        else:
            kwargs["update_fields"] = ["review_interval_months", "owner", "stand_in"]
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

    def newest_doubt(self):
        """The entry by which visitors are told of a doubt about this page now, or None."""
        newest = self.entries.filter(act__in=[Act.DOUBT_TOLD, Act.DOUBT_SETTLED]).order_by("position").last()
        return newest if newest and newest.act == Act.DOUBT_TOLD else None

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
