"""One header that no library of ours sends."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

HEADER = "Cross-Origin-Resource-Policy"


class OwnPagesOnly:
    """Other sites may not load our answers into their pages, except those that say that they may (`for_any_site`)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault(HEADER, "same-origin")
        return response
