"""Limits for what has many views under one path: `settings.LIMITED_PATHS`, path → name of its limit."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from basics.limits import seconds_to_wait, too_many
from drugs.api.problems import is_for_programs, problem


def limit_paths(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """A middleware: 429 with Retry-After, as a page or, where programs ask, as a problem."""

    def counted(request: HttpRequest) -> HttpResponse:
        for path, name in settings.LIMITED_PATHS.items():
            if request.path_info.startswith(path) and (wait := seconds_to_wait(request, name)):
                return _refused(request, wait)
        return get_response(request)

    return counted


def _refused(request: HttpRequest, wait: int) -> HttpResponse:
    if not is_for_programs(request):
        return too_many(request, wait)
    answer = problem(429, f"Too many requests from your address. Ask again in {wait} seconds.")
    answer["Retry-After"] = str(wait)
    return answer
