"""The API: what it tells programs, and what it never tells them."""

import json
import re
from datetime import timedelta

import pytest
import schemathesis
import time_machine
from django.core import signals
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as tried
from schemathesis.generation import GenerationMode

from drugs import starter
from drugs.models import Drug
from drugs.starter_files import read_starter
from editions import actions
from editions.models import Edition
from editions.vocabulary import Outcome
from tests.factories import a_criterion, a_drug, a_reference, an_indication, changed, published

API = "/api/v1"
READ = [
    "/pages",
    "/pages?kind=drug&per_page=3",
    "/pages/drug/olaratumab",
    "/pages/drug/imatinib",
    "/pages/condition/gist",
    "/pages/guide/targeted-cancer-drugs-for-soft-tissue-sarcoma",
    "/pages/guide/privacy",
    "/pages/glossary/glossary",
    "/pages/drug/olaratumab?as_of=2018-12-31",
    "/pages/drug/olaratumab/editions",
    "/pages/drug/olaratumab/editions/1",
    "/eligibility",
    "/eligibility?condition=condition/gist",
    "/conditions/gist/pathway",
    "/references",
    "/references/nakano-2018",
    "/changes",
]


@pytest.fixture(scope="module")
def _loaded_once(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        starter.load(read_starter())
        yield
        transaction.set_rollback(True)


@pytest.fixture
def loaded(_loaded_once, db):
    """The starter content, loaded once for this file; what a test does to it is taken back."""


@pytest.fixture
def _one_connection():
    """The server's own way of asking ends each request by closing the connection, and with it what the test has loaded."""
    listeners = (signals.request_started, signals.request_finished)
    for one in listeners:
        one.disconnect(close_old_connections)
    yield
    for one in listeners:
        one.connect(close_old_connections)


def told(client, address: str, status: int = 200):
    response = client.get(API + address)
    assert response.status_code == status, (address, response.text)
    return response.json()


def lines(value):
    """Everything in an answer that says which page it is of."""
    if isinstance(value, dict):
        if {"slug", "key"} <= set(value):
            yield value
        value = value.values()
    for one in value if not isinstance(value, str | int | None) else []:
        yield from lines(one)


def test_each_address_answers_any_page_with_its_edition_and_its_review(client, loaded):
    for address in READ:
        with CaptureQueriesContext(connection) as asked:
            response = client.get(API + address)
        assert response.status_code == 200 and response["Content-Type"].startswith("application/json"), address
        tables = {table for query in asked for table in re.findall(r'"([a-z]+_[a-z]+)"', query["sql"])}
        assert "editions_edition" in tables
        assert not {table for table in tables if table.startswith(("drugs_", "references_", "staff_"))}, address
        assert not response.cookies and "Cookie" not in response.get("Vary", "")
        assert response["Access-Control-Allow-Origin"] == "*" and "Access-Control-Allow-Credentials" not in response
        said = list(lines(response.json()))
        assert said and all(
            {"edition", "last_reviewed", "is_late", "awaits_review", "doubt"} <= set(one) for one in said
        )
        etag = {"if-none-match": response["ETag"]}
        again = client.get(API + address, headers=etag)
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", response["ETag"])
        assert again["Access-Control-Allow-Origin"] == "*" and "no-cache" in again["Cache-Control"]
    head = client.head(f"{API}/pages")
    assert (head.status_code, head.content) == (200, b"") and head["ETag"]
    root = told(client, "/")
    assert (
        root["notice"] == "This is a demonstration." and f"http://testserver{API}/pages" in root["addresses"].values()
    )


def test_a_page_says_what_visitors_read_with_numbers_and_whole_addresses(client, loaded):
    page = told(client, "/pages/drug/olaratumab")
    assert (page["edition"], page["awaits_review"], page["is_current"], page["current"]) == (2, True, True, None)
    assert page["review"] is None and page["carried_over"]["reviewed_on"] == page["last_reviewed"] == "2018-04-03"
    content = page["content"]
    assert content["status"] == {"value": "no_longer_used", "label": "no longer used"}
    assert content["about"]["html"].count("<sup>[1]</sup>") == 1 and " [1]" in content["about"]["text"]
    assert [one["number"] for one in page["sources"]] == list(range(1, len(page["sources"]) + 1))
    assert page["sources"][0]["key"] == content["alerts"][0]["citations"][0]["source"]
    use = content["indications"][0]
    assert use["partners"] == [
        {"key": "drug/doxorubicin", "name": "doxorubicin", "url": None, "api": None, "withdrawal": None}
    ]
    assert [one["text"] for one in use["excludes"]][0].startswith("They had already had chemotherapy")
    for address in (*page["addresses"].values(), page["url"], page["api"], use["condition"]["api"]):
        assert client.get(address.removeprefix("http://testserver")).status_code == 200, address


def test_rich_text_has_no_address_that_would_lead_into_somebody_elses_site(client, loaded, team):
    published(a_drug("linked", about='<p><a href="/drugs/">all</a> <a href="#who">who</a></p>'), **team)
    html = told(client, "/pages/drug/linked")["content"]["about"]["html"]
    assert re.findall(r'href="([^"]*)"', html) == ["http://testserver/drugs/", "http://testserver/drugs/linked/#who"]


def test_a_page_that_nobody_reviewed_where_it_came_from_says_so(client, loaded):
    page = told(client, "/pages/guide/privacy")
    assert page["carried_over"]["reviewed_on"] is None and page["last_reviewed"] is None


def test_eligibility_and_the_pathway_are_lists_that_a_program_can_read(client, loaded):
    found = told(client, "/eligibility?condition=condition/gist")["items"]
    assert [one["drug"]["key"] for one in found] == ["drug/imatinib", "drug/sunitinib"]
    prior = found[1]["indications"][0]["requires"][0]["prior"]
    assert prior["drug"]["key"] == "drug/imatinib" and prior["outcome"]["value"] == "either"
    assert told(client, "/eligibility?drug=drug/imatinib")["count"] == 1
    steps = told(client, "/conditions/gist/pathway")["steps"]
    assert [one["drug"]["slug"] for one in steps] == ["imatinib", "sunitinib", "regorafenib"]


def test_the_past_is_answered_as_it_was_and_says_that_it_is_the_past(client, loaded):
    then = told(client, "/pages/drug/olaratumab?as_of=2018-12-31")
    assert (then["edition"], then["is_current"], then["as_of"], then["awaits_review"]) == (
        1,
        False,
        "2018-12-31",
        False,
    )
    assert then["current"]["edition"] == 2 and then["url"] == "http://testserver/as-of/2018-12-31/drugs/olaratumab/"
    assert told(client, "/pages?as_of=2018-04-02")["count"] == 0
    first = told(client, "/pages/drug/olaratumab/editions/1")
    assert first["content"] == {**then["content"], "indications": first["content"]["indications"]}
    assert (first["is_current"], first["current"]["edition"]) == (False, 2)
    assert told(client, "/pages/drug/olaratumab/editions/2")["is_current"]
    assert [one["edition"] for one in told(client, "/pages/drug/olaratumab/editions")["items"]] == [2, 1]


def test_a_withdrawn_page_is_gone_with_its_reason_and_keeps_its_editions(client, loaded, publisher):
    actions.withdraw_page(Edition.objects.get(page__key="drug/imatinib").page, by=publisher, reason="It was wrong.")
    gone = told(client, "/pages/drug/imatinib", 410)
    assert "It was wrong." in gone["detail"] and gone["page"]["withdrawal"]["sentence"] == "It was wrong."
    assert (gone["page"]["edition"], gone["page"]["last_reviewed"]) == (1, "2018-04-03") and "content" not in gone
    assert "drug/imatinib" not in {one["key"] for one in told(client, "/pages")["items"]}
    assert told(client, "/eligibility?drug=drug/imatinib", 404)["errors"] == []
    assert not told(client, "/pages/drug/imatinib/editions")["items"][0]["is_current"]
    edition = told(client, "/pages/drug/imatinib/editions/1")
    assert not edition["is_current"] and edition["current"]["withdrawal"]


def test_a_withdrawn_drug_that_another_page_names_is_said_to_be_withdrawn_and_why(client, loaded, publisher):
    def prior(address: str) -> dict:
        return told(client, address)["content"]["indications"][0]["requires"][0]["prior"]["drug"]

    before = prior("/pages/drug/sunitinib")
    assert before["url"] and before["withdrawal"] is None
    page = Edition.objects.get(page__key="drug/imatinib").page
    actions.withdraw_page(page, by=publisher, reason="It was wrong.")
    link = prior("/pages/drug/sunitinib")
    assert (link["key"], link["url"], link["api"]) == ("drug/imatinib", None, None)
    assert link["withdrawal"]["sentence"] == "It was wrong." and link["withdrawal"]["on"]
    assert prior("/pages/drug/sunitinib?as_of=2020-01-01") == before | {
        "url": before["url"].replace("/drugs/", "/as-of/2020-01-01/drugs/")
    }


def test_a_page_that_moved_leads_to_its_new_address(client, loaded, publisher):
    actions.move_page(Edition.objects.get(page__key="condition/gist").page, by=publisher, slug="stromal")
    for address in (
        "/pages/condition/gist?as_of=2020-01-01",
        "/conditions/gist/pathway",
        "/pages/condition/gist/editions/1",
    ):
        answer = client.get(API + address)
        assert answer.status_code == 301
        assert answer["Location"] == f"http://testserver{API}{address}".replace("/gist", "/stromal"), address
        assert answer["Access-Control-Allow-Origin"] == "*"
    assert told(client, "/pages/condition/stromal")["key"] == "condition/gist"


def test_the_mark_of_one_address_says_nothing_of_a_copy_of_another(client, loaded):
    mark = {"if-none-match": client.get(f"{API}/changes")["ETag"]}
    for address in ("/pages", "/pages/drug/imatinib", "/changes?limit=1"):
        assert client.get(API + address, headers=mark).status_code == 200
    assert client.get(f"{API}/pages/drug/nobody", headers=mark).status_code == 404
    assert client.get(f"{API}/changes", headers=mark).status_code == 304


def test_a_former_slug_that_is_a_word_of_the_address_itself_leads_on_too(client, loaded, publisher):
    page = Edition.objects.get(page__key="condition/gist").page
    for slug in ("api", "condition", "con", "stromal"):
        page = actions.move_page(page, by=publisher, slug=slug)
    for former in ("api", "condition", "con"):
        for address in ("/pages/condition/{}", "/pages/condition/{}/editions/1", "/conditions/{}/pathway"):
            answer = client.get(API + address.format(former))
            assert answer["Location"] == f"http://testserver{API}{address.format('stromal')}"


def test_a_source_says_how_far_it_can_be_relied_on_and_where_it_is_cited(client, loaded, publisher):
    reason = "The journal took it back."
    actions.mark_source("nakano-2018", by=publisher, standing="retracted", reason=reason)
    source = told(client, "/references/nakano-2018")
    assert source["standing"]["value"] == "retracted" and source["mark"]["reason"] == reason
    assert len(source["cited_by"]) > 3 and source["citation"].startswith("Nakano K, ")
    assert [one["key"] for one in told(client, "/references?standing=retracted")["items"]] == ["nakano-2018"]
    cited = told(client, "/pages/drug/pazopanib")["sources"]
    assert {one["key"]: one["standing"]["value"] for one in cited}["nakano-2018"] == "retracted"


def test_nothing_that_is_not_public_is_told(client, loaded, team, author, reviewer):
    drug = Drug.objects.get(name="axitinib")
    published(drug, change_kind="correction", change_note="A slip.", **team)
    waiting = actions.submit(changed(drug, summary="SECRET draft"), by=author, change_note="SECRET note")
    actions.review(waiting, by=reviewer, outcome=Outcome.CHANGES_REQUESTED, comment="SECRET comment")
    for address in [*READ, "/pages/drug/axitinib", "/pages/drug/axitinib/editions", "/changes?limit=100"]:
        text = client.get(API + address).text
        assert "SECRET" not in text and "edith" not in text.lower(), address
    # By name alone, as the page names them.
    assert told(client, "/pages/drug/axitinib")["review"]["name"] == "Dr Ravi Shah"


def test_the_changes_since_a_cursor_are_each_told_once_and_none_before_its_moment(client, loaded, team, publisher):
    cursor, before = "", []
    while True:
        part = told(client, f"/changes?limit=7&since={cursor}" if cursor else "/changes?limit=7")
        before += part["items"]
        cursor = part["next"]
        if not part["more"]:
            break
    assert len({one["id"] for one in before}) == len(before) > 14
    assert told(client, f"/changes?since={cursor}")["items"] == []

    # Scheduled first, and with it a source that nothing public cites yet; then three changes that hold at once.
    a_reference("later-2026")
    drug = changed(Drug.objects.get(name="axitinib"), research='<p>New.<cite data-ref="later-2026"></cite></p>')
    moment = timezone.now() + timedelta(days=2)
    published(drug, change_note="Soon.", changes_eligibility=True, live_from=moment, **team)
    actions.mark_source("later-2026", by=publisher, standing="corrected", reason="A table was wrong.")
    page = Edition.objects.get(page__key="drug/cediranib").page
    actions.tell_doubt(page, by=publisher, sentence="We are checking this page.")
    actions.withdraw_page(page, by=publisher, reason="It was wrong.")

    now = told(client, f"/changes?since={cursor}")
    assert [one["act"] for one in now["items"]] == ["doubt_told", "withdrawn"]
    assert now["items"][1]["page"]["withdrawal"]["sentence"] == now["items"][1]["note"] == "It was wrong."
    middle = told(client, f"/changes?since={cursor}&limit=1")  # somebody else stopped in the middle of that answer
    assert middle["more"] and [one["act"] for one in middle["items"]] == ["doubt_told"]
    with time_machine.travel(moment + timedelta(hours=1), tick=True):
        for since, left in ((now["next"], []), (middle["next"], ["withdrawn"])):
            seen, more = [], True
            while more:
                part = told(client, f"/changes?since={since}&limit=1")
                seen, since, more = seen + part["items"], part["next"], part["more"]
            assert [one["act"] for one in seen] == [*left, "published", "source_marked"]
            edition = next(one for one in seen if one["act"] == "published")
            assert (edition["edition"], edition["note"], edition["changes_eligibility"]) == (2, "Soon.", True)
            assert edition["change_kind"]["value"] == "content" and edition["page"]["slug"] == "axitinib"
            assert next(one for one in seen if one["source"])["cited_by"][0]["slug"] == "axitinib"
        assert told(client, f"/changes?since={since}")["items"] == []


WRONG = [
    ("get", "/nothing", {}, 404, "OpenAPI"),
    ("get", "/pages/", {}, 404, "Leave out the last “/”"),
    ("get", "/pages/drug/nobody", {}, 404, "“nobody”"),
    ("get", "/pages/drug/imatinib/editions/7", {}, 404, "has no edition 7. It has 1."),
    ("get", "/eligibility?condition=drug/imatinib", {}, 404, "no condition with the lasting key “drug/imatinib”"),
    ("get", "/eligibility?drug=condition/gist", {}, 404, "no drug with the lasting key “condition/gist”"),
    ("get", "/pages?as_of=2999-12-31", {}, 404, "“as_of”: That day has not come yet. Ask for an earlier one"),
    ("get", "/changes?since=eA", {}, 404, "“since”: This site gave no such cursor."),
    ("get", "/pages?as_of=2018-02-30", {}, 422, "“as_of”: That is no day. Write one as 2018-12-31."),
    ("get", "/pages?as_of=1514764800", {}, 422, "“as_of”"),
    ("get", "/pages?asof=2018-12-31", {}, 422, "This address takes kind, as_of, page, per_page."),
    ("get", "/pages?per_page=101", {}, 422, "less than or equal to 100"),
    ("get", "/pages/drug/%00", {}, 422, "“slug”"),
    ("get", "/references/A%20B", {}, 422, "“key”"),
    ("post", "/pages", {}, 405, "Use GET"),
    ("delete", "/nothing", {}, 405, "Use GET"),
    ("get", "/pages", {"accept": "text/html"}, 406, "application/json"),
    ("get", "/pages", {"if-match": '"x"'}, 412, "If-None-Match"),
    ("get", "/pages", {"host": "elsewhere.example"}, 400, "host"),
]


def test_whatever_is_wrong_is_said_in_one_shape_with_a_remedy(client, loaded, monkeypatch):
    docs = client.get("/api/docs").text
    for verb, address, headers, status, remedy in WRONG:
        answer = getattr(client, verb)(API + address, headers=headers)
        assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json"), (
            address,
            answer.text,
        )
        said = answer.json()
        assert {"type", "title", "status", "detail", "errors"} == set(said) and said["status"] == status
        assert remedy in said["detail"] + json.dumps(said["errors"], ensure_ascii=False), (address, said)
        assert answer["Access-Control-Allow-Origin"] == "*" and "no-store" in answer["Cache-Control"]
        assert f'id="problem-{status}"' in docs
    asked = client.options(f"{API}/pages")
    assert asked.status_code == 204 and asked["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"

    monkeypatch.setattr("editions.site.PublishedSite.keys", lambda *args: 1 / 0)
    broken = Client(raise_request_exception=False).get(f"{API}/pages")
    assert (broken.status_code, broken["Content-Type"]) == (500, "application/problem+json")
    assert "division" not in broken.text


def test_queries_do_not_grow_with_what_is_told(client, loaded, team, publisher):
    addresses = ["/pages", "/eligibility", "/references", "/changes?limit=100", "/pages/drug/imatinib/editions"]
    addresses += ["/eligibility?condition=condition/dfsp", "/pages/drug/imatinib", "/references/nakano-2018"]

    def asked(address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            told(client, address)
        return len(queries)

    def grow(name: str) -> None:
        drug = a_drug(name, about='<p>It works.<cite data-ref="nakano-2018"></cite></p>')
        a_criterion(an_indication(drug))
        published(drug, **team)
        published(changed(Drug.objects.get(name="imatinib"), summary=f"{name}."), change_note=name, **team)

    grow("zero")  # something of every sort: no query is left out because nothing is there
    before = {address: asked(address) for address in addresses}
    for name in ("one", "two", "three"):
        grow(name)
    assert {address: asked(address) for address in addresses} == before


def test_the_document_describes_every_field_and_every_answer(client, loaded):
    made = client.get(f"{API}/openapi.json").json()
    assert made["openapi"].startswith("3.1") and made["servers"] == [{"url": "http://testserver"}]
    for name, shape in made["components"]["schemas"].items():
        for field, described in shape.get("properties", {}).items():
            assert "description" in described or "$ref" in described, (name, field)
    docs = client.get("/api/docs").text
    for path, methods in made["paths"].items():
        assert set(methods) == {"get"} and path in docs
        assert {"200", "304", "404", "405", "406", "422", "429", "500"} <= set(methods["get"]["responses"])
        assert all("description" in one for one in methods["get"]["parameters"])


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="what it tries is the same on every database")
def test_whatever_is_asked_in_whatever_way_answers_conform_to_the_document(loaded, _one_connection):
    schema = schemathesis.openapi.from_wsgi(f"{API}/openapi.json", get_wsgi_application())
    operations = [one.ok() for one in schema.get_all_operations()]
    assert len(operations) == 10
    for operation in operations:
        for mode in GenerationMode if operation.query or operation.path_parameters else [GenerationMode.POSITIVE]:

            @tried(max_examples=8, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
            @given(case=operation.as_strategy(generation_mode=mode))
            def conforms(case):
                case.call_and_validate()

            conforms()
