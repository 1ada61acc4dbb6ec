"""A copy of the public site as files: whole, with every link leading somewhere, and served as the site would serve it."""

import http.client
import os
import re
import subprocess
from contextlib import contextmanager
from html import unescape
from io import StringIO
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from drills.servers import ended, free_port, wait_for
from drugs.models import Drug
from editions import actions
from sarcoma_site import static_copy
from sarcoma_site.static_copy import server_files
from sarcoma_site.static_copy.addresses import Address
from sarcoma_site.static_copy.links import led_on, without_scripts
from tests.conftest import wanted
from tests.factories import a_person, an_imatinib, approved, changed, published

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
NGINX = """
daemon off; {user} pid {folder}/nginx.pid; error_log {folder}/error.log; worker_processes 1; events {{ }}
http {{
  include /etc/nginx/mime.types; access_log off;
  client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
  uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
  {beside}
  server {{ listen 127.0.0.1:{port}; {within} }}
}}
"""


_USER = "user root;" if os.geteuid() == 0 else ""  # a folder of tests is its owner's alone


@contextmanager
def nginx(folder, beside: str, within: str):
    """A real web server with what stands beside and within its server block; gives a function that asks it."""
    port = free_port()
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=port, beside=beside, within=within, user=_USER))
    process = subprocess.Popen([wanted("nginx"), "-c", f"{folder}/nginx.conf", "-p", str(folder)])
    try:
        wait_for(port)

        def get(path: str) -> tuple[int, dict[str, str], bytes]:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()

        yield get
    finally:
        ended(process)


def test_a_web_server_falls_back_to_it_as_the_guide_says(one_drug, tmp_path):
    guide = (settings.BASE_DIR / "docs/operating.md").read_text()
    blocks = [one for one in re.findall(r"```nginx\n(.*?)```", guide, re.DOTALL) if "copy" in one]
    copy, folder, behind = tmp_path / "copy", tmp_path / "nginx", free_port()
    folder.mkdir()
    static_copy.make(copy, leaflets=False)
    the_copy, the_site = (
        one.replace("/srv/copy", str(copy)).replace("127.0.0.1:8081", f"127.0.0.1:{behind}") for one in blocks
    )
    upstream = f"upstream application {{ server 127.0.0.1:{free_port()}; }}"  # where nothing is
    with nginx(folder, f"{upstream} {the_copy}", the_site) as get:
        status, _, body = get("/drugs/imatinib/")
        assert status == 200 and b"This is a copy of our site" in body
        assert get("/admin/")[0] == 502


def links(html: str) -> set[str]:
    """The paths of this site to which a page leads."""
    found = {urlsplit(unescape(one)) for one in re.findall(r'<[^<>]*?\s(?:href|src|action)="([^"]*)"', html)}
    return {one.path for one in found if not one.scheme and one.path} | {
        one.path for one in found if one.netloc == "testserver"
    }


def pages_of(copy):
    return {path: path.read_text() for path in copy.rglob("*.html")}


def test_every_page_is_there_and_every_link_leads_to_a_file(starter_content, tmp_path):
    out, complaints = StringIO(), StringIO()
    call_command("export_site", tmp_path / "copy", "--without-leaflets", stdout=out, stderr=complaints)
    copy = tmp_path / "copy"
    assert complaints.getvalue() == ""
    assert not [one for one in copy.rglob("leaflet.pdf") if one.is_file()]
    for file in [
        "drugs/olaratumab/editions/1",
        "drugs/olaratumab/compare/1/2",
        "updates/kind=drug",
        "record",
        "glossary",
    ]:
        assert (copy / file / "index.html").is_file()
    assert {"record.json", "updates.atom", "robots.txt", "sitemap.xml", "404.html"} <= {
        one.name for one in copy.iterdir()
    }
    for path, html in pages_of(copy).items():
        assert "This is a copy of our site" in html, path
        assert "<script src" not in html, path
        for link in links(html):
            file = copy / link.lstrip("/")
            assert (file / "index.html" if file.is_dir() else file).is_file(), f"{path} links to {link}"


def test_nothing_that_is_not_public_is_in_it(starter_content, tmp_path):
    drug = Drug.objects.get(page__slug="imatinib")
    drug.summary = "A sentence that nobody has reviewed."
    drug.save()
    static_copy.make(tmp_path, leaflets=False)
    for path in (one for one in tmp_path.rglob("*") if one.is_file()):
        assert b"nobody has reviewed." not in path.read_bytes(), path


@pytest.fixture
def one_drug(db):
    """A site with one published drug, and the team that published it."""
    edith, ravi, paula = (a_person(*one) for one in _TEAM)
    drug = an_imatinib()
    published(drug, author=edith, reviewer=ravi, publisher=paula)
    return SimpleNamespace(drug=drug, edith=edith, ravi=ravi, paula=paula)


_TEAM = (("edith", "Author"), ("ravi", "Clinical reviewer"), ("paula", "Publisher"))


def when_written(folder):
    return {str(one.relative_to(folder)): one.stat().st_mtime_ns for one in folder.rglob("*") if one.is_file()}


def test_done_again_it_changes_what_changed(one_drug, tmp_path):
    first = static_copy.make(tmp_path)
    before = when_written(tmp_path)
    again = static_copy.make(tmp_path)
    assert again.is_as_before and again.note == first.note and when_written(tmp_path) == before
    actions.withdraw_page(one_drug.drug.page, by=one_drug.paula, reason="It is out of date.")
    static_copy.make(tmp_path)
    after = when_written(tmp_path)
    changed = {file for file, at in before.items() if after.get(file) != at}
    assert {"drugs/imatinib/index.html", "updates.atom", "index.html", "record.json", "copy.json"} <= changed
    assert {"robots.txt", "404.html", "glossary/index.html"}.isdisjoint(changed)
    assert "It is out of date." in (tmp_path / "drugs/imatinib/index.html").read_text()


def test_what_is_no_more_public_is_taken_away_and_other_files_stay(one_drug, tmp_path):
    static_copy.make(tmp_path)
    (tmp_path / "google1234.html").write_text("ours")
    assert (tmp_path / "drugs/imatinib/print=large/leaflet.pdf").is_file()
    static_copy.make(tmp_path, leaflets=False)
    assert not [one for one in tmp_path.rglob("leaflet.pdf") if one.is_file()]
    assert "no leaflets" in (tmp_path / "drugs/imatinib/leaflet.pdf/index.html").read_text()
    static_copy.make(tmp_path)
    assert (tmp_path / "drugs/imatinib/leaflet.pdf").read_bytes().startswith(b"%PDF")
    assert (tmp_path / "google1234.html").read_text() == "ours"


def test_a_leaflet_that_holds_is_not_drawn_again(one_drug, tmp_path, monkeypatch):
    static_copy.make(tmp_path)
    assert (tmp_path / "drugs/imatinib/print=large/leaflet.pdf").read_bytes().startswith(b"%PDF")
    monkeypatch.setattr("drugs.leaflet.printing.pdf", lambda data: pytest.fail("It was drawn again."))
    made = static_copy.make(tmp_path, whole=True)
    assert "/drugs/*/leaflet.pdf\n  X-Robots-Tag: noindex" in (tmp_path / "_headers").read_text()
    assert made.note.files["drugs/imatinib/leaflet.pdf"]


def test_a_header_that_some_pages_lack_is_on_the_others_only():
    def route(**headers):
        return [{"X-Frame-Options": "DENY", **headers}, "text/html"]

    told = {
        "a/": route(),
        "b/<slug:s>/": route(**{"X-Robots-Tag": "noindex"}),
        "c/": route(**{"X-Robots-Tag": "noindex"}),
    }
    served = server_files.Served(told)
    for path, match in [("/a/", "a/"), ("/b/x/", "b/<slug:s>/"), ("/c/", "c/")]:
        served.add_unchanged(Address(path), SimpleNamespace(route=match))
    assert served.files()["_headers"] == (
        "/*\n  X-Frame-Options: DENY\n\n/b/*/\n  X-Robots-Tag: noindex\n\n/c/*\n  X-Robots-Tag: noindex\n"
    )


def test_what_is_published_meanwhile_is_in_it(one_drug, tmp_path):
    drug = changed(one_drug.drug, summary="Imatinib is a tablet.")
    edition = approved(drug, author=one_drug.edith, reviewer=one_drug.ravi, change_note="Plainer.")

    def tell(path):
        if path == "/robots.txt" and edition.progress != "published":
            actions.publish(edition, by=one_drug.paula)
            edition.refresh_from_db()

    static_copy.make(tmp_path, leaflets=False, tell=tell)
    assert "Imatinib is a tablet." in (tmp_path / "drugs/imatinib/index.html").read_text()
    assert "Edition 2" in (tmp_path / "index.html").read_text() or "edition 2" in (tmp_path / "index.html").read_text()


def test_a_page_that_cannot_be_drawn_stops_it_with_its_name(one_drug, tmp_path, monkeypatch):
    static_copy.make(tmp_path, leaflets=False)
    note = (tmp_path / "copy.json").read_text()
    monkeypatch.setattr("drugs.pages.present", lambda *args: 1 / 0)
    with pytest.raises(static_copy.Broken, match="500 at /drugs/imatinib/"):
        static_copy.make(tmp_path, whole=True, leaflets=False)
    assert (tmp_path / "copy.json").read_text() == note


def test_a_folder_with_other_things_is_left_alone(starter_content, tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(CommandError, match=r"thesis\.txt and is no copy of the site"):
        call_command("export_site", tmp_path)
    assert [one.name for one in tmp_path.iterdir()] == ["thesis.txt"]


def test_two_at_once_do_not_mix(starter_content, tmp_path):
    with static_copy.kept.opened(tmp_path), pytest.raises(CommandError, match="Another process is making a copy"):
        call_command("export_site", tmp_path)


def test_a_web_server_serves_it_as_the_site_does(starter_content, client, tmp_path):
    paula = a_person("paula", "Publisher")
    drug = Drug.objects.get(page__slug="cediranib")
    actions.withdraw_page(drug.page, by=paula, reason="It is out of date.")
    actions.move_page(Drug.objects.get(page__slug="sunitinib").page, slug="sutent", by=paula, reason="A test.")
    copy, folder = tmp_path / "copy", tmp_path / "nginx"
    folder.mkdir()
    static_copy.make(copy, leaflets=False)
    with nginx(folder, "", f"root {copy}; include {copy}/nginx.conf;") as get:
        for path in [
            "/",
            "/drugs/imatinib/",
            "/drugs/olaratumab/editions/1/",
            "/updates.atom",
            "/record.json",
            "/drugs/olaratumab/references.json",
            "/drugs/olaratumab/references.ris",
            "/sitemap.xml",
        ]:
            status, headers, _ = get(path)
            own = client.get(path)
            assert status == 200, path
            assert headers["content-type"].split(";")[0] == own["Content-Type"].split(";")[0], path
            for name in [
                "X-Robots-Tag",
                "Access-Control-Allow-Origin",
                "Cross-Origin-Resource-Policy",
                "X-Frame-Options",
            ]:
                assert headers.get(name.lower(), "") == own.get(name, ""), (path, name)
            assert "default-src 'none'" in headers["content-security-policy"]
            assert "script-src" not in headers["content-security-policy"]
        status, _, body = get("/drugs/cediranib/")
        assert status == 410 and b"It is out of date." in body
        status, headers, _ = get("/drugs/sunitinib/editions/1/")
        assert status == 301 and headers["location"].endswith("/drugs/sutent/editions/1/")
        status, _, body = get("/drugs/nothing/")
        assert status == 404 and b"There is nothing at this address" in body
        status, _, body = get("/search/?q=glevec")
        assert status == 200 and b"This does not work in a copy" in body
        assert get("/.copy.lock")[0] == get("/nginx.conf")[0] == get("/_headers")[0] == 404


class TestLinks:
    def test_only_those_of_the_site_are_led_on_and_only_within_tags(self):
        html = (
            '<p>Write href="/updates/?kind=drug" there.</p><a class="x" href="/updates/?kind=drug&amp;page=2#top">on</a>'
            '<a href="https://example.org/updates/?kind=drug">away</a><a href="#here">here</a>'
            '<a href="?page=2">next</a><a href="mailto:a@example.org">mail</a>'
        )
        met = []

        def lead(address):
            met.append(address)
            return address.in_copy

        led = led_on(html, "/updates/", "https://site.example", lead)
        assert met == [Address("/updates/", "kind=drug&page=2"), Address("/updates/", "page=2")]
        assert '<a class="x" href="/updates/kind=drug/page=2/#top">on</a>' in led
        assert '<a href="/updates/page=2/">next</a>' in led
        assert 'Write href="/updates/?kind=drug" there.' in led

    def test_scripts_stay_behind_and_data_does_not(self):
        html = '<script src="/static/a.js" defer></script><script type="application/ld+json">{"a": 1}</script>'
        assert without_scripts(html) == '<script type="application/ld+json">{"a": 1}</script>'

    def test_a_query_becomes_folders(self):
        assert Address("/drugs/imatinib/leaflet.pdf", "print=large").file == "drugs/imatinib/print=large/leaflet.pdf"
        assert Address("/").file == "index.html"
