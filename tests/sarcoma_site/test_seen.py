"""What those who run the site see: lines without people in them, figures behind a token, faults without words."""

import io
import json
import logging

import pytest
import structlog

from sarcoma_site.seen.faults import tell_faults, without_people
from sarcoma_site.seen.logs import logging_config, without_personal_data
from sarcoma_site.seen.requests import HEADER

SECRETS = ("eleanor@example.org", "abc123token", "my+lump")


@pytest.fixture
def lines():
    """What is logged as JSON, each line read."""
    config = logging_config(as_json=True, level="INFO")
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    maker = config["formatters"]["lines"]
    handler.setFormatter(maker["()"](processors=maker["processors"], foreign_pre_chain=maker["foreign_pre_chain"]))
    root, level = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel("INFO")
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.mark.django_db
def test_each_request_has_one_line_that_names_its_view_and_neither_its_address_nor_whose_it_was(client, lines):
    answer = client.get("/drugs/nothing-here/?q=my+lump", REMOTE_ADDR="192.0.2.7", HTTP_USER_AGENT="A phone")
    line = next(line for line in lines() if line["logger"] == "request")
    assert (line["method"], line["view"], line["status"]) == ("GET", "drugs:drug-detail", 404)
    assert line["request"] == answer[HEADER] and line["ms"] > 0 and line["level"] == "info" and line["timestamp"]
    assert not any(word in json.dumps(line) for word in ("192.0.2.7", "lump", "nothing-here", "phone"))


def test_whatever_is_logged_has_no_addresses_of_people_no_secret_links_and_no_queries_in_it(lines):
    try:
        raise ValueError("eleanor@example.org is there twice, see /search/?q=my+lump")
    except ValueError:
        logging.getLogger("elsewhere").exception("Not found: %s", "/review/abc123token/ for eleanor@example.org")
    (line,) = lines()
    assert "Not found: /review/[token]" in line["event"] and "ValueError" in line["exception"]
    assert not any(secret in json.dumps(line) for secret in SECRETS)
    assert without_personal_data("Edition 2 of drug/imatinib is live.") == "Edition 2 of drug/imatinib is live."


@pytest.mark.django_db
def test_an_id_is_taken_from_a_trusted_proxy_alone_and_only_if_it_looks_like_one(client, settings):
    given = {"HTTP_X_REQUEST_ID": "0123456789abcdef"}
    assert client.get("/healthz", **given)[HEADER] != "0123456789abcdef"
    settings.TRUSTED_PROXIES = ["10.0.0.1"]
    assert client.get("/healthz", **given)[HEADER] == "0123456789abcdef"
    assert client.get("/healthz", HTTP_X_REQUEST_ID="x\r\nSet-Cookie: a=b")[HEADER].isalnum()
    assert structlog.contextvars.get_contextvars() == {}


@pytest.mark.django_db
def test_figures_are_for_who_has_the_token_and_are_not_there_without_one(client, settings):
    assert client.get("/metrics").status_code == 404
    settings.METRICS_TOKEN = "a token of twenty letters"
    assert client.get("/metrics").status_code == 401
    assert client.get("/metrics", HTTP_AUTHORIZATION="Bearer another").status_code == 401
    told = client.get("/metrics", HTTP_AUTHORIZATION="Bearer a token of twenty letters")
    assert told.status_code == 200 and "no-store" in told["Cache-Control"]
    assert 'sarcoma_requests_total{method="GET",status="4xx",view="metrics"}' in told.text
    assert "sarcoma_pages_live 0.0" in told.text and "sarcoma_editions_in_review 0.0" in told.text


def test_a_fault_is_told_without_the_person_whom_it_struck():
    event = {
        "user": {"email": "eleanor@example.org"},
        "breadcrumbs": {"values": ["my+lump"]},
        "request": {
            "method": "POST",
            "url": "https://www.example.org/review/abc123token/",
            "data": {"words": "my+lump"},
            "cookies": "abc123token",
            "query_string": "q=my+lump",
        },
        "exception": {"values": [{"type": "ValueError", "value": "eleanor@example.org"}]},
    }
    told = without_people(event)
    assert told["request"] == {"method": "POST", "url": "https://www.example.org/review/[token]"}
    assert not any(secret in json.dumps(told) for secret in SECRETS)
    assert told["exception"]["values"][0]["type"] == "ValueError"
    with pytest.raises(ValueError, match="not the address of a Sentry"):
        tell_faults("https://example.org")
