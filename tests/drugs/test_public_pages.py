"""What visitors are told on the public pages, and what they are never shown."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from drugs.models import Condition, Drug, Guide
from editions import actions
from editions.models import Edition
from tests.drugs.reading import (
    CONTENT_PAGES,
    EVERY_KIND,
    GUIDE,
    LISTS,
    PAST,
    RECORD,
    WITH_SEARCH_BOX,
    Read,
    today,
    words,
)
from tests.factories import changed, published

pytestmark = pytest.mark.usefixtures("starter_content")

NOWHERE = [
    *("/drugs/nobody/", "/conditions/nobody/", "/guides/nobody/", "/references/nobody-2018/"),
    *("/drugs/nobody/history/", "/drugs/nobody/editions/1/", "/drugs/imatinib/editions/2/"),
    *("/drugs/imatinib/editions/0/", "/as-of/2018-12-31/drugs/nobody/"),
]


# Every kind of page


@pytest.mark.one_database
@pytest.mark.parametrize("address", EVERY_KIND)
def test_a_page_answers_without_a_cookie_a_script_or_an_inline_style(client, address):
    response = client.get(address)
    assert response.status_code == 200
    assert not response.cookies and "Cookie" not in response.get("Vary", "")
    assert "default-src 'none'" in response["Content-Security-Policy"]
    # A script of another type than JavaScript is data: no browser runs it.
    scripts = ['<script src="/static/site/names.js" defer></script>'] if address in WITH_SEARCH_BOX else []
    assert re.findall(r'<script(?! type="application/ld\+json">).*?</script>', response.text) == scripts
    allowed = re.findall(r"(?:script|connect)-src [^;]+", response["Content-Security-Policy"])
    assert allowed == ["connect-src 'self'", *(["script-src 'self'"] if scripts else [])]
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", response.text)
    assert words(client, address).count("This is a demonstration.") == 1


@pytest.mark.one_database
@pytest.mark.parametrize("address", [*CONTENT_PAGES, *LISTS, RECORD[0], RECORD[1], PAST[0]])
def test_a_page_is_read_and_never_written_to(client, address):
    read = client.head(address)
    assert (read.status_code, read.content) == (200, b"")
    assert all(getattr(client, verb)(address).status_code == 405 for verb in ("post", "put", "delete"))


@pytest.mark.parametrize("address", NOWHERE)
def test_an_address_where_nothing_is_says_so_in_words(client, address):
    response = client.get(address)
    assert response.status_code == 404
    assert re.search(r"There is no such (page|edition)\.|No page cites such a source\.", response.text)
    assert 'href="/drugs/"' in response.text
    assert response["Cache-Control"] == "no-cache"  # it may be published in the next second


@pytest.mark.one_database
@pytest.mark.parametrize(
    "address", ["/as-of/2018-04-02/drugs/imatinib/", "/as-of/9999-12-31/", "/as-of/?day=yesterday"]
)
def test_what_can_be_read_later_is_kept_by_no_cache(client, address):
    response = client.get(address)
    assert response.status_code in (400, 404) and response["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("address", [*EVERY_KIND, *NOWHERE])
def test_no_public_page_asks_for_a_working_copy(client, address):
    with CaptureQueriesContext(
        connection,
    ) as asked:
        client.get(address)
    tables = {table for query in asked for table in re.findall(r'"([a-z]+_[a-z]+)"', query["sql"])}
    assert "editions_edition" in tables
    assert not {table for table in tables if table.startswith(("drugs_", "references_"))}


def test_no_draft_is_on_any_public_page(client):
    changed(Condition.objects.get(page__slug="gist"), summary="Nobody approved this.", name="Nobody approved this")
    changed(Guide.objects.get(page__slug=GUIDE.split("/")[2]), summary="Nobody approved this.")
    for address in [*EVERY_KIND, "/drugs/pazopanib/", "/drugs/ridaforolimus/"]:
        text = client.get(address).text
        for draft in ("Nobody approved this", "TA86", "TA326", "584/09", "820/12", "Jenzyl", "licensed for some"):
            assert draft not in text, (draft, address)


# What content pages say


def test_the_guide_carries_over_what_the_source_page_told(client):
    said = words(client, GUIDE)
    for drug in (
        *("Imatinib Glivec", "Sunitinib Sutent", "Regorafenib Stivarga", "Olaratumab Lartruvo"),
        *("Pazopanib Votrient", "Axitinib Inlyta", "Cediranib Recentin", "Ridaforolimus deforolimus"),
    ):
        assert drug in said
    for fact in ("(GIST)", "(DFSP)", "Last reviewed 3 April 2018", "biological therapies", "6 in every 10"):
        assert fact in said
    sources = said[said.index("Sources") :]
    for source in ("Various guidelines", "Moroncini G", "Nakano K", "Serrano C", "Berry V"):
        assert source in sources
    assert "2018 Mar 5;19(3):739." in sources and "[cited 2018 Apr]." in sources


@pytest.mark.parametrize("address", CONTENT_PAGES)
def test_a_content_page_says_how_fresh_it_is_and_that_it_is_late(client, address):
    page = Read(client.get(address).text)
    due = "3 April 2019" if address.startswith("/drugs/") else "3 April 2020"
    number = 2 if "olaratumab" in address else 1
    assert "Last reviewed 3 April 2018 , on the page it was carried over from" in page.words
    assert f"This page is late. By our own rule it should have been reviewed by {due}" in page.words
    assert f"Next review was due {due} . It is late." in page.words.replace("due .", "due").replace(
        f"{due}.", f"{due} ."
    )
    assert f"Edition {number} ( history" in page.words
    assert {f"{address}history/", f"{address}editions/{number}/"} <= set(page.links)
    assert "Do not start, stop or change a treatment because of a page." in page.words


@pytest.mark.parametrize("address", CONTENT_PAGES[1:])
def test_a_page_that_is_not_late_yet_says_when_its_next_review_is_due(client, address):
    said = words(client, f"/as-of/2018-12-31{address}")
    assert "Next review due 3 April 20" in said and "This page is late" not in said


def test_a_drug_page_answers_in_the_order_of_a_readers_questions(client):
    text = client.get("/drugs/olaratumab/").text
    said = Read(text[text.index("<h1>") :]).words
    order = [
        *("Olaratumab Lartruvo", "Olaratumab is an antibody", "No longer used, as of 19 July 2019", "Urgent notice"),
        *("Last reviewed", "At a glance", "On this page", "could once have olaratumab"),
        *("Until then, all of this had to be true:", "Nobody could have it if:", "Stops growth.", "It runs slowly"),
        *("We describe no decision for England.", "What is used instead?", "Before you change anything"),
        *("Back to", "Who stands behind this page Reviewed by"),
    ]
    places = [said.index(one, said.index("At a glance") if place > 5 else 0) for place, one in enumerate(order)]
    assert places == sorted(places)
    assert "What is being studied" in words(client, "/drugs/axitinib/")
    # What a certainty means today is not said on a page of the past.
    for address, is_said in (("/drugs/sunitinib/", True), ("/drugs/olaratumab/editions/1/", False)):
        assert ("Doctors give it for this." in words(client, address)) == is_said


def test_contents_lead_to_every_section_use_and_criterion_and_each_leads_to_itself(client):
    for address in ("/drugs/olaratumab/", "/drugs/regorafenib/", "/drugs/axitinib/", "/drugs/olaratumab/editions/1/"):
        text = client.get(address).text
        contents = Read(re.search('<nav class="contents".*?</nav>', text, re.S)[0]).within
        sections = re.findall(r'<section id="([a-z-]+)"', text)
        uses = re.findall(r'<article class="indication [^"]*" id="([a-z-]+)"', text)
        criteria = re.findall(r'<li id="([a-z-]+-(?:needs|not)-\d+)"', text)
        assert len(sections) > 3 and uses and (criteria or "axitinib" in address)
        assert {*sections, *uses, *criteria} <= set(contents), address
        assert re.findall(r'<a class="here" href="#([^"]+)"', text) == sorted(
            [*uses, *criteria], key=lambda one: text.index(f'id="{one}"')
        )


def test_a_nation_is_told_its_decisions_newest_first_or_that_none_is_described(client, publisher):
    said = words(client, "/drugs/olaratumab/")
    panel = said[said.index("A licence says") : said.index("Questions to ask your doctor What")]
    for nation in ("England", "Scotland", "Wales", "Northern Ireland"):
        assert f"{nation} We describe no decision for {nation}." in panel
    told = [
        "European Union",
        "Licence withdrawn 19 July 2019",
        "European Commission",
        "Advice to doctors 26 April 2019",
    ]
    assert [panel.index(one) for one in told] == sorted(panel.index(one) for one in told)
    assert "Superseded" not in panel
    assert "We describe no decision of NICE, the SMC, the AWMSG or a regulator" in words(client, "/drugs/axitinib/")
    # That a decision is superseded is said once the record says so of its source, and never because it is old.
    actions.mark_source("ema-lartruvo-2019", by=publisher, standing="superseded", reason="Newer advice.")
    assert words(client, "/drugs/olaratumab/").count("Advice to doctors Superseded 26 April 2019") == 1


def test_a_page_names_who_reviewed_it_with_role_and_interests(client, team):
    published(changed(Drug.objects.get(name="sunitinib"), summary="Read by Ravi."), **team)
    said = words(client, "/drugs/sunitinib/")
    assert f"Last reviewed {today().day} {today():%B %Y}" in said and "carried over" not in said
    assert (
        "Dr Ravi Shah, consultant oncologist, North Hospital (clinical and plain English review of the whole page"
        in said
    )
    assert "Declared interests: None" in said and "This page is late" not in said


@pytest.mark.parametrize("address", ["/drugs/olaratumab/", GUIDE, "/drugs/", "/", "/drugs/olaratumab/history/"])
def test_olaratumab_is_published_before_review_wherever_it_stands_until_somebody_reviews_it(client, reviewer, address):
    assert "published before review" in words(client, address).casefold()
    edition = Edition.objects.get(page__slug="olaratumab", number=2)
    actions.review(edition, by=reviewer, outcome="approved")
    is_history = address.endswith("history/")  # that it was published so stays part of its history
    assert ("published before review" in words(client, address).casefold()) == is_history


def test_the_guide_and_the_condition_show_drugs_from_their_live_editions(client, team):
    drug = changed(Drug.objects.get(name="sunitinib"), summary="The sentence of the new edition.")
    assert "of the new edition" not in words(client, GUIDE)
    published(drug, **team)
    said = words(client, GUIDE)
    assert "The sentence of the new edition." in said and "Edition 1 ( history of Targeted" in said
    actions.withdraw_page(drug.page, by=team["publisher"], reason="Its licence ended.")
    said = words(client, GUIDE)
    assert "of the new edition" not in said and "Its licence ended." in said
    assert "/drugs/sunitinib/" not in client.get("/conditions/gist/").text


# Citations and anchors


@pytest.mark.parametrize("address", [*CONTENT_PAGES, "/drugs/", *PAST[:5], "/drugs/olaratumab/editions/1/"])
def test_every_id_is_there_once_and_every_link_within_the_page_leads_to_one(client, address):
    page = Read(client.get(address).text)
    assert sorted({one for one in page.ids if page.ids.count(one) > 1}) == []
    assert set(page.within) <= set(page.ids)
    assert "main" in page.within


@pytest.mark.parametrize("address", [GUIDE, "/drugs/olaratumab/", "/drugs/sunitinib/", f"/as-of/2018-12-31{GUIDE}"])
def test_each_citation_leads_to_its_source_and_the_source_back_to_each_place(client, address):
    text = client.get(address).text
    places = re.findall(r'<a id="(cite-(\d+)-[a-z]+)" href="#source-(\d+)"[^>]*>(\d+)</a>', text)
    assert places and all(number == source == shown for _, number, source, shown in places)
    back = re.findall(r'<a href="#(cite-\d+-[a-z]+)"', text)
    assert back == sorted(back) and set(back) == {anchor for anchor, *_ in places}
    listed = re.findall(r'<li id="source-(\d+)">', text)
    assert listed == [str(number) for number in range(1, len(listed) + 1)]
    firsts = list(dict.fromkeys(int(number) for _, number, *_ in places))
    assert firsts == sorted(firsts)


@pytest.mark.parametrize(
    "address", ["/conditions/gist/", "/conditions/soft-tissue-sarcoma/", "/references/nakano-2018/"]
)
def test_a_link_into_another_page_finds_its_place_there(client, address):
    into = [link.split("#") for link in Read(client.get(address).text).links if re.match("/.*#", link)]
    assert into and all(place in Read(client.get(page).text).ids for page, place in into)
