"""The search box: names offered while one types, by keyboard alone, and a plain form without a script."""

from playwright.sync_api import expect


def test_names_are_chosen_by_keyboard_and_looked_for_and_without_a_script_it_is_a_plain_form(site, open_page, browser):
    page = open_page(width=360)
    page.goto(site)
    box = page.get_by_role("combobox", name="Search for a drug")
    box.press_sequentially("glee")
    expect(page.get_by_role("option")).to_have_text(["Gleevec a brand name of imatinib (in the US)"])
    box.press("ArrowDown")
    expect(page.get_by_role("option", selected=True)).to_have_id(box.get_attribute("aria-activedescendant"))
    box.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    assert box.input_value() == "glee" and box.get_attribute("aria-activedescendant") is None

    box.press("Backspace")
    expect(box).to_have_attribute("aria-expanded", "true")
    box.press("ArrowDown")
    box.press("Enter")
    page.wait_for_url(f"{site}/search/?q=Gleevec")
    expect(page.get_by_role("heading", level=3).first).to_have_text("Imatinib")

    without = browser.new_context(java_script_enabled=False)
    page = without.new_page()
    page.goto(site)
    page.get_by_label("Search for a drug").fill("sutent")
    page.get_by_role("button", name="Search").click()
    assert page.url == f"{site}/search/?q=sutent" and "Sutent is a brand name of sunitinib" in page.content()
    without.close()
