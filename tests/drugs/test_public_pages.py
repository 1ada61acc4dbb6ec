"""What visitors are told on the public pages, and what they are never shown."""

import re
from datetime import date, datetime, time, timedelta
from html.parser import HTMLParser

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from basics.days import LONDON
from drugs.models import Condition, Drug, DrugName, Guide
from editions import actions
from editions.models import Edition, Page
from editions.site import PublishedSite
from tests.factories import a_reference, changed, published

pytestmark = pytest.mark.usefixtures("starter_content")

GUIDE = "/guides/targeted-cancer-drugs-for-soft-tissue-sarcoma/"
CONTENT_PAGES = [GUIDE, "/drugs/olaratumab/", "/drugs/imatinib/", "/conditions/gist/", "/glossary/"]
WITH_SEARCH_BOX = ["/", "/as-of/2018-12-31/", "/search/?q=imatinib"]
LISTS = ["/", "/drugs/", "/conditions/", "/references/", "/references/nakano-2018/"]
PAST = [f"/as-of/2018-12-31{address}" for address in [*CONTENT_PAGES, *LISTS]]
RECORD = [f"{page}{part}" for page in CONTENT_PAGES for part in ("history/", "editions/1/")]
RECORD += ["/updates/", "/updates/?kind=drug", "/record/", "/as-of/", "/as-of/?page=/drugs/imatinib/"]
EVERY_KIND = [*CONTENT_PAGES, *LISTS, *PAST, *RECORD, "/search/?q=imatinib"]
NOWHERE = [
    *("/drugs/nobody/", "/conditions/nobody/", "/guides/nobody/", "/references/nobody-2018/"),
    *("/drugs/nobody/history/", "/drugs/nobody/editions/1/", "/drugs/imatinib/editions/2/"),
    *("/drugs/imatinib/editions/0/", "/as-of/2018-12-31/drugs/nobody/"),
]


class Read(HTMLParser):
    """The ids and the link targets of a page, and its words."""

    def __init__(self, text: str):
        super().__init__()
        self.ids, self.links, self.data = [], [], []
        self.feed(text)
        self.words = " ".join(" ".join(self.data).split())
        self.within = [link.removeprefix("#") for link in self.links if link.startswith("#")]

    def handle_starttag(self, tag, attrs):
        named = dict(attrs)
        self.ids += [named["id"]] if "id" in named else []
        self.links += [named["href"]] if tag == "a" else []

    def handle_data(self, data):
        self.data.append(data)


def words(client, address: str) -> str:
    return Read(client.get(address).text).words


def moving(**days) -> time_machine.travel:
    return time_machine.travel(timezone.now() + timedelta(**days), tick=True)


def today() -> date:
    return timezone.localdate()


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


# Histories, past editions, withdrawn and moved pages


def test_a_history_tells_of_every_edition_and_act_newest_first(client, team, reviewer, publisher):
    page = Page.objects.get(key="drug/olaratumab")
    actions.tell_doubt(page, by=publisher, sentence="We are checking the date.")
    actions.settle_doubt(page, by=publisher, note="The date is right.")
    actions.review(Edition.objects.get(page=page, number=2), by=reviewer, outcome="approved")
    said = words(client, "/drugs/olaratumab/history/")
    told = [
        *("Edition 2 reviewed", "The doubt was settled", "We are checking the date.", "Olaratumab lost its licence"),
        *("Carried over, in our own words", "From Cancer Research UK"),
    ]
    places = [said.index(one) for one in told]
    assert places == sorted(places)
    assert "changes who can have the drug · published before review" in said


def test_a_history_says_nothing_of_an_edition_before_its_moment(client, team, publisher):
    drug = Drug.objects.get(name="imatinib")
    later = published(drug, **team, change_note="More is known.", live_from=timezone.now() + timedelta(days=2))
    actions.correct_note(later, by=publisher, note="Less is known.", reason="The first note said too much.")
    said = words(client, "/drugs/imatinib/history/")
    assert "was put right" not in said and "said too much" not in said
    with moving(days=3):
        said = words(client, "/drugs/imatinib/history/")
        assert "The note on edition 2 was put right" in said and "Less is known." in said


def test_a_past_edition_keeps_its_words_and_is_marked_as_not_current(client):
    response = client.get("/drugs/olaratumab/editions/1/")
    page = Read(response.text)
    assert "This is not the current edition. It is edition 1, as it went live on 3 April 2018." in page.words
    assert "Olaratumab lost its licence in 2019." in page.words and "/drugs/olaratumab/" in page.links
    assert "Urgent notice" not in page.words and "You are an adult." in page.words
    assert response["X-Robots-Tag"] == "noindex"
    assert "This is not the current edition" not in words(client, "/drugs/olaratumab/editions/2/")


def test_a_withdrawn_page_is_gone_with_its_reason_and_keeps_its_history_and_editions(client, publisher):
    page = Page.objects.get(key="drug/axitinib")
    with moving(days=3):
        actions.withdraw_page(page, by=publisher, reason="The trial was stopped.")
        response = client.get("/drugs/axitinib/")
        assert response.status_code == 410 and "The trial was stopped." in response.text
        for address in ("/drugs/axitinib/history/", "/drugs/axitinib/editions/1/"):
            response = client.get(address)
            assert response.status_code == 200 and "The trial was stopped." in response.text
        assert all('href="/drugs/axitinib/"' not in client.get(one).text for one in ("/", "/drugs/"))
        assert client.get(f"/as-of/{today()}/drugs/axitinib/").status_code == 410
        assert "Since then this page was withdrawn: The trial was stopped." in words(
            client, f"/as-of/{today() - timedelta(days=1)}/drugs/axitinib/"
        )


@pytest.mark.parametrize("prefix", ["", "/as-of/2018-12-31"])
@pytest.mark.parametrize("part", ["", "history/", "editions/1/"])
def test_a_page_that_moved_leads_to_its_new_address_for_good(client, publisher, prefix, part):
    actions.move_page(Page.objects.get(key="drug/ridaforolimus"), by=publisher, slug="deforolimus")
    response = client.get(f"{prefix}/drugs/ridaforolimus/{part}")
    if prefix and part:
        assert response.status_code == 404  # a history is of today
        return
    assert (response.status_code, response["Location"]) == (301, f"{prefix}/drugs/deforolimus/{part}")
    assert client.get(response["Location"]).status_code == 200
    assert f'href="{prefix}/drugs/deforolimus/"' in client.get(f"{prefix}/drugs/").text


# As of a day


def test_olaratumab_as_of_2018_is_edition_1_without_the_notice_and_marked_as_past(client):
    response = client.get("/as-of/2018-12-31/drugs/olaratumab/")
    page = Read(response.text)
    assert "This is the past. You are reading the site as it stood on 31 December 2018." in page.words
    assert "Since then this page has changed (urgent safety change): Olaratumab lost its licence" in page.words
    assert "Edition 1 ( history" in page.words and "You are an adult." in page.words
    assert not re.search("Urgent notice|no longer used|Published before review|2019-07-19", page.words)
    assert response["X-Robots-Tag"] == "noindex" and "/drugs/olaratumab/" in page.links


def test_the_guide_as_of_2018_warns_at_the_drug_that_has_changed_since(client):
    said = words(client, f"/as-of/2018-12-31{GUIDE}")
    assert said.count("This has changed since (urgent safety change): Olaratumab lost its licence") == 1
    assert "Urgent notice" not in said


@pytest.mark.parametrize("address", [f"/as-of/2018-12-31{one}" for one in [*CONTENT_PAGES, *LISTS]])
def test_links_of_an_as_of_page_stay_within_its_day(client, address):
    text = re.sub(
        r'<aside class="past".*?</aside>|<p class="warning">.*?</p>', "", client.get(address).text, flags=re.S
    )
    links = [link for link in Read(text).links if link.startswith("/")]
    leaving = {link for link in links if not link.startswith("/as-of/2018-12-31/")}
    assert len(links) > 4 and all(re.search(r"/(history|editions/\d+)/$", link) for link in leaving)


def test_a_day_that_has_not_come_is_said_in_a_sentence(client):
    for day in (today() + timedelta(days=1), "9999-12-31"):
        response = client.get(f"/as-of/{day}/drugs/")
        assert response.status_code == 404 and "That day has not come yet." in response.text
        assert f'value="{day}"' in response.text and 'name="page" value="/drugs/"' in response.text
    assert client.get(f"/as-of/{today()}/drugs/olaratumab/").status_code == 200


@pytest.mark.parametrize("day", ["2018-04-02", "0001-01-01"])
def test_before_the_first_edition_there_was_nothing_to_read(client, day):
    for address, sentence in (
        ("/", "No drug is published on"),
        ("/drugs/", "No drug is published on"),
        ("/conditions/", "No condition is published on"),
        ("/references/", "Nothing is cited on"),
    ):
        response = client.get(f"/as-of/{day}{address}")
        assert response.status_code == 200 and sentence in response.text
    for address in CONTENT_PAGES:
        response = client.get(f"/as-of/{day}{address}")
        assert response.status_code == 404 and "It came on 3 April 2018." in response.text
        assert f'href="/as-of/2018-04-03{address}"' in response.text and f'href="{address}"' in response.text
    assert client.get("/as-of/2018-04-03/drugs/imatinib/").status_code == 200


def test_a_page_is_read_on_another_day_from_wherever_it_is_read(client):
    olaratumab = "/as-of/?page=/drugs/olaratumab/"
    for address in ("/drugs/olaratumab/", "/drugs/olaratumab/history/", "/drugs/olaratumab/editions/1/"):
        assert olaratumab in Read(client.get(address).text).links, address
    assert "/as-of/?page=/drugs/" in Read(client.get("/drugs/").text).links
    assert "/as-of/2018-04-03/drugs/olaratumab/" in Read(client.get(olaratumab).text).links
    banner = re.search('<aside class="past".*?</aside>', client.get("/as-of/2018-12-31/drugs/olaratumab/").text, re.S)
    assert 'name="page" value="/drugs/olaratumab/"' in banner[0] and 'name="day" value="2018-12-31"' in banner[0]
    for asked, leads_to in [
        ("page=/drugs/olaratumab/&day=2018-12-31", "/as-of/2018-12-31/drugs/olaratumab/"),
        ("page=/drugs/olaratumab/editions/1/&day=31/12/2018", "/as-of/2018-12-31/drugs/olaratumab/"),
        ("page=/updates/?kind=drug&day=3+April+2018", "/as-of/2018-04-03/updates/"),
        ("page=//elsewhere.example/x&day=2018-12-31", "/as-of/2018-12-31/"),
        ("day=2018-12-31", "/as-of/2018-12-31/"),
    ]:
        assert client.get(f"/as-of/?{asked}").url == leads_to


def test_a_day_on_which_nothing_can_be_read_is_said_and_stays_in_the_form(client):
    for asked, sentence in [
        ("", "Choose a day."),
        ("31/02/2018", "is no day that we can read."),
        ("\x00", "Null characters are not allowed."),
        ("2018-04-02", "There was nothing to read here yet. The first pages are of 3 April 2018."),
        (str(today() + timedelta(days=1)), "That day has not come yet."),
    ]:
        response = client.get("/as-of/", {"page": "/drugs/olaratumab/", "day": asked})
        assert (response.status_code, response["X-Robots-Tag"]) == (400, "noindex")
        assert sentence in response.text and 'name="page" value="/drugs/olaratumab/"' in response.text
        assert not asked or f'value="{asked}"' in response.text


@pytest.mark.parametrize("day", ["2018-02-30", "2018-13-01", "0000-01-01", "2018-4-3", "yesterday"])
def test_a_day_that_no_calendar_has_is_no_address(client, day):
    assert client.get(f"/as-of/{day}/drugs/").status_code == 404


# What changes by itself, and everywhere


def test_a_scheduled_edition_appears_everywhere_at_its_moment_with_no_job(client, team):
    day = today() + timedelta(days=7)
    noon = datetime.combine(day, time(12), LONDON)
    a_reference("next-week-2030", title="The source of next week")
    drug = changed(Drug.objects.get(name="sunitinib"), about='<p>Soon.<cite data-ref="next-week-2030"></cite></p>')
    DrugName(drug=drug, name="The name of next week", kind="brand").save()
    published(drug, **team, live_from=noon, change_note="The note of next week.")
    shown = ["/", "/drugs/", GUIDE, "/references/", "/drugs/sunitinib/", "/drugs/sunitinib/history/"]
    addresses = ["/references/next-week-2030/", "/drugs/sunitinib/editions/2/"]
    with time_machine.travel(noon - timedelta(seconds=1), tick=False):
        assert not [one for one in shown if "of next week" in client.get(one).text]
        assert [client.get(one).status_code for one in addresses] == [404, 404]
    with time_machine.travel(noon, tick=False):
        assert [one for one in shown if "of next week" not in client.get(one).text] == []
        assert [client.get(one).status_code for one in addresses] == [200, 200]
        assert "of next week" in client.get(f"/as-of/{day}/drugs/sunitinib/").text
        before = Read(client.get(f"/as-of/{day - timedelta(days=1)}/drugs/sunitinib/").text).words
        assert "The name of next week" not in before and "The note of next week." in before  # told as what came since


def test_a_mark_on_a_source_stands_on_every_page_that_cites_it_but_not_on_the_day_before(client, publisher):
    citing = [page.url for page in PublishedSite().mentioning("cites", "reference/nakano-2018")]
    assert len(citing) == 7 and GUIDE in citing
    with moving(days=3):
        actions.mark_source("nakano-2018", by=publisher, standing="retracted", reason="The journal took it back.")
        yesterday = today() - timedelta(days=1)
        for address in [*citing, "/references/", "/references/nakano-2018/"]:
            assert "retracted" in words(client, address) and "The journal took it back." in words(client, address)
            assert "The journal took it back." not in client.get(f"/as-of/{yesterday}{address}").text
        assert "took it back" not in client.get("/drugs/imatinib/").text
        actions.mark_source("nakano-2018", by=publisher, standing="current", reason="It was a mistake.")
        assert "retracted" not in client.get("/drugs/axitinib/").text


def test_a_source_lists_every_page_that_cites_it(client):
    links = Read(client.get("/references/berry-2017/").text).links
    assert [link for link in links if link.endswith("#sources-title")] == [f"{GUIDE}#sources-title"]
    listed = Read(client.get("/references/").text).links
    assert len([link for link in listed if re.fullmatch("/references/[a-z0-9-]+/", link)]) == 7


def test_no_gap_stands_before_a_full_stop(client):
    assert "soft tissue sarcoma</a>." in client.get("/conditions/gist/").text
