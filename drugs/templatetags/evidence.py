"""Tags that draw what content says: rich text with its citations, links to other pages, dates and sources."""

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from basics import richtext
from basics.dates import PartialDate
from drugs.citations import Citations
from editions.site import PublishedPage
from references import formatting

register = template.Library()


@register.filter
def rich(text: str, citations: Citations) -> SafeString:
    """Rich text, cleaned again, with each citation as its number."""
    # Safe: richtext.with_citations cleans the text once more, and _number escapes what it is given.
    return mark_safe(richtext.with_citations(text, lambda key, locator: _number(citations, key, locator)))


@register.simple_tag
def cite(citations: Citations, listed) -> SafeString:
    """The numbers of the citations beside an indication, a criterion, a decision or a notice."""
    numbers = [_number(citations, one.source, one.locator) for one in listed]
    return mark_safe("".join(numbers))  # Safe: _number escapes what it is given.


@register.simple_tag
def list_source(citations: Citations, key: str) -> str:
    """Put a source of the page as a whole on its list. Draws nothing."""
    citations.listed(key)
    return ""


def _number(citations: Citations, key: str, locator: str) -> SafeString:
    found = citations.cite(key)
    if found is None:
        return SafeString("")
    cited, place = found
    note = f", {locator}" if locator else ""
    return format_html(
        '<sup class="cite"><a id="{}" href="#{}" aria-label="Source {}{}">[{}{}]</a></sup>',
        place.anchor,
        cited.anchor,
        cited.number,
        note,
        cited.number,
        note,
    )


@register.simple_tag
def page_link(linked: dict, link) -> SafeString:
    """A link to another page where visitors can read it; its name alone where they cannot."""
    drawn = render_to_string("components/page_link.html", {"link": link, "target": linked.get(link.page)})
    return mark_safe(drawn.strip())  # Safe: a template escaped it. A full stop may follow without a gap.


@register.simple_tag
def cite_page(page: PublishedPage) -> str:
    """How this edition of a page is cited, with its address for good."""
    return formatting.cite_page(
        title=page.title[:1].upper() + page.title[1:],
        site="Targeted cancer drugs",
        edition=page.number,
        published=page.live_from,
        reviewed=page.last_reviewed,
        address=f"{settings.SITE_URL}{page.edition_url}",
    )


@register.filter
def when(text: str) -> str:
    """A partial date in words: “3 April 2018”, “April 2018”, “2018”."""
    return PartialDate.parse(text).in_words() if text else ""


@register.filter
def get(mapping: dict, key: str):
    """The value under a key, or None."""
    return mapping.get(key)


@register.filter
def parts(source) -> list[formatting.Part]:
    """A source as its reference in Vancouver style, in parts: words, the title, links."""
    return formatting.parts(source)
