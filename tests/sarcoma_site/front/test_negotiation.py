"""Codings, tags and dates, as RFC 9110 has them."""

import gzip

import brotli
import pytest

from sarcoma_site.front.negotiation import codings
from tests.front import Site


@pytest.fixture
def site(monkeypatch):
    return Site(monkeypatch)


def test_the_best_coding_is_the_one_that_the_client_likes_most():
    for header, best in {
        None: "identity",
        "": "identity",
        "gzip": "gzip",
        "x-gzip": "gzip",
        "gzip, deflate, br, zstd": "br",
        "GZIP;Q=1.0, br;q=0.5": "gzip",
        "br;q=0, gzip;q=0.001": "gzip",
        "gzip;q=0": "identity",
        "identity, gzip;q=0.5": "identity",
        "identity;q=0.2, gzip;q=0.5": "gzip",
        "*": "br",
        "*;q=0.1, br;q=0, zstd;q=0": "gzip",
        "gzip;q=nonsense": "identity",
        "gzip;q=2": "identity",
        "sdch, , ;q=1": "identity",
    }.items():
        assert codings(header)[0] == best, header
    for header in ("identity;q=0", "*;q=0", "deflate, *;q=0"):
        assert codings(header) == (), header
    assert codings("br, identity;q=0") == ("br",) and codings("br, *;q=0") == ("br",)


def test_each_coding_is_a_representation_with_a_strong_tag_of_its_own(site):
    plain, zipped, brotlied = (site.get(HTTP_ACCEPT_ENCODING=coding) for coding in ("", "gzip", "br"))
    assert plain.body == gzip.decompress(zipped.body) == brotli.decompress(brotlied.body) == site.text.encode()
    assert len({one.headers["etag"] for one in (plain, zipped, brotlied)}) == 3
    assert [one.headers.get("content-encoding") for one in (plain, zipped, brotlied)] == [None, "gzip", "br"]
    for one in (plain, zipped, brotlied):
        assert one.headers["vary"] == "Accept-Encoding" and one.headers["x-frame-options"] == "DENY"
        assert int(one.headers["content-length"]) == len(one.body)
        assert one.headers["etag"].startswith('"')
    assert site.counts.renders == 1
    refused = site.get(HTTP_ACCEPT_ENCODING="identity;q=0, deflate")
    assert (refused.status, refused.headers["vary"]) == (406, "Accept-Encoding")


def test_what_a_coding_would_not_shorten_is_sent_as_it_is(site):
    site.text = "Short."
    assert "content-encoding" not in site.get(HTTP_ACCEPT_ENCODING="br").headers
    site.text, site.headers = "A leaflet. " * 100, [("Content-Type", "application/pdf")]
    answer = site.get("/leaflet.pdf", HTTP_ACCEPT_ENCODING="gzip")
    assert "content-encoding" not in answer.headers and answer.headers["vary"] == "Accept-Encoding"
    assert site.get("/leaflet.pdf", HTTP_ACCEPT_ENCODING="gzip, identity;q=0").status == 406


def test_a_copy_that_still_holds_is_not_sent_again(site):
    first = site.get(HTTP_ACCEPT_ENCODING="gzip")
    etag, date = first.headers["etag"], first.headers["last-modified"]
    assert date == "Tue, 05 May 2026 11:00:00 GMT"
    cases = {
        etag: 304,
        f"W/{etag}": 304,  # a proxy that codes on its own weakens the tag; weak comparison is what is asked for
        f'"other", W/"one,more" , {etag}': 304,
        "*": 304,
        '"other"': 200,
        etag.strip('"'): 200,  # no tag at all
        "": 200,
    }
    for tags, status in cases.items():
        # The tag wins, whatever the date says.
        for since in (None, date, "Mon, 01 Jan 2001 00:00:00 GMT"):
            again = site.get(HTTP_ACCEPT_ENCODING="gzip", HTTP_IF_NONE_MATCH=tags, HTTP_IF_MODIFIED_SINCE=since)
            assert again.status == status, (tags, since)
    again = site.get(HTTP_ACCEPT_ENCODING="gzip", HTTP_IF_NONE_MATCH=etag)
    assert again.body == b"" and "content-length" not in again.headers and "content-type" not in again.headers
    assert {"etag", "vary", "last-modified"} <= set(again.headers)
    # The tag of another coding is of another representation.
    assert site.get(HTTP_ACCEPT_ENCODING="br", HTTP_IF_NONE_MATCH=etag).status == 200
    for since, status in {date: 304, "Tue, 05 May 2026 10:59:59 GMT": 200, "yesterday": 200}.items():
        assert site.get(HTTP_IF_MODIFIED_SINCE=since).status == status
    assert site.counts.renders == 1


def test_a_page_has_no_date_while_something_else_could_follow_within_its_second(site):
    site.front._started = site.now
    assert "last-modified" not in site.get().headers
    site.later(seconds=3)
    assert site.get().headers["last-modified"] == "Tue, 05 May 2026 12:00:00 GMT"


def test_head_is_get_without_the_body(site):
    for _ in range(2):  # first drawn, then kept
        head = site.get(method="HEAD", HTTP_ACCEPT_ENCODING="br")
        assert head.body == b"" and head.headers == site.get(HTTP_ACCEPT_ENCODING="br").headers
    assert site.get(method="HEAD", HTTP_IF_NONE_MATCH="*").status == 304
    assert site.asked[0]["REQUEST_METHOD"] == "GET" and site.counts.renders == 1
