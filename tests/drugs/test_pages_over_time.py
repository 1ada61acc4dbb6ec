"""What becomes of a public page: its history, past editions, other days, and what changes by itself."""

import re
from datetime import datetime, time, timedelta

import pytest
import time_machine
from django.utils import timezone

from basics.days import LONDON
from drugs.models import Drug, DrugName
from editions import actions
from editions.models import Edition, Page
from editions.site import PublishedSite
from tests.drugs.reading import CONTENT_PAGES, GUIDE, LISTS, Read, moving, today, words
from tests.factories import a_reference, changed, published

pytestmark = pytest.mark.usefixtures("starter_content")


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
