from django.http import Http404, StreamingHttpResponse
from django.shortcuts import redirect, render

from editions import public_record, updates
from editions.compare import side_by_side
from editions.public import part_asked_for, public, revalidated
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


@public
def all_updates(request, *, site: PublishedSite):
    """What changed in public on all pages, newest first, or on those of one kind (`?kind=drug`)."""
    kind = updates.kind_asked_for(request)
    part = part_asked_for(request, updates.entries(site, kind), 25)
    context = {"site": site, "kind": kind, "kinds": updates.kinds(), "part": part}
    return render(request, "editions/updates.html", context | {"updates": updates.in_words(site, part.object_list)})


@public
def the_record(request, *, site: PublishedSite):
    """The sealed record in words, newest first."""
    rows = public_record.with_their_pages(public_record.entries(site)).reverse()
    part = part_asked_for(request, rows, 50)
    lines = public_record.in_words(site, list(part.object_list))
    return render(request, "editions/record.html", {"site": site, "part": part, "lines": lines, "newest": rows.first()})


@public
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
