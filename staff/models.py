"""The people who write, review and publish."""

import secrets
from typing import ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models import Q
from django.utils.crypto import salted_hmac

from basics.fields import PlainCharField, PlainTextField
from staff.recovery import RecoveryCode
from staff.sessions import Session
from staff.sign_ins import SignIn

__all__ = ["NeverDeleted", "RecoveryCode", "Session", "SignIn", "User", "one_time_password"]

# Letters and digits that nobody mistakes for one another.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def one_time_password() -> str:
    """Four groups of four letters, to be read out on the telephone: about 79 bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))


class NeverDeleted(Exception):
    """Somebody tried to delete a person. Their name stands on reviews and revisions: deactivate the account instead."""

    def __init__(self):
        super().__init__(
            "Accounts are never deleted, because reviews and revisions name the person. Untick “Active” instead."
        )


class UserQuerySet(models.QuerySet):
    def delete(self):
        raise NeverDeleted


class StaffManager(UserManager):
    def get_queryset(self):
        return UserQuerySet(self.model, using=self._db)

    def who_may(self, permission: str):
        """The active people whose roles give a right: `editions.review_edition`. Who may do everything is not meant."""
        backend = "django.contrib.auth.backends.ModelBackend"
        return self.with_perm(permission, backend=backend, include_superusers=False)


class User(AbstractUser):
    """A member of staff, with what the public may know of them."""

    public_name = PlainCharField(
        max_length=120, blank=True, help_text="The name that stands on your reviews, e.g. “Dr Ada Lovelace”."
    )
    professional_role = PlainCharField(
        max_length=160, blank=True, help_text="What you are, for readers: “sarcoma nurse specialist”."
    )
    organisation = PlainCharField(max_length=160, blank=True)
    interests = PlainTextField(
        blank=True,
        help_text="What a reader should know of your ties to makers of drugs, in one or two sentences. “None” is an answer.",
    )
    interests_declared_on = models.DateField(null=True, blank=True)
    password_is_one_time = models.BooleanField(default=False, editable=False)
    second_factor_since = models.DateTimeField(null=True, blank=True, editable=False)

    objects: ClassVar[StaffManager] = StaffManager()

    class Meta(AbstractUser.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(interests="") | Q(interests_declared_on__isnull=False),
                name="user_interests_are_dated",
                violation_error_message="Give the day on which the interests were declared.",
            ),
        ]

    def __str__(self):
        return self.public_name or self.get_full_name() or self.username

    @property
    def role_line(self) -> str:
        """Role and organisation as a reader sees them: “sarcoma nurse, Leeds Teaching Hospitals”."""
        return ", ".join(part for part in (self.professional_role, self.organisation) if part)

    def set_password(self, raw_password):
        super().set_password(raw_password)
        self.password_is_one_time = False

    def set_one_time_password(self, raw_password: str) -> None:
        """Set a password that has to be changed at the first sign-in."""
        self.set_password(raw_password)
        self.password_is_one_time = True

    def save(self, *args, **kwargs):
        ends_sessions = self.pk and (getattr(self, "_password", None) is not None or not self.is_active)
        super().save(*args, **kwargs)
        if ends_sessions:  # whoever leaves, or has a new password, is signed in nowhere
            self.sessions.all().delete()

    def _get_session_auth_hash(self, secret=None):
        """What a session has to have begun with: a second factor that came later ends it, as a new password does."""
        since = self.second_factor_since.isoformat() if self.second_factor_since else ""
        return salted_hmac("staff.session", f"{self.password}{since}", secret=secret, algorithm="sha256").hexdigest()

    def delete(self, *args, **kwargs):
        raise NeverDeleted
