"""Text on leaflets stays text, whatever it holds; rich text becomes blocks."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drugs import content
from drugs.citations import Citations
from drugs.leaflet import printing, rich
from drugs.leaflet.blocks import Heading, Listing, Paragraph, Span
from drugs.leaflet.parts import Hand
from tests import contents
from tests.contents import CONTENTS
from tests.drugs.printed import a_leaflet, pages_of, squeezed, told

HOSTILE = [
    '#panic("x") #read("/etc/passwd") #import "@preview/a:0.1.0"',
    "$x^2$ *bold* _slanted_ `code` ~ -- --- ... ' \"",
    "\\ \\# @label <label> // not a comment /* nor this */",
    "= Not a heading",
    "- + / : ; [brackets] {braces} (rounds)",
    "https://example.org/a?b=c&d=e#f",
    "10\u00a0mg ≥\u00a018 years, −5 °C, 10 µg, ½, α-β, ŁódźĞ",
    "&lt;b&gt; <b>not bold</b> <script>alert(1)</script>",
    '"quoted" {"json": [1]} \\u0041 \\n',
]


def a_drug(**fields) -> content.DrugContent:
    return content.DrugContent(**{"name": "imatinib", "summary": "What it is.", "status": "in_use", **fields})


@pytest.mark.parametrize("text", HOSTILE)
def test_text_that_looks_like_markup_comes_out_as_it_is(text):
    value = a_drug(
        name=text,
        summary=text,
        indications=(
            content.Indication(
                key="gist",
                condition=content.Link(page="condition/gist", name=text),
                criteria=(content.Criterion(kind="requires", text=text),),
            ),
        ),
    )
    pages = pages_of(printing.pdf(a_leaflet(value).as_json()))
    assert squeezed("".join(pages)).count(squeezed(text)) >= 4


def test_ten_thousand_letters_without_a_space_stay_on_the_paper():
    text = "ab" * 5000
    value = a_drug(summary=text)
    for is_large in (False, True):
        file = printing.pdf(a_leaflet(value, is_large=is_large).as_json())
        assert len(pages_of(file)) > 2 and told(file).count("ab") >= 5000


def test_letters_that_run_from_the_right_are_printed():
    file = printing.pdf(a_leaflet(a_drug(summary="שלום עולם, and then مرحبا.")).as_json())
    assert set("שלוםע") <= set("".join(pages_of(file)))


def test_what_no_font_has_is_named_and_nothing_fails():
    text = "Smile 😀 中, 👩\u200d🔬 and อ."
    value = a_drug(name=text, summary=text)
    printed = " ".join(pages_of(printing.pdf(a_leaflet(value).as_json())))
    assert "Smile [grinning face] [cjk unified ideograph-4e2d]," in printed
    assert "[woman][microscope] and [thai character o ang]." in printed


@pytest.mark.parametrize("kind", sorted(CONTENTS))
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_every_content_that_can_be_published_can_be_printed(kind, data):
    value = data.draw(CONTENTS[kind])
    is_large = data.draw(st.booleans())
    assert printing.pdf(a_leaflet(value, is_large=is_large).as_json()).startswith(b"%PDF-")


def test_a_page_of_unreasonable_length_is_refused():
    with pytest.raises(printing.TooLong):
        printing.pdf(a_leaflet(a_drug(summary="word " * 200_000)).as_json())


def test_the_same_leaflet_is_the_same_file():
    data = a_leaflet(a_drug()).as_json()
    first = printing.pdf(data)
    printing._compiled.cache_clear()
    assert printing.pdf(data) == first
    assert printing.fingerprint(data) != printing.fingerprint(a_leaflet(a_drug(), is_large=True).as_json())


# Rich text


def drawn(text: str, numbers=lambda cited: "[1]"):
    return rich.blocks(text, numbers, level=3)


def test_paragraphs_lists_and_headings_become_blocks():
    assert drawn(
        "<h3>A</h3><p>one <strong>two</strong> <em>three</em></p><ul><li>x</li><li>y<ol><li>z</li></ol></li></ul>"
    ) == (
        Heading((Span("A"),), 3),
        Paragraph((Span("one "), Span("two", strong=True), Span(" "), Span("three", emphasis=True))),
        Listing(
            (
                (Paragraph((Span("x"),)),),
                (Paragraph((Span("y"),)), Listing(((Paragraph((Span("z"),)),),), "number")),
            )
        ),
    )


def test_lists_deeper_than_paper_is_wide_are_kept_and_printed():
    depth = 200
    text = "".join(f"<ul><li>item {n}" for n in range(depth)) + "</li></ul>" * depth
    file = printing.pdf(a_leaflet(a_drug(about=text)).as_json())
    assert all(f"item {n}" in " ".join(pages_of(file)) for n in range(depth))


def test_nothing_becomes_no_block():
    assert drawn("") == () == drawn("<p> </p><ul><li></li></ul>")


def test_citations_at_one_place_stand_together():
    asked = []

    def numbers(cited):
        asked.append(cited)
        return "[1, 2]"

    blocks = drawn('<p>a<cite data-ref="b-1"></cite> <cite data-ref="c-2" data-locator="p. 3"></cite> d</p>', numbers)
    assert blocks == (Paragraph((Span("a"), Span("[1, 2]", cited=True), Span(" d"))),)
    assert [("b-1", ""), ("c-2", "p. 3")] in asked


def test_runs_and_places_in_sources_are_numbered_as_on_the_page():
    hand = Hand(Citations(contents.SOURCES), {})
    assert hand.numbers([(f"source-{n}", "") for n in range(3)]) == "[1–3]"
    assert hand.numbers([("source-0", "p. 4"), ("source-3", "")]) == "[1, p. 4; 4]"
    assert hand.numbers([("unknown", "")]) == ""


def test_a_link_shows_its_address_because_paper_has_no_links():
    (block,) = drawn('<p>See <a href="https://a.org/b">this</a>, <a href="/drugs/">ours</a>.</p>')
    assert "".join(one.text for one in block.spans) == "See this (https://a.org/b), ours."
    (block,) = drawn('<p><a href="https://a.org/b">https://a.org/b</a></p>')
    assert [one.text for one in block.spans] == ["https://a.org/b"]


def test_a_leaflet_is_data_only():
    read = json.loads(a_leaflet(a_drug(name='"}#x')).as_json())
    assert read["title"] == '"}#x' and read["blocks"][0]["kind"] == "paragraph"
