"""The search page, and the names that its box offers while somebody types."""

from functools import wraps

from csp.decorators import csp_update
from django.conf import settings
from django.http import JsonResponse
from django.shortcuts import render

from basics.limits import limited
from editions.parts import part_asked_for
from editions.public import public, revalidated
from editions.search import empty
from editions.site import PublishedSite

_ON_A_PAGE = 10

# A page with a search box may load the one script that offers names, which asks this site for them.
with_search_box = csp_update(settings.SEARCH_BOX_POLICY)


@public
def _search(request, *, site: PublishedSite):
    found = site.search(request.GET.get("q", ""))
    part = part_asked_for(request, found.hits, _ON_A_PAGE)
    response = render(request, "editions/search.html", {"site": site, "found": found, "part": part})
    response["X-Robots-Tag"] = "noindex"
    if request.method == "GET" and not site.day and found.query and not found.hits:
        response.found_nothing = found.query  # type: ignore[attr-defined]
    return response


@with_search_box
@limited("search")
@wraps(_search)
def search(request, **kwargs):
    """What answers to `?q=`, ten pages at a time; without a query, ways to look around."""
    response = _search(request, **kwargs)
    if query := getattr(response, "found_nothing", None):
        empty.note(query)  # here, because a public page is read in a transaction that writes nothing
    return response


@limited("names")
@public
@revalidated
def names(request, *, site: PublishedSite):
    """Names that begin with `?q=`, for the box: what is called so, and what that is."""
    found = site.names_starting(request.GET.get("q", ""))
    response = JsonResponse({"names": [{"name": one.text, "what": one.what} for one in found]})
    response["X-Robots-Tag"] = "noindex"
    return response
