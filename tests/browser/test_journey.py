"""The whole journey in a real browser: Edith edits and submits, Ravi reviews, Paula publishes, a visitor reads."""

import re

from playwright.sync_api import expect

from drugs.models import Indication
from editions.verification import verify


def test_an_edit_travels_from_the_authors_form_to_the_public_page(site, sign_in, open_page):
    edith, ravi, paula = sign_in("edith"), sign_in("ravi"), sign_in("paula")

    # Edith opens imatinib, then the card of its first indication, and changes who can have it.
    edith.get_by_role("link", name="Drugs", exact=True).first.click()
    edith.get_by_role("link", name="imatinib").click()
    edith.get_by_role("link", name=re.compile("Change imatinib for gastrointestinal")).click()
    text = edith.locator("#id_criteria-0-text")
    text.fill("There is a high risk that your GIST will come back.")
    edith.get_by_label("Why this change?").fill("Plainer words")
    edith.get_by_role("button", name="Save", exact=True).click()
    expect(edith.get_by_text("There is a high risk that your GIST will come back.")).to_be_visible()

    # She submits with a note for readers, and may not review her own work.
    edith.get_by_role("link", name="Submit for review").click()
    edith.get_by_label("Why does this edition exist?").fill("Plainer words for who can have it.")
    edith.get_by_role("button", name="Submit for review").click()
    expect(edith.get_by_text("In review, submitted by Edith Ames.")).to_be_visible()
    edith.get_by_role("link", name="Open the edition that waits").click()
    expect(edith.get_by_role("link", name="Review", exact=True)).to_have_count(0)
    address = edith.url

    # Ravi sees the page as visitors would, and approves it.
    ravi.goto(address)
    preview = ravi.frame_locator("iframe.preview")
    expect(preview.get_by_text("A preview for staff.")).to_be_visible()
    expect(preview.locator("#gist-needs-1")).to_contain_text("There is a high risk that your GIST will come back.")
    ravi.get_by_role("link", name="Review", exact=True).click()
    ravi.get_by_label("I approve it").check()
    ravi.get_by_label("the whole page").check()
    ravi.get_by_role("button", name="Review").click()
    expect(ravi.get_by_text("Your review is recorded.")).to_be_visible()
    expect(ravi.get_by_role("link", name="Publish", exact=True)).to_have_count(0)

    # Paula publishes it.
    paula.goto(address)
    paula.get_by_role("link", name="Publish", exact=True).click()
    paula.get_by_role("button", name="Publish").click()
    expect(paula.get_by_text("Where it stands: live")).to_be_visible()

    # A visitor on a phone reads it, and finds what it was before.
    visitor = open_page(width=360)
    visitor.goto(f"{site}/drugs/imatinib/")
    expect(visitor.locator("#gist-needs-1")).to_contain_text("There is a high risk that your GIST will come back.")
    # A word of the glossary opens beside the text by the keyboard alone.
    visitor.get_by_role("button", name="digestive system").press("Enter")
    card = visitor.locator(".word:popover-open")
    expect(card).to_contain_text("The parts of the body that food passes through")
    visitor.keyboard.press("Escape")
    expect(card).to_have_count(0)
    visitor.get_by_role("link", name="history of imatinib").click()
    expect(visitor.get_by_role("heading", name="Edition 2")).to_be_visible()
    expect(visitor.get_by_text("Plainer words for who can have it.")).to_be_visible()
    expect(visitor.get_by_text("Dr Ravi Shah").first).to_be_visible()
    visitor.get_by_role("link", name="Edition 1", exact=True).click()
    assert visitor.url == f"{site}/drugs/imatinib/editions/1/"
    expect(visitor.get_by_text("This is not the current edition.")).to_be_visible()
    expect(visitor.locator("#gist-needs-1")).to_contain_text("There is a high risk that your GIST will return.")
    assert visitor.context.cookies() == []
    assert verify() == []


def test_words_typed_and_a_source_cited_in_the_editor_are_saved_as_they_look(site, sign_in):
    edith = sign_in("edith")
    indication = Indication.objects.get(drug__name="imatinib", key="dfsp")
    edith.goto(f"{site}/admin/drugs/indication/{indication.pk}/change/")
    editor = edith.locator(".ProseMirror[contenteditable=true]")
    expect(editor).to_be_visible()
    editor.click()
    edith.keyboard.press("Control+End")
    edith.keyboard.type(" It  is treated with care.")
    edith.keyboard.press("Control+Alt+c")
    edith.get_by_label("Author, year, title, DOI or PubMed number").fill("nakano 2018")
    edith.locator("#cite-locator").fill("table 2")
    edith.get_by_role("button", name=re.compile("nakano-2018")).click()
    edith.get_by_role("button", name="Save", exact=True).click()
    expect(edith.get_by_text("was changed successfully")).to_be_visible()
    indication.refresh_from_db()
    assert "&nbsp;" not in indication.text and "\u00a0" not in indication.text
    assert indication.text.endswith(
        'It  is treated with care.<cite data-ref="nakano-2018" data-locator="table 2"></cite></p>'
    )

    # The citation survives a second visit to the form, untouched.
    edith.goto(f"{site}/admin/drugs/indication/{indication.pk}/change/")
    expect(edith.locator(".ProseMirror cite")).to_be_visible()
    edith.get_by_role("button", name="Save", exact=True).click()
    expect(edith.get_by_text("was changed successfully")).to_be_visible()
    before = indication.text
    indication.refresh_from_db()
    assert indication.text == before and indication.history.count() == 3


def test_cards_are_put_in_order_with_the_keyboard(site, sign_in):
    edith = sign_in("edith")
    drug = Indication.objects.filter(drug__name="imatinib").first().drug
    keys = [row.key for row in drug.indications.all()]
    edith.goto(f"{site}/admin/drugs/drug/{drug.pk}/change/")
    card = edith.locator("#indications-0")
    down = card.get_by_role("button", name="Move down")
    down.focus()
    edith.keyboard.press("Enter")
    expect(edith.get_by_text(f"Moved to place 2 of {len(keys)}. Save to keep it.")).to_be_visible()
    edith.get_by_role("button", name="Save", exact=True).click()
    expect(edith.get_by_text("was changed successfully")).to_be_visible()
    assert [row.key for row in drug.indications.all()] == [keys[1], keys[0], *keys[2:]]


def test_cards_are_put_in_order_with_the_mouse(site, sign_in):
    edith = sign_in("edith")
    drug = Indication.objects.filter(drug__name="imatinib").first().drug
    keys = [row.key for row in drug.indications.all()]
    edith.goto(f"{site}/admin/drugs/drug/{drug.pk}/change/")
    first, third = edith.locator("#indications-0 h3"), edith.locator("#indications-2")
    first.scroll_into_view_if_needed()
    start, end = first.bounding_box(), third.bounding_box()
    edith.mouse.move(start["x"] + 300, start["y"] + 10)
    edith.mouse.down()
    for step in range(1, 13):
        edith.mouse.move(start["x"] + 300, start["y"] + 10 + (end["y"] + end["height"] - start["y"]) * step / 12)
        edith.wait_for_timeout(40)
    edith.mouse.up()
    edith.get_by_role("button", name="Save", exact=True).click()
    expect(edith.get_by_text("was changed successfully")).to_be_visible()
    assert [row.key for row in drug.indications.all()] == [keys[1], keys[2], keys[0]]


def test_a_table_is_imported_through_its_preview(site, sign_in):
    edith = sign_in("edith")
    edith.goto(f"{site}/admin/drugs/drugname/import/")
    table = b"drug,name,kind,note\nimatinib,Glivec,brand,in the UK\n"
    edith.get_by_label("The table").set_input_files({"name": "names.csv", "mimeType": "text/csv", "buffer": table})
    edith.get_by_role("button", name="Show what it would do").click()
    expect(edith.get_by_text("1 changed")).to_be_visible()
    edith.get_by_role("button", name="Import all of it").click()
    expect(edith.get_by_text("names.csv is imported: 0 new, 1 changed, 0 as they were.")).to_be_visible()


def test_a_one_time_password_is_changed_at_the_first_sign_in(site, open_page):
    from tests.factories import a_person

    nora = a_person("nora", "Author")
    nora.set_one_time_password("abcd-efgh-jkmn-pqrs")
    nora.save()
    page = open_page()
    page.goto(f"{site}/admin/")
    page.get_by_label("Username").fill("nora")
    page.get_by_label("Password").fill("abcd-efgh-jkmn-pqrs")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_text("Please choose a password of your own first.")).to_be_visible()
    page.goto(f"{site}/admin/drugs/drug/")
    page.locator("#id_old_password").fill("abcd-efgh-jkmn-pqrs")
    page.locator("#id_new_password1").fill("naïve Kräuter 2026 ok")
    page.locator("#id_new_password2").fill("naïve Kräuter 2026 ok")
    page.get_by_role("button", name="Change my password").click()
    page.goto(f"{site}/admin/drugs/drug/")
    expect(page.get_by_role("heading", name="Select drug to change")).to_be_visible()
