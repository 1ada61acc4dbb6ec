"""What visitors find when they search: a table of queries with the first answer to each, on one loaded site."""

import re
from html import unescape

import pytest
from django.db import transaction

from drugs import starter
from drugs.models import DrugName
from drugs.starter_files import read_starter
from editions.search import near
from editions.search.words import compact
from editions.site import PublishedSite
from tests.factories import a_condition, a_drug, a_person, an_indication, published

GUIDE = "guide/targeted-cancer-drugs-for-soft-tissue-sarcoma"
# Drugs whose names differ by little more than those of the starter content.
ALIKE = {
    "nilotinib": [("Tasigna", "brand")],
    "sorafenib": [("Nexavar", "brand")],
    "axatinib": [],  # no such drug: one letter from axitinib
    "vemurafenib": [("Zelboraf", "brand")],
}


@pytest.fixture(scope="module")
def _loaded_once(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        starter.load(read_starter())
        team = {
            "author": a_person("table-author", "Author"),
            "reviewer": a_person("table-reviewer", "Clinical reviewer"),
            "publisher": a_person("table-publisher", "Publisher"),
        }
        melanoma = a_condition("mélanome of the œsophagus", slug="melanoma", abbreviation="MOE")
        published(melanoma, **team)
        for name, others in ALIKE.items():
            drug = a_drug(name, about='<p>Some <strong>haemoglobin</strong> words &amp; "more".</p>')
            an_indication(drug, melanoma)
            for other, kind in others:
                DrugName(drug=drug, name=other, kind=kind).save()
            published(drug, **team)
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _table(_loaded_once, db):
    """The starter content and a few drugs with similar names, loaded once for this file."""


# What is typed → the page that answers first.
ANSWERS = [
    # Names of drugs, however they are written
    ("imatinib", "drug/imatinib"),
    ("IMATINIB", "drug/imatinib"),
    ("  imatinib  ", "drug/imatinib"),
    ("Ímatiníb", "drug/imatinib"),
    ("what is imatinib for?", "drug/imatinib"),
    ("sunitinib", "drug/sunitinib"),
    ("regorafenib", "drug/regorafenib"),
    ("sorafenib", "drug/sorafenib"),
    ("axitinib", "drug/axitinib"),
    ("axatinib", "drug/axatinib"),
    ("nilotinib", "drug/nilotinib"),
    ("imatinib mesilate", "drug/imatinib"),
    ("sunitinib malate", "drug/sunitinib"),
    ("olaratumab", "drug/olaratumab"),  # no longer used, but asked for by name
    # Brand names, former names, development codes
    ("Glivec", "drug/imatinib"),
    ("gleevec", "drug/imatinib"),
    ("Sutent", "drug/sunitinib"),
    ("votrient", "drug/pazopanib"),
    ("Stivarga", "drug/regorafenib"),
    ("Nexavar", "drug/sorafenib"),
    ("lartruvo", "drug/olaratumab"),
    ("Recentin", "drug/cediranib"),
    ("deforolimus", "drug/ridaforolimus"),
    ("AP23573", "drug/ridaforolimus"),
    ("MK-8669", "drug/ridaforolimus"),
    ("mk8669", "drug/ridaforolimus"),
    ("IMC 3G3", "drug/olaratumab"),
    ("BAY 73-4506", "drug/regorafenib"),
    # Prefixes
    ("ima", "drug/imatinib"),
    ("sunit", "drug/sunitinib"),
    ("ola", "drug/olaratumab"),
    ("gliv", "drug/imatinib"),
    ("dermato", "condition/dfsp"),
    # Conditions
    ("GIST", "condition/gist"),
    ("gists", "condition/gist"),
    ("gastrointestinal stromal tumour", "condition/gist"),
    ("gastrointestinal stromal tumor", "condition/gist"),
    ("gastrointestinal stromal tumors", "condition/gist"),
    ("gastro-intestinal", None),
    ("DFSP", "condition/dfsp"),
    ("soft tissue sarcoma", "condition/soft-tissue-sarcoma"),
    ("soft-tissue sarcoma", "condition/soft-tissue-sarcoma"),
    ("advanced gist", "condition/advanced-gist"),
    ("melanome", "condition/melanoma"),
    ("esophagus", "condition/melanoma"),
    ("esoph", "condition/melanoma"),
    # Words of the pages
    ("adjuvant treatment", "glossary/glossary"),
    ("skin", "condition/dfsp"),
    ("doxorubicin", "drug/olaratumab"),
    ("PDGFRα", "drug/imatinib"),
    ("imatinib-positive", "drug/imatinib"),  # “positive” stands nowhere
    ("imatinib dfsp", "drug/imatinib"),
    ("sunitinib axitinib", GUIDE),  # the one page that describes both
    ("hemoglobin", "drug/axatinib"),
    ("KIT, ABL", "drug/imatinib"),
    # Operators and signs are no words
    ('"imatinib', "drug/imatinib"),
    ("imatinib*", "drug/imatinib"),
    ("imatinib AND", "drug/imatinib"),
    ("NEAR(imatinib, 5)", "drug/imatinib"),
    ("names_words:imatinib", "drug/imatinib"),
    ("-imatinib'; DROP TABLE editions_page; --", "drug/imatinib"),
    ("imatinib & ! | ( ) <-> :*", "drug/imatinib"),
    ("\u202eimatinib\u200f", "drug/imatinib"),
    # Nothing is found, and nothing else is shown instead
    ("imatinab", None),
    ("ponatinib", None),
    ("strong", None),
    ("cite data-ref", None),
    ("zzzzz", None),
    ("", None),
    ('"', None),
    ("*", None),
    ("\x00", None),
    ("💊", None),
    ("\u202e\u200f", None),
    ("a" * 10_000, None),
    ("\ufdfa" * 500, None),
    ("qx " * 5_000, None),
]
# Misspelt → the names that are asked about, nearest first.
MISSPELT = [
    ("imatinab", ["imatinib"]),
    ("imatnib", ["imatinib"]),
    ("emmatinib", ["imatinib"]),
    ("gleevac", ["Gleevec"]),
    ("glevec", ["Gleevec", "Glivec"]),
    ("sunitnib", ["sunitinib"]),
    ("pazopinib", ["pazopanib"]),
    ("votreint", ["Votrient"]),
    ("regorafanib", ["regorafenib"]),
    ("olaratumub", ["olaratumab"]),
    ("axtinib", ["axatinib", "axitinib"]),  # two drugs, equally near
    ("axotinib", ["axatinib", "axitinib"]),
    ("dermatofibrosarcoma protuberens", ["dermatofibrosarcoma protuberans"]),
    ("imatinab dfsp", ["imatinib dfsp"]),
    ("stromel tumour", ["stromal tumour"]),
    ("ponatinib sunitinab", ["ponatinib sunitinib"]),  # what looks like nothing stays as it is
    ("ponatinib", []),  # another drug, which has no page here
    ("zzzzz", []),
    ("imatinib", []),
    ("sunit", []),
]


def test_each_query_has_the_answer_of_the_table_first():
    site = PublishedSite()
    assert len(ANSWERS) >= 60
    found = {typed: next((hit.page.key for hit in site.search(typed).hits[:1]), None) for typed, _ in ANSWERS}
    assert found == dict(ANSWERS)


def test_a_misspelling_is_asked_about_and_never_leads_to_a_drug():
    site = PublishedSite()
    for typed, names in MISSPELT:
        found = site.search(typed)
        assert [one.text for one in found.suggestions] == names, typed
        if names and " " not in typed:
            assert not found.is_named and not [hit for hit in found.hits[:] if hit.page.kind == "drug"], typed
    assert site.search("axtinib").are_different and not site.search("glevec").are_different


def test_no_name_with_a_letter_wrong_leads_to_the_page_of_that_name_or_of_another():
    # Every name of every drug, with each letter in turn left out, put twice and changed: unless that is a name itself,
    # or the beginning of one, no drug's page is shown as though it had that name.
    site = PublishedSite()
    drugs = site.list("drug")
    names = [name for page in drugs for name in (page.title, *(one.name for one in page.content.names))]
    known = [compact(word) for name in names for word in (name, *name.split(), *re.split(r"[\s-]", name))]
    tried = 0
    for name in dict.fromkeys(name for name in names if name.isalpha()):
        for at in range(0, len(name), 3):
            for wrong in (name[:at] + name[at + 1 :], name[: at + 1] + name[at:], name[:at] + "q" + name[at + 1 :]):
                if any(one.startswith(compact(wrong)) for one in known):
                    continue
                found, tried = site.search(wrong), tried + 1
                assert not found.is_named and not len(found.hits), wrong
                nearest = near.near(compact(wrong), {compact(one) for one in names})
                assert {name} <= {one.text for one in found.suggestions} or len(nearest) > 3, wrong
    assert tried > 100


def test_a_brand_name_leads_to_the_drug_and_says_so():
    found = PublishedSite().search("gleevec")
    first = found.hits[0]
    assert (first.page.key, first.why) == ("drug/imatinib", "Gleevec is a brand name of imatinib (in the US)")
    assert "drug/sunitinib" in [hit.page.key for hit in found.hits[1:]]  # speaks of imatinib, not of Gleevec
    assert PublishedSite().search("DFSP").hits[0].why == "DFSP is short for dermatofibrosarcoma protuberans"
    term = PublishedSite().search("adjuvant treatment").hits[0]
    assert (term.why, term.url) == (
        "adjuvant treatment is explained in the glossary",
        "/glossary/#adjuvant-treatment",
    )


def test_what_is_no_longer_used_stands_after_the_others_but_for_its_own_name():
    keys = [hit.page.key for hit in PublishedSite().search("antibody drip chemotherapy sarcoma").hits[:]]
    assert keys[-1] == "drug/olaratumab" and len(keys) > 1


def test_the_page_shows_hits_with_their_standing_and_words_marked_as_text(client):
    text = client.get("/search/", {"q": "haemoglobin"}).text
    assert "4 pages mention “haemoglobin”" in text
    assert "Some <mark>haemoglobin</mark> words &amp; &quot;more&quot;." in text
    text = client.get("/search/", {"q": "olaratumab"}).text
    for said in ("No longer used", "Last reviewed 3 April 2018", "published before review", "review late"):
        assert said in text
    text = client.get("/search/", {"q": "imatinab gist"}).text
    words = re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", text)))
    assert "No page has all the words of “imatinab gist”" in words and "On no page: “imatinab”." in words
    assert 'href="/search/?q=imatinib%20gist"' in text


def test_whatever_is_typed_the_page_answers_and_repeats_nothing_as_markup(client):
    for typed, _ in [*ANSWERS, ('"><script>alert(1)</script>', None), ("<b>imatinib</b>", None)]:
        response = client.get("/search/", {"q": typed})
        assert response.status_code == 200, typed[:40]
        assert "<script>alert" not in response.text and "<b>" not in response.text
        assert response["X-Robots-Tag"] == "noindex" and not response.cookies
        assert client.get("/search/names.json", {"q": typed}).status_code == 200


def test_the_box_is_offered_names_that_begin_so_and_no_near_ones(client):
    def offered(typed: str) -> list[str]:
        return [one["name"] for one in client.get("/search/names.json", {"q": typed}).json()["names"]]

    assert offered("glee") == ["Gleevec"] and offered("gleevac") == []
    assert offered("ax") == ["axatinib", "axitinib"]
    assert offered("stromal") == ["gastrointestinal stromal tumour"]
    first = client.get("/search/names.json", {"q": "glee"})
    again = client.get("/search/names.json", {"q": "glee"}, headers={"if-none-match": first["ETag"]})
    assert (first.json()["names"][0]["what"], again.status_code) == ("a brand name of imatinib (in the US)", 304)
