"""Hostile words in addresses, questions and headers that anybody can send: no 500, nothing run, nobody sent away."""

import re
from functools import cache
from itertools import cycle
from urllib.parse import quote, urlencode

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client

from drugs.api.operations import api
from editions.search.query import read
from sarcoma_site.front import in_front_of
from tests.front import answered
from tests.hostile import corpus
from tests.hostile.asked import names_asked
from tests.hostile.dealing import ALL, shares, tried_at
from tests.permissions import ACCESS, IN, VISITOR
from tests.url_map import SLUGS, registered

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

# Every name that some public address reads of its query.
ASKED = ("q", "p", "page", "print", "day", "from", "to", "since", "as_of", "kind", "limit", "per_page", "drug")
ASKED += ("condition", "standing", "next", "letter", "way")
_PART = re.compile(r"<(?:\w+:)?(\w+)>")
_FITS = {"slug": "olaratumab", "kind": "drug", "key": "nakano-2018", "day": "2024-05-06", "number": "1"}
_FITS |= {"old": "1", "new": "1", "ending": "ris"}


def a_visitor() -> Client:
    return Client(raise_request_exception=not ALL)


def as_sent(text: str, most: int = 1500) -> str:
    """A text in an address, as a browser sends it, and no longer than servers take."""
    return quote(text[:most].encode("utf-8", "surrogatepass"), safe="")


def filled(route: str, hostile: int | None, text: str = "") -> str:
    """A route with hostile words for the part of this number, and with what leads to something for the others."""
    found = SLUGS.get(route.removeprefix("as-of/<day:day>/").partition("/")[0], _FITS["slug"])
    fits = _FITS | {"slug": SLUGS["conditions"] if "conditions" in route else found}
    for number, part in enumerate(_PART.findall(route)):
        words = text if number == hostile else fits.get(part, "x")
        route = _PART.sub(lambda _, words=words: words, route, count=1)
    return f"/{route}"


def public_routes() -> list[str]:
    """The routes that anybody reads."""
    routes = [route for name, route in registered() if ACCESS[name].get[VISITOR] == IN]
    return [route for route in routes if not route.startswith(("admin/", "review/"))]


def one_for_each_view(routes: list[str]) -> list[str]:
    """Without those under which a view of another address answers once more: on a past day, or for another kind."""
    twice = re.compile(r"as-of/<day:day>/(?!$|drugs/<)|(guides|conditions|glossary)/(<slug:slug>/)?[a-z]")
    return [route for route in routes if not twice.match(route)]


@cache
def described() -> dict:
    return api.get_openapi_schema()["paths"]


def of_the_api(route: str) -> set[str]:
    """The names that the API's description gives the query of one of its addresses."""
    described_here = described().get("/" + _PART.sub(r"{\1}", route), {})
    return {one["name"] for one in described_here.get("get", {}).get("parameters", []) if one["in"] == "query"}


def names_of(route: str) -> list[str]:
    """The names of the query that a public address reads."""
    with names_asked() as found:
        a_visitor().get(filled(route, None))
    return sorted(found | of_the_api(route))


@pytest.mark.parametrize("share", shares(6))
def test_hostile_words_in_every_part_and_question_of_every_public_address(starter_content, tally, share):
    routes = [route for route in public_routes() if ALL or "leaflet" not in route]
    parts = [(route, number) for route in routes for number in range(len(_PART.findall(route)))]
    client = a_visitor()
    questions = [(route, ASKED) for route in routes if not _PART.search(route)]
    # In turn: neighbours of a class try the same.
    places = [place for pair in zip(parts, cycle(questions), strict=False) for place in pair]
    if ALL:
        routes = one_for_each_view(routes)
        parts = [(route, number) for route, number in parts if route in routes]
        questions = [(route, (name,)) for route in routes for name in names_of(route)]
        places = [*parts, *questions][share :: len(shares(6))]
    with names_asked() as found:
        for payload, (route, place) in tried_at(places):
            if isinstance(place, int):
                tally.check(client.get(filled(route, place, as_sent(payload.text))), (payload, route, place))
                continue
            words = as_sent(payload.text, 1500 if len(place) == 1 else 100)
            asked = "&".join(f"{name}={words}" for name in place)
            tally.check(client.get(f"{filled(route, None)}?{asked}"), (payload, route, place), tried=len(place))
    unknown = found.union(*map(of_the_api, routes)).difference(ASKED)
    assert not unknown, f"Add to ASKED what public addresses read: {unknown}"


def test_hostile_questions_are_searched_for_as_words(starter_content, tally):
    client = a_visitor()
    kinds = () if ALL else ("queries", "characters", "mutated", "long", "templates")
    for payload in corpus(*kinds):
        tally.check(client.get(f"/search/?{urlencode({'q': payload.sent[:2000]})}"), payload)
        read(payload.text)
    for payload in corpus(*kinds[:1]):
        tally.check(client.get(f"/search/names.json?{urlencode({'q': payload.sent[:2000]})}"), payload)


NAMES = ["User-Agent", "Referer", "Origin", "Accept", "Accept-Language", "Accept-Encoding", "If-None-Match"]
NAMES += ["If-Modified-Since", "If-Match", "If-Unmodified-Since", "If-Range", "Range", "Content-Type", "X-Request-ID"]
NAMES += ["Authorization", "Cookie", "Traceparent", "X-Requested-With", "X-CSRFToken"]
NAMES += ["X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Port", "Forwarded", "X-Real-IP"]
NAMES += ["X-Original-URL", "X-Rewrite-URL", "X-HTTP-Method-Override", "True-Client-IP", "Via", "Sec-Fetch-Site"]
ADDRESSES = ["/healthz", "/api/v1/pages/drug/imatinib", "/robots.txt", "/drugs/", "/api/v1/nowhere", "/record.json"]


@pytest.mark.parametrize("share", shares(6))
def test_hostile_headers_change_nothing(starter_content, tally, share):
    client = a_visitor()
    before = {address: client.get(address).getvalue() for address in ("/healthz", "/robots.txt")}
    places = [(address, NAMES) for address in ADDRESSES]
    if ALL:  # each by itself too: one may hide what the next would do
        places += [(address, [name]) for address in ADDRESSES[:2] for name in NAMES]
    for payload, (address, names) in tried_at(places[share :: len(shares(6))]):
        value = payload.sent.encode()[:4000].decode("latin-1")  # as a server hands it on
        answer = client.get(address, headers=dict.fromkeys(names, value))
        tally.check(answer, (payload, address, names), tried=len(names))
        if address in before and answer.status_code == 200:
            assert answer.getvalue() == before[address], (payload, names)


@pytest.mark.parametrize("share", shares(2))
def test_hostile_headers_change_nothing_before_django(starter_content, tally, share):
    """The same through the front, which keeps pages and reads headers by itself."""
    front = in_front_of(WSGIHandler())
    keys = [f"HTTP_{name.upper().replace('-', '_')}" for name in NAMES if name != "Content-Type"]
    paths = ["/drugs/imatinib/", "/drugs/", "/updates/", "/updates.atom"]
    places = [(path, key) for key in keys for path in (paths[:2] if ALL else paths)]
    before = {path: answered(front, path).content for path in paths}
    for payload, (path, key) in tried_at(places[share :: len(shares(2))]):
        answer = answered(front, path, **{key: payload.sent.encode()[:4000].decode("latin-1")})
        tally.check(answer, (payload, path, key))
        assert answer.content == before[path] or "Content-Encoding" in answer or answer.status_code in {304, 412}


def test_a_host_that_is_not_ours_is_refused_and_never_repeated(starter_content, tally):
    client = Client()
    addresses = cycle(["/", "/admin/login/", "/sitemap.xml", "/robots.txt", "/updates.atom", "/api/v1/", "/healthz"])
    for payload in corpus("hosts", "headers", "schemes"):
        host = payload.sent.encode()[:4000].decode("latin-1")
        for address in (next(addresses), next(addresses)):
            answer = client.get(address, headers={"host": host})
            tally.check(answer, (payload, address))
            assert answer.status_code == 400, (payload, address)
            assert "evil" not in answer.text and not answer.cookies
    for name in ("X-Forwarded-Host", "X-Host", "Forwarded", "X-Forwarded-Server", "X-HTTP-Host-Override"):
        for address in ("/sitemap.xml", "/robots.txt", "/updates.atom", "/api/v1/", "/"):
            assert "evil.example" not in client.get(address, headers={name: "evil.example"}).text


def test_nobody_is_sent_to_another_site(starter_content, author, tally):
    """Each way in which an address is told where to go on: signing in, another day, feedback, a slash at the end."""
    client = Client()
    ways = cycle(["/{0}", "//{0}", "/%2f{1}", "/drugs/{1}", "/\\{0}", "/as-of/2024-05-06/{0}", "/admin/{1}"])
    for payload in corpus("schemes", "hosts", "paths"):
        text = payload.sent[:1500]
        asked = urlencode({"page": text, "next": text, "day": "2024-05-06"})
        tally.check(client.get(f"/as-of/?{asked}"), payload)
        tally.check(client.get(f"/feedback/thanks/?{asked}"), payload)
        tally.check(
            client.get(quote(next(ways).format(text, as_sent(text)).replace("\0", ""), safe="/%\\:?#@")), payload
        )
    for payload in corpus("schemes"):
        signing_in = {"username": "edith", "password": "a long pass phrase for tests", "next": payload.sent[:1500]}
        answer = Client().post("/admin/login/", signing_in)
        tally.check(answer, payload)
        assert answer.status_code == 302, payload
