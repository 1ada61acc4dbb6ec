"""Rich text as blocks. Plain Python; the small set of HTML is that of basics.richtext, which cleans it once more."""

from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser

from basics import richtext
from drugs.leaflet.blocks import Block, Blocks, Heading, Listing, Paragraph, Span, Spans

# Lists in lists, before there is no paper left to indent them on; what lies deeper stands at this depth.
DEEPEST = 4

Numbers = Callable[[list[tuple[str, str]]], str]


def blocks(text: str, numbers: Numbers, *, level: int) -> Blocks:
    """The paragraphs, lists and headings of rich text.

    `numbers([(source key, locator), …])` says what stands for the citations at one place; `level` is that of its headings.
    """
    # <sup> is not in the set, so only what stands here for a citation can be one.
    reader = _Reader(level)
    reader.feed(richtext.with_citations(text, lambda cited: f"<sup>{escape(numbers(cited))}</sup>"))
    reader.close()
    return reader.ended()


@dataclass
class _Open:
    """A list that is not closed yet."""

    ordered: bool
    items: list[list[Block]] = field(default_factory=list)


class _Reader(HTMLParser):
    """Reads cleaned HTML from its beginning to its end. Lists may stand in lists."""

    def __init__(self, level: int):
        super().__init__(convert_charrefs=True)
        self._level = level
        self._blocks: list[Block] = []
        self._lists: list[_Open] = []
        self._spans: list[Span] = []
        self._manner: list[str] = []
        self._address = ""
        self._shown = ""  # the words of the link that is being read

    def ended(self) -> Blocks:
        self._end_paragraph()
        while self._lists:
            self._end_list()
        return tuple(self._blocks)

    def handle_starttag(self, tag, attrs):
        if tag in {"p", "h3", "li", "ul", "ol"}:
            self._end_paragraph()
        if tag in {"ul", "ol"}:
            self._lists.append(_Open(tag == "ol"))
        elif tag == "li":
            self._into_list().items.append([])
        elif tag == "br":
            self._add("\n")
        elif tag in {"strong", "em", "sup"}:
            self._manner.append(tag)
        elif tag == "a":
            self._address, self._shown = dict(attrs).get("href") or "", ""

    def handle_endtag(self, tag):
        if tag == "h3":
            self._end_heading()
        elif tag in {"p", "li"}:
            self._end_paragraph()
        elif tag in {"ul", "ol"}:
            self._end_paragraph()
            self._end_list()
        elif tag in self._manner:
            self._manner.remove(tag)
        elif tag == "a":
            self._end_link()

    def handle_data(self, data):
        self._shown += data
        self._add(data)

    def _add(self, text: str):
        leads = self._address if self._address.startswith(("https://", "http://", "mailto:", "tel:")) else ""
        manner = {"strong": "strong" in self._manner, "emphasis": "em" in self._manner}
        self._spans.append(Span(text, **manner, cited="sup" in self._manner, address=leads))

    def _end_link(self):
        """On paper nobody can follow a link: its address stands behind it, unless it is what one reads."""
        address, self._address = self._address, ""
        if address.startswith(("https://", "http://")) and address != self._shown.strip():
            self._spans += [Span(" ("), Span(address, address=address), Span(")")]

    def _into_list(self) -> _Open:
        if not self._lists:
            self._lists.append(_Open(False))
        return self._lists[-1]

    def _put(self, block: Block):
        if not self._lists:
            self._blocks.append(block)
            return
        items = self._lists[-1].items
        if not items:
            items.append([])
        items[-1].append(block)

    def _taken(self) -> Spans:
        spans, self._spans = tuple(self._spans), []
        return spans if any(one.text.strip() for one in spans) else ()

    def _end_paragraph(self):
        if spans := self._taken():
            self._put(Paragraph(spans))

    def _end_heading(self):
        # PDF/UA-1 wants a heading's level to follow from where it stands: within a list it has none.
        if spans := self._taken():
            self._put(Paragraph(spans) if self._lists else Heading(spans, self._level))

    def _end_list(self):
        if not self._lists:
            return
        ended = self._lists.pop()
        items = [item for item in ended.items if item]
        if len(self._lists) >= DEEPEST:
            self._lists[-1].items += items
        elif items:
            self._put(Listing(tuple(map(tuple, items)), "number" if ended.ordered else "dot"))
