"""The home page, the health checks, and the pages for what went wrong."""

import sys

from django.db import Error as DBError
from django.db import InterfaceError, OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template import TemplateDoesNotExist
from django.template.loader import render_to_string
from django.views import defaults
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from structlog.contextvars import get_contextvars

from drugs.about_site import ABOUT_THE_SITE
from drugs.api.problems import is_for_programs, problem
from editions import triggers
from editions.public import public
from editions.search.views import with_search_box
from editions.site import PublishedSite
from sarcoma_site.words import typed


@with_search_box
@public
def home(request, *, site: PublishedSite):
    context = {
        "site": site,
        "guides": [page for page in site.list("guide") if page.key not in ABOUT_THE_SITE],
        "drugs": site.list("drug"),
        "conditions": site.list("condition"),
        "changes": site.changes(6),
    }
    return render(request, "home.html", context)


@never_cache
@require_safe
def healthz(request):
    """The process is up. Asks nothing of the database."""
    return JsonResponse({"status": "up"})


@never_cache
@require_safe
def readyz(request):
    """The database answers, migrations are applied and its guards are in place; otherwise 503 with what is missing."""
    try:
        problems = _not_ready()
    except DBError:
        problems = ["The database does not answer."]
    return JsonResponse(
        {"status": "not ready" if problems else "ready", "problems": problems}, status=503 if problems else 200
    )


def _not_ready() -> list[str]:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    problems = [f"The migration {migration} is not applied. Run `manage.py migrate`." for migration, _ in waiting]
    if not problems and (missing := triggers.missing(connection)):
        problems = [f"The database's guards {', '.join(missing)} are not in place. Run `manage.py migrate`."]
    return problems


def bad_request(request, exception):
    """400, as a page or, where programs ask, as a problem."""
    if is_for_programs(request):
        return problem(400, "The request could not be read. Look at the name of the host, and at the headers.")
    return defaults.bad_request(request, exception)


def not_found(request, exception):
    """404, with the view's own sentence where it gave one."""
    said = exception.args[0] if exception.args and isinstance(exception.args[0], str) else ""
    return render(request, "404.html", {"said": said}, status=404)


def unreachable(request):
    """503: the database does not answer. A form is kept, to be sent again."""
    if request.method == "POST":
        return _sent_again(request, is_gone=True, seconds=60)
    page = render_to_string("503.html")
    return HttpResponse(page, status=503, headers={"Retry-After": "60", "Cache-Control": "no-store"})


def _sent_again(request, *, is_gone: bool, seconds: int) -> HttpResponse:
    """503 with all that was typed: somebody else's long import, or a fault, must not cost anybody their words."""
    context = {"typed": typed(request), "csrf_token": get_token(request), "address": request.get_full_path()}
    page = render_to_string("busy.html", context | {"is_gone": is_gone})
    return HttpResponse(page, status=503, headers={"Retry-After": str(seconds), "Cache-Control": "no-store"})


def _is_busy(problem: BaseException | None) -> bool:
    """Whether the database only had to wait too long: locked (SQLite), a deadlock or a timeout (PostgreSQL)."""
    said = str(problem).lower()
    return isinstance(problem, OperationalError) and any(word in said for word in ("locked", "deadlock", "timeout"))


def _is_gone(problem: BaseException | None) -> bool:
    """Whether the database cannot be reached: stopped, starting, or its file is not there."""
    if isinstance(problem, InterfaceError):
        return True
    said = str(problem).lower()
    return isinstance(problem, OperationalError) and any(word in said for word in _GONE)


_GONE = (
    "connect",
    "terminat",
    "shutting down",
    "starting up",
    "timeout",
    "unable to open",
    "couldn't get a connection",
)


def server_error(request):
    """500. Needs neither the database nor the context processors, and falls back to words alone.

    503 if the database did not answer, or was too busy for a form.
    """
    if is_for_programs(request):
        return problem(500, "Something went wrong on our side. Please try again later.")
    fault = sys.exc_info()[1]
    try:
        if _is_gone(fault):
            return unreachable(request)
        if request.method == "POST" and _is_busy(fault):
            return _sent_again(request, is_gone=False, seconds=30)
        context = {"request_id": get_contextvars().get("request", "")}
        return HttpResponse(render_to_string("500.html", context), status=500)
    except (TemplateDoesNotExist, ValueError, OSError):
        return HttpResponse(
            "Something went wrong on our side. Please try again later.", status=500, content_type="text/plain"
        )
