"""Signing in: every try is written down, too many wrong ones wait, and a session ends by itself.

The limits are those of the design: ten wrong tries within a quarter of an hour lock a name for a quarter of an hour,
whether there is such an account or not; an address that tries many names waits as well. Whose word about the address
counts is decided in basics/addresses.py.
"""

import time
from datetime import timedelta

from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import logout
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone

from basics.addresses import client_address, counted_address
from staff.models import User
from staff.sessions import Session, browser_in_words
from staff.sign_ins import SignIn, SignInOutcome, in_small_letters

WINDOW = timedelta(minutes=15)
MOST_OF_A_NAME = 10  # wrong tries within the window
MOST_OF_AN_ADDRESS = 50  # of all names together: a hospital's staff may share one address
KEPT_FOR = timedelta(days=180)
IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
PASSED = "second_factor"  # in the session of who gave a code


def _is_locked(tries: QuerySet, most: int) -> bool:
    """Whether `most` wrong tries came within the window, and the last of them not a window ago."""
    wrong = tries.filter(outcome__in=[SignInOutcome.WRONG, SignInOutcome.WRONG_CODE])
    newest = list(wrong.order_by("-at").values_list("at", flat=True)[:most])
    now = timezone.now()
    return len(newest) == most and newest[0] - newest[-1] <= WINDOW and now - newest[0] < WINDOW


def begin_try(request, name: str, wrong: SignInOutcome) -> SignIn:
    """Write a try down as wrong before the others are counted, so that many at once do not slip through together.

    Raises ValidationError (code “locked”) if there were too many.
    """
    name, address = in_small_letters(name), counted_address(request)
    attempt = SignIn.objects.create(name=name, address=address, outcome=wrong)
    others = SignIn.objects.exclude(pk=attempt.pk)
    of_name = others.filter(name=name)
    signed_in = of_name.filter(outcome=SignInOutcome.SIGNED_IN).order_by("-at").values_list("at", flat=True).first()
    since = of_name.filter(at__gt=signed_in) if signed_in else of_name
    if _is_locked(since, MOST_OF_A_NAME) or (
        address and _is_locked(others.filter(address=address), MOST_OF_AN_ADDRESS)
    ):
        attempt.outcome = SignInOutcome.LOCKED
        attempt.save(update_fields=["outcome"])
        raise ValidationError(
            "There were too many wrong tries. Wait for a quarter of an hour, then try again.", code="locked"
        )
    return attempt


def wrong_codes(person: User) -> int:
    """How many wrong codes came for somebody since they last signed in."""
    tries = SignIn.objects.filter(name=in_small_letters(person.username))
    signed_in = tries.filter(outcome=SignInOutcome.SIGNED_IN).order_by("-at").values_list("at", flat=True).first()
    wrong = tries.filter(outcome=SignInOutcome.WRONG_CODE)
    return (wrong.filter(at__gt=signed_in) if signed_in else wrong).count()


class SignInForm(AdminAuthenticationForm):
    """The admin's form, with a limit on wrong tries. Its words are the same whether there is such an account or not."""

    def clean(self):
        attempt = begin_try(self.request, str(self.cleaned_data.get("username") or ""), SignInOutcome.WRONG)
        data = super().clean()
        person = self.get_user()
        if person is not None:
            asks = person.second_factor_since is not None
            attempt.outcome = SignInOutcome.CODE_ASKED if asks else SignInOutcome.SIGNED_IN
            attempt.user = person
            attempt.save(update_fields=["outcome", "user"])
            SignIn.objects.filter(at__lt=timezone.now() - KEPT_FOR).delete()
            Session.delete_expired()
        return data


def begin_session(sender, request, user, **kwargs) -> None:
    request.session["signed_in_at"] = request.session["seen_at"] = time.time()
    request.session["address"] = client_address(request)
    request.session["browser"] = browser_in_words(request.headers.get("User-Agent", ""))


def note(request, person: User, outcome: SignInOutcome) -> None:
    SignIn.objects.create(
        name=in_small_letters(person.username), address=counted_address(request), outcome=outcome, user=person
    )


def note_signing_out(sender, request, user, **kwargs) -> None:
    if user is not None:
        note(request, user, SignInOutcome.SIGNED_OUT)


def end_if_over(request) -> str:
    """End a session that was idle for half an hour, is twelve hours old, or lacks the second factor of its owner.

    Returns why, or nothing if it goes on.
    """
    now, session = time.time(), request.session
    begun, seen = session.get("signed_in_at", 0.0), session.get("seen_at", 0.0)
    if now - seen > IDLE.total_seconds():
        why = "You were signed out, because half an hour went by without a click."
    elif now - begun > LONGEST.total_seconds():
        why = "You were signed out, because you had been signed in for twelve hours."
    elif request.user.second_factor_since and not session.get(PASSED):
        why = "Sign in with your second factor."
    else:
        if now - seen > 60:  # a write a minute is enough
            session["seen_at"] = now
        return ""
    logout(request)
    return why
