"""What a Prometheus asks."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from sarcoma_site.seen.figures import figures


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The figures, for who sends METRICS_TOKEN as a bearer token; where it is not set, there is no such page."""
    token = settings.METRICS_TOKEN
    if not token:
        raise Http404
    if not constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {token}"):
        return HttpResponse("Send METRICS_TOKEN as a bearer token.", status=401, headers={"WWW-Authenticate": "Bearer"})
    return HttpResponse(figures(), content_type=CONTENT_TYPE_LATEST)
