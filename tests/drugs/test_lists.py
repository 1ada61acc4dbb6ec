"""The lists of drugs, conditions and sources: short ones whole, long ones by letter, condition, way and part."""

import re

import pytest

from drugs import drug_list
from drugs.models import DrugMechanism, DrugName, Mechanism
from tests.factories import a_condition, a_drug, an_indication, published

pytestmark = pytest.mark.django_db


@pytest.fixture
def few(team):
    """Three drugs with a brand, two conditions and one way of working."""
    gist, dfsp = a_condition("GIST"), a_condition("dermatofibrosarcoma", slug="dfsp")
    way = Mechanism(key="kinases", name="stops kinases", text="It stops them.")
    way.save()
    for name, conditions, brand in (
        ("imatinib", [gist, dfsp], "Glivec"),
        ("sunitinib", [gist], ""),
        ("axitinib", [], ""),
    ):
        drug = a_drug(name)
        for condition in conditions:
            an_indication(drug, condition)
        if brand:
            DrugName(drug=drug, name=brand, kind="brand").save()
            DrugMechanism(drug=drug, mechanism=way).save()
        published(drug, **team)
    published(gist, **team)
    published(dfsp, **team)


@pytest.fixture
def _long(monkeypatch):
    """As though two drugs were many."""
    monkeypatch.setattr(drug_list, "MOST", 2)


def names(text: str) -> list[str]:
    """What the A–Z lists, in its order."""
    listed = re.findall(r'<section class="letter".*?</section>', text, re.S)
    return re.findall(r"<li>(?:<a href[^>]*><strong>)?([\w-]+)", "".join(listed))


def test_a_short_list_shows_every_name_and_each_drug_by_condition_and_way_of_working(client, few):
    text = client.get("/drugs/").text
    assert names(text) == ["Axitinib", "Glivec", "Imatinib", "Sunitinib"]
    assert 'href="#letter-a"' in text and "<select" not in text
    groups = dict(re.findall(r"<dt>([^<]+)</dt><dd>(.*?)</dd>", text))
    assert {label: re.findall(r">(\w+)</a>", drugs) for label, drugs in groups.items()} == {
        "Dermatofibrosarcoma": ["imatinib"],
        "GIST": ["imatinib", "sunitinib"],
        "Stops kinases": ["imatinib"],
    }


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("letter=i", ["Imatinib"]),
        ("letter=g", ["Glivec"]),
        ("condition=gist", ["Glivec", "Imatinib", "Sunitinib"]),
        ("condition=gist&letter=s", ["Sunitinib"]),
        ("condition=dfsp&way=kinases", ["Glivec", "Imatinib"]),
        ("condition=&letter=&way=kinases", ["Glivec", "Imatinib"]),
        ("utm_source=a-letter", ["Axitinib", "Glivec", "Imatinib", "Sunitinib"]),
    ],
)
def test_the_list_is_narrowed_by_what_stands_in_its_address(client, few, query, found):
    response = client.get(f"/drugs/?{query}")
    assert (response.status_code, names(response.text)) == (200, found)


def test_a_letter_without_names_says_so_and_leads_back_to_all(client, few):
    response = client.get("/drugs/?letter=q")
    assert response.status_code == 200 and names(response.text) == []
    assert "No name of a drug is listed here under Q." in response.text
    assert '<a href="/drugs/">Show all drugs</a>' in response.text


@pytest.mark.parametrize(
    "query",
    [
        *("letter=qq", "letter=%C3%A9", "letter=%00", "condition=nobody", "way=nobody", "condition=gist&way=%22"),
        *("letter=9", "condition=gist'--", f"condition={'x' * 3000}", "page=2", "page=0", "page=x", "letter=i&page=9"),
    ],
)
def test_what_is_not_known_answers_404_in_words(client, few, query):
    response = client.get(f"/drugs/?{query}")
    assert response.status_code == 404
    assert "We list no drug under what was asked for." in response.text or "no such part" in response.text
    assert 'href="/drugs/"' in response.text


@pytest.mark.usefixtures("_long")
def test_a_long_list_comes_in_parts_with_fields_to_narrow_it_and_links_that_keep_what_was_chosen(client, few):
    text = client.get("/drugs/").text
    assert names(text) == ["Axitinib", "Glivec"] and 'href="?page=2" rel="next"' in text
    assert '<option value="gist">GIST</option>' in text and 'href="?letter=s"' in text
    assert re.search(r'href="\?condition=gist">GIST</a> <span class="quiet">\(2 drugs\)', text)
    assert names(client.get("/drugs/?page=2").text) == ["Imatinib", "Sunitinib"]
    text = client.get("/drugs/?condition=gist").text
    assert '<option value="gist" selected>' in text and "Names of drugs for GIST." in text
    assert 'href="?condition=gist&amp;letter=s"' in text and 'href="?condition=gist&amp;letter=a"' not in text
    assert 'href="?condition=gist&amp;page=2" rel="next"' in text
    text = client.get("/drugs/?condition=gist&letter=i").text
    assert 'href="?condition=gist&amp;letter=i" aria-current="true"' in text


@pytest.mark.usefixtures("_long")
def test_search_engines_are_told_which_lists_are_one(client, few):
    for query, known_as in [
        *(("", ""), ("?letter=i", "?letter=i"), ("?page=2", "?page=2"), ("?condition=gist", "")),
        ("?condition=gist&page=2", ""),
    ]:
        assert f'rel="canonical" href="http://testserver/drugs/{known_as}">' in client.get(f"/drugs/{query}").text


@pytest.mark.usefixtures("_long")
def test_the_front_page_leads_to_letters_where_drugs_are_many(client, few, monkeypatch):
    assert 'href="/drugs/imatinib/"' in client.get("/").text
    monkeypatch.setattr("sarcoma_site.views.MOST", 1)
    text = client.get("/").text
    assert "3 drugs, under all their names" in text and 'href="/drugs/?letter=g"' in text
    assert 'href="/drugs/imatinib/"' not in text.partition("Latest changes")[0]
    assert '<a href="/conditions/">All 2 conditions</a>' in text


def test_conditions_and_sources_come_in_parts(client, few, monkeypatch):
    monkeypatch.setattr("drugs.views.MOST", 1)
    assert 'href="?page=2" rel="next">Next' in client.get("/conditions/").text
    text = client.get("/conditions/?page=2").text
    assert "What GIST is." in text and "dermatofibrosarcoma" not in text.partition("<main")[2].casefold()
    assert client.get("/conditions/?page=3").status_code == client.get("/references/?page=3").status_code == 404
