"""Sessions: a person sees where they are signed in, and ends it."""

import pytest
import time_machine
from django.test import Client

from staff.models import Session
from staff.sessions import browser_in_words
from tests.desk import Desk

pytestmark = pytest.mark.django_db
PASSWORD = "a long pass phrase for tests"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


def signed_in(name: str, **extra) -> Client:
    client = Client(**extra)
    assert client.post("/admin/login/", {"username": name, "password": PASSWORD}).status_code == 302
    return client


def is_in(client: Client) -> bool:
    return client.get("/admin/").status_code == 200


def test_everybody_sees_where_they_are_signed_in_and_nobody_elses(author, reviewer):
    here = signed_in("edith")
    signed_in("edith", HTTP_USER_AGENT=FIREFOX, REMOTE_ADDR="192.0.2.9")
    signed_in(reviewer.username, REMOTE_ADDR="192.0.2.77")
    page = here.get("/admin/profile/").text
    assert "Firefox on Windows, from 192.0.2.9" in page and "(this one)" in page and "192.0.2.77" not in page


def test_where_nobody_clicked_for_half_an_hour_nobody_is_signed_in(author):
    with time_machine.travel("2026-11-24 09:00 +0000", tick=False) as clock:
        signed_in("edith", HTTP_USER_AGENT=FIREFOX)
        clock.shift(31 * 60)
        assert "Firefox on Windows" not in signed_in("edith").get("/admin/profile/").text


def test_signing_out_everywhere_else_leaves_this_one(author, reviewer):
    here, there, of_another = signed_in("edith"), signed_in("edith"), signed_in(reviewer.username)
    answer = here.post("/admin/sessions/", follow=True)
    assert "Signed out in 1 other browser." in answer.text
    assert (is_in(here), is_in(there), is_in(of_another)) == (True, False, True)


def test_signing_out_everywhere_ends_this_one_too(author):
    here, there = signed_in("edith"), signed_in("edith")
    here.post("/admin/sessions/", {"here": "yes"})
    assert (is_in(here), is_in(there)) == (False, False)


def test_opening_the_address_ends_nothing(author):
    here, there = signed_in("edith"), signed_in("edith")
    here.get("/admin/sessions/")
    assert is_in(here) and is_in(there)


def test_a_new_password_ends_the_others(author):
    here, there = signed_in("edith"), signed_in("edith")
    typed = {
        "old_password": PASSWORD,
        "new_password1": "my own pass phrase 77",
        "new_password2": "my own pass phrase 77",
    }
    assert here.post("/admin/password_change/", typed).status_code == 302
    assert (is_in(here), is_in(there)) == (True, False)
    assert Session.objects.filter(user=author).count() == 1


def test_who_leaves_is_signed_in_nowhere(administrator, author):
    there = signed_in("edith")
    desk = Desk(administrator)
    form = desk.fields(f"/admin/staff/user/{author.pk}/change/")
    form.pop("is_active")
    assert desk.client.post(f"/admin/staff/user/{author.pk}/change/", form).status_code == 302
    assert not is_in(there) and not Session.objects.filter(user=author).exists()


def test_sessions_that_ended_are_cleared_away(author):
    signed_in("edith")
    Session.objects.update(expire_date="2020-01-01T00:00Z")
    signed_in("edith")
    assert Session.objects.count() == 1


def test_visitors_have_no_session(client, db):
    for address in ("/", "/drugs/", "/references/"):
        assert "Set-Cookie" not in client.get(address).headers
    assert not Session.objects.exists()


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (FIREFOX, "Firefox on Windows"),
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML) Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge on Linux",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18 Safari/604.1",
            "Safari on iPhone",
        ),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", "Chrome on Android"),
        ("curl/8", "another program"),
        ("", "another program"),
    ],
)
def test_a_browser_is_named_in_words(header, words):
    assert browser_in_words(header) == words
