"""Rich text: a small, fixed set of HTML, cleaned where it enters and again where it leaves.

A citation is `<cite data-ref="KEY" data-locator="p. 12"></cite>`: it names its source, never its number, because
numbers follow from the order of a whole page.
"""

import html
import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser

import nh3

from basics.text import tidy

TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "h3", "a", "cite"}
ATTRIBUTES = {"a": {"href"}, "cite": {"data-ref", "data-locator"}}
SCHEMES = {"https", "http", "mailto", "tel"}
_CITE = re.compile(r"<cite\b([^>]*)>.*?</cite>", re.DOTALL)
_PLACE = re.compile(r"(?:<cite\b[^>]*>[^<]*</cite>\s*)+")
_LABEL = re.compile(r"(<cite\b[^>]*>)\[[^<>\[\]]*\](?=</cite>)")
_OPENED = re.compile(r"<cite\b([^>]*)>")
_ATTRIBUTE = re.compile(r'\b(data-ref|data-locator)="([^"]*)"')
_KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def _attribute(tag: str, name: str, value: str) -> str | None:
    if name not in ATTRIBUTES.get(tag, ()):
        return None  # nh3 lets title and lang through on every tag
    # It also lets relative and scheme-relative addresses through: //host and /\host lead away from the site unseen.
    if tag == "a" and (re.search(r"\s", value) or not re.match(r"(https?://|mailto:|tel:|/(?![/\\])|#)", value)):
        return None
    if tag == "cite" and name == "data-ref" and not _KEY.fullmatch(value):
        return None
    return value


_CLEANER = nh3.Cleaner(
    tags=TAGS,
    attributes=ATTRIBUTES,
    url_schemes=SCHEMES,
    attribute_filter=_attribute,
    link_rel=None,
    clean_content_tags={"script", "style"},
)


def clean(text: str) -> str:
    """Return rich text with only the tags and attributes above; the words inside other tags stay.

    Cleaning twice gives the same as cleaning once. Raises basics.text.ForbiddenCharacter.
    """
    cleaned = _CLEANER.clean(tidy(text))
    # A citation stands for its number and holds no words: its label goes, other words that got into it stay beside it.
    cleaned = _LABEL.sub(r"\1", cleaned).replace("</cite>", "")
    cleaned = _OPENED.sub(lambda found: f"<cite{found[1]}></cite>" if "data-ref" in found[1] else "", cleaned)
    tidy(html.unescape(cleaned))  # &#8238; would otherwise bring a direction override in through the back door
    return "" if not cleaned.strip() or cleaned.strip() == "<p></p>" else cleaned.strip()


def citations(text: str) -> Iterator[tuple[str, str]]:
    """The (source key, locator) pairs cited in rich text, in order, repeats included."""
    for found in _CITE.finditer(text):
        named = dict(_ATTRIBUTE.findall(found[1]))
        if "data-ref" in named:
            yield html.unescape(named["data-ref"]), html.unescape(named.get("data-locator", ""))


def with_citations(
    text: str, draw: Callable[[list[tuple[str, str]]], str], draw_words: Callable[[str], str] = html.escape
) -> str:
    """Return rich text in which the citations at each place are replaced by `draw([(key, locator), …])`: safe HTML.

    Citations that follow one another, with nothing but white space between, are at one place. Running words, those
    outside headings and links, are replaced by `draw_words(plain text)`: safe HTML too.
    """
    writer = _Written(draw_words)
    writer.feed(clean(text))
    writer.close()
    return _PLACE.sub(lambda found: draw(list(citations(found[0]))) + _gap(found[0]), "".join(writer.parts))


def _gap(cited: str) -> str:
    """The white space after the last citation of a place: it parts the words on either side."""
    return cited[len(cited.rstrip()) :]


class _Written(HTMLParser):
    """Reads cleaned HTML and writes it again, of the same tags and attributes only."""

    APART = {"h3", "a", "cite"}

    def __init__(self, draw_words: Callable[[str], str]):
        super().__init__(convert_charrefs=True)
        self._draw_words = draw_words
        self._apart = 0  # how many tags that stand apart from running words are open
        self.parts: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag in TAGS:
            kept = [
                ' {}="{}"'.format(name, html.escape(value or ""))
                for name, value in attrs
                if name in ATTRIBUTES.get(tag, ())
            ]
            self.parts.append(f"<{tag}{''.join(kept)}>")
            self._apart += tag in self.APART

    def handle_endtag(self, tag):
        if tag in TAGS:
            self.parts.append(f"</{tag}>")
            self._apart -= tag in self.APART

    def handle_data(self, data):
        self.parts.append(html.escape(data, quote=False) if self._apart else self._draw_words(data))


class _Words(HTMLParser):
    BLOCKS = {"p", "li", "ul", "ol", "h3", "br"}

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag in self.BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag):
        self.handle_starttag(tag, [])

    def handle_data(self, data):
        self.parts.append(data)


def words(text: str, cited: Callable[[str, str], str] = lambda key, locator: "") -> str:
    """Rich text as plain text, one line per paragraph or list item.

    A citation becomes what `cited(key, locator)` says of it: nothing, unless it is given.
    """

    def put(found: re.Match) -> str:
        named = dict(_ATTRIBUTE.findall(found[1]))
        said = cited(html.unescape(named.get("data-ref", "")), html.unescape(named.get("data-locator", "")))
        return html.escape(said)

    reader = _Words()
    reader.feed(_CITE.sub(put, text))
    reader.close()
    lines = ("".join(reader.parts)).split("\n")
    return "\n".join(line.strip() for line in lines if line.strip())
