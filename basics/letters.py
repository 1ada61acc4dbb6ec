"""Letters: plain text from a template, sent once what they speak of is stored."""

import logging

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

log = logging.getLogger(__name__)


def send(template: str, *, to: list[str], subject: str, **context) -> bool:
    """Send a letter. False if there is nobody to send it to, or the mail server refused: nothing else fails by it."""
    to = [address for address in to if address]
    if not to:
        return False
    text = render_to_string(f"letters/{template}.txt", {"site": settings.SITE_URL, **context})
    try:
        EmailMessage(" ".join(subject.split()), text, to=to).send()
    except OSError:  # smtplib's errors are OSErrors
        log.exception("A letter (%s) could not be sent.", template)
        return False
    return True


def address(name: str, *args) -> str:
    """The whole address of one of our views."""
    return f"{settings.SITE_URL}{reverse(name, args=args)}"
