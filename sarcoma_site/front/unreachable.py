"""What visitors read while the database does not answer: kept pages that say so, and a 503 for the rest."""

from datetime import datetime
from functools import lru_cache

from django.core.handlers.wsgi import WSGIHandler
from django.template.loader import render_to_string
from django.utils import timezone

from sarcoma_site.front.page import Page
from sarcoma_site.front.pulse import Known
from sarcoma_site.views import unreachable


class Unreachable(WSGIHandler):
    """Django's middleware, and so its headers, round the one answer that needs no database."""

    def _get_response(self, request):
        return unreachable(request)


def marked(page: Page, known: Known) -> Page:
    """A kept page, with a notice to people and to machines since when nobody can say whether it still holds."""
    return page.marked(*_notice(known.reached_at))


@lru_cache(maxsize=4)
def _notice(reached_at: datetime | None) -> tuple[str, str]:
    at = timezone.localtime(reached_at)
    detail = f"database unreachable since {at.isoformat('T', 'seconds')}"
    return render_to_string("components/_stale.html", {"at": at}), detail
