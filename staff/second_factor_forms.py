"""The forms in which somebody keeps their second factor. What is new is shown first, and holds once a code confirms it."""

import time

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from staff import second_factor
from staff.models import User
from staff.second_step import CodeForm, use_up
from staff.sign_ins import SignInOutcome
from staff.signing_in import begin_try

_PENDING = "new_second_factor"
_RECENT = 10 * 60  # seconds after which a signed-in browser may not be with its owner any more


def pending(request) -> dict:
    """The secret and the recovery codes that a person is shown, kept in their session until they hold."""
    if _PENDING not in request.session:
        request.session[_PENDING] = {
            "key": second_factor.new_key(),
            "recovery_codes": second_factor.new_recovery_codes(),
        }
    return request.session[_PENDING]


def forget_pending(request) -> None:
    request.session.pop(_PENDING, None)


class ShownForm(forms.Form):
    """Holds only for the recovery codes that were on the page: another tab, or signing in anew, may have made others."""

    shown = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    kept = forms.BooleanField(label="I have kept the ten recovery codes where only I can find them.")

    request: HttpRequest

    def is_about_what_holds(self) -> bool:
        """Whether the page showed the codes that this form would store. If not, it says so, and shows them from now on."""
        mark = self.mark()
        if self.cleaned_data.get("shown") == mark:
            return True
        posted = {name: value for name, value in self.data.items() if name != "kept"}
        self.data = {**posted, "shown": mark}
        self.add_error(
            "kept", "These are other codes than those that you saw before. Keep these, and throw the others away."
        )
        return False

    def mark(self) -> str:
        """What tells one set of recovery codes from another."""
        return second_factor.mark_of(pending(self.request)["recovery_codes"])


class SetUpForm(ShownForm):
    """Asks for what proves that it is they: a code of the old app if there is one, else the password if it is long ago."""

    password = forms.CharField(
        label="Your password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text="You signed in a while ago, so we ask once more.",
    )
    old_code = forms.CharField(
        label="Code of the app that you have used until now",
        max_length=40,
        help_text="Or one of your recovery codes, if that phone is lost.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    code = forms.CharField(
        label="Code that the app shows for this picture",
        max_length=10,
        help_text="Six digits. They change every half minute.",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )

    field_order = ["password", "old_code", "code", "kept"]

    def __init__(self, *args, request, person: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.request, self.person = request, person
        self.initial["shown"] = self.mark()
        has_one = person.second_factor_since is not None
        if has_one or time.time() - request.session.get("signed_in_at", 0) < _RECENT:
            del self.fields["password"]
        if not has_one:
            del self.fields["old_code"]

    def clean_code(self) -> str:
        """Before all else: a wrong code here shall not use up one of those that still hold."""
        code = self.cleaned_data["code"]
        if not second_factor.shows(pending(self.request)["key"], code):
            raise ValidationError(
                "The app shows another code for this picture. Read the picture again, and see that the clock of your phone "
                "sets itself."
            )
        return code

    def clean(self):
        data = super().clean() or {}
        if not self.is_about_what_holds() or self.errors:
            return data
        if "password" in self.fields:
            attempt = begin_try(self.request, self.person.username, SignInOutcome.WRONG)
            if not self.person.check_password(data["password"]):
                raise ValidationError({"password": "This is not your password."})
            attempt.outcome, attempt.user = SignInOutcome.PASSWORD_GIVEN, self.person
            attempt.save(update_fields=["outcome", "user"])
        if "old_code" in self.fields:
            use_up(self.request, self.person, data["old_code"], "old_code")
        return data


class CodesAnewForm(ShownForm, CodeForm):
    field_order = ["code", "kept"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["shown"] = self.mark()

    def clean(self):
        self.is_about_what_holds()
        return super().clean()
