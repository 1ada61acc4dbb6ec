"""References read as Citing Medicine (National Library of Medicine) and the samples of the ICMJE have them."""

import re
from datetime import date

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from references import formatting
from references.content import Author, Source, SourceType
from tests.contents import dates, plain, text
from tests.references.formatted import LINES, WEBPAGE, source


@pytest.mark.parametrize(("one", "line"), [row[1:] for row in LINES], ids=[row[0] for row in LINES])
def test_a_source_is_written_as_the_rule_says(one, line):
    assert formatting.vancouver(one) == line


def test_a_line_break_in_a_field_does_not_break_the_line():
    assert formatting.vancouver(source(title=" A\n trial ", container="BMJ", issued="2018")) == "A trial. BMJ. 2018."


def test_the_numbers_of_an_article_link_to_where_it_is_found():
    one = source(doi="10.1002/(sici)1097<1287::aid>3.0.co;2-#", pmid="29510588", pmcid="PMC5485075")
    assert [(part.text, part.address) for part in formatting.parts(one) if part.address] == [
        (
            "doi: 10.1002/(sici)1097<1287::aid>3.0.co;2-#",
            "https://doi.org/10.1002/(sici)1097%3C1287::aid%3E3.0.co;2-%23",
        ),
        ("PubMed PMID: 29510588", "https://pubmed.ncbi.nlm.nih.gov/29510588/"),
        ("PubMed Central PMCID: PMC5485075", "https://pmc.ncbi.nlm.nih.gov/articles/PMC5485075/"),
    ]


def test_what_is_not_an_address_of_the_web_is_no_link():
    one = source(WEBPAGE, url="javascript:alert(1)")
    assert not any(part.address for part in formatting.parts(one))
    assert formatting.vancouver(one).endswith("Available from: javascript:alert(1)")


@pytest.mark.parametrize(
    ("pages", "short"),
    [("100-100", "100"), ("999-1001", "999-1001"), ("1200-1299", "1200-99"), ("e12-e19", "e12-9"), ("S9–S10", "S9-10")],
)
def test_what_both_ends_of_a_range_share_is_said_once(pages, short):
    assert formatting.vancouver(source(container="BMJ", issued="2018", pages=pages)) == f"A trial. BMJ. 2018:{short}."


# How to cite a page of this site


def test_an_edition_of_a_page_is_cited_with_its_number_its_days_and_its_own_address():
    line = formatting.cite_page(
        title="Imatinib",
        site="Sarcoma drugs",
        edition=3,
        published=date(2018, 4, 3),
        reviewed=date(2019, 4, 1),
        cited=date(2019, 5, 20),
        address="https://example.org/drugs/imatinib/editions/3/",
    )
    assert line == (
        "Imatinib. 3rd ed. In: Sarcoma drugs [Internet]. 2018 Apr 3 [reviewed 2019 Apr 1; cited 2019 May 20]. "
        "Available from: https://example.org/drugs/imatinib/editions/3/."
    )


@pytest.mark.parametrize(
    ("edition", "said"), [(1, "1st"), (2, "2nd"), (11, "11th"), (12, "12th"), (21, "21st"), (113, "113th")]
)
def test_a_page_that_nobody_reviewed_is_cited_without_such_a_day(edition, said):
    line = formatting.cite_page(
        title="What is GIST?", site="S", edition=edition, published=date(2018, 4, 3), address="https://example.org/1"
    )
    assert line == f"What is GIST? {said} ed. In: S [Internet]. 2018 Apr 3. Available from: https://example.org/1"


# Whatever a source holds

NUMBERED = ("container", "publisher", "volume", "issue", "pages", "article_number")


def sources(words, **identifiers):
    """Sources of every type, each field out of `words` unless it is given."""
    person, body = st.builds(Author, family=words, given=words), st.builds(Author, corporate=words)
    return st.builds(
        Source,
        key=st.just("one"),
        type=st.sampled_from(SourceType),
        title=words.filter(str.strip),
        authors=st.lists(person | body, max_size=8).map(tuple),
        et_al=st.booleans(),
        issued=dates,
        accessed=dates,
        **dict.fromkeys(NUMBERED, words),
        **identifiers,
    )


anything = sources(plain | text, **dict.fromkeys(("doi", "pmid", "pmcid", "url"), plain))
ordinary = sources(
    st.sampled_from(
        ["", "Sarcoma", "Wiley, Inc.", "Why?", "Cancer Res.", "12", "Suppl 3", "Pt 2", "1-12", "St. Louis: Mosby"]
    ),
    doi=st.sampled_from(["", "10.1002/x"]),
    pmid=st.sampled_from(["", "29510588"]),
    pmcid=st.sampled_from(["", "PMC5485075"]),
    url=st.sampled_from(["", "https://example.org", "https://example.org/"]),
)


@given(anything)
def test_the_parts_are_the_line(one):
    parts = formatting.parts(one)
    assert "".join(part.text for part in parts) == formatting.vancouver(one)
    assert all(part.text for part in parts) and "\n" not in formatting.vancouver(one)
    assert all(part.address.startswith(("https://", "http://")) for part in parts if part.address)
    assert len([part for part in parts if part.is_title]) == 1


@given(ordinary)
def test_nothing_is_punctuated_twice_and_nothing_empty_is_punctuated(one):
    line = formatting.vancouver(one)
    assert not re.search(r"\.\.|\?\.|\(\)|\[\]| {2}|: ;|;;|,,| [.,;:)]|:$|^[.,;: ]", line)


@given(anything)
def test_a_template_draws_the_same_words_with_every_sign_escaped_once(one):
    drawn = render_to_string("components/_source.html", {"source": one, "mark": None})
    shown = re.sub(r"</?(?:a|span)\b[^<>]*>", "", drawn).strip()
    assert not re.search(r"[<>\"']|&(?!amp;|lt;|gt;|quot;|#x27;)", shown)
    for sign, escaped in (("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("'", "&#x27;"), ("&", "&amp;")):
        shown = shown.replace(escaped, sign)
    assert shown == formatting.vancouver(one).strip()


def test_a_hostile_title_is_words_also_in_the_name_of_a_link():
    one = source(title="""<script>alert("1")</script> & 'more'""", doi="10.1002/x")
    drawn = render_to_string("components/_source.html", {"source": one, "mark": None})
    escaped = "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#x27;more&#x27;"
    assert f'<span class="title">{escaped}</span>.' in drawn
    assert f'aria-label="doi: 10.1002/x: {escaped}"' in drawn
    assert "<script" not in drawn and "&amp;lt;" not in drawn
