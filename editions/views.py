from django.http import Http404, StreamingHttpResponse
from django.shortcuts import redirect, render

from editions import public_record, updates
from editions.compare import side_by_side
from editions.parts import part_asked_for
from editions.public import Elsewhere, ask_for_a_day, for_any_site, public, reading, revalidated
from editions.public_forms import TwoEditionsForm
from editions.published import PublishedPage
from editions.site import PublishedSite


def _page_or_moved(site: PublishedSite, kind: str, slug: str, rest: str) -> PublishedPage:
    """The page, withdrawn ones included.

    Raises Http404 if there is none, Elsewhere with a permanent redirect to its `rest` if it moved.
    """
    page = site.page(kind, slug)
    if page is None:
        if address := site.moved_to(kind, slug):
            raise Elsewhere(redirect(f"{address}{rest}", permanent=True))
        raise Http404("There is no such page.")
    return page


@public
def history(request, kind: str, slug: str, *, site: PublishedSite):
    """The review history of a page: every edition, review, withdrawal and doubt, newest first."""
    try:
        page = _page_or_moved(site, kind, slug, "history/")
    except Elsewhere as elsewhere:
        return elsewhere.response
    lines = site.history(page)
    context = {"site": site, "page": page, "lines": lines, "choice": TwoEditionsForm(lines=lines)}
    return render(request, "editions/history.html", context)


@public
def compare_any(request, kind: str, slug: str, *, site: PublishedSite):
    """Any two editions of a page, chosen from a list: `?from=1&to=3` leads to what changed between them."""
    try:
        chosen = f"?{request.GET.urlencode()}" if request.GET else ""
        page = _page_or_moved(site, kind, slug, f"compare/{chosen}")
    except Elsewhere as elsewhere:
        return elsewhere.response
    asked = request.GET if {"from", "to"} & request.GET.keys() else None
    choice = TwoEditionsForm(asked, lines=site.history(page))
    if choice.is_valid():
        old, new = choice.pair
        return redirect(f"{page.present_url}compare/{old}/{new}/")
    context = {"site": site, "page": page, "choice": choice}
    response = render(request, "editions/compare_any.html", context, status=400 if asked else 200)
    response["X-Robots-Tag"] = "noindex"
    return response


@public
def compare(request, kind: str, slug: str, old: int, new: int, *, site: PublishedSite):
    """What changed between two editions of a page, in words, and the notes of all that came from one to the other."""
    before, after = site.edition(kind, slug, old), site.edition(kind, slug, new)
    if before is None or after is None:
        if address := site.moved_to(kind, slug):
            return redirect(f"{address}compare/{old}/{new}/", permanent=True)
        raise Http404("There are no such editions.")
    if old > new:  # read backwards, a licence that was withdrawn would be one that is new
        return redirect(f"{after.present_url}compare/{new}/{old}/", permanent=True)
    lines = site.history(after)
    context = {
        "site": site,
        "page": after,
        "before": before,
        "withdrawal": site.by_keys([after.key])[after.key].withdrawal,
        "comparison": side_by_side(before.content, after.content),
        "between": [one for one in lines if one.url and old < (one.number or 0) < new],
        "choice": TwoEditionsForm(lines=lines, initial={"from": old, "to": new}),
    }
    response = render(request, "editions/compare.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


@public
def another_day(request, *, site: PublishedSite):
    """Leads to a page, or to the whole site, as it stood on a day: `/as-of/?page=/drugs/imatinib/&day=2018-12-31`."""
    asked = request.GET if "day" in request.GET else None
    return ask_for_a_day(request, asked, request.GET.get("page", "/"), site=site, wrong=400)


@public
@reading("kind", "page")
def all_updates(request, *, site: PublishedSite):
    """What changed in public on all pages, newest first, or on those of one kind (`?kind=drug`)."""
    kind = updates.kind_asked_for(request)
    part = part_asked_for(request, updates.entries(site, kind), 25, counted=False)
    context = {"site": site, "kind": kind, "kinds": updates.kinds(), "part": part}
    return render(request, "editions/updates.html", context | {"updates": updates.in_words(site, part.object_list)})


@public
@reading("page")
def the_record(request, *, site: PublishedSite):
    """The sealed record in words, newest first."""
    rows = public_record.with_their_pages(public_record.entries(site)).reverse()
    part = part_asked_for(request, rows, 50)
    lines = public_record.in_words(site, list(part.object_list))
    return render(request, "editions/record.html", {"site": site, "part": part, "lines": lines, "newest": rows.first()})


@public
@for_any_site
@revalidated
def record_json(request, *, site: PublishedSite):
    """The record for programs: all of it, or what came after the entry with a seal (`?since=<seal>`)."""
    since = None
    if seal := request.GET.get("since", ""):
        since = public_record.entries(site).filter(seal=seal).first()
        if since is None:
            raise Http404("The record has no entry with this seal. If it once had, entries were removed or altered.")
    response = StreamingHttpResponse(public_record.as_json(site, since), content_type="application/json")
    response["X-Robots-Tag"] = "noindex"
    return response
