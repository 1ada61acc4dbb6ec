"""Signing in: wrong tries wait, unknown names are told nothing, and a session ends by itself without losing a word."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connections
from django.test import Client
from django.utils import timezone

from staff.models import SignIn
from staff.sign_ins import SignInOutcome
from staff.signing_in import begin_try
from tests.desk import Desk
from tests.factories import a_person, an_imatinib

pytestmark = pytest.mark.django_db
RIGHT = "a long pass phrase for tests"
LOCKED = "There were too many wrong tries."


def sign_in(name: str, password: str, **extra):
    return Client(**extra).post("/admin/login/", {"username": name, "password": password})


def later(**time):
    return time_machine.travel(timezone.now() + timedelta(**time))


@pytest.mark.parametrize("name", ["edith", "nobody-of-this-name"])
def test_ten_wrong_tries_lock_a_name_whether_there_is_such_an_account_or_not(author, name):
    answers = [sign_in(name, f"wrong {n}") for n in range(12)]
    assert [answer.status_code for answer in answers] == [200] * 10 + [429] * 2
    assert LOCKED in answers[-1].text and LOCKED not in answers[9].text


def test_the_right_password_does_not_open_a_locked_account_until_a_quarter_of_an_hour_went_by(author):
    for number in range(10):
        sign_in("Edith " if number % 2 else "edith", "wrong")
    assert sign_in("edith", RIGHT).status_code == 429
    with later(minutes=14):
        assert sign_in("edith", RIGHT).status_code == 429
    with later(minutes=16):
        assert sign_in("edith", RIGHT).status_code == 302


def test_a_right_try_begins_the_count_anew(author):
    for _ in range(9):
        sign_in("edith", "wrong")
    assert sign_in("edith", RIGHT).status_code == 302
    assert sign_in("edith", "wrong").status_code == 200 and sign_in("edith", RIGHT).status_code == 302


def test_wrong_tries_that_are_far_apart_lock_nobody(author):
    for number in range(12):
        with later(minutes=4 * number):
            assert sign_in("edith", "wrong").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_many_tries_at_once_do_not_slip_through_together():
    let_in, together = [], Barrier(20)

    def enter():
        together.wait()
        try:
            let_in.append(begin_try(None, "edith", SignInOutcome.WRONG))
        except ValidationError:
            pass
        finally:
            connections.close_all()

    threads = [Thread(target=enter) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(let_in) <= 10


def test_an_address_that_tries_many_names_waits_and_a_forwarded_header_does_not_help(author):
    for number in range(50):
        sign_in(f"name-{number}", "wrong", REMOTE_ADDR="192.0.2.7", HTTP_X_FORWARDED_FOR=f"198.51.100.{number}")
    assert sign_in("edith", RIGHT, REMOTE_ADDR="192.0.2.7", HTTP_X_FORWARDED_FOR="203.0.113.1").status_code == 429
    assert sign_in("edith", RIGHT, REMOTE_ADDR="192.0.2.8").status_code == 302


def test_behind_a_proxy_of_ours_it_is_the_visitor_who_waits_whichever_of_their_addresses_they_use(author, settings):
    settings.TRUSTED_PROXIES = ["127.0.0.1/32"]
    for number in range(50):
        sign_in(f"name-{number}", "wrong", HTTP_X_FORWARDED_FOR=f"192.0.2.{number}, 2001:db8:1:2::{number:x}")
    assert sign_in("edith", RIGHT, HTTP_X_FORWARDED_FOR="2001:db8:1:2:9::1").status_code == 429
    assert sign_in("edith", RIGHT, HTTP_X_FORWARDED_FOR="2001:db8:1:3::1").status_code == 302


@pytest.mark.parametrize("address", ["", "unix:", "no address", "fe80::1%eth0", "::ffff:192.0.2.1"])
def test_a_connection_without_a_plain_address_signs_in_all_the_same(author, address):
    assert sign_in("edith", RIGHT, REMOTE_ADDR=address).status_code == 302


@pytest.mark.parametrize("name", ["", "x" * 500, "\x00", "%s", "ﬁ", "\u202eedith"])
def test_a_name_that_is_none_is_an_ordinary_wrong_try(db, name):
    assert sign_in(name, "wrong").status_code == 200


def test_every_signing_in_and_out_is_written_down_and_its_owner_sees_it(author):
    sign_in("edith", "wrong")
    edith = Client()
    edith.post("/admin/login/", {"username": "edith", "password": RIGHT})
    edith.post("/admin/logout/")
    assert list(SignIn.objects.order_by("pk").values_list("outcome", flat=True)) == ["wrong", "signed_in", "signed_out"]
    page = Desk(author).client.get("/admin/profile/").text
    assert "signed in, from 127.0.0.1" in page and "signed out" in page


def test_old_tries_are_not_kept(author):
    sign_in("edith", "wrong")
    with later(days=181):
        sign_in("edith", RIGHT)
    assert SignIn.objects.count() == 1


# Sessions


def test_a_session_ends_after_half_an_hour_without_a_click_and_not_before(author):
    edith = Desk(author).client
    for minutes in (25, 50, 75):
        with later(minutes=minutes):
            assert edith.get("/admin/").status_code == 200
    with later(minutes=106):
        answer = edith.get("/admin/", follow=True)
        assert answer.redirect_chain[0][0].startswith("/admin/login/") and "half an hour went by" in answer.text


def test_a_session_ends_after_twelve_hours_however_busy_it_is(author):
    edith = Desk(author).client
    for quarters in range(1, 48):
        with later(minutes=15 * quarters):
            assert edith.get("/admin/").status_code == 200
    with later(hours=12, minutes=1):
        assert edith.get("/admin/").status_code == 302


def test_what_was_typed_when_the_session_ended_comes_back(author):
    drug = an_imatinib(by=author)
    edith = Desk(author)
    form = edith.form(drug) | {"summary": "An hour of words.", "csrfmiddlewaretoken": "x"}
    with later(minutes=31):
        answer = edith.client.post(edith.address(drug), form)
    assert answer.status_code == 401 and "An hour of words." in answer.text and "half an hour" in answer.text
    assert type(drug).objects.get().summary != "An hour of words."


def test_a_warning_comes_before(author):
    assert 'data-idle="1800"' in Desk(author).client.get("/admin/").text


# The profile


def test_everybody_keeps_what_readers_may_know_of_them_and_nothing_else(author):
    edith = Desk(author)
    form = edith.fields("/admin/profile/")
    typed = {"public_name": "Edith Ames RN", "interests": "None", "interests_declared_on": "2026-01-05"}
    forged = {"groups": ["1", "2", "3"], "is_superuser": "on", "username": "boss", "is_active": ""}
    assert edith.client.post("/admin/profile/", {**form, **typed, **forged}).status_code == 302
    stored = type(author).objects.get(pk=author.pk)
    assert (stored.public_name, stored.interests, stored.username) == ("Edith Ames RN", "None", "edith")
    assert stored.is_active and not stored.is_superuser and stored.groups.count() == 1


def test_interests_without_their_day_are_refused_and_stay_in_the_form(author):
    edith = Desk(author)
    answer = edith.client.post("/admin/profile/", {**edith.fields("/admin/profile/"), "interests": "Paid by a maker."})
    assert answer.status_code == 422 and "Give the day on which" in answer.text and "Paid by a maker." in answer.text


def test_a_profile_is_for_who_is_signed_in(client, db):
    assert client.get("/admin/profile/").status_code == 302
    assert Desk(a_person("nobody")).client.get("/admin/profile/").status_code == 200
