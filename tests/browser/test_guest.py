"""Somebody from outside reviews in a real browser: a link from a letter, one edition, once."""

import re

from django.core import mail
from playwright.sync_api import expect

from drugs.models import Drug
from editions import actions
from editions.models import Review
from editions.verification import verify
from staff.models import User


def test_a_guest_reviews_what_a_publisher_sent_them_and_their_name_stands_on_the_page(
    site, sign_in, open_page, complaints
):
    paula = sign_in("paula")
    drug = Drug.objects.get(name="imatinib")
    edition = actions.submit(drug, by=User.objects.get(username="edith"), change_note="Clearer words.")

    # Paula invites her.
    paula.goto(f"{site}/admin/editions/edition/{edition.pk}/change/")
    paula.get_by_role("link", name="Invite a reviewer from outside").click()
    paula.get_by_label("Their name").fill("Dr Grace Okafor")
    paula.get_by_label("Their e-mail address").fill("grace@example.org")
    paula.get_by_role("button", name="Invite a reviewer from outside").click()
    expect(paula.get_by_text("Invited. They get a letter with the link.")).to_be_visible()

    # Grace follows the link on her phone, reads the page, forgets to say what she is, and keeps what she wrote.
    link = re.search(r"http://testserver(/review/[^/\s]+/)", mail.outbox[-1].body)[1]
    grace = open_page(width=360)
    grace.goto(site + link)
    expect(grace.frame_locator("iframe.reading").get_by_role("heading", name="Imatinib", exact=True)).to_be_visible()
    expect(grace.get_by_role("heading", name="What it changes")).to_be_visible()
    grace.get_by_label("I approve it").check()
    grace.get_by_label("the whole page").check()
    grace.get_by_text("Comment on a part of the page").click()
    grace.get_by_label("On the summary").fill("Very clear.")
    grace.get_by_role("button", name="Send my review").click()
    expect(grace.get_by_text("Your review is not sent yet.")).to_be_visible()
    expect(grace.get_by_label("On the summary")).to_have_value("Very clear.")
    grace.get_by_label("What you are").fill("sarcoma nurse, Lagos")
    grace.get_by_label("Your ties to makers of drugs").fill("None")
    grace.get_by_role("button", name="Send my review").click()
    expect(grace.get_by_role("heading", name="Thank you")).to_be_visible()
    assert Review.objects.get(edition=edition).remarks[0]["text"] == "Very clear."

    # The link is used up.
    assert grace.goto(site + link).status == 404
    complaints[:] = [said for said in complaints if "404" not in said and "422" not in said]

    # Paula publishes, and a visitor reads who vouched for it.
    paula.goto(f"{site}/admin/editions/edition/{edition.pk}/step/publish/")
    paula.get_by_role("button", name="Publish").click()
    visitor = open_page()
    visitor.goto(f"{site}/drugs/imatinib/")
    expect(visitor.get_by_text("Dr Grace Okafor, sarcoma nurse, Lagos, invited from outside").first).to_be_visible()
    assert verify() == []
