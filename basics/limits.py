"""How often one address may ask for the same thing: counted in the cache for a short while, and stored nowhere.

`settings.LIMITS` says how often in how many seconds. A view gets its limit by `@limited("search")`, whatever stands under
a path by `settings.LIMITED_PATHS` (sarcoma_site/limited_paths.py). Previews of staff go through neither. An address is
counted under a hash whose salt changes every day. A cache that is down, or a connection without an address, lets
everybody pass: a limit protects the site, and is not the site.
"""

import logging
import time
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.crypto import salted_hmac

from basics.addresses import counted_address

log = logging.getLogger(__name__)
_DAY = 24 * 60 * 60


def seconds_to_wait(request: HttpRequest, name: str, *, count: bool = True) -> int:
    """How long the sender of a request has to wait for what the limit `name` protects; 0 if they may go on.

    The request counts, whether it may go on or not, unless `count` is off: then it is only asked.
    """
    most, period = settings.LIMITS[name]
    address = counted_address(request)
    if not most or address is None:
        return 0
    now = time.time()
    begun = int(now // period) * period
    who = salted_hmac(f"basics.limits {begun // _DAY}", address, algorithm="sha256").hexdigest()[:32]
    key = f"limit-{name}-{begun}-{who}"
    try:
        if count:
            cache.add(key, 0, timeout=period)
            seen = cache.incr(key)
        else:
            seen = cache.get(key, 0) + 1
    except Exception as problem:  # whatever a cache's library raises; ValueError if the count ran out just now
        log.warning("The cache does not count (%s), so everybody may pass the limit “%s”.", problem, name)
        return 0
    return begun + period - int(now) if seen > most else 0


def limited(name: str) -> Callable:
    """Refuse a view to an address that asked for it too often, by GET, HEAD or any other method."""

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def counted(request, *args, **kwargs):
            if wait := seconds_to_wait(request, name):
                return too_many(request, wait)
            return view(request, *args, **kwargs)

        return counted

    return decorate


def limited_misses(name: str) -> Callable:
    """Refuse a view to an address that tried too many addresses which lead nowhere. What leads somewhere is not counted."""

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def counted(request, *args, **kwargs):
            if wait := seconds_to_wait(request, name, count=False):
                return too_many(request, wait)
            try:
                return view(request, *args, **kwargs)
            except Http404:
                seconds_to_wait(request, name)
                raise

        return counted

    return decorate


def too_many(request: HttpRequest, wait: int) -> HttpResponse:
    """429 as a page that says when to come back. Asks nothing of the database."""
    response = render(request, "429.html", {"wait": wait}, status=429)
    response["Retry-After"] = str(wait)
    response["Cache-Control"] = "no-store"
    return response
