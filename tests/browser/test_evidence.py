"""Evidence in a real browser: a paper is added while citing it, retracted by the list, found on the desk, and marked."""

import re
from datetime import timedelta
from pathlib import Path

import time_machine
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import expect

from drugs.models import Decision, Drug, Indication
from editions import actions
from editions.verification import verify
from references.models import Reference
from staff.models import User

RECORD = """TY  - JOUR
AU  - Okafor, Grace
AU  - Lindqvist, Per
TI  - Imatinib for tumours that cannot be removed
T2  - Journal of Rare Sarcomas
PY  - 2021
VL  - 12
SP  - 833
EP  - 842
DO  - 10.5555/rare.2021.12
ER  -
"""
HEADER = (
    "Record ID,Title,RetractionDate,RetractionDOI,RetractionPubMedID,OriginalPaperDOI,OriginalPaperPubMedID,"
    "RetractionNature,Reason"
)
ROW = "901,Imatinib for tumours,11/20/2026 0:00,10.5555/notice.1,0,10.5555/rare.2021.12,0,Retraction,+Error in Data;"
LINE = "Okafor G, Lindqvist P. Imatinib for tumours that cannot be removed. Journal of Rare Sarcomas. 2021;12:833-42."


def test_a_paper_is_cited_retracted_found_and_marked(site, sign_in, open_page, tmp_path: Path, complaints):
    edith, paula, visitor = sign_in("edith"), sign_in("paula"), open_page(width=360)
    indication = Indication.objects.get(drug__name="imatinib", key="dfsp")

    # Edith writes a sentence and cites a paper that the library does not have, without leaving the page.
    edith.goto(f"{site}/admin/drugs/indication/{indication.pk}/change/")
    edith.locator(".ProseMirror[contenteditable=true]").click()
    edith.keyboard.press("Control+End")
    edith.keyboard.type(" It is given for years.")
    edith.keyboard.press("Control+Alt+c")
    edith.get_by_text("It is not there yet").click()
    record = edith.get_by_label("Paste its record")
    record.fill("This is no record.")
    edith.get_by_role("button", name="Add it and cite it").click()
    expect(edith.locator(".cite-dialog [role=status]")).to_contain_text("format")
    forget(complaints, "422")
    record.fill(RECORD)
    edith.get_by_role("button", name="Add it and cite it").click()
    expect(edith.locator(".ProseMirror cite", has_text="okafor-2021")).to_be_visible()
    edith.get_by_role("button", name="Save", exact=True).click()
    expect(edith.get_by_text("was changed successfully")).to_be_visible()

    # In the preview it has its number, and its line in the list.
    page = Drug.objects.get(name="imatinib").page
    edith.goto(f"{site}/admin/editions/page/{page.pk}/preview/")
    expect(edith.get_by_text("It is given for years.")).to_be_visible()
    listed = edith.locator(".sources li", has_text="Okafor G")
    expect(listed).to_contain_text(LINE)
    number = re.search(r"\d+", listed.get_attribute("id"))[0]
    expect(edith.get_by_role("link", name=f"Source {number}", exact=True).first).to_be_visible()

    # It is reviewed and published; then the list of retractions names it.
    edition = actions.submit(Drug.objects.get(name="imatinib"), by=user("edith"), change_note="With a newer source.")
    actions.review(edition, by=user("ravi"), outcome="approved")
    actions.publish(edition, by=user("paula"))
    today = timezone.localdate()
    file = tmp_path / "list.csv"
    file.write_text(f"{HEADER}\n{ROW}\n")
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        call_command("check_retractions", str(file), verbosity=0)
        paula = sign_in("paula")
        expect(paula.get_by_role("heading", name="Flagged: a source changed its standing")).to_be_visible()
        expect(paula.get_by_text("It was retracted on 20 November 2026").first).to_be_visible()

        # Paula marks it: the form proposes what the list says.
        reference = Reference.objects.get(key="okafor-2021")
        paula.goto(f"{site}/admin/references/reference/{reference.pk}/change/")
        paula.get_by_role("link", name="Mark this source").click()
        expect(paula.get_by_label("retracted")).to_be_checked()
        expect(paula.get_by_label("Why?")).to_have_value(re.compile("retracted on 20 November 2026"))
        paula.get_by_role("button", name="Mark this source").click()
        expect(paula.get_by_text("Marked. Every page that cites it says so from now on.")).to_be_visible()
        guide = "/guides/targeted-cancer-drugs-for-soft-tissue-sarcoma/"
        for address in ("/drugs/imatinib/", guide, f"/drugs/imatinib/editions/{edition.number or 2}/"):
            visitor.goto(f"{site}{address}")
            expect(visitor.locator(".sources li", has_text="Okafor G")).to_contain_text("retracted")
        visitor.goto(f"{site}/as-of/{today}/drugs/imatinib/")
        expect(visitor.locator(".sources li", has_text="Okafor G")).not_to_contain_text("retracted")

    # Refused: an author marks nothing.
    edith = sign_in("edith")
    edith.goto(f"{site}/admin/references/reference/{reference.pk}/change/")
    expect(edith.get_by_role("link", name="Mark this source")).to_have_count(0)
    assert edith.goto(f"{site}/admin/references/reference/{reference.pk}/mark/").status == 403
    forget(complaints, "403")
    assert verify() == []


def test_a_decision_gets_its_source_by_the_same_box(site, sign_in):
    edith = sign_in("edith")
    decision = Decision.objects.filter(drug__name="imatinib").first()
    edith.goto(f"{site}/admin/drugs/decision/{decision.pk}/change/")
    edith.get_by_role("link", name=re.compile("Add another")).click()
    row = edith.locator("tr.form-row:not(.empty-form)").last
    row.get_by_role("button", name="Find or add a source").click()
    edith.get_by_label("Author, year, title, DOI or PubMed number").fill("nakano 2018")
    edith.locator("#cite-locator").fill("p. 4")
    edith.get_by_role("button", name=re.compile("nakano-2018")).click()
    edith.get_by_role("button", name="Save", exact=True).click()
    expect(edith.get_by_text("was changed successfully")).to_be_visible()
    added = decision.citations.get(reference__key="nakano-2018")
    assert added.locator == "p. 4"


def test_references_are_brought_in_from_a_paste_and_looked_through(site, sign_in, complaints):
    edith = sign_in("edith")
    edith.goto(f"{site}/admin/references/reference/")
    edith.get_by_role("link", name="Bring references in").click()
    edith.get_by_label("Paste records").fill("no such thing")
    edith.get_by_role("button", name="Show what it would bring").click()
    expect(edith.get_by_text("Nothing was kept.")).to_be_visible()
    forget(complaints, "422")
    edith.get_by_label("Paste records").fill(RECORD)
    edith.get_by_role("button", name="Show what it would bring").click()
    expect(edith.get_by_text("1 new")).to_be_visible()
    expect(edith.get_by_text(LINE)).to_be_visible()
    edith.get_by_role("button", name="Keep them").click()
    expect(edith.get_by_text("1 new, 0 changed, 0 left as they were.")).to_be_visible()
    expect(edith.get_by_role("link", name="okafor-2021")).to_be_visible()


def forget(complaints, status: str) -> None:
    """What a browser says of an answer that a refusal is meant to give."""
    complaints[:] = [said for said in complaints if status not in said]


def user(name: str) -> User:
    return User.objects.get(username=name)
