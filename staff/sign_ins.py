"""Who tried to sign in, when, from where, and what came of it."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from basics.vocabulary import Vocabulary


class SignInOutcome(Vocabulary):
    WRONG = "wrong", "wrong name or password"
    LOCKED = "locked", "not looked at: too many wrong tries"
    SIGNED_IN = "signed_in", "signed in"
    SIGNED_OUT = "signed_out", "signed out"


class SignIn(models.Model):
    """One try to sign in, or a signing out."""

    name = models.CharField(max_length=150)  # as it was typed, in small letters
    address = models.GenericIPAddressField(null=True)
    at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=20, choices=SignInOutcome.choices())
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="sign_ins")

    class Meta:
        ordering = ["-pk"]
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["name", "at"], name="signin_of_name"),
            models.Index(fields=["address", "at"], name="signin_of_address"),
        ]

    def __str__(self):
        return f"{self.name}, {SignInOutcome(self.outcome).label}, {self.at:%Y-%m-%d %H:%M}"
