"""The public pages of drugs, conditions, guides, references and the glossary. They read editions only."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from drugs import pages
from drugs.drug_list import MOST, READS, DrugList
from editions.parts import part_asked_for
from editions.public import (
    Elsewhere,
    edition_or_elsewhere,
    for_any_site,
    page_or_elsewhere,
    public,
    reading,
    today,
)
from editions.site import PublishedSite
from references.formats import FORMATS, write


def _detail(request, site: PublishedSite, kind: str, slug: str):
    site.read_ahead((kind, slug), pages.GLOSSARY)  # whose words the page explains
    try:
        page = page_or_elsewhere(request, site, kind, slug)
    except Elsewhere as elsewhere:
        return elsewhere.response
    context = pages.present(site, page)
    if site.day:
        context["today"] = today(site, page)
    return render(request, f"drugs/{kind}_detail.html", context)


@public
def drug_detail(request, slug: str, *, site: PublishedSite):
    return _detail(request, site, "drug", slug)


@public
def condition_detail(request, slug: str, *, site: PublishedSite):
    return _detail(request, site, "condition", slug)


@public
def guide_detail(request, slug: str, *, site: PublishedSite):
    return _detail(request, site, "guide", slug)


@public
def glossary_detail(request, *, slug: str = "glossary", site: PublishedSite):
    return _detail(request, site, "glossary", slug)


@public
def edition_detail(request, kind: str, slug: str, number: int, *, site: PublishedSite):
    """An edition for good. A past one shows other pages as they stood when it went live."""
    try:
        page = edition_or_elsewhere(site, kind, slug, number)
    except Elsewhere as elsewhere:
        return elsewhere.response
    context, now = pages.present_edition(site, page)
    response = render(request, f"drugs/{kind}_detail.html", context | {"is_edition": True, "today": now})
    response["X-Robots-Tag"] = "noindex"
    return response


@public
@for_any_site
def page_references(request, kind: str, slug: str, ending: str, *, site: PublishedSite):
    """The sources of a live page as a file for reference managers: `references.ris`, `.bib`, `.json`."""
    format = next((name for name, one in FORMATS.items() if one.write and one.ending == f".{ending}"), None)
    if format is None:
        raise Http404("References are written as .ris, .bib and .json.")
    try:
        page = page_or_elsewhere(request, site, kind, slug)
    except Elsewhere as elsewhere:
        if address := elsewhere.response.get("Location"):
            return redirect(f"{address}references.{ending}", permanent=True)
        return elsewhere.response
    text = write(pages.sources_on(site, page), format)
    response = HttpResponse(text, content_type=f"{FORMATS[format].media_type}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{page.slug}-edition-{page.number}.{ending}"'
    response["X-Robots-Tag"] = "noindex"
    return response


@public
@reading(*READS)
def drug_list(request, *, site: PublishedSite):
    """The A–Z, or what of it is asked for: `?letter=a`, `?condition=gist`, `?way=…`. 404 where nothing could be."""
    found = DrugList(site, request.GET)
    return render(request, "drugs/drug_list.html", {"site": site, "list": found}, status=200 if found.is_known else 404)


@public
@reading("page")
def condition_list(request, *, site: PublishedSite):
    part = part_asked_for(request, site.listed("condition"), MOST)
    return render(request, "drugs/condition_list.html", {"site": site, "part": part})


@public
@reading("page")
def reference_list(request, *, site: PublishedSite):
    part = part_asked_for(request, site.keys_under("source"), MOST)
    sources = pages.sources_named(site, part)
    marks = pages.marks_on(site, sources.values())
    entries = [{"source": sources[key], "mark": marks.get(key)} for key in part if key in sources]
    return render(request, "drugs/reference_list.html", {"site": site, "entries": entries, "part": part})


@public
@reading("page")
def reference_detail(request, key: str, *, site: PublishedSite):
    source = pages.sources_named(site, [key]).get(key)
    if source is None:
        if into := pages.replacing(site, key):
            return redirect(
                f"{site.prefix}{reverse('drugs:reference-detail', args=[into])}"
            )  # a duplicate may be cited again
        raise Http404("No page cites such a source.")
    citing = part_asked_for(request, site.under("source", key), MOST)
    mark = pages.marks_on(site, [source]).get(key)
    context = {"site": site, "source": source, "citing": citing, "mark": mark}
    return render(request, "drugs/reference_detail.html", context)
