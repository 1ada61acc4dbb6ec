"""What programs ask a site for at addresses of their own: `/robots.txt` and `/.well-known/security.txt`."""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

EXPIRES_AFTER = timedelta(days=180)  # RFC 9116, section 2.5.5: less than a year


@require_safe
def robots(request):
    """Which addresses programs are asked to leave alone (RFC 9309): the desk only.

    Past editions and past days stay open to them: they are told there that these are not for an index, and whoever may not
    read a page cannot be told.
    """
    lines = ["User-agent: *", "Disallow: /admin/", "", f"Sitemap: {_absolute(reverse('drugs:sitemap'))}"]
    return _text(lines)


@require_safe
def security(request):
    """Whom to tell of a hole in the site's security (RFC 9116). 404 where SECURITY_CONTACT is not set.

    The file is made anew for each reader, so it has not expired as long as the site is up.
    """
    if not settings.SECURITY_CONTACT:
        raise Http404("Nobody is named here for reports about security.")
    expires = timezone.now() + EXPIRES_AFTER
    day = datetime(expires.year, expires.month, expires.day, tzinfo=UTC)
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {day:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: en",
        f"Canonical: {_absolute(reverse('security'))}",
    ]
    return _text(lines)


def _text(lines: list[str]) -> HttpResponse:
    response = HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")
    patch_cache_control(response, public=True, max_age=24 * 60 * 60)
    return response


def _absolute(path: str) -> str:
    return f"{settings.SITE_URL}{path}"
