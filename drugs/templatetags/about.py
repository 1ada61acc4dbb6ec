"""The foot of every page: the pages about the site itself, as far as they are live."""

from django import template

from drugs.about_site import ABOUT_THE_SITE
from editions.site import PublishedSite

register = template.Library()


@register.simple_tag
def about_site(site: PublishedSite | None) -> list[tuple[str, str]]:
    """(name, address) of each page about the site that visitors can read, in one query: now, or on the day being read.

    Nothing without a site: a page that says what went wrong asks nothing of the database.
    """
    if not site:
        return []
    of_today = site.is_past and not site.day  # the address of a past edition stands on the site of today
    addresses = (PublishedSite() if of_today else site).addresses(ABOUT_THE_SITE)
    return [(name, addresses[key]) for key, name in ABOUT_THE_SITE.items() if key in addresses]
