"""What visitors read while the database does not answer: kept pages that say so, and a 503 for the rest."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache, lru_cache

from django.core.handlers.wsgi import WSGIHandler
from django.template.loader import render_to_string
from django.utils import timezone

from sarcoma_site import errors
from sarcoma_site.front.answer import StartResponse
from sarcoma_site.front.page import Page
from sarcoma_site.front.pulse import Known


class _Unreachable(WSGIHandler):
    """Django's middleware, and so its headers, round the one answer that needs no database."""

    def _get_response(self, request):
        return errors.unreachable(request)


@cache
def _handler() -> _Unreachable:
    return _Unreachable()  # made when it is first needed, which may be never


def unreachable(environ: dict, start_response: StartResponse) -> Iterable[bytes]:
    """503 for what is not kept, as a WSGI application."""
    return _handler()(environ, start_response)


def marked(page: Page, known: Known) -> Page:
    """A kept page, with a notice to people and to machines since when nobody can say whether it still holds."""
    return page.marked(*_notice(known.reached_at))


@lru_cache(maxsize=4)
def _notice(reached_at: datetime | None) -> tuple[str, str]:
    at = timezone.localtime(reached_at)
    detail = f"database unreachable since {at.isoformat('T', 'seconds')}"
    return render_to_string("components/_stale.html", {"at": at}), detail
