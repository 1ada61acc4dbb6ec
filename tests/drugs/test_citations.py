"""Citations in numbers: by first appearance, several at one place together, each with its way back."""

import re

import pytest
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from drugs.citations import Citations
from references.content import Source

KEYS = [f"source-{letter}" for letter in "abcdefgh"]


def of(*keys: str) -> Citations:
    """The citations of a page with eight sources, of which these were cited already, one by one."""
    citations = Citations(Source(key=key, type="article-journal", title=key) for key in KEYS)
    for key in keys:
        citations.cite(key)
    return citations


def drawn(text: str, citations: Citations) -> str:
    return Template("{% load evidence %}{{ text|rich:citations }}").render(
        Context({"text": text, "citations": citations})
    )


def words(html: str) -> str:
    return re.sub(r"<[^>]+>", "", html)


def cites(*sources: str) -> str:
    return "".join(f'<cite data-ref="{key}"></cite>' for key in sources)


@pytest.mark.parametrize(
    ("cited", "shown"),
    [
        (["a"], "[1]"),
        (["a", "b"], "[1, 2]"),
        (["a", "b", "c"], "[1–3]"),
        (["c", "a", "b"], "[1–3]"),
        (["a", "b", "c", "e"], "[1–3, 5]"),
        (["a", "c", "e", "f", "g"], "[1, 3, 5–7]"),
        (["b", "b"], "[2]"),
        (["nobody"], ""),
    ],
)
def test_numbers_at_one_place_stand_together(cited, shown):
    citations = of(*KEYS)  # numbered a 1, b 2, …
    assert (
        words(drawn(f"<p>It helps.{cites(*(f'source-{one}' for one in cited))}</p>", citations)) == f"It helps.{shown}"
    )


def test_one_that_names_where_in_it_stands_by_itself():
    text = f'<p>x{cites("source-a", "source-b")}<cite data-ref="source-c" data-locator="table 2"></cite></p>'
    assert words(drawn(text, of(*KEYS))) == "x[1; 2; 3, table 2]"


def test_citations_with_words_between_are_two_places_and_the_gap_after_them_stays():
    text = f"<p>x{cites('source-a')} and {cites('source-b')} {cites('source-c')} more</p>"
    assert words(drawn(text, of())) == "x[1] and [2, 3] more"


def test_every_source_of_a_run_has_its_place_for_the_way_back():
    citations = of(*KEYS)
    html = drawn(f"<p>x{cites(*KEYS[:4])}</p>", citations)
    for cited in list(citations)[:4]:
        assert f'id="{cited.places[-1].anchor}"' in html
    assert html.count("<a ") == 2 and 'aria-label="Source 4"' in html


@given(st.lists(st.tuples(st.sampled_from(KEYS), st.sampled_from(["", "p. 3"])), max_size=12))
def test_every_citation_is_shown_once_whatever_stands_together(cited):
    citations = of(*KEYS)
    marks = citations.cite_together(cited)
    shown = [(place[0].source.key, mark.locator) for mark in marks for place in mark.places]
    assert sorted(shown) == sorted(set(cited))
