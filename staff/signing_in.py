"""Signing in: every try is written down, too many wrong ones wait, and a session ends by itself.

The limits are those of the design: ten wrong tries within a quarter of an hour lock a name for a quarter of an hour,
whether there is such an account or not; an address that tries many names waits as well. The address is the one that the
connection comes from: a forwarded header says what its sender likes.
"""

import time
from datetime import timedelta
from ipaddress import ip_address

from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import logout
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone

from staff.sign_ins import SignIn, SignInOutcome

WINDOW = timedelta(minutes=15)
MOST_OF_A_NAME = 10  # wrong tries within the window
MOST_OF_AN_ADDRESS = 50  # of all names together: a hospital's staff may share one address
KEPT_FOR = timedelta(days=180)
IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)


def address_of(request) -> str | None:
    """Where a connection comes from; None if that is no address, as behind a socket of the machine itself."""
    given = request.META.get("REMOTE_ADDR", "") if request else ""
    try:
        return str(ip_address(given.partition("%")[0]))
    except ValueError:
        return None


def _is_locked(tries: QuerySet, most: int) -> bool:
    """Whether `most` wrong tries came within the window, and the last of them not a window ago."""
    newest = list(tries.filter(outcome=SignInOutcome.WRONG).order_by("-at").values_list("at", flat=True)[:most])
    now = timezone.now()
    return len(newest) == most and newest[0] - newest[-1] <= WINDOW and now - newest[0] < WINDOW


class SignInForm(AdminAuthenticationForm):
    """The admin's form, with a limit on wrong tries. Its words are the same whether there is such an account or not."""

    def clean(self):
        name = str(self.cleaned_data.get("username") or "").strip().casefold()[:150]
        address = address_of(self.request)
        of_name = SignIn.objects.filter(name=name)
        signed_in = of_name.filter(outcome=SignInOutcome.SIGNED_IN).order_by("-at").values_list("at", flat=True).first()
        since = of_name.filter(at__gt=signed_in) if signed_in else of_name
        if _is_locked(since, MOST_OF_A_NAME) or (
            address and _is_locked(SignIn.objects.filter(address=address), MOST_OF_AN_ADDRESS)
        ):
            SignIn.objects.create(name=name, address=address, outcome=SignInOutcome.LOCKED)
            raise ValidationError(
                "There were too many wrong tries. Wait for a quarter of an hour, then try again.", code="locked"
            )
        # Written down as wrong before it is looked at, so that many at once do not slip through together.
        attempt = SignIn.objects.create(name=name, address=address, outcome=SignInOutcome.WRONG)
        data = super().clean()
        if self.get_user() is not None:
            attempt.outcome, attempt.user = SignInOutcome.SIGNED_IN, self.get_user()
            attempt.save(update_fields=["outcome", "user"])
            SignIn.objects.filter(at__lt=timezone.now() - KEPT_FOR).delete()
        return data


def begin_session(sender, request, user, **kwargs) -> None:
    request.session["signed_in_at"] = request.session["seen_at"] = time.time()


def note_signing_out(sender, request, user, **kwargs) -> None:
    if user is not None:
        address = address_of(request)
        SignIn.objects.create(
            name=user.username.casefold()[:150], address=address, outcome=SignInOutcome.SIGNED_OUT, user=user
        )


def end_if_over(request) -> str:
    """End a session that was idle for half an hour, or is twelve hours old. Returns why, or nothing if it goes on."""
    now, session = time.time(), request.session
    begun, seen = session.get("signed_in_at", 0.0), session.get("seen_at", 0.0)
    if now - seen > IDLE.total_seconds():
        why = "You were signed out, because half an hour went by without a click."
    elif now - begun > LONGEST.total_seconds():
        why = "You were signed out, because you had been signed in for twelve hours."
    else:
        if now - seen > 60:  # a write a minute is enough
            session["seen_at"] = now
        return ""
    logout(request)
    return why
