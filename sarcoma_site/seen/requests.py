"""One line and one count for each request that reaches Django, under an id that its answer carries too."""

import re
import time
import uuid
from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from sarcoma_site.seen import figures

HEADER = "X-Request-ID"
_GIVEN = re.compile(r"[A-Za-z0-9-]{8,64}")
log = structlog.get_logger("request")


def request_id(request: HttpRequest) -> str:
    """The id that a trusted proxy gave to a request, or a new one of 32 hexadecimal digits."""
    given = request.headers.get(HEADER, "") if settings.TRUSTED_PROXIES else ""
    return given if _GIVEN.fullmatch(given) else uuid.uuid4().hex


class Seen:
    """Middleware, outside all others: the line says which view answered, how and in what time, not to whom.

    An address can hold a token or what somebody searched for, so the line has the name of the view instead.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        begun = time.perf_counter()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request=request_id(request))
        response = self.get_response(request)
        seconds = time.perf_counter() - begun
        view = request.resolver_match.view_name if request.resolver_match else ""
        method = request.method if request.method in figures.METHODS else "other"
        log.info("answered", method=method, view=view, status=response.status_code, ms=round(seconds * 1000, 1))
        figures.count(method, view, response.status_code, seconds)
        response[HEADER] = structlog.contextvars.get_contextvars()["request"]
        structlog.contextvars.clear_contextvars()
        return response
