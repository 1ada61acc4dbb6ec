"""Tags of a page's head that speak to search engines and to programs that show a link."""

import json

from django import template
from django.conf import settings
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from drugs.structured import Place, structured
from editions.published import NAME_REMOVED, PublishedPage
from editions.site import PublishedSite

register = template.Library()

SITE_NAME = "Targeted cancer drugs"
# JSON may write any character by its number. With these three so written, nothing in it can end a script or begin markup.
_ESCAPES = {ord(character): f"\\u{ord(character):04X}" for character in "<>&"}


@register.simple_tag
def absolute(path: str) -> str:
    """A path on this site as an address with the site's own name, whatever host was asked."""
    return f"{settings.SITE_URL}{path}"


@register.filter
def codes(text: str) -> SafeString:
    """A description of the OpenAPI document, which is written in Markdown: what stands in backticks is code."""
    words = (
        (format_html("<code>{}</code>" if place % 2 else "{}", part),) for place, part in enumerate(text.split("`"))
    )
    return format_html_join("", "{}", words)


@register.simple_tag
def structured_data(site: PublishedSite, page: PublishedPage, linked: dict) -> SafeString:
    """The page as JSON-LD, in a script element that is data and never runs."""
    place = Place(
        site_url=settings.SITE_URL,
        site_name=SITE_NAME,
        linked={key: one.present_url for key, one in linked.items() if not one.withdrawal},
        name_is_known=page.review is not None and page.review.name != NAME_REMOVED,
    )
    data = structured(page, site.first_published(page), place)
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)
    # Safe: in a script element, only a “<” could be more than text, and the JSON has none.
    return mark_safe(f'<script type="application/ld+json">{text}</script>')
