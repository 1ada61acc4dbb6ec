"""The desk's own stories in a real browser, each with what it refuses: comparing, publishing, history, flags, signing in."""

import base64
import re
from datetime import timedelta

import pytest
import time_machine
from django.core import management
from django.utils import timezone
from django_otp.oath import TOTP
from playwright.sync_api import expect

from basics.revisions import revising
from drugs.models import Drug
from editions import actions
from editions.models import Page
from editions.verification import verify
from staff.models import User
from tests.browser.conftest import PASSWORD
from tests.factories import approved, changed, published


@pytest.fixture
def staff(team):
    names = {"author": "edith", "reviewer": "ravi", "publisher": "paula"}
    return {role: User.objects.get(username=name) for role, name in names.items()}


def a_change(author, because: str = "Plainer words", **fields) -> Drug:
    with revising(by=author, because=because):
        return changed(Drug.objects.get(name="sunitinib"), **fields)


def forget(complaints, *statuses: str) -> None:
    """What a browser says of an answer that a refusal is meant to give."""
    complaints[:] = [said for said in complaints if not any(status in said for status in statuses)]


def test_any_two_versions_are_compared_and_what_stayed_is_folded(site, sign_in, open_page, staff, complaints):
    edith = sign_in("edith")
    drug = a_change(staff["author"], summary="A capsule against some sarcomas.")
    edith.goto(f"{site}/admin/drugs/drug/{drug.pk}/change/")
    edith.get_by_role("link", name="What the draft changes").click()
    expect(edith.locator("ins", has_text="capsule")).to_be_visible()
    expect(edith.locator("del").first).to_be_visible()
    folded = edith.locator("details.unchanged")
    expect(folded.locator("dd").first).to_be_hidden()
    folded.locator("> summary").click()
    expect(folded.get_by_text("Name", exact=True)).to_be_visible()

    # The other way round, and one with itself.
    edith.get_by_label("From").select_option("draft")
    edith.get_by_label("to", exact=True).select_option(index=1)
    edith.get_by_role("button", name="Compare").click()
    expect(edith.locator("del", has_text="capsule")).to_be_visible()
    edith.get_by_label("to", exact=True).select_option("draft")
    edith.get_by_role("button", name="Compare").click()
    expect(edith.get_by_text("Nothing differs.")).to_be_visible()

    # Refused: an edition that is not this page's, and anybody who is not of the staff.
    assert edith.goto(f"{site}/admin/editions/page/{drug.page_id}/compare/?old=999999").status == 404
    stranger = open_page()
    stranger.goto(f"{site}/admin/editions/page/{drug.page_id}/compare/")
    assert "/admin/login/" in stranger.url
    forget(complaints, "404")


def test_an_edition_is_scheduled_taken_off_and_its_note_put_right(site, sign_in, open_page, staff, complaints):
    paula, visitor = sign_in("paula"), open_page(width=360)
    edition = approved(a_change(staff["author"], summary="A capsule."), change_note="Clearer wrods.", **_two(staff))
    address = f"{site}/admin/editions/edition/{edition.pk}/change/"

    # From a day on: it is on the calendar, and visitors read it from that day by itself.
    tomorrow = timezone.localtime() + timedelta(days=1)
    paula.goto(address)
    paula.get_by_role("link", name="Publish", exact=True).click()
    paula.get_by_label("From").fill(tomorrow.strftime("%Y-%m-%dT%H:%M"))
    paula.get_by_role("button", name="Publish").click()
    expect(paula.get_by_text("Where it stands: scheduled for")).to_be_visible()
    paula.goto(f"{site}/admin/editions/page/calendar/")
    expect(paula.get_by_role("link", name="sunitinib edition 2")).to_be_visible()
    visitor.goto(f"{site}/drugs/sunitinib/")
    expect(visitor.get_by_text("A capsule.")).to_have_count(0)
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        visitor.goto(f"{site}/drugs/sunitinib/")
        expect(visitor.get_by_text("A capsule.").first).to_be_visible()

    # Refused: the author has no such button, nor the address behind it.
    edith = sign_in("edith")
    edith.goto(address)
    expect(edith.get_by_role("link", name="Take off the schedule")).to_have_count(0)
    edith.goto(f"{address.removesuffix('change/')}step/unschedule/")
    expect(edith.get_by_text("Only a publisher can do this.")).to_be_visible()

    # Off the schedule, its number is free again; published now, its note is put right with a trace.
    paula.goto(address)
    paula.get_by_role("link", name="Take off the schedule").click()
    paula.get_by_role("button", name="Take off the schedule").click()
    expect(paula.get_by_text("Where it stands: approved")).to_be_visible()
    paula.get_by_role("link", name="Publish", exact=True).click()
    paula.get_by_role("button", name="Publish").click()
    paula.get_by_role("link", name="Put its change note right").click()
    paula.get_by_label("The change note, put right").fill("Clearer words.")
    paula.get_by_label("Why?").fill("A slip of the pen.")
    paula.get_by_role("button", name="Put its change note right").click()
    visitor.goto(f"{site}/drugs/sunitinib/history/")
    expect(visitor.get_by_role("heading", name="The note on edition 2 was put right")).to_be_visible()
    expect(visitor.get_by_text("Clearer words.").first).to_be_visible()
    expect(visitor.get_by_text("Clearer wrods.").first).to_be_visible()
    assert verify() == []


def test_a_form_opened_before_a_colleague_acted_publishes_nothing(site, sign_in, staff, complaints):
    paula = sign_in("paula")
    edition = approved(a_change(staff["author"], summary="A capsule."), change_note="x", **_two(staff))
    paula.goto(f"{site}/admin/editions/edition/{edition.pk}/step/publish/")
    actions.take_back(edition, by=staff["author"])
    paula.get_by_role("button", name="Publish").click()
    expect(paula.get_by_role("alert")).to_be_visible()
    expect(paula.get_by_text("Where it stands: live")).to_have_count(0)
    assert Page.objects.get(pk=edition.page_id).editions.filter(number=2).count() == 0
    forget(complaints, "409")


def test_the_history_of_a_page_is_filtered_and_a_draft_starts_from_an_old_edition(site, sign_in, staff, complaints):
    edith = sign_in("edith")
    drug = Drug.objects.get(name="sunitinib")
    before = drug.summary
    published(a_change(staff["author"], because="For clarity", summary="A capsule."), change_note="Clearer.", **staff)
    edith.goto(f"{site}/admin/drugs/drug/{drug.pk}/change/")
    edith.get_by_role("link", name="History of the page").click()
    expect(edith.get_by_text("For clarity")).to_be_visible()
    edith.get_by_label("by").select_option(label="Dr Ravi Shah")
    edith.get_by_role("button", name="Show").click()
    expect(edith.get_by_text("For clarity")).to_have_count(0)
    expect(edith.get_by_text(re.compile("Dr Ravi Shah")).nth(1)).to_be_visible()

    first = drug.page.editions.get(number=1)
    edith.goto(f"{site}/admin/editions/edition/{first.pk}/step/start-draft/")
    edith.get_by_role("button", name=re.compile("Start a draft")).click()
    drug.refresh_from_db()
    assert drug.summary == before
    visitor = edith.context.new_page()
    visitor.goto(f"{site}/drugs/sunitinib/")
    expect(visitor.get_by_text("A capsule.").first).to_be_visible()  # it never goes live by itself

    # Refused: a reviewer starts no drafts.
    ravi = sign_in("ravi")
    ravi.goto(f"{site}/admin/editions/edition/{first.pk}/step/start-draft/")
    expect(ravi.get_by_text("Only an author can do this.")).to_be_visible()


def test_a_late_page_is_flagged_told_and_settled_by_a_review(site, sign_in, open_page, staff, complaints):
    paula, ravi, visitor = sign_in("paula"), sign_in("ravi"), open_page(width=360)
    management.call_command("flag_due_reviews", verbosity=0)
    page = Page.objects.get(kind="drug", slug="sunitinib")
    about = f"{site}/admin/editions/page/{page.pk}"
    paula.goto(f"{site}/admin/")
    expect(paula.get_by_role("heading", name=re.compile("Flagged: ")).first).to_be_visible()

    # Paula tells visitors what is being checked.
    paula.goto(f"{about}/change/")
    paula.get_by_role("link", name="Tell visitors of a doubt").click()
    paula.locator("textarea").first.fill("We are checking whether sunitinib is still given first.")
    paula.get_by_role("button", name="Tell visitors of a doubt").click()
    visitor.goto(f"{site}/drugs/sunitinib/")
    expect(visitor.get_by_text("We are checking whether sunitinib is still given first.").first).to_be_visible()

    # Refused: a flag is not put away before somebody looked at the page.
    paula.goto(f"{about}/step/resolve-flag/")
    paula.locator("input[type=radio]").first.check()
    paula.locator("textarea").first.fill("Looked at.")
    paula.get_by_role("button", name="Resolve a flag").click()
    expect(paula.get_by_role("alert")).to_be_visible()
    forget(complaints, "409", "422")

    # Ravi reads the whole page, and then it can be.
    ravi.goto(f"{about}/step/mark-reviewed/")
    ravi.get_by_label("clinical").check()
    ravi.get_by_role("button", name="Reviewed, no change needed").click()
    expect(ravi.get_by_text("Recorded: last reviewed today.")).to_be_visible()
    paula.goto(f"{about}/step/resolve-flag/")
    paula.locator("input[type=radio]").first.check()
    paula.locator("textarea").first.fill("Still given first.")
    paula.get_by_role("button", name="Resolve a flag").click()
    expect(paula.get_by_text("Resolved.", exact=True)).to_be_visible()
    visitor.goto(f"{site}/drugs/sunitinib/")
    expect(visitor.get_by_text("We are checking whether sunitinib")).to_have_count(0)
    assert verify() == []


def test_a_reviewer_sets_up_a_second_factor_and_signs_in_with_it(site, team, open_page, settings, complaints):
    settings.SECOND_FACTOR_REQUIRED = True
    phone = _Phone()
    ravi = open_page(width=360)
    _password(ravi, site)
    expect(ravi.get_by_role("heading", name="Set up your second factor")).to_be_visible()
    phone.read(ravi.locator(".secret").inner_text())
    ravi.get_by_label("Code that the app shows").fill("000000")
    ravi.get_by_label("I have kept the ten recovery codes").check()
    ravi.get_by_role("button", name="Set up").click()
    expect(ravi.get_by_text("The app shows another code for this picture.")).to_be_visible()
    ravi.get_by_label("Code that the app shows").fill(phone.code())
    ravi.get_by_role("button", name="Set up").click()
    expect(ravi.get_by_text("10 recovery codes left")).to_be_visible()

    with time_machine.travel(timezone.now() + timedelta(seconds=60)):
        again = open_page()
        _password(again, site)
        again.get_by_label("Code", exact=True).fill("123456")
        again.get_by_role("button", name="Sign in").click()
        expect(again.get_by_text("This code is not right.")).to_be_visible()
        again.get_by_label("Code", exact=True).fill(phone.code())
        again.get_by_role("button", name="Sign in").click()
        again.wait_for_url(f"{site}/admin/")
    forget(complaints, "422")


class _Phone:
    """An app for codes, fed with the secret that the desk shows."""

    def read(self, secret: str) -> None:
        self.key = base64.b32decode(secret.replace(" ", ""))

    def code(self) -> str:
        return f"{TOTP(self.key).token():06d}"


def _password(page, site: str) -> None:
    page.goto(f"{site}/admin/login/")
    page.get_by_label("Username").fill("ravi")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()


def _two(staff) -> dict:
    return {role: staff[role] for role in ("author", "reviewer")}
