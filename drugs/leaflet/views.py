"""The leaflets: a page, or an edition for good, as PDF to print. `?print=large` is the large print."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag

from basics.limits import limited
from drugs import pages
from drugs.leaflet import printing
from drugs.leaflet.compose import leaflet
from editions.public import Elsewhere, edition_or_elsewhere, page_or_elsewhere, public, reading
from editions.site import PublishedSite


@limited("leaflet")
@public
@reading("print")
def page_leaflet(request, kind: str, slug: str, *, site: PublishedSite):
    """The leaflet of the live edition of a page."""
    try:
        page = page_or_elsewhere(request, site, kind, slug)
    except Elsewhere as elsewhere:
        return _led_on(request, elsewhere)
    return _printed(request, pages.present(site, page))


@limited("leaflet")
@public
@reading("print")
def edition_leaflet(request, kind: str, slug: str, number: int, *, site: PublishedSite):
    """The leaflet of an edition for good. A past one says on every page that it is not current."""
    try:
        page = edition_or_elsewhere(site, kind, slug, number)
    except Elsewhere as elsewhere:
        return _led_on(request, elsewhere)
    context, today = pages.present_edition(site, page)
    return _printed(request, context, today)


def _led_on(request: HttpRequest, elsewhere: Elsewhere) -> HttpResponse:
    """Of a page that moved, its leaflet's address; of one that was withdrawn, what the page says itself."""
    address = elsewhere.response.get("Location")
    if address is None:
        return elsewhere.response
    return redirect(f"{address}leaflet.pdf{'?print=large' if _is_large(request) else ''}", permanent=True)


def _is_large(request: HttpRequest) -> bool:
    return request.GET.get("print") == "large"


def _printed(request: HttpRequest, context: dict, today=None) -> HttpResponse:
    is_large = _is_large(request)
    asked = [render_to_string("drugs/_question.html", {"asks": one}).strip() for one in context.get("questions", ())]
    context |= {"asked": asked}
    data = leaflet(
        context, site_address=settings.SITE_URL, today=today, notice=settings.SITE_NOTICE, is_large=is_large
    ).as_json()
    etag = quote_etag(printing.fingerprint(data))
    if (unchanged := get_conditional_response(request, etag=etag)) is not None:
        unchanged["ETag"] = etag
        return unchanged
    try:
        response = HttpResponse(printing.pdf(data), content_type="application/pdf")
    except printing.TooLong as error:
        raise Http404(str(error)) from None
    page = context["page"]
    name = f"{page.slug}-leaflet-edition-{page.number}{'-large-print' if is_large else ''}.pdf"
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["X-Robots-Tag"] = "noindex"
    response["ETag"] = etag
    return response
