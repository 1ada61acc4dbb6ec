from django.http import Http404
from django.shortcuts import redirect, render

from editions.compare import side_by_side
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


@public
def compare(request, kind: str, slug: str, old: int, new: int, *, site: PublishedSite):
    """What changed between two editions of a page, in words."""
    before, after = site.edition(kind, slug, old), site.edition(kind, slug, new)
    if before is None or after is None:
        if address := site.moved_to(kind, slug):
            return redirect(f"{address}compare/{old}/{new}/", permanent=True)
        raise Http404("There are no such editions.")
    context = {"site": site, "page": after, "before": before, "comparison": side_by_side(before.content, after.content)}
    response = render(request, "editions/compare.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response
