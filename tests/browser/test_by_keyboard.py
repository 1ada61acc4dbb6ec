"""A visitor with a keyboard and nothing else: everything is reached in the order of the page, and seen when it is."""

import pytest

# Everything that a pointer could use, as far as it is on show.
USABLE = """() => [...document.querySelectorAll("a[href], button, summary, input:not([type=hidden]), select, textarea")]
    .filter(one => !one.disabled && one.checkVisibility()
        && !(one.type == "radio" && one.name && document.querySelector(`input[name="${one.name}"]`) != one))
    .map((one, at) => { one.dataset.at = at; return at })"""
FOCUSED = """() => {
    const one = document.activeElement, box = one.getBoundingClientRect();
    // A place in a picture has the line round its box.
    const drawn = one.querySelector("rect"), style = getComputedStyle(drawn ?? one);
    return {
        at: one.dataset.at === undefined ? null : Number(one.dataset.at),
        outlined: parseFloat(drawn ? style.strokeWidth : style.outlineStyle != "none" ? style.outlineWidth : 0) >= 2,
        inSight: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    };
}"""


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize(
    "address",
    ["/", "/drugs/olaratumab/", "/conditions/gist/", "/drugs/olaratumab/history/", "/feedback/?page=drug/imatinib"],
)
def test_everything_is_reached_in_order_and_seen(site, open_page, address, width):
    page = open_page(width=width)
    page.emulate_media(reduced_motion="reduce")  # nothing glides, so what is in sight is so at once
    page.goto(site + address)
    usable = page.evaluate(USABLE)
    reached = []
    for _ in usable:
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUSED)
        assert focus["outlined"] and focus["inSight"], page.evaluate("document.activeElement.outerHTML")
        reached.append(focus["at"])
    assert reached == usable


def test_the_first_link_leads_past_the_menu(site, open_page):
    page = open_page(width=360)
    page.goto(f"{site}/drugs/imatinib/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("!!document.activeElement.closest('main')")


def test_a_word_is_opened_and_put_away_again(site, open_page):
    page = open_page(width=360)
    page.goto(f"{site}/drugs/imatinib/")
    opener = page.locator("[popovertarget]").first
    opened = page.locator(":popover-open")
    opener.focus()
    page.keyboard.press("Enter")
    assert opened.count() == 1
    page.keyboard.press("Escape")
    assert opened.count() == 0
    assert page.evaluate("document.activeElement.hasAttribute('popovertarget')")
