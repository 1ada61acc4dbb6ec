"""The OpenAPI document, with the answers that every address has in common, and the page that explains it all."""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import JsonResponse
from django.shortcuts import render

from drugs.api.operations import api
from drugs.api.problems import MEDIA_TYPE, ROOT
from editions.public import public
from editions.site import PublishedSite

_PROBLEM = {"content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
# What any address can answer. 400 and 429 come from the server in front as well.
EVERYWHERE = {
    "304": {"description": "Nothing public has changed since the answer with this ETag."},
    "400": {"description": "The request could not be read.", **_PROBLEM},
    "405": {"description": "Only reading is possible.", **_PROBLEM},
    "406": {"description": "Only JSON can be answered.", **_PROBLEM},
    "422": {"description": "A parameter is wrong; `errors` names it.", **_PROBLEM},
    "412": {"description": "A condition for writing was sent.", **_PROBLEM},
    "429": {"description": "Too many requests. Wait as many seconds as `Retry-After` says.", **_PROBLEM},
    "500": {"description": "Something went wrong on our side.", **_PROBLEM},
}
MEANING = {
    "200": "The answer.",
    "404": "There is nothing of that name that visitors can read.",
    "410": "The page was withdrawn. `page` says which, and why.",
}
# As the documentation explains them, where `type` of a problem leads.
PROBLEMS = {
    400: "The request could not be read: the name of the host is not this site’s, or a header is broken.",
    404: "There is nothing of that name that visitors can read; or a day has not come yet; or a cursor is not of this site.",
    405: "Only reading is possible: GET, HEAD and OPTIONS.",
    406: "Answers are JSON. Let “Accept” name application/json or */*.",
    410: "The page was withdrawn. “page” says which, and why; “history” is the address of its history, which stays.",
    412: "“If-Match” and “If-Unmodified-Since” are for writing. Use “If-None-Match”.",
    422: "A parameter is wrong or unknown. “errors” names it.",
    429: "Too many requests. Wait as many seconds as the header “Retry-After” says.",
    500: "Something went wrong on our side. Try again later.",
}
_MOVES = {"page", "editions", "edition", "pathway", "reference"}


def document() -> dict[str, Any]:
    """The OpenAPI document (3.1)."""
    return _document(settings.SITE_URL, settings.SITE_NOTICE)


@lru_cache(maxsize=1)
def _document(site_url: str, notice: str) -> dict[str, Any]:
    made = api.get_openapi_schema(path_prefix=ROOT)
    for path in made["paths"].values():
        for operation in path.values():
            answers = {str(status): _answer(str(status), one) for status, one in operation["responses"].items()}
            moved = {"301": {"description": "It moved. `Location` says where."}}
            answers |= moved if operation["operationId"] in _MOVES else {}
            operation["responses"] = dict(sorted({**answers, **EVERYWHERE}.items()))
    made["servers"] = [{"url": site_url}]
    made["info"]["description"] = f"{api.description} {notice}".strip()
    return dict(made)


def _answer(status: str, one: dict[str, Any]) -> dict[str, Any]:
    said = {**one, "description": MEANING.get(status, one["description"])}
    if status >= "400":
        said["content"] = {MEDIA_TYPE: next(iter(one["content"].values()))}
    return said


def openapi(request):
    """The document as JSON, for programs that read it."""
    return JsonResponse(document())


@public
def docs(request, *, site: PublishedSite):
    """How to use the API, for people. What each address takes stands in the OpenAPI document, so it is read from there."""
    operations = [
        {"path": path, **operation} for path, methods in document()["paths"].items() for operation in methods.values()
    ]
    example = next(iter(site.keys("drug")[:1]), "drug/imatinib")
    context = {"site": site, "operations": operations, "example": example, "problems": PROBLEMS}
    return render(request, "drugs/api_docs.html", context)
