"""The addresses of the API, each behind the gate, and a problem for every other address beneath it."""

from django.urls import include, path

from drugs.api.document import docs, openapi
from drugs.api.gate import gate
from drugs.api.operations import api
from drugs.api.problems import problem


def nowhere(request, rest: str):
    said = " Leave out the last “/”." if rest.endswith("/") else ""
    return problem(404, f"There is nothing at this address of the API.{said} The OpenAPI document names all addresses.")


_of_ninja, _app, _namespace = api.urls
for _one in _of_ninja:
    _one.callback = gate(_one.callback)  # type: ignore[arg-type]  # a pattern of a view has one

urlpatterns = [
    path("api/docs", docs, name="api-docs"),
    path("api/v1/openapi.json", gate(openapi), name="api-openapi"),
    path("api/v1/", include((_of_ninja, _app), namespace=_namespace)),
    path("api/v1/<path:rest>", gate(nowhere), name="api-nowhere"),
]
