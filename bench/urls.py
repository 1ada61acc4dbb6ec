"""The site's addresses; one that answers with constant bytes, and one with a plain page, behind the same middleware."""

from django.http import HttpResponse
from django.urls import path

from bench import plain
from sarcoma_site.urls import handler404, handler500, urlpatterns

CONSTANT: dict[str, bytes] = {}


def constant(request, name: str) -> HttpResponse:
    return HttpResponse(CONSTANT[name])


urlpatterns = [path("constant/<slug:name>", constant), path("plain/<slug:slug>/", plain.drug), *urlpatterns]
__all__ = ["CONSTANT", "handler404", "handler500", "urlpatterns"]
