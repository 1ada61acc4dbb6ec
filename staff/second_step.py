"""Signing in, second step: who gave the right password and has a second factor is asked for its code."""

import time

from django import forms
from django.contrib.auth import login
from django.contrib.auth.views import LoginView
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from staff import second_factor
from staff.models import User
from staff.sign_ins import SignInOutcome
from staff.signing_in import MOST_OF_A_NAME, PASSED, SignInForm, begin_try, note, wrong_codes

_PENDING = "second_step"
_WITHIN = 10 * 60  # seconds between the password and the code
_BACKEND = "django.contrib.auth.backends.ModelBackend"


class SignInView(LoginView):
    """Django's view, which signs nobody in by password alone who has a second factor."""

    authentication_form = SignInForm
    template_name = "admin/login.html"

    def form_valid(self, form):
        person = form.get_user()
        if person.second_factor_since is None:
            return super().form_valid(form)
        # Another person's session, if there was one, is not where this one begins.
        self.request.session.flush()
        self.request.session[_PENDING] = {
            "person": person.pk,
            "hash": person.get_session_auth_hash(),
            "at": time.time(),
            "next": self.get_success_url(),
        }
        return HttpResponseRedirect(reverse("admin:second_step"))


def waiting(request) -> tuple[User, str] | None:
    """Who gave the right password a few minutes ago in this browser, and where they want to go."""
    pending = request.session.get(_PENDING)
    if not pending or not 0 <= time.time() - pending["at"] <= _WITHIN:
        return None
    person = User.objects.filter(pk=pending["person"], is_active=True, is_staff=True).first()
    if person is None or not constant_time_compare(pending["hash"], person.get_session_auth_hash()):
        return None
    return person, pending["next"]


class CodeForm(forms.Form):
    """Asks for a code. Each try counts, as tries with a password do."""

    code = forms.CharField(
        label="Code",
        max_length=40,
        help_text="The six digits that your app shows now, or one of your recovery codes.",
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false", "autofocus": True}
        ),
    )

    def __init__(self, *args, request, person: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.request, self.person = request, person
        self.outcome = SignInOutcome.WRONG_CODE

    def clean(self):
        data = super().clean() or {}
        if not self.errors:  # a form that is refused for another reason uses no code up
            self.outcome = use_up(self.request, self.person, data["code"], "code")
        return data


def use_up(request, person: User, code: str, field: str) -> SignInOutcome:
    """Check a code and use it up; the try is written down. Raises ValidationError about `field`."""
    try:
        attempt = begin_try(request, person.username, SignInOutcome.WRONG_CODE)
        outcome = second_factor.check(person, code)
    except second_factor.WrongCode as problem:
        if wrong_codes(person) % MOST_OF_A_NAME == 0:
            second_factor.tell_of_guessing(person)  # slow guessing locks nobody
        raise ValidationError({field: str(problem)}) from None
    attempt.outcome, attempt.user = outcome, person
    attempt.save(update_fields=["outcome", "user"])
    return outcome


def sign_in(request, person: User, outcome: SignInOutcome) -> None:
    """Begin the session of somebody who gave both. They hear of it if it was by a recovery code."""
    request.session.pop(_PENDING, None)
    login(request, person, backend=_BACKEND)
    request.session[PASSED] = True
    note(request, person, SignInOutcome.SIGNED_IN)
    if outcome == SignInOutcome.RECOVERED:
        second_factor.tell_of_recovery(person)
