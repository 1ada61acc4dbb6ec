from django.http import Http404
from django.shortcuts import redirect, render

from editions.public import public
from editions.site import PublishedSite


@public
def history(request, kind: str, slug: str, *, site: PublishedSite):
    """The review history of a page: every edition, review, withdrawal and doubt, newest first."""
    page = site.page(kind, slug)
    if page is None:
        if address := site.moved_to(kind, slug):
            return redirect(f"{address}history/", permanent=True)
        raise Http404("There is no such page.")
    return render(request, "editions/history.html", {"site": site, "page": page, "lines": site.history(page)})
