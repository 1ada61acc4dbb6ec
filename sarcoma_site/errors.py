"""What is answered when something went wrong: a page, or for programs a problem."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template import TemplateDoesNotExist
from django.template.loader import render_to_string
from django.views import defaults
from structlog.contextvars import get_contextvars

from drugs.api.problems import is_for_programs, problem
from editions.public import may_change_at_once
from sarcoma_site.words import typed


def bad_request(request, exception):
    """400, as a page or, where programs ask, as a problem."""
    if is_for_programs(request):
        return problem(400, "The request could not be read. Look at the name of the host, and at the headers.")
    return defaults.bad_request(request, exception)


def not_found(request, exception):
    """404, with the view's own sentence where it gave one."""
    said = exception.args[0] if exception.args and isinstance(exception.args[0], str) else ""
    return may_change_at_once(render(request, "404.html", {"said": said}, status=404))


RETRY_AFTER = "30"  # seconds
# What SQLite and PostgreSQL say, in small letters, of a fault that waiting does not mend: it is ours.
_OURS = ("no such", "syntax error", "malformed", "not a database")
_SORRY = "Something went wrong on our side. Please try again later."


def _why_not_now(fault: BaseException | None) -> str:
    """Why the database could not do it at this moment, in a word: `busy`, `full`, `silent`; nothing if that is not why."""
    said = str(fault).lower()
    if not isinstance(fault, OperationalError | InterfaceError) or any(word in said for word in _OURS):
        return ""
    if any(word in said for word in ("locked", "deadlock", "timeout", "couldn't get a connection")):
        return "busy"
    return "full" if any(word in said for word in ("is full", "no space left")) else "silent"


def unreachable(request, why: str = "silent") -> HttpResponse:
    """503: the database could not do it now. A form comes back with all that was typed, to be sent again."""
    if is_for_programs(request):
        answer: HttpResponse = problem(
            503, "The site cannot answer at this moment. Ask again after the time in Retry-After."
        )
    elif request.method == "POST":
        context = {"typed": typed(request), "csrf_token": get_token(request), "address": request.get_full_path()}
        answer = HttpResponse(render_to_string("busy.html", context | {"why": why}), status=503)
    else:
        answer = HttpResponse(render_to_string("503.html"), status=503)
    answer["Retry-After"], answer["Cache-Control"] = RETRY_AFTER, "no-store"
    return answer


def server_error(request):
    """500; 503 if the database was busy, full or did not answer, with the form kept: that must not cost anybody their words.

    Needs neither the database nor the context processors, and falls back to words alone.
    """
    why = _why_not_now(sys.exc_info()[1])
    try:
        if why:
            return unreachable(request, why)
        if is_for_programs(request):
            return problem(500, _SORRY)
        context = {"request_id": get_contextvars().get("request", "")}
        return HttpResponse(render_to_string("500.html", context), status=500)
    except (TemplateDoesNotExist, ValueError, OSError):
        headers = {"Retry-After": RETRY_AFTER} if why else {}
        return HttpResponse(_SORRY, status=503 if why else 500, content_type="text/plain", headers=headers)
