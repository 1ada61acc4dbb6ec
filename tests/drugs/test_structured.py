"""What pages tell search engines: JSON-LD, canonical addresses, what is not for an index, and the sitemap."""

import json
import re
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as tried

from drugs import starter
from drugs.models import Drug, Guide
from drugs.starter_files import read_starter
from drugs.structured import Place, structured
from drugs.templatetags.machines import _ESCAPES
from editions import actions
from editions.models import Edition
from editions.site import PublishedSite
from tests import contents
from tests.factories import published

GUIDE = "/guides/targeted-cancer-drugs-for-soft-tissue-sarcoma/"
PAGES = [GUIDE, "/drugs/olaratumab/", "/drugs/imatinib/", "/conditions/gist/", "/glossary/"]
# The terms of schema.org that we use, each looked up at schema.org/<name>. WebPage and CreativeWork are above MedicalWebPage.
_THING = {"@type", "@id", "name", "alternateName", "description", "url"}
TERMS = {
    "MedicalWebPage": _THING
    | {"@context", "inLanguage", "isPartOf", "version", "datePublished", "dateModified", "lastReviewed", "reviewedBy"}
    | {"isBasedOn", "breadcrumb", "about", "citation"},
    "WebSite": _THING,
    "BreadcrumbList": _THING | {"itemListElement"},
    "ListItem": _THING | {"position", "item"},
    "Person": _THING | {"jobTitle"},
    "Drug": _THING
    | {"nonProprietaryName", "proprietaryName", "drugClass", "mechanismOfAction", "dosageForm", "administrationRoute"}
    | {"legalStatus", "code"},
    "DrugClass": _THING,
    "DrugLegalStatus": _THING | {"applicableLocation"},
    "AdministrativeArea": _THING,
    "MedicalCode": _THING | {"codeValue", "codingSystem"},
    "MedicalCondition": _THING,
    "DefinedTermSet": _THING | {"hasDefinedTerm"},
    "DefinedTerm": _THING,
    **dict.fromkeys(
        ["ScholarlyArticle", "Book", "Chapter", "Report", "WebPage", "Dataset", "Thesis"], _THING | {"datePublished"}
    ),
}
ADDRESSES = {"@id", "url", "item", "isBasedOn"}
DATES = {"datePublished", "dateModified", "lastReviewed"}


@pytest.fixture(scope="module")
def _loaded_once(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        starter.load(read_starter())
        yield
        transaction.set_rollback(True)


@pytest.fixture
def loaded(_loaded_once, db):
    """The starter content, loaded once for this file; what a test does to it is taken back."""


def data(client, address: str) -> dict:
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', client.get(address).text, re.DOTALL)
    assert len(found) == 1, address
    return json.loads(found[0])


def nodes(value):
    if isinstance(value, dict):
        yield value
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else []:
        yield from nodes(one)


def check(page: dict) -> None:
    assert (page["@context"], page["@type"]) == ("https://schema.org", "MedicalWebPage")
    known = set()
    for node in nodes(page):
        assert set(node) <= TERMS[node["@type"]], node  # a node that is only a reference to another would have no type
        assert all(value not in ("", None, [], {}) for value in node.values()), node
        for name in ADDRESSES & set(node):
            assert re.match(r"https?://[^\s/]+", node[name]), node
        for name in DATES & set(node):
            assert re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", node[name]), node
        assert node.get("@id") not in known or "@id" not in node
        known.add(node.get("@id"))
    steps = page["breadcrumb"]["itemListElement"]
    assert [one["position"] for one in steps] == list(range(1, len(steps) + 1)) and steps[-1]["item"] == page["url"]


def test_every_page_tells_what_it_is_in_the_terms_of_schema_org(client, loaded, settings):
    settings.SITE_URL = "https://www.example.org"
    about = {}
    for address in PAGES:
        page = data(client, address)
        check(page)
        assert page["@id"] == page["url"] == f"https://www.example.org{address}"
        assert page["datePublished"] == "2018-04-03"
        # Nobody here has reviewed it: what it says of a review elsewhere is not this page's.
        assert "lastReviewed" not in page and "reviewedBy" not in page and page["isBasedOn"].startswith("https://")
        about[address] = page["about"]
    assert about["/drugs/imatinib/"]["proprietaryName"] == ["Glivec", "Gleevec"]
    assert about["/conditions/gist/"]["alternateName"] == "GIST"
    assert {one["name"] for one in about[GUIDE]} > {"imatinib", "olaratumab"}
    terms = {one["name"]: one["url"] for one in about["/glossary/"]["hasDefinedTerm"]}
    assert terms["gene"] == "https://www.example.org/glossary/#gene"
    legal = [one["name"] for one in about["/drugs/olaratumab/"]["legalStatus"]]
    assert legal == [one for one in legal if one.startswith("licence withdrawn")] != []


def test_a_page_that_a_person_reviewed_says_who_and_when(client, loaded, team, reviewer, administrator):
    published(Drug.objects.get(name="imatinib"), change_kind="correction", change_note="A slip of the pen.", **team)
    page = data(client, "/drugs/imatinib/")
    check(page)
    assert page["lastReviewed"] == page["dateModified"] == date.today().isoformat() > page["datePublished"]
    assert page["reviewedBy"]["name"] == "Dr Ravi Shah" and "oncologist" in page["reviewedBy"]["jobTitle"]
    actions.remove_name(reviewer, by=administrator)
    assert data(client, "/drugs/imatinib/")["reviewedBy"] == {
        "@type": "Person",
        "jobTitle": page["reviewedBy"]["jobTitle"],
    }


@tried(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    value=contents.drug_contents | contents.condition_contents | contents.guide_contents | contents.glossary_contents
)
def test_whatever_a_page_holds_its_data_is_sound_and_cannot_end_its_element(value):
    class Page:
        content, kind, number, review, carried_over = value, value.kind, 1, None, None
        title, present_url, live_from = "A page", "/somewhere/", date(2018, 4, 3)

    place = Place("https://www.example.org", "A site", {"drug/x": "/drugs/x/"}, name_is_known=False)
    made = structured(Page(), date(2018, 4, 3), place)
    check(made)
    text = json.dumps(made, ensure_ascii=False).translate(_ESCAPES)
    assert not set(text) & set("<>&") and json.loads(text) == made


def test_words_that_look_like_markup_do_not_break_out(client, loaded, team):
    guide = Guide.objects.get(page__slug="targeted-cancer-drugs-for-soft-tissue-sarcoma")
    guide.summary = "</script><script>alert(1)</script><!-- & ]]>"
    guide.save()
    published(guide, change_note="New words.", **team)
    assert data(client, GUIDE)["description"] == guide.summary
    assert not re.search(r"<script>|<!--(?!notice-->)", client.get(GUIDE).text)


def test_only_pages_of_today_are_for_an_index_and_each_says_it_once(client, loaded, publisher):
    for address in [*PAGES, "/", "/drugs/", "/references/", "/updates/", "/drugs/imatinib/history/", "/record/"]:
        response = client.get(f"{address}?from=elsewhere")
        assert response.text.count(f'<link rel="canonical" href="http://testserver{address}">') == 1, address
        assert "noindex" not in response.text and "X-Robots-Tag" not in response, address
        assert len(re.findall(r'<meta name="description" content="[^"]{20,}">', response.text)) == 1, address
    for address in [*(f"{page}editions/1/" for page in PAGES), *(f"/as-of/2018-12-31{page}" for page in PAGES)]:
        response = client.get(address)
        assert response["X-Robots-Tag"] == "noindex", address
        assert not re.search(r"noindex|canonical|ld\+json|og:", response.text), address
    actions.withdraw_page(Edition.objects.get(page__key="drug/imatinib").page, by=publisher, reason="It was wrong.")
    gone = client.get("/drugs/imatinib/").text
    assert gone.count("noindex") == 1 and not re.search(r"canonical|ld\+json|og:", gone)


def test_what_is_shown_of_a_link_is_what_the_page_says(client, loaded):
    text = client.get("/drugs/imatinib/").text
    shown = dict(re.findall(r'<meta property="([a-z:_]+)" content="([^"]*)">', text))
    assert shown["og:title"] == "Imatinib" and shown["og:url"] == "http://testserver/drugs/imatinib/"
    assert shown["og:description"].startswith("Imatinib is a tablet") and shown["og:type"] == "article"


def sitemap(client) -> dict[str, str]:
    tree = ElementTree.fromstring(client.get("/sitemap.xml").content)
    space = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    return {one.find("s:loc", space).text: one.find("s:lastmod", space).text for one in tree.findall("s:url", space)}


def test_the_sitemap_names_what_is_live_and_when_it_last_changed(client, loaded, team, publisher):
    before = sitemap(client)
    at = "http://testserver"
    assert {f"{at}{address}" for address in [*PAGES, "/", "/drugs/", "/conditions/"]} < set(before)
    assert all(client.get(address.removeprefix(at)).status_code == 200 for address in before)
    assert before[f"{at}/drugs/axitinib/"].startswith("2018-04-02T23:00:00")

    published(Drug.objects.get(name="axitinib"), change_kind="correction", change_note="A slip.", **team)
    actions.withdraw_page(Edition.objects.get(page__key="drug/cediranib").page, by=publisher, reason="It was wrong.")
    after = sitemap(client)
    changed = {address.removeprefix(at) for address in after if after[address] != before.get(address)}
    # The drug, what shows it, and the lists on which it stands.
    assert {"/drugs/axitinib/", GUIDE, "/drugs/", "/"} <= changed and "/glossary/" not in changed
    assert set(before) - set(after) == {f"{at}/drugs/cediranib/"}
    assert set(after) == {f"{at}/", *after} and PublishedSite().page("drug", "cediranib").withdrawal


def test_a_page_changed_when_a_drug_that_it_showed_went(client, loaded, team, publisher):
    treating = "/conditions/dfsp/"
    before = sitemap(client)
    assert "/drugs/imatinib/" in client.get(treating).text
    drug = Drug.objects.get(name="imatinib")
    drug.indications.get(condition__page__slug="dfsp").delete()
    published(drug, change_note="Not for DFSP.", **team)
    without = sitemap(client)
    assert "/drugs/imatinib/" not in client.get(treating).text
    assert without[f"http://testserver{treating}"] > before[f"http://testserver{treating}"]
    with time_machine.travel(timezone.now() + timedelta(minutes=1), tick=True):
        published(Drug.objects.get(name="imatinib"), change_kind="correction", change_note="A slip.", **team)
        assert sitemap(client)[f"http://testserver{treating}"] == without[f"http://testserver{treating}"]
        actions.withdraw_page(drug.page, by=publisher, reason="It was wrong.")
    with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=True):
        after = sitemap(client)
    for address in ("/", "/updates/", "/drugs/", "/conditions/gist/"):
        assert after[f"http://testserver{address}"] > without[f"http://testserver{address}"], address
    assert after[f"http://testserver{treating}"] == without[f"http://testserver{treating}"]
