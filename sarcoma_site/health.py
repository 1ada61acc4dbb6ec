"""What machines ask: is the process up, is it ready to serve, and did what has to run every night do so?"""

from datetime import timedelta

from django.conf import settings
from django.core.cache import cache
from django.db import Error as DBError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from editions import triggers
from editions.models import CommandRun
from editions.reading import replica_warnings
from editions.search import opensearch

NIGHTLY = ("flag_due_reviews", "send_reminders", "backup")
LATE = timedelta(hours=36)  # a night that was missed, and not a run that took its time


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """The process is up. Asks nothing of the database."""
    return JsonResponse({"status": "up"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Whether to send visitors here: the database answers, migrations are applied and its guards are in place.

    503 with `problems` otherwise. `warnings` are for whoever looks after the site, who can still be read: the cache, the
    replica or the search engine does not answer or is late, or a nightly command did not run. `last_runs` tells when each
    did, in ISO 8601.
    """
    problems, warnings, runs = [], [], {}
    try:
        problems = _not_ready()
        runs = dict(CommandRun.objects.filter(name__in=NIGHTLY).values_list("name", "at")) if not problems else {}
        warnings = [*replica_warnings(), *_late(runs)] if not problems else []
    except DBError:
        problems = ["The database does not answer."]
    if settings.SEARCH_URL and not problems and (wrong := opensearch.missing()):
        warnings.insert(0, wrong)
    if not _cache_answers():
        warnings.insert(0, "The cache does not answer: pages are served all the same.")
    said = {
        "status": "not ready" if problems else "ready",
        "problems": problems,
        "warnings": warnings,
        "last_runs": {name: at.isoformat(timespec="seconds") for name, at in runs.items()},
    }
    return JsonResponse(said, status=503 if problems else 200)


def _not_ready() -> list[str]:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    problems = [f"The migration {migration} is not applied. Run `manage.py migrate`." for migration, _ in waiting]
    if not problems and (missing := triggers.missing(connection)):
        problems = [f"The database's guards {', '.join(missing)} are not in place. Run `manage.py migrate`."]
    return problems


def _late(runs: dict) -> list[str]:
    """What has to run every night and did not, in sentences. A site on which none ever ran is one that begins."""
    if not runs:
        return []
    since = timezone.now() - LATE
    never = [f"`manage.py {name}` has never run." for name in NIGHTLY if name not in runs]
    return never + [f"`manage.py {name}` last ran on {at:%d %B %Y}." for name, at in runs.items() if at < since]


def _cache_answers() -> bool:
    try:
        cache.set("readyz", "asked", timeout=10)
        return cache.get("readyz") == "asked"
    except Exception:  # whatever a cache's library raises
        return False
