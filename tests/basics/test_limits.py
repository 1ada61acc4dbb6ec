"""Limits: so many requests of one address in so many seconds, then a page that says when to come back."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.core.cache import cache
from django.http import Http404, HttpResponse
from django.test import Client, RequestFactory, override_settings

from basics import limits

AT = datetime(2026, 3, 2, 10, 0, 15, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _counts(settings):
    settings.LIMITS = {"search": (3, 60), "api": (2, 60), "review": (2, 60), "leaflet": (0, 60)}
    cache.clear()
    with time_machine.travel(AT, tick=False) as clock:
        yield clock
    cache.clear()


def asked(view, method: str = "get", address: str = "198.51.100.1", path: str = "/search/") -> HttpResponse:
    return view(getattr(RequestFactory(), method)(path, REMOTE_ADDR=address))


@limits.limited("search")
def search(request):
    return HttpResponse("found")


@limits.limited_misses("review")
def review(request):
    if request.path_info != "/review/right/":
        raise Http404
    return HttpResponse("the edition")


def test_an_address_that_asks_too_often_is_told_when_to_come_back(_counts):
    assert [asked(search, method).status_code for method in ("get", "head", "post")] == [200] * 3
    refused = asked(search)
    assert (refused.status_code, refused["Retry-After"], refused["Cache-Control"]) == (429, "45", "no-store")
    assert "Wait for 45 seconds" in refused.text and "<script" not in refused.text
    assert asked(search, address="198.51.100.2").status_code == 200
    _counts.shift(44)
    assert asked(search)["Retry-After"] == "1"
    _counts.shift(1)
    assert asked(search).status_code == 200


def test_nothing_in_the_cache_names_the_address(settings):
    asked(search)
    assert cache._cache and "198.51.100.1" not in str(list(cache._cache)) + str(list(cache._cache.values()))


def test_a_limit_of_0_is_none_and_a_connection_without_an_address_passes():
    leaflet = limits.limited("leaflet")(lambda request: HttpResponse("a leaflet"))
    assert {asked(leaflet).status_code for _ in range(5)} == {200}
    assert {asked(search, address="").status_code for _ in range(5)} == {200}


def test_a_cache_that_is_down_lets_everybody_pass(caplog):
    down = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
    with override_settings(CACHES={"default": down}):
        assert {asked(search).status_code for _ in range(5)} == {200}
    assert "The cache does not count" in caplog.text


def test_only_addresses_that_lead_nowhere_count_against_who_guesses_links():
    assert {asked(review, path="/review/right/").status_code for _ in range(5)} == {200}
    for guess in ("a", "b"):
        with pytest.raises(Http404):
            asked(review, path=f"/review/{guess}/")
    assert asked(review, path="/review/c/").status_code == 429


@pytest.mark.django_db
def test_what_stands_under_a_path_has_one_limit_and_is_told_as_a_problem():
    client = Client()
    assert [client.get(f"/api/v1/{number}").status_code for number in range(2)] == [404, 404]
    refused = client.get("/api/v1/2")
    assert (refused.status_code, refused["Retry-After"]) == (429, "45")
    assert refused["Content-Type"] == "application/problem+json"
    assert refused.json()["detail"] == "Too many requests from your address. Ask again in 45 seconds."
    assert "default-src 'none'" in refused["Content-Security-Policy"]
    assert client.get("/healthz").status_code == 200


@pytest.mark.django_db
def test_leaflets_and_links_to_a_review_have_their_limits(settings):
    settings.LIMITS = {**settings.LIMITS, "leaflet": (1, 60)}
    client = Client()
    for path in ("/drugs/nothing/leaflet.pdf", "/review/nothing/", "/review/nothing/page/"):
        statuses = [client.get(path).status_code for _ in range(3)]
        assert statuses[-1] == 429 and not client.get(path).cookies, path
