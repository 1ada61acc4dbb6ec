"""The public pages of drugs, conditions, guides, references and the glossary. They read editions only."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from drugs import pages
from editions.public import Elsewhere, edition_or_elsewhere, for_any_site, page_or_elsewhere, public, today
from editions.site import PublishedSite
from references.formats import FORMATS, write


def _detail(request, site: PublishedSite, kind: str, slug: str):
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
def drug_list(request, *, site: PublishedSite):
    drugs = site.list("drug")
    context = {
        "site": site,
        "drugs": drugs,
        "letters": pages.a_to_z(drugs),
        "by_condition": pages.by_condition(drugs),
        "by_mechanism": pages.by_mechanism(drugs),
    }
    return render(request, "drugs/drug_list.html", context)


@public
def condition_list(request, *, site: PublishedSite):
    return render(request, "drugs/condition_list.html", {"site": site, "conditions": site.list("condition")})


@public
def reference_list(request, *, site: PublishedSite):
    sources = pages.sources_of(site.everything())
    marks = pages.marks_on(site, sources.values())
    entries = [
        {"source": source, "mark": marks.get(key)} for key, source in sorted(sources.items(), key=lambda item: item[0])
    ]
    return render(request, "drugs/reference_list.html", {"site": site, "entries": entries})


@public
def reference_detail(request, key: str, *, site: PublishedSite):
    citing = site.mentioning("cites", f"reference/{key}")
    if not citing:
        if into := pages.replacing(site, key):
            return redirect(
                f"{site.prefix}{reverse('drugs:reference-detail', args=[into])}"
            )  # a duplicate may be cited again
        raise Http404("No page cites such a source.")
    source = pages.sources_of(citing)[key]
    mark = pages.marks_on(site, [source]).get(key)
    context = {"site": site, "source": source, "citing": citing, "mark": mark}
    return render(request, "drugs/reference_detail.html", context)
