"""Tags that draw what content says: rich text with its citations, links to other pages, dates and sources."""

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from basics import richtext
from basics.dates import PartialDate
from drugs.citations import Citations, Cited, Mark, Place
from drugs.content import Term
from drugs.vocabulary import DrugStatus
from editions.published import PublishedPage
from references import formatting

register = template.Library()


@register.filter
def rich(text: str, citations: Citations) -> SafeString:
    """Rich text, cleaned again, with each citation as its number and each term explained at its first use."""
    # Safe: richtext.with_citations cleans the text once more; _numbers and explained escape what they are given.
    return mark_safe(
        richtext.with_citations(
            text, lambda cited: _numbers(citations, cited), lambda words: explained(words, citations)
        )
    )


@register.filter
def explained(text: str, citations: Citations) -> SafeString:
    """Plain words, in which each term that the page has not used before opens its explanation."""
    # Safe: _word escapes each piece.
    return mark_safe("".join(_word(*piece) for piece in citations.terms.pieces(text)))


def _word(words: str, term: Term | None) -> SafeString:
    if term is None:
        return escape(words)
    button = '<button type="button" class="term" popovertarget="word-{}">{}</button>'
    return format_html(button, term.key, words)


@register.simple_tag
def cite(citations: Citations, listed) -> SafeString:
    """The numbers of the citations beside an indication, a criterion, a decision or a notice."""
    return _numbers(citations, [(one.source, one.locator) for one in listed])


@register.simple_tag
def list_source(citations: Citations, key: str) -> str:
    """Put a source of the page as a whole on its list. Draws nothing."""
    citations.listed(key)
    return ""


def _numbers(citations: Citations, cited: list[tuple[str, str]]) -> SafeString:
    """The numbers at one place: `[1–3, 5]`."""
    marks = citations.cite_together(cited)
    if not marks:
        return SafeString("")
    gap = "; " if any(mark.locator for mark in marks) else ", "
    return format_html('<sup class="cite">[{}]</sup>', format_html_join(gap, "{}", ((_mark(one),) for one in marks)))


def _mark(mark: Mark) -> SafeString:
    """A number with its locator, or the ends of a run. Those between keep a place for the way back from the list."""
    (first, at), (last, until) = mark.places[0], mark.places[-1]
    if len(mark.places) == 1:
        return _link(first, at, f"{first.number}, {mark.locator}" if mark.locator else str(first.number))
    between = format_html_join("", '<span id="{}"></span>', ((place.anchor,) for _, place in mark.places[1:-1]))
    return format_html("{}{}–{}", _link(first, at, str(first.number)), between, _link(last, until, str(last.number)))


def _link(cited: Cited, place: Place, text: str) -> SafeString:
    return format_html('<a id="{}" href="#{}" aria-label="Source {}">{}</a>', place.anchor, cited.anchor, text, text)


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
def drug_status(value: str) -> DrugStatus:
    """The status of a drug by its stored word, as lists have it."""
    return DrugStatus(value)


@register.filter
def parts(source) -> list[formatting.Part]:
    """A source as its reference in Vancouver style, in parts: words, the title, links."""
    return formatting.parts(source)
