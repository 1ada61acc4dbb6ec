"""What the API answers when something is wrong: one shape for all, application/problem+json (RFC 9457)."""

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import patch_cache_control

ROOT = "/api/v1"
MEDIA_TYPE = "application/problem+json"


class Wrong(Exception):
    """The request cannot be answered; `response` says why."""

    def __init__(self, response: HttpResponse):
        self.response = response


def problem(status: int, detail: str, errors: list[dict[str, str]] | None = None, **more: Any) -> HttpResponse:
    """The answer for what went wrong, with a sentence for whoever wrote the program. Other fields are members of their own."""
    body = {
        "type": f"{settings.SITE_URL}/api/docs#problem-{status}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "errors": errors or [],
        **more,
    }
    response = JsonResponse(body, status=status, content_type=MEDIA_TYPE)
    if status != HTTPStatus.GONE:
        patch_cache_control(response, no_store=True)
    return open_to_all(response)


def open_to_all(response: HttpResponse) -> HttpResponse:
    """Let pages of any site read an answer. It is public, and asked for without cookies (Fetch standard, section 3.3)."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Expose-Headers"] = "ETag, Retry-After"
    response["X-Robots-Tag"] = "noindex"
    return response


def is_for_programs(request: HttpRequest) -> bool:
    """Whether an address is one of the API, whose errors are read by programs."""
    return request.path == ROOT or request.path.startswith(f"{ROOT}/")


def unknown_parameters(names: list[str], known: list[str]) -> Wrong:
    said = f"This address takes {', '.join(known)}." if known else "This address takes no parameters."
    faults = [{"parameter": name, "detail": f"There is no such parameter. {said}"} for name in names]
    return Wrong(problem(422, f"“{', '.join(names)}” is no parameter here. {said}", faults))


def not_there(what: str) -> Wrong:
    return Wrong(problem(404, what))


def names_nothing(name: str, detail: str) -> Wrong:
    """For a parameter that is well written and names what is not there, as the public pages say it: 404."""
    return Wrong(problem(404, f"“{name}”: {detail}", [{"parameter": name, "detail": detail}]))
