"""Asking for reviews: colleagues by name, people from outside by a link that opens one edition, once."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from basics.revisions import revising
from drugs.models import Drug
from editions import actions
from editions.models import Edition, Entry, Invitation, Review, ReviewRequest
from editions.verification import verify
from tests.desk import APPROVES, ASKS_FOR_CHANGES, Desk
from tests.factories import a_drug, a_person, an_imatinib, approved, changed, published

pytestmark = pytest.mark.django_db
GUEST = {"name": "Dr Grace Okafor", "role": "sarcoma oncologist, Lagos", "interests": "None"}


@pytest.fixture
def edition(author) -> Edition:
    return actions.submit(an_imatinib(by=author), by=author, change_note="First.")


@pytest.fixture
def guest(edition, publisher) -> str:
    """The address of an invited reviewer's page."""
    token = actions.invite_reviewer(edition, by=publisher, name="Grace Okafor", email="grace@example.org")
    return f"/review/{token}/"


def letter_to(mailoutbox, address: str) -> str:
    return next(one.body for one in mailoutbox if one.to == [address])


# Colleagues


def test_a_colleague_is_asked_by_name_and_day_and_gets_a_letter(
    edition, author, reviewer, mailoutbox, django_capture_on_commit_callbacks
):
    reviewer.email = "ravi@example.org"
    reviewer.save()
    day = timezone.localdate() + timedelta(days=7)
    with django_capture_on_commit_callbacks(execute=True):
        answer = Desk(author).step(edition, "ask", reviewer=reviewer.pk, wanted_by=f"{day}", note="The dose, please.")
    assert answer.status_code == 302
    letter = letter_to(mailoutbox, "ravi@example.org")
    assert "Edith Ames asks you to review" in letter and "The dose, please." in letter
    assert f"http://testserver/admin/editions/edition/{edition.pk}/change/" in letter
    first = Desk(reviewer).client.get("/admin/").context["waiting"][0]
    assert first.title == "You are asked to review" and first.editions == (edition,)
    assert "Dr Ravi Shah, asked by Edith Ames" in Desk(author).get(edition).text


def test_whoever_wrote_in_it_or_may_not_review_is_not_asked(edition, author, publisher):
    both = a_person("both", "Author", "Clinical reviewer")
    for person in (author, publisher, a_person("nobody")):
        with pytest.raises(actions.FourEyes):
            actions.ask_reviewer(edition, by=publisher, reviewer=person)
    assert both in actions.could_review(edition)
    with pytest.raises(PermissionDenied):
        actions.ask_reviewer(edition, by=a_person("x", "Clinical reviewer"), reviewer=both)
    assert not ReviewRequest.objects.exists()


def test_a_day_that_has_passed_is_refused_and_the_note_stays_in_the_form(edition, author, reviewer):
    answer = Desk(author).step(edition, "ask", reviewer=reviewer.pk, wanted_by="2018-04-03", note="The dose, please.")
    assert answer.status_code == 422 and "That day has passed" in answer.text and "The dose, please." in answer.text


def test_a_mail_server_that_is_down_stops_nobody(
    edition, author, reviewer, settings, django_capture_on_commit_callbacks
):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    reviewer.email = "ravi@example.org"
    reviewer.save()
    with django_capture_on_commit_callbacks(execute=True):
        assert Desk(author).step(edition, "ask", reviewer=reviewer.pk).status_code == 302
    assert ReviewRequest.objects.count() == 1


# People from outside


def test_a_guest_reads_the_edition_and_approves_it_under_their_own_name(edition, guest, client, publisher):
    page = client.get(guest)
    assert page.status_code == 200 and "Paula Quinn asks you to read this page" in page.text
    drawn = client.get(f"{guest}page/").text
    assert "There is a high risk that your GIST will return." in drawn and "A preview for reviewers." in drawn
    done = client.post(guest, {**GUEST, **APPROVES, "on-summary": "Very clear.", "checked": ["sources"]})
    assert done.status_code == 200 and "Thank you" in done.text
    given = Review.objects.get()
    assert (given.reviewer, given.invited_by, given.reviewer_name) == (None, publisher, "Dr Grace Okafor")
    assert given.remarks[0]["text"] == "Very clear." and given.entry.by is None
    actions.publish(edition, by=publisher)
    public = client.get("/drugs/imatinib/").text
    assert "Dr Grace Okafor, sarcoma oncologist, Lagos, invited from outside" in public
    assert (
        "Dr Grace Okafor" in Desk(publisher).get(edition).text
        and "invited by Paula Quinn" in Desk(publisher).get(edition).text
    )
    assert verify() == []


def test_a_guest_who_asks_for_changes_sends_it_back(edition, guest, client, author):
    refused = client.post(guest, {**GUEST, **ASKS_FOR_CHANGES})
    assert refused.status_code == 422 and "The comment is empty" in refused.text and "Dr Grace Okafor" in refused.text
    assert client.post(guest, {**GUEST, **ASKS_FOR_CHANGES, "comment": "Say for how long."}).status_code == 200
    edition.refresh_from_db()
    assert edition.progress == "changes_requested"
    assert "Say for how long." in Desk(author).get(edition.page.kind_of_page.working_copy(edition.page)).text


def test_a_link_works_once(guest, client):
    client.post(guest, {**GUEST, **APPROVES})
    for answer in (client.get(guest), client.get(f"{guest}page/"), client.post(guest, {**GUEST, **APPROVES})):
        assert answer.status_code == 404 and "opens nothing" in answer.text
    assert Review.objects.count() == 1


@pytest.mark.parametrize("what", ["revoked", "expired", "taken back", "published"])
def test_a_link_opens_nothing_once_it_is(edition, guest, client, author, reviewer, publisher, what):
    invitation = Invitation.objects.get()
    if what == "revoked":
        answer = Desk(publisher).client.post(
            f"/admin/editions/edition/{edition.pk}/invitations/{invitation.pk}/revoke/"
        )
        assert answer.status_code == 302
    elif what == "taken back":
        actions.take_back(edition, by=author)
    elif what == "published":
        actions.review(edition, by=reviewer, outcome="approved")
        actions.publish(edition, by=publisher)
    with time_machine.travel(timezone.now() + timedelta(days=22 if what == "expired" else 0)):
        assert client.get(guest).status_code == client.get(f"{guest}page/").status_code == 404
        assert client.post(guest, {**GUEST, **APPROVES}).status_code == 404
    assert not Review.objects.filter(reviewer=None).exists()


@pytest.mark.parametrize("token", ["x", "%00", "..%2f..", "a" * 5000, "%F0%9F%98%80", "' OR 1=1"])
def test_what_is_no_token_opens_nothing(db, client, token):
    assert client.get(f"/review/{token}/").status_code == 404


def test_the_token_is_kept_nowhere_and_the_page_is_kept_and_told_nowhere(edition, guest, client):
    token = guest.split("/")[2]
    assert token not in repr(list(Invitation.objects.values())) and token not in repr(list(Entry.objects.values()))
    for address in (guest, f"{guest}page/"):
        answer = client.get(address)
        assert "no-store" in answer["Cache-Control"] and "noindex" in answer["X-Robots-Tag"]
        assert answer["Referrer-Policy"] == "same-origin" and "script-src" not in answer["Content-Security-Policy"]
    assert "frame-src 'self'" in client.get(guest)["Content-Security-Policy"]
    # It gives nothing else: what is not public stays so.
    assert client.get("/drugs/imatinib/").status_code == 404
    assert client.get(f"/admin/editions/edition/{edition.pk}/preview/").status_code == 302


def test_a_guest_gives_a_name_and_says_what_ties_they_have(guest, client):
    answer = client.post(guest, {**APPROVES, "name": " ", "role": "", "interests": ""})
    assert answer.status_code == 422 and answer.text.count("This field is required.") == 3
    assert not Review.objects.exists()


def test_an_author_cannot_choose_who_reviews_their_own_words(edition, author, publisher, client):
    writes_and_reviews = a_person("both", "Author", "Clinical reviewer")
    own = actions.submit(a_drug("own", by=writes_and_reviews), by=writes_and_reviews, change_note="Mine.")
    answer = Desk(writes_and_reviews).step(own, "invite", name="A friend", email="friend@example.org", days="21")
    assert answer.status_code == 403
    with pytest.raises(PermissionDenied):
        actions.invite_reviewer(edition, by=author, name="A friend", email="friend@example.org")
    assert not Invitation.objects.exists()


def test_who_invited_and_then_wrote_makes_the_link_worth_nothing(edition, client):
    host = a_person("host", "Author", "Clinical reviewer")
    token = actions.invite_reviewer(edition, by=host, name="Grace", email="grace@example.org")
    with revising(by=host, because="x"):
        changed(Drug.objects.get(), summary="Host's words.")
    answer = client.post(f"/review/{token}/", {**GUEST, **APPROVES})
    assert answer.status_code == 409 and not Review.objects.exists()


def test_the_letter_holds_the_link(edition, publisher, mailoutbox, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        Desk(publisher).step(edition, "invite", name="Grace", email="grace@example.org", days="5", note="Thank you!")
    letter = letter_to(mailoutbox, "grace@example.org")
    link = re.search(r"http://testserver(/review/[^/]+/)", letter)[1]
    assert Client().get(link).status_code == 200 and "Thank you!" in letter and "imatinib" in letter


@pytest.mark.parametrize(("field", "value"), [("email", "nobody"), ("days", "0"), ("days", "91"), ("name", "")])
def test_an_invitation_that_cannot_be_is_refused(edition, publisher, field, value):
    form = {"name": "Grace", "email": "grace@example.org", "days": "21", field: value}
    assert Desk(publisher).step(edition, "invite", **form).status_code == 422
    with pytest.raises(ValidationError):
        actions.invite_reviewer(edition, by=publisher, **{**form, "days": int(form["days"])})


# Change notes


def test_a_change_note_is_put_right_in_the_record_and_both_can_be_read(author, publisher, team, client):
    drug = an_imatinib(by=author)
    edition = published(drug, change_note="Frist description.", **team)
    form = {"note": "First description.", "reason": "A slip of the pen."}
    assert Desk(publisher).step(edition, "correct-note", **form).status_code == 302
    history = client.get("/drugs/imatinib/history/").text
    assert "First description." in history and "this note said: “Frist description.”" in history
    assert "The note on edition 1 was put right" in history and "A slip of the pen." in history
    assert "First description." in client.get("/").text and "Frist" not in client.get("/").text
    edition.refresh_from_db()
    assert edition.change_note == "Frist description." and verify() == []


def test_only_a_published_edition_has_a_note_to_put_right_and_only_a_publisher_does_it(author, reviewer, publisher):
    edition = approved(an_imatinib(by=author), author=author, reviewer=reviewer)
    form = {"note": "Other words.", "reason": "Why."}
    assert Desk(publisher).step(edition, "correct-note", **form).status_code == 409
    for person in (author, reviewer):
        with pytest.raises(PermissionDenied):
            actions.correct_note(edition, by=person, **form)
    actions.publish(edition, by=publisher)
    with pytest.raises(ValidationError, match="says just that already"):
        actions.correct_note(edition, by=publisher, note=edition.change_note, reason="Why.")


def test_a_guests_name_goes_on_request_and_the_record_still_holds(edition, guest, client, publisher, administrator):
    for _ in range(2):  # a link that was lost, and one that is open when its edition moves on
        actions.invite_reviewer(
            edition, by=publisher, name="Grace Okafor", email="Grace@example.org", note="Dear Grace,"
        )
    actions.revoke_invitation(Invitation.objects.first(), by=publisher)
    client.post(guest, {**GUEST, **APPROVES})
    actions.publish(edition, by=publisher)
    given = edition.reviews.get()
    entry, name = given.entry, given.reviewer_name
    addresses = (
        f"/admin/editions/review/{given.pk}/step/remove-name/",
        f"/admin/editions/entry/{entry.pk}/step/remove-name/",
    )
    assert Desk(publisher).client.post(addresses[0], {"asked": "on"}).status_code == 403
    desk = Desk(administrator).client
    assert desk.post(addresses[0], {}).status_code == 422  # nobody said that they asked for it
    assert name in client.get("/drugs/imatinib/history/").text
    assert desk.post(addresses[1], {"asked": "on"}).status_code == 302
    for address in ("/drugs/imatinib/", "/drugs/imatinib-mesilate/history/"):
        assert name not in client.get(address).text
    for address in (f"/admin/editions/edition/{edition.pk}/change/", f"/admin/editions/review/{given.pk}/change/"):
        page = desk.get(address).text
        assert name not in page and GUEST["name"] not in page, address
    assert not any("Grace" in f"{one.name} {one.note}" or one.email for one in Invitation.objects.all())
    assert desk.post(addresses[0], {"asked": "on"}).status_code == 409
    assert verify() == []


def test_the_name_of_staff_goes_everywhere_and_not_by_their_own_hand(edition, reviewer, publisher, administrator):
    given = actions.review(edition, by=reviewer, outcome="approved")
    with pytest.raises(actions.WrongProgress, match="everywhere at once"):
        actions.remove_guest_name(given, by=administrator)
    address = f"/admin/editions/review/{given.pk}/step/remove-name/"
    assert "removed already" not in Desk(administrator).client.get(address).text
    assert Desk(administrator).client.post(address, {"asked": "on"}).status_code == 302
    given.refresh_from_db()
    assert (given.reviewer_name, given.name_salt) == ("", "") and verify() == []
