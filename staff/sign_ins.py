"""Who tried to sign in, when, from where, and what came of it."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from basics.vocabulary import Vocabulary


class SignInOutcome(Vocabulary):
    WRONG = "wrong", "wrong name or password"
    WRONG_CODE = "wrong_code", "wrong code of the second factor"
    LOCKED = "locked", "not looked at: too many wrong tries"
    CODE_ASKED = "code_asked", "right password, the second factor asked for"
    PASSWORD_GIVEN = "password_given", "right password, given once more"
    CODE_GIVEN = "code_given", "right code of the second factor"
    SIGNED_IN = "signed_in", "signed in"
    SIGNED_OUT = "signed_out", "signed out"
    RECOVERED = "recovered", "a recovery code used"
    FACTOR_ON = "factor_on", "second factor set up"
    FACTOR_OFF = "factor_off", "second factor taken off"
    CODES_ANEW = "codes_anew", "new recovery codes made"
    RESET_ASKED = "reset_asked", "a link to a new password asked for"
    ENDED = "ended", "signed out everywhere"


def in_small_letters(name: str) -> str:
    """A name as tries are counted by it."""
    return name.strip().casefold()[:150]


class SignIn(models.Model):
    """One try to sign in, a signing out, or a change of how somebody signs in."""

    name = models.CharField(max_length=150)  # as it was typed, in small letters
    address = models.GenericIPAddressField(null=True)
    at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=20, choices=SignInOutcome.choices())
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="sign_ins")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")  # if somebody else

    class Meta:
        ordering = ["-pk"]
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["name", "at"], name="signin_of_name"),
            models.Index(fields=["address", "at"], name="signin_of_address"),
        ]

    def __str__(self):
        return f"{self.name}, {SignInOutcome(self.outcome).label}, {self.at:%Y-%m-%d %H:%M}"
