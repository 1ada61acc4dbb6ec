"""Hostile words in addresses, questions and headers that anybody can send: no 500, nothing run, nobody sent away."""

import json
import re
from itertools import cycle
from urllib.parse import quote, urlencode

import pytest
from django.test import Client

from editions.search.query import read
from tests.hostile import corpus
from tests.hostile.pages import intruders, leads_off_site
from tests.permissions import ACCESS, IN, VISITOR
from tests.url_map import SLUGS, registered

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

# Every name that some public address reads of its query.
ASKED = ("q", "p", "page", "print", "day", "from", "to", "since", "as_of", "kind", "limit", "per_page", "drug")
ASKED += ("condition", "standing", "next")
_PART = re.compile(r"<(?:\w+:)?(\w+)>")


def as_sent(text: str) -> str:
    """A text in an address, as a browser sends it, and no longer than servers take."""
    return quote(text[:1500].encode("utf-8", "surrogatepass"), safe="")


def filled(route: str, text: str) -> str:
    """A route with hostile words for its last part, and with what leads to something for the others."""
    fits = {"slug": "olaratumab", "kind": "drug", "key": "nakano-2018", "day": "2024-05-06", "number": "1"}
    fits |= {"old": "1", "new": "1", "ending": "ris", "slug ": SLUGS["conditions"]}
    parts = _PART.findall(route)
    for part in parts[:-1]:
        route = _PART.sub(fits.get(part, "x"), route, count=1)
    return "/" + _PART.sub(lambda _: text, route, count=1)


def checked(answer, what) -> None:
    """That an answer is none of a broken server, runs nothing, and sends nobody to another site."""
    assert answer.status_code < 500, what
    if answer.status_code in {301, 302, 303, 307, 308}:
        assert not leads_off_site(answer["Location"]), (what, answer["Location"])
    for name, value in answer.items():
        assert "\r" not in value and "\n" not in value and "stolen" not in answer.cookies, (what, name)
    if "html" in answer.get("Content-Type", ""):
        assert not intruders(answer.text), what
    elif "json" in answer.get("Content-Type", ""):
        json.loads(answer.getvalue())
    assert answer["X-Content-Type-Options"] == "nosniff", what


def test_hostile_words_in_every_part_and_question_of_every_public_address(starter_content):
    public = [route for name, route in registered() if ACCESS[name].get[VISITOR] == IN and "review/" not in route]
    public = [route for route in public if "leaflet" not in route and not route.startswith("admin/")]
    with_parts = cycle([route for route in public if _PART.search(route)])
    plain = cycle([route for route in public if not _PART.search(route)])
    client = Client()
    for number, payload in enumerate(corpus()):  # in turn: neighbours of a class try the same
        text = as_sent(payload.text)
        asked = "&".join(f"{name}={text[:300]}" for name in ASKED)
        address = filled(next(with_parts), text) if number % 2 else f"/{next(plain)}?{asked}"
        checked(client.get(address), payload)


def test_hostile_questions_are_searched_for_as_words(starter_content):
    client = Client()
    for payload in corpus("queries", "characters", "mutated", "long", "templates"):
        checked(client.get(f"/search/?{urlencode({'q': payload.sent[:2000]})}"), payload)
        read(payload.text)
    for payload in corpus("queries"):
        checked(client.get(f"/search/names.json?{urlencode({'q': payload.sent[:2000]})}"), payload)


def test_hostile_headers_change_nothing(starter_content):
    client = Client()
    names = ["User-Agent", "Referer", "Origin", "Accept", "Accept-Language", "Accept-Encoding", "If-None-Match"]
    names += ["If-Modified-Since", "If-Match", "Range", "Content-Type", "X-Request-ID", "Authorization", "Cookie"]
    names += ["X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Port", "Forwarded", "X-Real-IP"]
    names += ["X-Original-URL", "X-Rewrite-URL", "X-HTTP-Method-Override", "True-Client-IP", "Via", "Sec-Fetch-Site"]
    addresses = cycle(
        ["/healthz", "/api/v1/pages/drug/imatinib", "/robots.txt", "/drugs/", "/api/v1/nowhere", "/record.json"]
    )
    before = {address: client.get(address).getvalue() for address in ("/healthz", "/robots.txt")}
    for payload in corpus():
        value = payload.sent.encode()[:4000].decode("latin-1")  # as a server hands it on
        address = next(addresses)
        answer = client.get(address, headers=dict.fromkeys(names, value))
        checked(answer, payload)
        if address in before and answer.status_code == 200:
            assert answer.getvalue() == before[address]


def test_a_host_that_is_not_ours_is_refused_and_never_repeated(starter_content):
    client = Client()
    addresses = cycle(["/", "/admin/login/", "/sitemap.xml", "/robots.txt", "/updates.atom", "/api/v1/", "/healthz"])
    for payload in corpus("hosts", "headers", "schemes"):
        host = payload.sent.encode()[:4000].decode("latin-1")
        for address in (next(addresses), next(addresses)):
            answer = client.get(address, headers={"host": host})
            assert answer.status_code == 400, (payload, address)
            assert "evil" not in answer.text and not answer.cookies
    for name in ("X-Forwarded-Host", "X-Host", "Forwarded", "X-Forwarded-Server", "X-HTTP-Host-Override"):
        for address in ("/sitemap.xml", "/robots.txt", "/updates.atom", "/api/v1/", "/"):
            assert "evil.example" not in client.get(address, headers={name: "evil.example"}).text


def test_nobody_is_sent_to_another_site(starter_content, author):
    """Each way in which an address is told where to go on: signing in, another day, feedback, a slash at the end."""
    client = Client()
    ways = cycle(["/{0}", "//{0}", "/%2f{1}", "/drugs/{1}", "/\\{0}", "/as-of/2024-05-06/{0}", "/admin/{1}"])
    for payload in corpus("schemes", "hosts", "paths"):
        text = payload.sent[:1500]
        asked = urlencode({"page": text, "next": text, "day": "2024-05-06"})
        checked(client.get(f"/as-of/?{asked}"), payload)
        checked(client.get(f"/feedback/thanks/?{asked}"), payload)
        checked(client.get(quote(next(ways).format(text, as_sent(text)).replace("\0", ""), safe="/%\\:?#@")), payload)
    for payload in corpus("schemes"):
        signing_in = {"username": "edith", "password": "a long pass phrase for tests", "next": payload.sent[:1500]}
        answer = Client().post("/admin/login/", signing_in)
        checked(answer, payload)
        assert answer.status_code == 302, payload
