"""A new account: a letter with a link, by which its owner chooses a password that nobody else sees."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from basics import letters
from staff.models import User
from tests.desk import Desk

pytestmark = pytest.mark.django_db
OWN = "my own pass phrase 77"


@pytest.fixture
def nora(administrator, mailoutbox):
    """Make Nora's account; gives the link of her letter."""
    form = {"username": "nora", "email": "nora@example.org", "public_name": "Dr Nora"}
    answer = Desk(administrator).client.post("/admin/staff/user/add/", form, follow=True)
    assert "A letter went to nora@example.org" in answer.text and "one-time password of" not in answer.text
    return re.search(r"http://testserver(/admin/welcome/\S+)", mailoutbox[-1].body)[1]


def choose(client: Client, link: str, password: str):
    page = client.get(link, follow=True)
    return client.post(page.redirect_chain[-1][0], {"new_password1": password, "new_password2": password})


def test_somebody_new_chooses_a_password_by_the_link_of_their_letter_once(nora):
    client = Client()
    assert not client.login(username="nora", password="")
    assert choose(client, nora, OWN).status_code == 302
    assert client.post("/admin/login/", {"username": "nora", "password": OWN}).status_code == 302
    assert client.get("/admin/").status_code == 200
    assert not User.objects.get(username="nora").password_is_one_time
    again = Client().get(nora, follow=True)
    assert "opens nothing" in again.text


def test_the_link_ends_after_seven_days(nora):
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        assert "opens nothing" in Client().get(nora, follow=True).text


@pytest.mark.parametrize("link", ["x/y", "MQ/set-password", "%00/%00", "MTI/abc-def"])
def test_a_link_that_is_none_opens_nothing(db, link):
    answer = Client().get(f"/admin/welcome/{link}/", follow=True)
    assert answer.status_code == 200 and "opens nothing" in answer.text


def test_the_page_is_kept_nowhere_and_the_token_leaves_the_address(nora):
    client = Client()
    answer = client.get(nora, follow=True)
    assert nora not in answer.redirect_chain[-1][0] and "no-store" in answer["Cache-Control"]
    assert "unsafe" not in answer["Content-Security-Policy"]


def test_a_poor_password_is_refused_there_too(nora):
    answer = choose(Client(), nora, "imatinib sunitinib")
    assert answer.status_code == 200 and "words of this site" in answer.text


def test_without_a_letter_a_one_time_password_is_shown(administrator, monkeypatch):
    monkeypatch.setattr(letters, "send", lambda *args, **kwargs: False)
    form = {"username": "nora", "email": "nora@example.org"}
    answer = Desk(administrator).client.post("/admin/staff/user/add/", form, follow=True)
    assert "one-time password of nora is" in answer.text
    assert User.objects.get(username="nora").password_is_one_time


@pytest.mark.parametrize(
    "password", ["targeted-cancer-drugs", "Imatinib!Sunitinib!1", "sarcoma sarcoma sarcoma 12", "testserver password 1"]
)
def test_words_of_this_site_alone_are_no_password(password):
    with pytest.raises(ValidationError, match="words of this site"):
        validate_password(password)


@pytest.mark.parametrize(
    "password", [OWN, "imatinib and a green bicycle", "Größer als neun Äpfel", "一二三四五六七八九十一二三四五"]
)
def test_words_of_ones_own_are_in_any_language(password):
    validate_password(password)
