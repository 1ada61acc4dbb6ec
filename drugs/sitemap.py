"""`/sitemap.xml` (sitemaps.org, protocol 0.9): every page that visitors read now, and when it last changed in public.

A page that shows others, as a guide does its drugs, changed when they did, and when one of them went. Withdrawn pages are
not on it.
"""

from datetime import datetime
from io import StringIO
from xml.sax.xmlreader import AttributesImpl

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.xmlutils import SimplerXMLGenerator

from editions.public import public, revalidated
from editions.site import PublishedSite

MOST = 50_000  # addresses in one sitemap, by the protocol
_LISTS = {"drugs:drug-list": "drug", "drugs:condition-list": "condition"}


@public
@revalidated
def sitemap(request, *, site: PublishedSite):
    out = StringIO()
    xml = SimplerXMLGenerator(out, "utf-8")
    xml.startDocument()
    xml.startElement("urlset", AttributesImpl({"xmlns": "http://www.sitemaps.org/schemas/sitemap/0.9"}))
    for address, changed in _addresses(site)[:MOST]:
        xml.startElement("url", AttributesImpl({}))
        xml.addQuickElement("loc", f"{settings.SITE_URL}{address}")
        xml.addQuickElement("lastmod", changed.isoformat(timespec="seconds"))
        xml.endElement("url")
    xml.endElement("urlset")
    xml.endDocument()
    return HttpResponse(out.getvalue(), content_type="application/xml; charset=utf-8")


def _addresses(site: PublishedSite) -> list[tuple[str, datetime]]:
    """(address, when it changed) of the home page, the lists and every live page. Nothing if nothing is published."""
    pages = site.live_since()
    own = site.changed()
    changed = _with_what_they_show(site, {key: moment for key, (_, moment) in pages.items()}, own)
    found = [(address, changed[key]) for key, (address, _) in pages.items()]
    if not found:
        return []
    newest = max(*changed.values(), *own.values())
    lists = [
        (reverse("home"), newest),
        (reverse("editions:updates"), newest),
        (reverse("drugs:reference-list"), newest),
    ]
    for name, of_kind in _LISTS.items():
        if any(key.startswith(f"{of_kind}/") for key in pages):  # one that was withdrawn has left the list
            moments = [*changed.items(), *own.items()]
            lists.append((reverse(name), max(moment for key, moment in moments if key.startswith(f"{of_kind}/"))))
    return lists + sorted(found)


def _with_what_they_show(
    site: PublishedSite, pages: dict[str, datetime], own: dict[str, datetime]
) -> dict[str, datetime]:
    """Lasting key → when the page, or one that it draws in itself, last changed. `own` is when each changed itself."""
    changed = {key: own.get(key, moment) for key, moment in pages.items()}
    shown = [(page, own[other]) for page, other in site.ties("shows") if other in own]
    shown += [(condition, own[drug]) for drug, condition in site.ties("treats") if drug in own]
    shown += [(condition, ended) for condition, ended in site.ended("treats").items()]
    for page, moment in shown:
        if page in changed:
            changed[page] = max(changed[page], moment)
    return changed
