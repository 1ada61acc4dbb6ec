"""What changed in public: /updates/ and the feeds tell all of it, in words, and nothing else."""

import re
from datetime import datetime, timedelta
from xml.etree import ElementTree

import feedparser
import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from drugs.models import Glossary, Term
from editions import actions
from editions.models import Edition
from editions.vocabulary import ChangeKind, Outcome
from tests.factories import a_condition, a_drug, a_guide, a_person, a_reference, approved, changed, published

pytestmark = pytest.mark.django_db

ATOM = {"a": "http://www.w3.org/2005/Atom"}
MARKUP = '<b x="">bold & "quoted"'


@pytest.fixture
def imatinib(team, author, publisher):
    """A drug with two editions, the second of which changes who can have it; a note put right; a source marked."""
    a_reference("nakano-2018")
    drug = a_drug("imatinib", by=author, about='<p>It works.<cite data-ref="nakano-2018"></cite></p>')
    published(drug, **team)
    changed(drug, summary="More people can have it.")
    second = published(drug, **team, change_note="More peple can have it.", changes_eligibility=True)
    actions.correct_note(second, by=publisher, note="More people can have it.", reason="A letter was missing.")
    actions.mark_source("nakano-2018", by=publisher, standing="retracted", reason="The journal took it back.")
    return drug


def said(client, address: str = "/updates/") -> str:
    text = re.sub(r"<[^>]+>", " ", client.get(address).text)
    return re.sub(r"\s+", " ", text)


def feed(client, address: str = "/updates.atom") -> ElementTree.Element:
    response = client.get(address)
    assert response.status_code == 200 and response["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(response.content)


def texts(root: ElementTree.Element, path: str) -> list[str]:
    return [one.text for one in root.iterfind(path, ATOM)]


def links(root: ElementTree.Element) -> dict[str, str]:
    return {one.get("rel"): one.get("href") for one in root.iterfind("a:link", ATOM)}


def test_updates_tell_every_public_change_newest_first(client, imatinib, publisher, reviewer):
    actions.tell_doubt(imatinib.page, by=publisher, sentence="We are checking this page.")
    actions.settle_doubt(imatinib.page, by=publisher, note="The page is right.")
    actions.mark_reviewed(imatinib.page, by=reviewer)
    actions.move_page(imatinib.page, by=publisher, slug="imatinib-mesilate")
    actions.withdraw_page(imatinib.page, by=publisher, reason="It is not sold any more.")
    changes = [
        "Page withdrawn It is not sold any more.",
        "Moved to a new address",
        "Edition 2 reviewed, no change needed Clinical",
        "The doubt was settled The page is right.",
        "A doubt was told We are checking this page.",
        "Source nakano-2018 This source is marked as retracted The journal took it back.",
        "The note on edition 2 was put right It now says: “More people can have it.” Why: A letter was missing.",
        "Edition 2, content change · changes who can have the drug More people can have it. See what changed",
        "Edition 1, new page First description.",
    ]
    text = said(client)
    places = [text.find(change) for change in changes]
    assert -1 not in places and places == sorted(places)
    assert "When it was published, this note said: “More peple can have it.”" in text
    assert "review of the whole page by Dr Ravi Shah , consultant oncologist, North Hospital" in text


def test_an_urgent_change_says_so_and_why_it_did_not_wait(client, imatinib, author, publisher):
    changed(imatinib, summary="Stop.")
    edition = actions.submit(imatinib, by=author, change_note="A danger came up.", change_kind=ChangeKind.URGENT)
    actions.publish_urgently(edition, by=publisher, reason="People would come to harm.")
    told = "Why it did not wait for a review: People would come to harm."
    assert "Edition 3, urgent safety change, published before review A danger came up." in said(client)
    assert told in said(client) and told in feed(client).findtext("a:entry/a:summary", "", ATOM)


def test_what_is_not_public_is_no_update(client, imatinib, team, author, reviewer):
    before = said(client), client.get("/updates.atom").content
    secret = a_drug("secretinib", by=author)
    objected = actions.submit(secret, by=author, change_note="A secret note.")
    actions.review(objected, by=reviewer, outcome=Outcome.CHANGES_REQUESTED, comment="A secret comment.")
    changed(imatinib, summary="A secret plan.")
    published(imatinib, **team, change_note="A secret plan.", live_from=timezone.now() + timedelta(days=3))
    assert (said(client), client.get("/updates.atom").content) == before
    with time_machine.travel(timezone.now() + timedelta(days=4)):
        assert "Edition 3, content change A secret plan." in said(client)


def test_an_edition_that_was_scheduled_twice_is_news_once(client, imatinib, team, publisher):
    changed(imatinib, summary="Later.")
    edition = published(imatinib, **team, change_note="Later.", live_from=timezone.now() + timedelta(days=3))
    actions.publish(actions.take_off_schedule(edition, by=publisher), by=publisher)
    assert said(client).count("Edition 3, content change") == 1


def test_updates_are_of_one_kind_of_page_if_asked(client, imatinib, team):
    published(a_condition("gastrointestinal stromal tumour"), **team, change_note="Of a condition.")
    assert "Of a condition." in said(client, "/updates/?kind=condition")
    assert "Of a condition." not in said(client, "/updates/?kind=drug")
    assert "took it back" not in said(client, "/updates/?kind=drug")
    assert "took it back" in said(client, "/updates/?kind=source")
    assert texts(feed(client, "/updates.atom?kind=condition"), "a:entry/a:title") == [
        "gastrointestinal stromal tumour: edition 1, new page"
    ]
    for address in ("/updates/?kind=x", "/updates.atom?kind=x", "/updates/?page=9", "/updates.atom?page=x"):
        assert client.get(address).status_code == 404


def test_updates_as_of_a_day_tell_what_had_happened_by_then(client, imatinib, team):
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        changed(imatinib, summary="Said later.")
        published(imatinib, **team, change_note="Said later.")
        yesterday = timezone.localdate() - timedelta(days=1)
        assert "Said later." in said(client) and "Said later." not in said(client, f"/as-of/{yesterday}/updates/")
        assert "More people can have it." in said(client, f"/as-of/{yesterday}/updates/")


# Feeds


def test_a_feed_is_atom_with_lasting_ids_and_says_who_is_touched(client, imatinib, settings):
    root = feed(client)
    assert root.findtext("a:author/a:name", "", ATOM) == "Targeted cancer drugs"
    assert links(root) == {"alternate": "http://testserver/updates/", "self": "http://testserver/updates.atom"}
    ids = texts(root, "a:id") + texts(root, "a:entry/a:id")
    assert len(set(ids)) == len(ids) == 5 and all(one.startswith("urn:uuid:") for one in ids)
    second = next(
        one for one in root.iterfind("a:entry", ATOM) if "edition 2, content" in one.findtext("a:title", "", ATOM)
    )
    assert second.findtext("a:summary", "", ATOM) == (
        "More people can have it. This changes who can have the drug. "
        "Reviewed by Dr Ravi Shah (clinical and plain English, the whole page)."
    )
    edition = Edition.objects.get(number=2)
    assert datetime.fromisoformat(second.findtext("a:updated", "", ATOM)) == edition.live_from
    assert links(second) == {"alternate": "http://testserver/drugs/imatinib/editions/2/"}
    settings.SITE_URL = "https://www.example.org"
    moved = feed(client)
    assert texts(moved, "a:id") + texts(moved, "a:entry/a:id") == ids


def test_a_feed_reader_finds_no_fault_and_sees_each_entry(client, imatinib):
    for address, title in (("/updates.atom", "All updates"), ("/drugs/imatinib/updates.atom", "Updates of imatinib")):
        answer = client.get(address)
        read = feedparser.parse(answer.content, response_headers={"content-type": answer["Content-Type"]})
        assert (read.bozo, read.version) == (0, "atom10"), read.get("bozo_exception")
        assert read.feed.title == f"{title} – Targeted cancer drugs" and read.feed.id and read.feed.updated_parsed
        assert len(read.entries) == len(texts(feed(client, address), "a:entry")) >= 3
        for entry in read.entries:
            assert entry.id and entry.title and entry.summary and entry.updated_parsed
            assert entry.link.startswith("http://testserver/")


@pytest.mark.parametrize(
    ("address", "title"),
    [
        ("/drugs/imatinib/", "imatinib"),
        ("/conditions/gist/", "gastrointestinal stromal tumour"),
        ("/guides/a-guide/", "A guide"),
        ("/glossary/", "Words"),
    ],
)
def test_every_page_has_a_feed_of_its_own_that_its_history_links_to(client, imatinib, team, address, title):
    glossary = Glossary(page=actions.open_page(kind="glossary", slug="glossary"), title="Words")
    glossary.save()
    Term(glossary=glossary, key="gist", name="GIST", definition="A tumour.").save()
    for working in (a_condition(), a_guide(), glossary):
        published(working, **team)
    page, history = client.get(address).text, client.get(f"{address}history/").text
    assert (
        f'<link rel="alternate" type="application/atom+xml" title="Updates of {title}" href="{address}updates.atom">'
        in page
    )
    assert f'<a href="{address}updates.atom"' in history
    root = feed(client, f"{address}updates.atom")
    assert links(root)["alternate"] == f"http://testserver{address}history/"
    assert len(texts(root, "a:entry/a:id")) == (3 if "imatinib" in address else 1)
    assert set(texts(root, "a:entry/a:id")) <= set(texts(feed(client), "a:entry/a:id"))


def test_the_feed_of_a_page_outlives_its_withdrawal_and_follows_its_move(client, imatinib, publisher):
    ids = texts(feed(client, "/drugs/imatinib/updates.atom"), "a:id")
    actions.move_page(imatinib.page, by=publisher, slug="imatinib-mesilate")
    response = client.get("/drugs/imatinib/updates.atom")
    assert (response.status_code, response["Location"]) == (301, "/drugs/imatinib-mesilate/updates.atom")
    actions.withdraw_page(imatinib.page, by=publisher, reason="It is not sold any more.")
    root = feed(client, "/drugs/imatinib-mesilate/updates.atom")
    assert texts(root, "a:entry/a:summary")[0] == "It is not sold any more." and texts(root, "a:id") == ids
    assert client.get("/drugs/nobody/updates.atom").status_code == 404


def test_a_long_feed_comes_in_parts_that_lead_to_each_other(client, imatinib, monkeypatch):
    monkeypatch.setattr("editions.feeds.PER_FEED", 2)
    first, second = feed(client), feed(client, "/updates.atom?page=2")
    begins = "http://testserver/updates.atom?page=1"
    assert links(first)["first"] == links(second)["first"] == links(second)["previous"] == begins
    assert links(first)["next"] == links(second)["self"]
    assert "previous" not in links(first) and "next" not in links(second)
    assert len(set(texts(first, "a:entry/a:id") + texts(second, "a:entry/a:id"))) == 4


def test_what_looks_like_markup_is_escaped_once(client, author, publisher):
    critic = a_person(
        "critic", "Clinical reviewer", public_name=MARKUP, interests="None", interests_declared_on="2026-01-05"
    )
    drug = a_drug(MARKUP, by=author, slug="markup")
    published(drug, author=author, reviewer=critic, publisher=publisher, change_note=f"Note {MARKUP}")
    actions.tell_doubt(drug.page, by=publisher, sentence=f"Doubt {MARKUP}")
    for address in ("/updates.atom", "/drugs/markup/updates.atom"):
        doubt, edition = feed(client, address).iterfind("a:entry", ATOM)
        assert doubt.find("a:summary", ATOM).attrib == {"type": "text"}
        assert doubt.findtext("a:summary", "", ATOM) == f"Doubt {MARKUP}"
        assert edition.findtext("a:title", "", ATOM).startswith(f"{MARKUP}: edition 1")
        assert f"Reviewed by {MARKUP} (" in edition.findtext("a:summary", "", ATOM)
    page = client.get("/updates/").text
    assert "<b x" not in page and "&lt;b x" in page and "&amp;lt;" not in page


def test_who_has_the_newest_feed_gets_none_again(client, imatinib, publisher):
    for address in ("/updates.atom", "/drugs/imatinib/updates.atom"):
        etag = client.get(address)["ETag"]
        assert client.get(address, headers={"if-none-match": etag}).status_code == 304
    actions.tell_doubt(imatinib.page, by=publisher, sentence="We are checking this page.")
    assert client.get("/updates.atom", headers={"if-none-match": etag}).status_code == 200


@pytest.mark.parametrize(
    "address", ["/updates/", "/updates.atom", "/drugs/imatinib/updates.atom", "/record/", "/record.json"]
)
def test_an_address_is_read_without_a_cookie_and_never_written_to(client, imatinib, address):
    response = client.get(address)
    assert response.status_code == 200 and not response.cookies and "Cookie" not in response.get("Vary", "")
    assert client.head(address).status_code == 200
    assert all(getattr(client, verb)(address).status_code == 405 for verb in ("post", "put", "delete"))


@pytest.mark.parametrize("address", ["/updates/", "/updates.atom", "/record/", "/record.json"])
def test_queries_do_not_grow_with_the_changes_and_ask_for_no_working_copy(client, imatinib, team, publisher, address):
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            b"".join(client.get(address))
        tables = {table for query in queries for table in re.findall(r'"([a-z]+_[a-z]+)"', query["sql"])}
        assert not {table for table in tables if table.startswith(("drugs_", "references_"))}
        return len(queries)

    before = asked()
    for name in ("sunitinib", "pazopanib", "axitinib"):
        published(a_drug(name), **team)
        actions.mark_source("nakano-2018", by=publisher, standing="corrected", reason=f"Because of {name}.")
    assert asked() == before


def test_an_approval_is_told_with_its_edition_and_not_beside_it(client, imatinib, author, reviewer):
    changed(imatinib, summary="Waiting.")
    approved(imatinib, author=author, reviewer=reviewer, change_note="Waiting.")
    assert "reviewed, no change needed" not in said(client) and "Waiting." not in said(client)
