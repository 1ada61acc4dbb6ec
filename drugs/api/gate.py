"""What every address of the API has in common: who may ask, how, and whether a copy still holds."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control

from drugs.api.problems import open_to_all, problem
from editions.public import mark_of, unless_unchanged
from editions.reading import at_one_moment
from editions.site import PublishedSite

VERSION = 2  # raised when the same facts are answered in other words: kept copies are then asked for anew
READING = "GET, HEAD, OPTIONS"


def gate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer GET, HEAD and a browser's question before it reads from another site, in JSON, and 304 to who has it already."""

    @wraps(view)
    def at_the_gate(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if request.method == "OPTIONS":
            return _may_be_read()
        if request.method not in {"GET", "HEAD"}:
            response = problem(405, f"Here is nothing but reading: {request.method} is not answered. Use GET.")
            response["Allow"] = READING
            return response
        if request.headers.get("Accept") and not request.accepts("application/json"):
            return problem(406, "Answers are JSON. Let “Accept” name application/json or */*, or leave it out.")

        def answer() -> tuple[str, HttpResponse]:
            etag = mark_of(request, PublishedSite(), f"-{VERSION}")
            return etag, unless_unchanged(request, etag, lambda: _read(view, request, *args, **kwargs))

        etag, response = at_one_moment(answer)
        if response.status_code == 412:
            return problem(412, "“If-Match” and “If-Unmodified-Since” are for writing. Use “If-None-Match” to read.")
        if response.status_code in {200, 304}:
            response["ETag"] = etag
            patch_cache_control(response, public=True, no_cache=True)
        return open_to_all(response)

    return at_the_gate


def _read(view, request: HttpRequest, *args, **kwargs) -> HttpResponse:
    """The answer to GET, also for HEAD: the server leaves the body out."""
    method, request.method = request.method, "GET"
    try:
        return view(request, *args, **kwargs)
    finally:
        request.method = method


def _may_be_read() -> HttpResponse:
    response = HttpResponse(status=204)
    response["Allow"] = READING
    response["Access-Control-Allow-Methods"] = READING
    response["Access-Control-Allow-Headers"] = "Accept, If-None-Match"
    response["Access-Control-Max-Age"] = "86400"
    return open_to_all(response)
