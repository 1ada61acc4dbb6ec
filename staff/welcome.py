"""Letting somebody in: a letter with a link, by which they choose a password that nobody else ever sees."""

from django.contrib.auth.tokens import default_token_generator
from django.contrib.auth.views import PasswordResetConfirmView
from django.urls import reverse_lazy
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from basics import letters
from staff.models import User


def invite(person: User, *, by: User) -> bool:
    """Send somebody the link to their first password. False if they have no address, or the mail server refused.

    The link works once, and for as many seconds as PASSWORD_RESET_TIMEOUT says: Django's token changes with the
    password and with the first sign-in.
    """
    return letters.send(
        "welcome",
        to=[person.email],
        subject="Your account at the editors’ desk",
        person=person,
        by=by,
        link=_link(person),
    )


def send_new_link(person: User, *, by: User) -> bool:
    """Send somebody who forgot their password the link to a new one. False if the letter could not be sent."""
    return letters.send(
        "new_password",
        to=[person.email],
        subject="A new password for the editors’ desk",
        person=person,
        by=by,
        link=_link(person),
    )


def _link(person: User) -> str:
    number = urlsafe_base64_encode(force_bytes(person.pk))
    return letters.address("welcome", number, default_token_generator.make_token(person))


class WelcomeView(PasswordResetConfirmView):
    """Choose the first password. The token leaves the address at once, so no other site is told of it."""

    template_name = "admin/welcome.html"
    success_url = reverse_lazy("admin:login")
    title = "Choose your password"
