"""A form that comes twice has one effect: a double click, a reload, a browser that tries again.

Each form carries a token (`{% once %}` in its template). The token is written down in the transaction in which the
form takes effect, so the second of two that come at the same time waits, and then goes where the first went.
"""

import secrets
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.db import models, transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.crypto import salted_hmac

KEPT_FOR = timedelta(days=2)
A_DOUBLE_CLICK = timedelta(minutes=1)  # later, the same words are a decision, taken about what may have changed
_POPUP = "popup:"
_NOT_TYPED = {"csrfmiddlewaretoken", "form_token"}


def new_token() -> str:
    return secrets.token_urlsafe(16)


class SentForm(models.Model):
    """A form that took effect, and where its answer led."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    token = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    location = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["user", "token"], name="sentform_once")]

    def __str__(self):
        return f"A form of {self.user}, sent at {self.at:%H:%M}"


def once(request, act: Callable[[], HttpResponse]) -> HttpResponse:
    """Answer a posted form with `act`, unless this very form took effect already: then lead where it led.

    A form has taken effect if it was answered with a redirect, or in a popup with the row for its opener. If its token
    comes again with other words (somebody went back in the browser and went on typing), or after a while, `act` finds
    the moment of the first time in `request.sent_before`.
    """
    token = request.POST.get("form_token", "")
    if request.method != "POST" or not 0 < len(token) <= 64 or not token.isascii() or not token.isprintable():
        return act()
    with transaction.atomic():
        SentForm.objects.filter(at__lt=timezone.now() - KEPT_FOR).delete()
        sent, is_first = SentForm.objects.get_or_create(
            user=request.user, token=token, defaults={"digest": _digest(request)}
        )
        if is_first:
            answer = act()
            sent.location = _led_to(answer)
            if sent.location:
                sent.save()
            else:
                sent.delete()
            return answer
    if sent.digest == _digest(request) and timezone.now() - sent.at < A_DOUBLE_CLICK:
        return _again(request, sent)
    request.sent_before = sent.at
    return act()


def _led_to(answer: HttpResponse) -> str:
    """Where a form that took effect leads: an address, or the row that a popup hands to its opener. Else nothing."""
    if answer.status_code == 302:
        return answer["Location"]
    popup = (getattr(answer, "context_data", None) or {}).get("popup_response_data")
    return f"{_POPUP}{popup}" if popup else ""


def _again(request, sent: SentForm) -> HttpResponse:
    if sent.location.startswith(_POPUP):
        return TemplateResponse(
            request, "admin/popup_response.html", {"popup_response_data": sent.location.removeprefix(_POPUP)}
        )
    at = timezone.localtime(sent.at)
    messages.info(request, f"Your form came twice. It took effect once, at {at:%H:%M}.")
    return HttpResponseRedirect(sent.location)


def _digest(request) -> str:
    typed = sorted((name, values) for name, values in request.POST.lists() if name not in _NOT_TYPED)
    # With the site's key: from a plain hash, whoever reads the table could find out a password that was typed.
    text = repr([request.path, typed]).encode("utf-8", "surrogatepass")
    return salted_hmac("basics.once", text, algorithm="sha256").hexdigest()
