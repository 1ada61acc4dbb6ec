"""Terms of the glossary where a page first uses them: which words are one, where none is, and what it rests on."""

import re
from types import SimpleNamespace

import pytest

from drugs.content import Term
from drugs.terms import Terms
from editions import actions
from editions.models import Page
from tests.drugs.test_citations import cites, drawn, of
from tests.factories import a_drug, changed, published

TERMS = [
    Term(key="gist", name="gastrointestinal stromal tumour", abbreviation="GIST", definition="A sarcoma."),
    Term(key="gene", name="gene", definition="A piece of DNA."),
    Term(key="gene-test", name="gene test", definition="A test."),
    Term(key="low-grade", name="low grade", definition="Slow."),
    Term(key="nice", name="National Institute", abbreviation="NICE", definition="A body."),
    Term(key="therapy", name="therapy", definition="A treatment."),
    Term(key="dna", name="DNA", definition="What genes are made of."),
]
TABLE = [
    ("A Gene and a gene.", "A [Gene] and a gene."),  # at its first use only
    ("Gastrointestinal stromal tumours (GIST)", "[Gastrointestinal stromal tumours] (GIST)"),
    ("GISTs, and a gastrointestinal stromal tumour", "[GISTs], and a gastrointestinal stromal tumour"),
    ("nice dna of NICE, DNA’s", "nice dna of [NICE], [DNA]’s"),  # what is written in capitals is meant so
    ("A gene test, then genes.", "A [gene test], then [genes]."),  # the longest that begins there
    ("low-grade, low\u00a0grade", "[low-grade], low\u00a0grade"),
    ("Therapies", "[Therapies]"),
    ("gene. Test", "[gene]. Test"),
    ("non-GIST GIST-like generic genetics xgene gene_2", "non-GIST GIST-like generic genetics xgene gene_2"),
    ("", ""),
]


def terms(**fields) -> Terms:
    return Terms(SimpleNamespace(content=SimpleNamespace(terms=TERMS)), **fields)


def test_whole_words_are_explained_where_they_first_stand():
    for text, marked in TABLE:
        pieces = list(terms().pieces(text))
        assert "".join(f"[{words}]" if term else words for words, term in pieces) == marked
        assert "".join(words for words, _ in pieces) == text


def test_a_page_does_not_explain_what_it_is_about_itself():
    assert not [term for _, term in terms(without=["GIST"]).pieces("Gastrointestinal stromal tumour, GIST") if term]


def test_headings_links_and_citations_are_left_alone_and_keep_their_numbers():
    citations = of()
    citations.terms = terms()
    text = f'<h3>Gene</h3><p><a href="/x/?a=1&amp;b=2">gene</a>{cites("source-a")} &lt;b&gt; <strong>gene</strong> NICE</p>'
    html = drawn(text, citations)
    button = '<button type="button" class="term" popovertarget="word-{}">{}</button>'
    assert re.sub("<sup.*?</sup>", "[1]", html) == (
        '<h3>Gene</h3><p><a href="/x/?a=1&amp;b=2">gene</a>[1] &lt;b&gt; '
        f"<strong>{button.format('gene', 'gene')}</strong> {button.format('nice', 'NICE')}</p>"
    )
    assert [term.key for term in citations.terms] == ["gene", "nice"]
    assert re.findall(r">(\d+)</a>", html) == ["1"]


@pytest.mark.django_db
def test_words_come_from_the_glossary_of_the_moment_and_go_with_it(client, team):
    from drugs.models import Glossary
    from drugs.models import Term as TermRow

    page = actions.open_page(kind="glossary", slug="glossary")
    glossary = Glossary(page=page, title="Glossary")
    glossary.save()
    row = TermRow(glossary=glossary, key="gene", name="gene", definition="As it was.")
    row.save()
    drug = a_drug(about="<p>It reads a gene.</p>")
    published(drug, **team)
    assert "popover" not in client.get("/drugs/imatinib/").text  # no glossary can be read yet
    published(glossary, **team)
    changed(row, definition="As it is.")
    published(changed(drug, summary="A gene drug."), **team)
    published(glossary, **team)
    text = client.get("/drugs/imatinib/").text
    assert text.count('popovertarget="word-gene">gene</button>') == 1 and text.count('id="word-gene" popover') == 1
    assert '<p class="lead">A <button' in text and "As it is." in text and 'href="/glossary/#gene"' in text
    past = client.get("/drugs/imatinib/editions/2/").text
    assert "As it is." in past  # the edition that visitors read is drawn with what they read beside it
    published(changed(drug, summary="It reads a gene."), **team)
    past = client.get("/drugs/imatinib/editions/2/").text
    assert "As it was." in past and 'href="/glossary/editions/1/#gene"' in past
    actions.withdraw_page(Page.objects.get(kind="glossary"), by=team["publisher"], reason="Wrong.")
    assert "popover" not in client.get("/drugs/imatinib/").text
