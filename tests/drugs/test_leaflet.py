"""Leaflets: what is printed on them, at which addresses, and for which editions."""

import io

import pytest
from django.template.loader import render_to_string
from django.utils.html import strip_tags
from pypdf import PdfReader

from drugs.leaflet import printing
from drugs.leaflet.standing import before_you_change_anything, review_line
from drugs.models import Drug
from drugs.pages import present
from editions import actions
from editions.models import Page
from editions.site import PublishedSite
from tests.drugs.printed import pages_of, squeezed, told, words_in
from tests.factories import a_drug, changed

pytestmark = pytest.mark.usefixtures("starter_content")
GUIDE = "/guides/targeted-cancer-drugs-for-soft-tissue-sarcoma/"
EVERY_KIND = [GUIDE, "/drugs/olaratumab/", "/drugs/imatinib/", "/conditions/gist/", "/glossary/"]


@pytest.mark.parametrize("size", ["", "?print=large"])
@pytest.mark.parametrize("address", EVERY_KIND)
def test_every_kind_of_page_has_a_tagged_leaflet_that_says_all_the_page_says(client, address, size):
    answer = client.get(f"{address}leaflet.pdf{size}")
    kind, slug = (
        ("glossary", "glossary") if address == "/glossary/" else (address.split("/")[1][:-1], address.split("/")[2])
    )
    page = PublishedSite().page(kind, slug)

    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer["X-Robots-Tag"] == "noindex" and not answer.cookies
    ending = "-large-print.pdf" if size else ".pdf"
    assert answer["Content-Disposition"] == f'inline; filename="{slug}-leaflet-edition-{page.number}{ending}"'
    text = told(answer.content)
    assert [said for said in words_in(page.content) if squeezed(said) not in text] == []
    assert squeezed("Do not start, stop or change a treatment because of a page.") in text
    assert squeezed("This page is late. By our own rule it should have been reviewed by") in text
    _is_tagged(answer.content, page.title)


def _is_tagged(file: bytes, title: str):
    reader = PdfReader(io.BytesIO(file))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and "/StructTreeRoot" in root and root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata.title.casefold() == title.casefold()
    assert "pdfuaid" in root["/Metadata"].get_data().decode()
    assert b"QR code: the address of this edition" in _alternative_texts(root["/StructTreeRoot"])


def _alternative_texts(element) -> bytes:
    element = element.get_object()
    if isinstance(element, list):
        return b" ".join(_alternative_texts(one) for one in element)
    if not isinstance(element, dict):
        return b""
    return str(element.get("/Alt", "")).encode() + (_alternative_texts(element["/K"]) if "/K" in element else b"")


def test_every_page_of_paper_names_the_edition_its_review_and_its_address(client):
    pages = pages_of(client.get("/drugs/olaratumab/leaflet.pdf").content)
    for number, text in enumerate(pages, 1):
        assert "Olaratumab" in text and "Edition 2. Last reviewed 3 April 2018 (its review is late)." in text
        assert squeezed("http://testserver/drugs/olaratumab/editions/2/") in squeezed(text)
        assert f"Page {number} of {len(pages)}" in text


def test_eligibility_decisions_sources_and_warnings_stand_on_the_leaflet(client):
    text = " ".join(pages_of(client.get("/drugs/olaratumab/leaflet.pdf").content))
    assert "Doctors no longer start olaratumab Urgent notice, 19 July 2019" in text
    assert "Published before review." in text
    assert "Until then, all of this had to be true:" in text and "After radiotherapy: did not work" in text
    assert (
        "European Commission: advanced soft tissue sarcoma, with doxorubicin. Licence withdrawn (19 July 2019)." in text
    )
    assert "Sources 1. European Medicines Agency." in text
    assert "Why it was made: Olaratumab lost its licence in 2019." in text
    assert "A doubt, told on" in " ".join(pages_of(client.get("/drugs/imatinib/leaflet.pdf").content))


def test_a_past_edition_says_on_every_page_of_paper_that_it_is_not_current(client):
    for size in ("", "?print=large"):
        pages = pages_of(client.get(f"/drugs/olaratumab/editions/1/leaflet.pdf{size}").content)
        for text in pages:
            assert "Not the current edition. The current one:" in text
            assert squeezed("http://testserver/drugs/olaratumab/") in squeezed(text)
        assert "This is not the current edition. It is edition 1" in pages[0]
        assert "Olaratumab lost its licence in 2019." in pages[0]
    current = pages_of(client.get("/drugs/olaratumab/editions/2/leaflet.pdf").content)
    assert "Not the current edition" not in " ".join(current)


def test_a_leaflet_that_did_not_change_is_not_sent_again(client, publisher):
    first = client.get("/drugs/imatinib/leaflet.pdf")
    known = {"If-None-Match": first["ETag"]}
    assert client.get("/drugs/imatinib/leaflet.pdf", headers=known).status_code == 304
    assert client.get("/drugs/imatinib/leaflet.pdf?print=large", headers=known).status_code == 200
    assert client.get("/drugs/imatinib/leaflet.pdf").content == first.content
    assert client.head("/drugs/imatinib/leaflet.pdf")["ETag"] == first["ETag"]

    # A doubt is told: the paper is another one.
    actions.tell_doubt(Page.objects.get(key="drug/imatinib"), by=publisher, sentence="We are not sure of the dose.")
    again = client.get("/drugs/imatinib/leaflet.pdf", headers=known)
    assert again.status_code == 200 and "We are not sure of the dose." in " ".join(pages_of(again.content))


def test_a_leaflet_that_was_made_once_is_kept(client):
    client.get(f"{GUIDE}leaflet.pdf")
    before = printing._compiled.cache_info()
    client.get(f"{GUIDE}leaflet.pdf")
    after = printing._compiled.cache_info()
    assert (after.hits, after.misses) == (before.hits + 1, before.misses)


@pytest.mark.parametrize(
    "address",
    [
        "/drugs/nobody/leaflet.pdf",
        "/drugs/imatinib/editions/9/leaflet.pdf",
        "/drugs/imatinib/leaflet.doc",
        "/glossary/editions/9/leaflet.pdf",
        "/as-of/2018-12-31/drugs/imatinib/leaflet.pdf",
    ],
)
def test_where_there_is_no_edition_there_is_no_leaflet(client, address):
    assert client.get(address).status_code == 404


def test_a_leaflet_is_read_only(client):
    assert client.post("/drugs/imatinib/leaflet.pdf").status_code == 405
    assert client.delete("/drugs/imatinib/editions/1/leaflet.pdf").status_code == 405


def test_a_moved_page_leads_on_to_its_leaflets(client, publisher):
    actions.move_page(Page.objects.get(key="drug/imatinib"), by=publisher, slug="imatinib-mesilate", reason="x")
    for part in (
        "leaflet.pdf",
        "leaflet.pdf?print=large",
        "editions/1/leaflet.pdf",
        "editions/1/leaflet.pdf?print=large",
    ):
        answer = client.get(f"/drugs/imatinib/{part}")
        assert (answer.status_code, answer.url) == (301, f"/drugs/imatinib-mesilate/{part}")


def test_a_withdrawn_page_has_no_leaflet_and_its_editions_say_so(client, publisher):
    actions.withdraw_page(Page.objects.get(key="drug/axitinib"), by=publisher, reason="The trial was stopped.")
    answer = client.get("/drugs/axitinib/leaflet.pdf")
    assert answer.status_code == 410 and "The trial was stopped." in answer.text
    pages = pages_of(client.get("/drugs/axitinib/editions/1/leaflet.pdf").content)
    assert all("Not the current edition: this page was withdrawn on" in text for text in pages)
    assert "The trial was stopped." in pages[0]


def test_a_leaflet_says_nothing_of_a_draft(client):
    changed(Drug.objects.get(name="imatinib"), summary="A word that nobody approved.")
    assert "nobody approved" not in " ".join(pages_of(client.get("/drugs/imatinib/leaflet.pdf").content))
    a_drug("avapritinib")
    assert client.get("/drugs/avapritinib/leaflet.pdf").status_code == 404

    site = PublishedSite()
    context = present(site, site.page("drug", "imatinib")) | {"draft": "This is a draft.", "draft_for": "staff"}
    assert "leaflet.pdf" not in render_to_string("drugs/drug_detail.html", context)


def test_pages_lead_to_their_leaflets_and_past_days_do_not(client):
    for address in EVERY_KIND:
        text = client.get(address).text
        assert f'href="{address}leaflet.pdf"' in text and f'href="{address}leaflet.pdf?print=large"' in text
        assert f'href="{address}editions/1/leaflet.pdf"' in client.get(f"{address}editions/1/").text
        assert "leaflet.pdf" not in client.get(f"/as-of/2018-12-31{address}").text


def test_a_source_that_fell_is_marked_on_past_leaflets_too(client, publisher):
    source = PublishedSite().page("drug", "olaratumab").content.sources[2].key
    actions.mark_source(source, by=publisher, standing="retracted", reason="Its data were made up.")
    for address in ("/drugs/olaratumab/leaflet.pdf", "/drugs/olaratumab/editions/1/leaflet.pdf"):
        text = " ".join(pages_of(client.get(address).content))
        assert "RETRACTED: Moroncini" in text and "Its data were made up." in text


def test_the_warnings_and_the_standing_text_are_those_of_the_page(client):
    page = " ".join(strip_tags(client.get("/drugs/olaratumab/").text).split())
    blocks = [*before_you_change_anything(), *review_line(PublishedSite().page("drug", "olaratumab"))]
    texts = [span.text.strip() for one in blocks if one.kind == "notice" for part in one.blocks for span in part.spans]
    assert len(texts) >= 8 and [text for text in texts if text not in page] == []
