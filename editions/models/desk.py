"""What staff ask of one another: reviews of an edition, by colleagues and by people from outside."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from basics.fields import PlainCharField, PlainTextField
from editions import seals
from editions.models.record import Edition, Review
from editions.vocabulary import REVIEWABLE


class ReviewRequest(models.Model):
    """That somebody was asked to review an edition, until when they can, and who asked."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="requests")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="review_requests")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    wanted_by = models.DateField(null=True, blank=True)
    note = PlainTextField(blank=True)

    class Meta:
        ordering = ["-pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["edition", "reviewer"], name="reviewrequest_once"),
        ]

    def __str__(self):
        return f"{self.reviewer} is asked to review {self.edition}"


class InvitationQuerySet(models.QuerySet):
    def usable(self):
        """Those that still open something: not used, not revoked, not expired, their edition not moved on."""
        return self.filter(
            review__isnull=True,
            revoked_at__isnull=True,
            expires_at__gt=timezone.now(),
            edition__progress__in=REVIEWABLE,
        )

    def with_token(self, token: str):
        """The usable invitation that a token opens, or None."""
        return (
            self.usable().select_related("edition__page", "invited_by").filter(token_hash=seals.sha256(token)).first()
        )


class Invitation(models.Model):
    """A link by which somebody without an account reviews one edition, once. Only the hash of its token is kept."""

    KEPT_FOR = timedelta(days=21)

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="invitations")
    token_hash = models.CharField(max_length=64, unique=True)
    name = PlainCharField(max_length=120)
    email = models.EmailField()
    note = PlainTextField(blank=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    review = models.OneToOneField(Review, models.PROTECT, null=True, blank=True, related_name="invitation")

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(review__isnull=True) | Q(revoked_at__isnull=True), name="invitation_used_or_revoked"
            )
        ]

    def __str__(self):
        return f"Invitation of {self.name} to review {self.edition}"

    @staticmethod
    def new_token() -> str:
        """256 random bits, in letters that an address can hold."""
        return secrets.token_urlsafe(32)

    @property
    def state(self) -> str:
        """Where it stands, in a word."""
        if self.review_id:
            return "used"
        if self.revoked_at:
            return "revoked"
        return "expired" if self.expires_at <= timezone.now() else "open"
