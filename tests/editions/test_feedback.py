"""Readers tell the staff what is wrong or unclear: without an account, a script or a cookie, and nobody else reads it."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import management
from django.core.cache import cache
from django.test import Client
from selectolax.lexbor import LexborHTMLParser

from editions import actions
from editions.models import Feedback, Flag
from editions.vocabulary import FeedbackState, FlagReason
from tests.desk import Desk, fields_of
from tests.factories import an_imatinib, changed, published

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 2, 10, tzinfo=UTC)
FORM = "/feedback/?page=drug/imatinib"
HERE = {"Origin": "http://testserver"}
WORDS = "What does “high risk” mean?\nHow high is it?"
A_SAID = {"said": WORDS, "sort": "unclear"}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(AT, tick=False) as clock:
        yield clock


@pytest.fixture
def imatinib(team, clock):
    drug = an_imatinib()
    published(drug, **team)
    return drug


@pytest.fixture
def reader():
    """A browser that keeps no cookies, against Django's own guard."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def written(imatinib):
    return actions.take_feedback(said=WORDS, sort="unclear", token="of a form", page_key="drug/imatinib", number=1)


def opened(reader, address: str = FORM) -> dict[str, str]:
    return fields_of(reader.get(address))


def sent(reader, clock, *, after: float = 10, address: str = FORM, headers=HERE, **fields):
    """Open the form, write for a while, and send it."""
    form = {**opened(reader), **A_SAID, **fields}
    clock.shift(after)
    return reader.post(address, form, headers=headers)


def test_whoever_writes_about_a_page_that_was_withdrawn_is_told_so(reader, imatinib, publisher):
    assert "withdrawn" not in reader.get(FORM).text
    actions.withdraw_page(imatinib.page, by=publisher, reason="Its licence ended.")
    told = " ".join(LexborHTMLParser(reader.get(FORM).text).css_first(".lead").text().split())
    assert told.startswith(
        "You write about “imatinib”. That page was withdrawn on 2 March 2026, and is no longer shown here. The people"
    )
    assert "withdrawn" not in reader.get("/feedback/").text


def test_a_reader_writes_without_a_cookie_and_nobody_reads_it_in_public(reader, imatinib, clock):
    assert FORM in reader.get("/drugs/imatinib/").text
    answer = sent(reader, clock)
    assert (answer.status_code, answer.url) == (302, "/feedback/thanks/?page=drug/imatinib")
    assert "Back to “imatinib”" in reader.get(answer.url).text and not reader.cookies

    [kept] = Feedback.objects.values()
    assert kept.pop("words") == WORDS and kept.pop("token") not in answer.text
    assert {name: value for name, value in kept.items() if value} == {
        "id": kept["id"],
        "page_id": imatinib.page_id,
        "number": 1,
        "sort": "unclear",
        "day": AT.date(),
        "state": FeedbackState.NEW,
    }
    for address in ("/drugs/imatinib/", "/drugs/imatinib/history/", "/updates/", "/record/", FORM):
        assert "How high is it?" not in reader.get(address).text


def test_the_site_as_a_whole_can_be_meant_and_a_page_by_its_present_address(reader, imatinib, publisher, clock):
    actions.move_page(imatinib.page, by=publisher, slug="glivec", reason="")
    assert "“imatinib”" in reader.get("/feedback/?page=drug/glivec").text and "“imatinib”" in reader.get(FORM).text
    for nothing in ("drug/nothing", "guide/imatinib", "x", "%00", "drug/%2e%2e", "drug/" + "a" * 200):
        assert reader.get(f"/feedback/?page={nothing}").status_code == 404, nothing
    form = {**opened(reader, "/feedback/"), **A_SAID}
    clock.shift(10)
    assert reader.post("/feedback/", form, headers=HERE).url == "/feedback/thanks/"
    assert str(Feedback.objects.get()) == "The site as a whole: I do not understand something"


def test_what_is_refused_comes_back_with_the_words_typed_and_a_remedy(reader, imatinib, clock):
    forged = "WyJkcnVnL2ltYXRpbmliIiwxLCJ4Il0:1sx:abc"
    refused = [
        # What is odd about it, the status, and a part of the remedy.
        ({"headers": {}}, 403, "does not say that this form came from this site"),
        ({"headers": {"Origin": "https://evil.example"}}, 403, "came from this site"),
        ({"headers": {"Origin": "null", "Referer": "http://testserver/feedback/"}}, 403, "came from this site"),
        ({"headers": {"Referer": "http://testserver.evil.example/"}}, 403, "came from this site"),
        ({"headers": {**HERE, "Sec-Fetch-Site": "cross-site"}}, 403, "came from this site"),
        ({"website": "https://spam.example"}, 422, "send the form once more"),
        ({"after": 2}, 422, "Wait for 4 seconds"),
        ({"after": 25 * 60 * 60}, 422, "open for more than a day"),
        ({"token": forged}, 422, "was not whole"),
        ({"token": ""}, 422, "was not whole"),
        ({"address": "/feedback/"}, 422, "made for another page"),
        ({"said": "a" * 1999 + "\r\n" + "ä"}, 422, "there is room for 2000"),
        ({"said": "www.a.example http://b.example HTTPS://c.example"}, 422, "Take some out"),
        ({"said": " \u200b "}, 422, "A few words are enough"),
        ({"sort": "advert"}, 422, "Select a valid choice"),
        ({"sort": ""}, 422, "Choose one"),
    ]
    for odd, status, remedy in refused:
        answer = sent(reader, clock, **odd)
        assert answer.status_code == status and remedy in answer.text, odd
        form = fields_of(answer)
        assert form["said"].split() == odd.get("said", WORDS).split(), odd
        assert form["website"] == "" and form["token"] not in ("", forged), odd
        assert "Your message is not sent yet" in answer.text
    assert not Feedback.objects.exists() and not reader.cookies

    clock.shift(10)
    answer = {**form, **A_SAID}
    assert reader.post("/feedback/", answer, headers=HERE).status_code == 422  # the token is of imatinib's page
    assert reader.post(FORM, answer, headers={"Referer": f"http://testserver{FORM}"}).status_code == 302
    assert reader.put(FORM).status_code == 405


def test_a_form_is_taken_once_and_other_words_in_it_are_kept_for_a_second_sending(reader, imatinib, clock):
    form = {**opened(reader), **A_SAID}
    clock.shift(10)
    for _ in range(2):  # a double click
        assert reader.post(FORM, form, headers=HERE).status_code == 302
    assert Feedback.objects.count() == 1

    answer = reader.post(FORM, {**form, "said": "Something else."}, headers=HERE)
    assert answer.status_code == 409 and "This form was sent already" in answer.text
    clock.shift(10)
    again = {**fields_of(answer), "sort": "wrong"}
    assert again["said"] == "Something else." and reader.post(FORM, again, headers=HERE).status_code == 302
    assert Feedback.objects.count() == 2


def test_after_several_messages_an_address_waits_and_keeps_its_words(reader, imatinib, clock, settings):
    settings.LIMITS = {**settings.LIMITS, "feedback": (1, 3600)}
    cache.clear()
    assert sent(reader, clock, website="x").status_code == 422  # what is refused does not count
    assert sent(reader, clock).status_code == 302
    answer = sent(reader, clock)
    assert answer.status_code == 429 and 0 < int(answer["Retry-After"]) <= 3600
    assert fields_of(answer)["said"] == WORDS and "Please send it in 60 minutes" in answer.text
    cache.clear()


def test_only_the_page_of_today_asks(reader, imatinib, team, author):
    published(changed(imatinib, summary="Another."), **team)
    link = "Is anything wrong or unclear on this page?"
    assert link in reader.get("/drugs/imatinib/").text
    for address in ("/drugs/imatinib/editions/1/", "/as-of/2026-03-02/drugs/imatinib/"):
        assert reader.get(address).status_code == 200 and link not in reader.get(address).text
    assert link not in Desk(author).client.get(f"/admin/editions/page/{imatinib.page_id}/preview/").text


# The desk


def address(feedback: Feedback, step: str) -> str:
    return f"/admin/editions/feedback/{feedback.pk}/step/{step}/"


def test_who_triages_reads_it_as_text_and_settles_it_once(written, imatinib, author, reviewer):
    Feedback.objects.update(words="<script>alert(1)</script>")
    desk = Desk(reviewer)
    first = desk.client.get("/admin/").text
    assert "Readers wrote (1)" in first and f"/admin/editions/feedback/{written.pk}/change/" in first
    assert "Readers wrote" not in Desk(author).client.get("/admin/").text
    for shown in (first, desk.get(written).text, desk.client.get(address(written, "flag")).text):
        assert "<script>alert" not in shown and "&lt;script&gt;" in shown

    for step in ("flag", "put-away", "remove-words"):
        assert Desk(author).client.post(address(written, step), {"sentence": "x", "reason": "x"}).status_code == 403
    answer = desk.client.post(address(written, "flag"), {"sentence": "Say what a high risk is."})
    assert answer.status_code == 302
    flag = Flag.objects.get(reason=FlagReason.FEEDBACK)
    assert (flag.page_id, flag.sentence, flag.raised_by) == (imatinib.page_id, "Say what a high risk is.", reviewer)
    written.refresh_from_db()
    assert (written.state, written.flag, written.settled_by) == (FeedbackState.FLAGGED, flag, reviewer)
    first = desk.client.get("/admin/").text
    assert "Readers wrote" not in first and "Flagged: a reader wrote (1)" in first
    for step, fields in (("put-away", {"reason": "x"}), ("flag", {"sentence": "x"})):
        answer = desk.client.post(address(written, step), fields)
        assert answer.status_code == 409 and "became a flag" in answer.text


def test_it_is_put_away_with_a_reason_and_its_words_can_go(written, publisher):
    desk = Desk(publisher)
    assert desk.client.post(address(written, "put-away"), {"reason": " "}).status_code == 422
    assert desk.client.post(address(written, "put-away"), {"reason": "It is in the glossary."}).status_code == 302
    assert desk.client.post(address(written, "remove-words"), {}).status_code == 422
    assert desk.client.post(address(written, "remove-words"), {"sure": "on"}).status_code == 302
    assert desk.client.post(address(written, "remove-words"), {"sure": "on"}).status_code == 409
    written.refresh_from_db()
    assert (written.state, written.reason, written.words) == (FeedbackState.PUT_AWAY, "It is in the glossary.", "")
    assert "(words removed)" in desk.client.get("/admin/editions/feedback/").text
    assert "How high is it?" not in desk.get(written).text


def test_of_the_site_as_a_whole_the_page_to_look_at_is_asked(imatinib, publisher):
    written = actions.take_feedback(said="It is slow.", sort="use", token="of another form")
    desk = Desk(publisher)
    assert desk.client.post(address(written, "flag"), {"sentence": "Slow."}).status_code == 422
    answer = desk.client.post(address(written, "flag"), {"sentence": "Slow.", "page": imatinib.page_id})
    assert answer.status_code == 302 and Flag.objects.get(reason=FlagReason.FEEDBACK).page_id == imatinib.page_id


def test_after_a_year_it_is_forgotten_whatever_became_of_it(written, publisher, clock, capsys):
    flag = actions.flag_feedback(written, by=publisher, sentence="Say what a high risk is.")
    clock.shift(timedelta(days=365))
    management.call_command("flag_due_reviews")
    assert "0 old messages of readers deleted." in capsys.readouterr().out and Feedback.objects.exists()
    clock.shift(timedelta(days=1))
    management.call_command("flag_due_reviews", "--dry-run")
    assert "1 old messages of readers deleted." in capsys.readouterr().out and Feedback.objects.exists()
    management.call_command("flag_due_reviews")
    assert not Feedback.objects.exists() and Flag.objects.filter(pk=flag.pk).exists()
