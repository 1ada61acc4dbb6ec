"""A page's sources as files for reference managers, and how the page itself is cited."""

import json

import pytest

from drugs.models import DrugCitation, GuideCitation
from editions import actions
from editions.models import Page
from editions.site import PublishedSite
from references.formats import read
from tests.factories import a_drug, a_guide, a_reference, changed, published

pytestmark = pytest.mark.usefixtures("starter_content")
GUIDE = "/guides/targeted-cancer-drugs-for-soft-tissue-sarcoma/"


@pytest.mark.parametrize(
    ("ending", "media"),
    [
        ("ris", "application/x-research-info-systems"),
        ("bib", "application/x-bibtex"),
        ("json", "application/vnd.citationstyles.csl+json"),
    ],
)
def test_a_pages_sources_come_as_a_file_that_reads_back(client, ending, media):
    answer = client.get(f"/drugs/imatinib/references.{ending}")
    page = PublishedSite().page("drug", "imatinib")
    assert answer["Content-Type"] == f"{media}; charset=utf-8"
    assert f'filename="imatinib-edition-{page.number}.{ending}"' in answer["Content-Disposition"]
    found = read(answer.content)
    assert [one.source for one in found.records] == list(page.content.sources) and not found.problems
    assert "Set-Cookie" not in answer.headers


def test_a_guide_gives_the_sources_of_the_drugs_it_shows_too(client):
    keys = {one["id"] for one in json.loads(client.get(f"{GUIDE}references.json").content)}
    own = {one.key for one in PublishedSite().page("guide", GUIDE.split("/")[2]).content.sources}
    drugs = {one.key for one in PublishedSite().page("drug", "imatinib").content.sources}
    assert own < keys and drugs <= keys
    listed = client.get(GUIDE).text
    assert 'href="/guides/targeted-cancer-drugs-for-soft-tissue-sarcoma/references.ris"' in listed


def test_of_two_frozen_states_of_a_source_a_guide_gives_its_own(author, team, client):
    nakano = a_reference("nobody-2018")
    drug = a_drug("anotinib", by=author)
    guide = a_guide(drugs=[drug])
    DrugCitation(drug=drug, reference=nakano).save()
    GuideCitation(guide=guide, reference=nakano).save()
    published(guide, **team)
    changed(nakano, title="Put right since")
    published(drug, **team)
    (given,) = json.loads(client.get("/guides/a-guide/references.json").content)
    assert given["title"] == "The title of nobody-2018"
    assert "Put right since" not in client.get("/guides/a-guide/").text


@pytest.mark.parametrize(
    "address",
    [
        "/drugs/imatinib/references.xml",
        "/drugs/nobody/references.ris",
        "/drugs/imatinib/references.RIS",
        f"{GUIDE}references.",
    ],
)
def test_what_is_not_written_is_not_found(client, address):
    assert client.get(address).status_code == 404


def test_every_kind_of_page_has_them_and_says_how_it_is_cited(client):
    for address in ("/glossary/", "/conditions/gist/", GUIDE, "/drugs/olaratumab/"):
        text = client.get(address).text
        assert f'href="{address}references.bib"' in text or "Sources</h2>" not in text, address
        assert client.get(f"{address}references.bib").status_code == 200, address
        assert "How to cite this page" in text and f"http://testserver{address}editions/" in text, address


def test_a_page_is_cited_with_its_edition_and_dates(client):
    text = client.get("/drugs/olaratumab/").text
    assert "Olaratumab. 2nd ed. In: Targeted cancer drugs [Internet]." in text
    assert "reviewed 2018 Apr 3" in text
    first = client.get("/drugs/olaratumab/editions/1/").text
    assert "1st ed. In:" in first and "references.ris" not in first


def test_a_moved_page_leads_on(client, publisher):
    actions.move_page(
        Page.objects.get(kind="drug", slug="imatinib"), by=publisher, slug="imatinib-mesilate", reason="x"
    )
    answer = client.get("/drugs/imatinib/references.ris")
    assert (answer.status_code, answer.url) == (301, "/drugs/imatinib-mesilate/references.ris")
