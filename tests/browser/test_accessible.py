"""What axe finds on each kind of page, and that nothing has to be scrolled sideways on a phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from drugs.models import Drug
from editions import actions
from editions.models import Edition, Page
from staff.models import User

WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
PUBLIC = [
    "/",
    "/guides/targeted-cancer-drugs-for-soft-tissue-sarcoma/",
    "/drugs/",
    "/drugs/?letter=i",
    "/drugs/?condition=gist",
    "/drugs/?letter=q",
    "/drugs/imatinib/",
    "/drugs/olaratumab/",
    "/drugs/olaratumab/history/",
    "/drugs/olaratumab/editions/1/",
    "/drugs/olaratumab/compare/1/2/",
    "/drugs/olaratumab/compare/",
    "/as-of/?page=/drugs/olaratumab/",
    "/as-of/2018-12-31/drugs/olaratumab/",
    "/conditions/",
    "/conditions/gist/",
    "/conditions/advanced-soft-tissue-sarcoma/",
    "/references/",
    "/references/moroncini-2018/",
    "/glossary/",
    "/drugs/axitinib/",
    "/updates/",
    "/record/",
    "/search/?q=glevec",
    "/search/?q=imatinab+gist",
    "/drugs/nothing-here/",
    "/feedback/?page=drug/imatinib",
]
# What a reader may set (WCAG 1.4.12), by the CSSOM, which the policy of the pages lets alone.
SPACED = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }"
        + "p { margin-bottom: 2em !important; }");
    document.adoptedStyleSheets = [sheet];
}"""
# Text of twice the size, on a phone (WCAG 1.4.4).
LARGE = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("html { font-size: 212.5% !important; }");
    document.adoptedStyleSheets = [sheet];
}"""
SCROLLS = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"
# Text that its own box cuts off. What is there for screen readers only is meant to be cut.
CUT = """() => [...document.querySelectorAll("main *")].filter(one =>
    !one.closest("svg, .unseen, pre") && getComputedStyle(one).overflowX == "hidden" && one.scrollWidth > one.clientWidth
).map(one => one.outerHTML.slice(0, 80))"""


def faults(page, complaints) -> list[str]:
    """What axe finds, and whether the page has to be scrolled sideways."""
    before = list(complaints)
    found = Axe().run(page, options=WCAG).response["violations"]
    said = [f"{one['id']}: {node['html'][:120]}" for one in found for node in one["nodes"]]
    wide = page.evaluate(SCROLLS)
    complaints[:] = before  # axe itself tries out inline styles
    return [*said, "scrolls sideways"] if wide else said


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_public_pages(site, open_page, complaints, width, scheme):
    page = open_page(width=width, scheme=scheme)
    found = {}
    for address in PUBLIC:
        page.goto(site + address)
        found[address] = faults(page, complaints)
        if width == 360:  # 400 % of 1280 px, and then with the reader's own spacing
            page.set_viewport_size({"width": 320, "height": 640})
            found[address] += ["scrolls sideways at 320 px"] if page.evaluate(SCROLLS) else []
            page.evaluate(SPACED)
            found[address] += ["scrolls sideways when spaced"] if page.evaluate(SCROLLS) else []
            found[address] += page.evaluate(CUT)
            page.set_viewport_size({"width": 360, "height": 900})
            page.evaluate(LARGE)
            found[address] += ["scrolls sideways in large letters"] if page.evaluate(SCROLLS) else []
    assert {address: said for address, said in found.items() if said} == {}
    complaints[:] = [said for said in complaints if "404 (Not Found)" not in said]  # the page that is not there


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "light"), (1280, "dark")])
def test_the_desk(site, sign_in, complaints, width, scheme):
    page = sign_in("edith", width=width, scheme=scheme)
    drug = Drug.objects.get(name="imatinib")
    addresses = [
        "/admin/",
        "/admin/drugs/drug/",
        f"/admin/drugs/drug/{drug.pk}/change/",
        f"/admin/drugs/drug/{drug.pk}/history/",
        f"/admin/drugs/indication/{drug.indications.first().pk}/change/",
        f"/admin/drugs/indication/{drug.indications.first().pk}/delete/",
        "/admin/drugs/drug/add/",
        "/admin/drugs/drug/import/",
        "/admin/drugs/drug/export/",
        "/admin/references/reference/",
        f"/admin/editions/page/{drug.page_id}/step/submit/",
        "/admin/editions/edition/",
        f"/admin/editions/edition/{Edition.objects.first().pk}/change/",
        f"/admin/editions/page/{Page.objects.first().pk}/change/",
        f"/admin/editions/page/{drug.page_id}/history/",
        "/admin/editions/page/calendar/",
        "/admin/profile/",
        "/admin/components/",
    ]
    found = {}
    for address in addresses:
        page.goto(site + address)
        page.wait_for_timeout(300)  # the editor is put in place by a script
        found[address] = faults(page, complaints)
    assert {address: said for address, said in found.items() if said} == {}


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "dark")])
def test_the_steps_of_a_publisher_and_the_page_of_a_guest(site, sign_in, open_page, complaints, width, scheme):
    paula = sign_in("paula", width=width, scheme=scheme)
    drug = Drug.objects.get(name="imatinib")
    edition = actions.submit(drug, by=User.objects.get(username="edith"), change_note="Clearer.")
    token = actions.invite_reviewer(
        edition, by=User.objects.get(username="paula"), name="Grace", email="grace@example.org"
    )
    found = {}
    for step in ("invite", "ask", "take-back", "publish-urgently"):
        paula.goto(f"{site}/admin/editions/edition/{edition.pk}/step/{step}/")
        found[step] = faults(paula, complaints)
    for step in ("care", "tell-doubt", "resolve-flag", "move", "withdraw"):
        paula.goto(f"{site}/admin/editions/page/{drug.page_id}/step/{step}/")
        found[step] = faults(paula, complaints)
    guest = open_page(width=width, scheme=scheme)
    guest.goto(f"{site}/review/{token}/")
    found["guest"] = faults(guest, complaints)
    assert {step: said for step, said in found.items() if said} == {}


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1280, "light")])
def test_the_reviewers_screen(site, sign_in, complaints, width, scheme):
    ravi = sign_in("ravi", width=width, scheme=scheme)
    drug = Drug.objects.get(name="imatinib")
    edition = actions.submit(drug, by=User.objects.get(username="edith"), change_note="Clearer.")
    ravi.goto(f"{site}/admin/editions/edition/{edition.pk}/step/review/")
    ravi.get_by_text("Comment on a part of the page").click()
    assert faults(ravi, complaints) == []
