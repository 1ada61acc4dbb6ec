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
    return _send_link(person, by, "welcome", "Your account at the editors’ desk")


def send_new_link(person: User, *, by: User) -> bool:
    """Send somebody who forgot their password the link to a new one. False if the letter could not be sent."""
    return _send_link(person, by, "new_password", "A new password for the editors’ desk")


def _send_link(person: User, by: User, template: str, subject: str) -> bool:
    number = urlsafe_base64_encode(force_bytes(person.pk))
    link = letters.address("welcome", number, default_token_generator.make_token(person))
    return letters.send(template, to=[person.email], subject=subject, person=person, by=by, link=link)


class WelcomeView(PasswordResetConfirmView):
    """Choose the first password. The token leaves the address at once, so no other site is told of it."""

    template_name = "admin/welcome.html"
    success_url = reverse_lazy("admin:login")
    title = "Choose your password"
