"""What a leaflet is made of: blocks of spans. Plain values that become JSON, so that no text can turn into markup."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Span:
    """A stretch of text in one manner."""

    text: str
    strong: bool = False
    emphasis: bool = False
    cited: bool = False  # the numbers of sources
    address: str = ""  # where it leads, for whoever reads the leaflet on a screen


Spans = tuple[Span, ...]


@dataclass(frozen=True)
class Heading:
    spans: Spans
    level: int  # 1 is the title; PDF/UA-1 allows no gap on the way down
    kind: Literal["heading"] = "heading"


@dataclass(frozen=True)
class Paragraph:
    spans: Spans
    manner: Literal["", "lead", "quiet"] = ""
    kind: Literal["paragraph"] = "paragraph"


@dataclass(frozen=True)
class Listing:
    items: tuple[tuple["Block", ...], ...]
    marker: Literal["dot", "number", "tick", "cross"] = "dot"
    kind: Literal["list"] = "list"


@dataclass(frozen=True)
class Facts:
    """Pairs of a few words and what is to be said of them."""

    rows: tuple[tuple[str, Spans], ...]
    kind: Literal["facts"] = "facts"


@dataclass(frozen=True)
class Notice:
    """What stands in a box. The tone decides how loud it is."""

    blocks: tuple["Block", ...]
    tone: Literal["urgent", "warning", "calm"] = "warning"
    kind: Literal["notice"] = "notice"


Block = Heading | Paragraph | Listing | Facts | Notice
Blocks = tuple[Block, ...]


def plain(text: str) -> Spans:
    return (Span(text),) if text else ()


def strong(text: str) -> Spans:
    return (Span(text, strong=True),) if text else ()


def says(text: str, manner: Literal["", "lead", "quiet"] = "") -> Paragraph:
    """A paragraph of plain words."""
    return Paragraph(plain(text), manner)


def heading(text: str, level: int) -> Heading:
    return Heading(plain(text), level)


def warning(lead: str, text: str) -> Notice:
    """A sentence in a box, with the words that it begins with in bold."""
    return Notice((Paragraph((*strong(lead), *plain(f" {text}" if text else ""))),))


def upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]
