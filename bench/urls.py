"""The site's addresses, and one that answers with constant bytes behind the same middleware."""

from django.http import HttpResponse
from django.urls import path

from sarcoma_site.urls import handler404, handler500, urlpatterns

CONSTANT: dict[str, bytes] = {}


def constant(request, name: str) -> HttpResponse:
    return HttpResponse(CONSTANT[name])


urlpatterns = [path("constant/<slug:name>", constant), *urlpatterns]
__all__ = ["CONSTANT", "handler404", "handler500", "urlpatterns"]
