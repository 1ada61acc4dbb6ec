"""The second factor: asked of everybody who has one, required of who decides, each code good once."""

import base64
import re
import time
from datetime import timedelta
from threading import Barrier, Thread

import pytest
import time_machine
from django.db import connections
from django.test import Client
from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from staff import second_factor
from staff.models import RecoveryCode, SignIn, User
from tests.desk import Desk, fields_of

pytestmark = pytest.mark.django_db
PASSWORD = "a long pass phrase for tests"
SET_UP = "/admin/second-factor/set-up/"
CODES = "/admin/second-factor/codes/"
START = "2026-11-24 09:00:10"


def code_of(key: str) -> str:
    return f"{TOTP(bytes.fromhex(key)).token():06d}"


def give_factor(person: User) -> tuple[str, list[str]]:
    """A second factor for somebody. Gives its secret and the recovery codes; the code of this moment is used up."""
    key, codes = second_factor.new_key(), second_factor.new_recovery_codes()
    second_factor.set_up(person, key=key, code=code_of(key), recovery_codes=codes)
    return key, codes


def by_password(person: User) -> Client:
    client = Client()
    answer = client.post("/admin/login/?next=/admin/drugs/drug/", {"username": person.username, "password": PASSWORD})
    assert answer.status_code == 302 and answer.url == "/admin/login/code/"
    return client


def new_codes(page: str) -> list[str]:
    return re.findall(r"<li><code>([a-z0-9-]{19})</code></li>", page)


@pytest.fixture
def clock():
    with time_machine.travel(f"{START} +0000", tick=False) as traveller:
        yield traveller


@pytest.fixture
def public_site(settings):
    settings.SECOND_FACTOR_REQUIRED = True


# Signing in


def test_a_password_alone_opens_nothing_for_who_has_a_second_factor(clock, reviewer):
    key, _ = give_factor(reviewer)
    client = by_password(reviewer)
    assert client.get("/admin/").status_code == 302
    clock.shift(30)
    answer = client.post("/admin/login/code/", {"code": code_of(key)})
    assert (answer.status_code, answer.url) == (302, "/admin/drugs/drug/")
    assert client.get("/admin/").status_code == 200
    assert list(SignIn.objects.order_by("pk").values_list("outcome", flat=True))[-3:] == [
        "code_asked",
        "code_given",
        "signed_in",
    ]


def test_a_code_opens_once(clock, reviewer):
    key, _ = give_factor(reviewer)
    clock.shift(30)
    first, second = by_password(reviewer), by_password(reviewer)
    assert first.post("/admin/login/code/", {"code": code_of(key)}).status_code == 302
    refused = second.post("/admin/login/code/", {"code": code_of(key)})
    assert refused.status_code == 422 and "This code is not right." in refused.text
    assert second.get("/admin/").status_code == 302


@pytest.mark.parametrize("code", ["", "000000", "12345", "１２３４５６", "x" * 41, "abcd-efgh-jkmn-pqrs", "\x00"])
def test_a_wrong_code_is_refused(clock, reviewer, code):
    give_factor(reviewer)
    answer = by_password(reviewer).post("/admin/login/code/", {"code": code})
    assert answer.status_code == 422 and 'class="errorlist"' in answer.text


def test_a_code_that_is_no_text_at_all_is_a_wrong_one(clock, reviewer):
    give_factor(reviewer)
    with pytest.raises(second_factor.WrongCode):
        second_factor.check(reviewer, "\ud800")


def test_a_code_may_be_typed_with_a_gap(clock, reviewer):
    key, _ = give_factor(reviewer)
    clock.shift(30)
    code = code_of(key)
    assert by_password(reviewer).post("/admin/login/code/", {"code": f" {code[:3]} {code[3:]} "}).status_code == 302


def test_a_recovery_code_opens_once_and_its_owner_hears_of_it(clock, reviewer, mailoutbox):
    reviewer.email = "rita@example.org"
    reviewer.save()
    _, codes = give_factor(reviewer)
    answer = by_password(reviewer).post("/admin/login/code/", {"code": codes[0].upper()}, follow=True)
    assert "You have 9 left." in answer.text
    assert mailoutbox[-1].to == ["rita@example.org"] and "9 left" in mailoutbox[-1].body
    assert by_password(reviewer).post("/admin/login/code/", {"code": codes[0]}).status_code == 422


def test_recovery_codes_are_kept_as_hashes(reviewer):
    _, codes = give_factor(reviewer)
    stored = "".join(RecoveryCode.objects.values_list("hash", flat=True))
    assert RecoveryCode.objects.count() == 10 and not any(part in stored for part in codes[0].split("-"))


@pytest.mark.django_db(transaction=True)
def test_two_who_send_the_same_code_at_once_do_not_both_get_in(reviewer):
    key, codes = give_factor(reviewer)
    for code in (code_of(key), codes[0]):
        TOTPDevice.objects.update(last_t=-1)
        assert _how_many_get_in(reviewer, code) == 1


def _how_many_get_in(person: User, code: str, at_once: int = 4) -> int:
    inside, together = [], Barrier(at_once)

    def enter():
        together.wait()
        try:
            inside.append(second_factor.check(person, code))
        except second_factor.WrongCode:
            pass
        finally:
            connections.close_all()

    threads = [Thread(target=enter) for _ in range(at_once)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return len(inside)


def test_ten_wrong_codes_lock_the_name_and_the_right_password_does_not_begin_the_count_anew(clock, reviewer):
    key, _ = give_factor(reviewer)
    for _ in range(10):
        assert by_password(reviewer).post("/admin/login/code/", {"code": "000000"}).status_code == 422
    clock.shift(30)
    locked = Client().post("/admin/login/", {"username": reviewer.username, "password": PASSWORD})
    assert locked.status_code == 429
    clock.shift(16 * 60)
    client = by_password(reviewer)
    assert client.post("/admin/login/code/", {"code": code_of(key)}).status_code == 302


def test_a_lock_holds_for_who_gave_the_password_before(clock, reviewer):
    key, _ = give_factor(reviewer)
    client = by_password(reviewer)
    for _ in range(10):
        client.post("/admin/login/code/", {"code": "000000"})
    clock.shift(30)
    answer = client.post("/admin/login/code/", {"code": code_of(key)})
    assert answer.status_code == 429 and "too many wrong tries" in answer.text


@pytest.mark.parametrize("event", ["nothing", "ten minutes", "new password", "left", "factor anew"])
def test_the_second_step_follows_the_first_only_while_all_is_as_it_was(clock, reviewer, event):
    key, _ = give_factor(reviewer)
    client = Client() if event == "nothing" else by_password(reviewer)
    clock.shift(30)
    if event == "ten minutes":
        clock.shift(11 * 60)
    elif event == "new password":
        reviewer.set_password("another long pass phrase")
        reviewer.save()
    elif event == "left":
        reviewer.is_active = False
        reviewer.save()
    elif event == "factor anew":
        key, _ = give_factor(reviewer)
        clock.shift(30)
    answer = client.post("/admin/login/code/", {"code": code_of(key)})
    assert answer.status_code == 302 and answer.url == "/admin/login/"
    assert client.get("/admin/").status_code == 302


def test_the_way_on_leads_nowhere_else(clock, reviewer):
    key, _ = give_factor(reviewer)
    client = Client()
    client.post("/admin/login/?next=//evil.example/", {"username": reviewer.username, "password": PASSWORD})
    clock.shift(30)
    assert client.post("/admin/login/code/", {"code": code_of(key)}).url == "/admin/"


def test_a_session_that_skipped_the_code_ends(reviewer):
    give_factor(reviewer)
    client = Client()
    client.force_login(reviewer)
    answer = client.get("/admin/", follow=True)
    assert answer.redirect_chain[0][0].startswith("/admin/login/") and "second factor" in answer.text


# Required of who decides


@pytest.mark.parametrize("role", ["reviewer", "publisher", "administrator"])
def test_who_decides_sets_one_up_before_all_else(public_site, request, role):
    desk = Desk(request.getfixturevalue(role)).client
    for address in ("/admin/", "/admin/profile/", "/admin/drugs/drug/", "/admin/second-factor/off/"):
        answer = desk.get(address)
        assert answer.status_code == 302 and answer.url == SET_UP, address
    assert desk.get(SET_UP).status_code == 200


def test_a_form_that_was_open_when_it_became_required_gives_its_words_back(public_site, publisher):
    answer = Desk(publisher).client.post(
        "/admin/profile/", {"csrfmiddlewaretoken": "x", "public_name": "Pia typed this"}
    )
    assert answer.status_code == 403 and "Pia typed this" in answer.text


def test_an_author_may_go_without_and_so_may_everybody_who_only_tries_it_out(author, reviewer, settings):
    assert settings.SECOND_FACTOR_REQUIRED is False  # the site of these tests is this machine
    assert Desk(reviewer).client.get("/admin/").status_code == 200
    settings.SECOND_FACTOR_REQUIRED = True
    assert Desk(author).client.get("/admin/").status_code == 200


def test_who_needs_one_cannot_take_it_off(clock, public_site, publisher):
    key, _ = give_factor(publisher)
    client = by_password(publisher)
    clock.shift(30)
    client.post("/admin/login/code/", {"code": code_of(key)})
    clock.shift(30)
    assert client.post("/admin/second-factor/off/", {"code": code_of(key)}).status_code == 403
    assert TOTPDevice.objects.count() == 1


# Keeping it


def set_up(client: Client, **typed):
    """Set one up as a person does: read the page, type the code that an app would show. Gives the answer and the codes."""
    page = client.get(SET_UP)
    code = code_of(secret_on(page.text))
    return client.post(SET_UP, {**fields_of(page), "code": code, "kept": "on", **typed}), new_codes(page.text)


def secret_on(page: str) -> str:
    """The secret of the picture on the page, in hexadecimal digits."""
    key = re.search(r'class="secret">([A-Z2-7 ]+)<', page)[1].replace(" ", "")
    return base64.b32decode(key).hex()


def test_somebody_sets_one_up_goes_on_and_is_signed_out_everywhere_else(author):
    elsewhere, here = Desk(author).client, Desk(author).client
    answer, codes = set_up(here)
    assert answer.status_code == 302 and len(codes) == 10
    page = here.get("/admin/profile/").text
    assert "On since" in page and "10 recovery codes left" in page and codes[0] not in page
    assert elsewhere.get("/admin/").status_code == 302


def test_a_wrong_code_sets_nothing_up_and_the_picture_stays(author):
    client = Desk(author).client
    before = new_codes(client.get(SET_UP).text)
    answer, _ = set_up(client, code="000000")
    assert answer.status_code == 422 and "shows another code" in answer.text
    assert new_codes(answer.text) == before and not TOTPDevice.objects.exists()


def test_recovery_codes_that_nobody_kept_set_nothing_up(author):
    client = Desk(author).client
    answer, _ = set_up(client, kept="")
    assert answer.status_code == 422 and not TOTPDevice.objects.exists()


def test_a_browser_that_was_left_alone_is_asked_for_the_password(author):
    client = Desk(author).client
    with time_machine.travel(timezone.now() + timedelta(minutes=20)):
        assert set_up(client)[0].status_code == 422
        assert set_up(client, password="wrong")[0].status_code == 422
        assert not TOTPDevice.objects.exists()
        assert set_up(client, password=PASSWORD)[0].status_code == 302


def test_another_phone_needs_a_code_of_the_old_one_and_ends_it(clock, author):
    client = Desk(author).client
    assert set_up(client)[0].status_code == 302
    old = TOTPDevice.objects.get().key
    clock.shift(30)
    assert set_up(client, old_code="000000")[0].status_code == 422
    assert TOTPDevice.objects.get().key == old
    assert set_up(client, old_code=code_of(old))[0].status_code == 302
    assert TOTPDevice.objects.get().key != old and client.get("/admin/").status_code == 200


def test_who_set_none_up_replaces_none_that_came_meanwhile(clock, author):
    early = User.objects.get(pk=author.pk)
    key, _ = give_factor(author)
    other = second_factor.new_key()
    with pytest.raises(second_factor.WrongCode):
        second_factor.set_up(early, key=other, code=code_of(other), recovery_codes=[])
    assert TOTPDevice.objects.get().key == key


def test_a_mistyped_new_code_uses_no_recovery_code_up(clock, author):
    client = Desk(author).client
    _, codes = set_up(client)
    clock.shift(30)
    assert set_up(client, old_code=codes[0], code="000000")[0].status_code == 422
    assert second_factor.left(author) == 10


def test_new_recovery_codes_end_the_old_ones_once_a_code_confirms_them(clock, author):
    client = Desk(author).client
    _, old = set_up(client)
    page = client.get(CODES)
    new, form = new_codes(page.text), {**fields_of(page), "kept": "on"}
    assert client.post(CODES, {**form, "code": "000000"}).status_code == 422
    assert _stored(old[1])
    clock.shift(30)
    assert client.post(CODES, {**form, "code": code_of(TOTPDevice.objects.get().key)}).status_code == 302
    assert not _stored(old[1]) and _stored(new[0])


def test_recovery_codes_that_this_page_did_not_show_are_not_stored_by_it(clock, author):
    client = Desk(author).client
    set_up(client)
    key = TOTPDevice.objects.get().key
    tabs = [client.get(CODES), client.get(CODES)]
    for tab, status in zip(tabs, (302, 422), strict=True):
        clock.shift(30)
        answer = client.post(CODES, {**fields_of(tab), "code": code_of(key), "kept": "on"})
        assert answer.status_code == status
    assert all(map(_stored, new_codes(tabs[0].text)))
    # They see the new ones, have to say anew that they kept them, and the code was not used up.
    assert "These are other codes" in answer.text and "kept" not in fields_of(answer)
    assert client.post(CODES, {**fields_of(answer), "code": code_of(key), "kept": "on"}).status_code == 302
    assert all(map(_stored, new_codes(answer.text)))


def test_a_picture_from_before_signing_in_anew_sets_nothing_up(clock, author):
    client = Desk(author).client
    page = client.get(SET_UP)
    client.logout()
    client.force_login(author)
    typed = {**fields_of(page), "code": code_of(secret_on(page.text)), "kept": "on"}
    answer = client.post(SET_UP, typed)
    assert answer.status_code == 422 and "kept" not in fields_of(answer) and not TOTPDevice.objects.exists()


def test_a_code_whose_time_ends_while_it_is_looked_at_is_an_ordinary_wrong_one(clock, author, monkeypatch):
    client = Desk(author).client
    page = client.get(SET_UP)
    typed = {**fields_of(page), "code": code_of(secret_on(page.text)), "kept": "on"}
    monkeypatch.setattr(second_factor, "shows", lambda key, code: True)
    clock.shift(90)
    answer = client.post(SET_UP, typed)
    assert answer.status_code == 422 and "Codes of the app change" in answer.text and not TOTPDevice.objects.exists()


def _stored(code: str) -> bool:
    return RecoveryCode.objects.filter(hash=second_factor._hash(code)).exists()


def test_an_author_takes_it_off_with_a_code(clock, author):
    client = Desk(author).client
    set_up(client)
    clock.shift(30)
    assert client.post("/admin/second-factor/off/", {"code": "000000"}).status_code == 422
    code = code_of(TOTPDevice.objects.get().key)
    assert client.post("/admin/second-factor/off/", {"code": code}).status_code == 302
    assert not TOTPDevice.objects.exists() and not RecoveryCode.objects.exists()
    assert client.get("/admin/").status_code == 200


def test_a_double_click_sets_it_up_once_and_shows_the_same_answer(author):
    client = Desk(author).client
    page = client.get(SET_UP)
    typed = {**fields_of(page), "code": code_of(secret_on(page.text)), "kept": "on"}
    first = client.post(SET_UP, typed)
    key = TOTPDevice.objects.get().key
    second = client.post(SET_UP, typed)
    assert (first.status_code, second.status_code) == (302, 302) and first.url == second.url
    assert TOTPDevice.objects.get().key == key


# An administrator helps


def test_an_administrator_takes_a_lost_one_off_and_its_owner_is_signed_out_and_told(
    administrator, reviewer, mailoutbox, django_capture_on_commit_callbacks
):
    reviewer.email = "rita@example.org"
    reviewer.save()
    give_factor(reviewer)
    address = f"/admin/staff/user/{reviewer.pk}/second-factor/"
    desk = Desk(administrator).client
    assert "call them" in desk.get(address).text
    with django_capture_on_commit_callbacks(execute=True):
        assert desk.post(address).status_code == 302
        assert mailoutbox == []  # a letter speaks of what is stored
    reviewer.refresh_from_db()
    assert reviewer.second_factor_since is None and not TOTPDevice.objects.exists()
    assert SignIn.objects.filter(user=reviewer, outcome="factor_off", by=administrator).exists()
    assert f"taken off by {administrator}" in mailoutbox[-1].body
    assert desk.post(address).status_code == 409


def test_nobody_takes_off_what_is_not_theirs_to_take(administrator, publisher, reviewer, admin_user):
    give_factor(reviewer)
    assert Desk(publisher).client.post(f"/admin/staff/user/{reviewer.pk}/second-factor/").status_code == 403
    for person in (administrator, admin_user):
        assert Desk(administrator).client.post(f"/admin/staff/user/{person.pk}/second-factor/").status_code == 403
    assert TOTPDevice.objects.count() == 1


def test_secrets_are_on_no_page_of_the_desk(admin_user, reviewer):
    key, _ = give_factor(reviewer)
    desk = Desk(admin_user).client
    assert desk.get("/admin/otp_totp/totpdevice/").status_code == 404
    assert key not in desk.get(f"/admin/staff/user/{reviewer.pk}/change/").text


def test_a_link_to_a_new_password_goes_to_the_address_that_only_its_owner_changes(administrator, reviewer, mailoutbox):
    User.objects.filter(pk=reviewer.pk).update(email="rita@example.org", last_login=timezone.now())
    desk = Desk(administrator)
    form = desk.fields(f"/admin/staff/user/{reviewer.pk}/change/")
    assert "email" not in form
    desk.client.post(f"/admin/staff/user/{reviewer.pk}/change/", {**form, "email": "adam@example.org"})
    assert desk.client.post(f"/admin/staff/user/{reviewer.pk}/new-password/").status_code == 302
    assert mailoutbox[-1].to == ["rita@example.org"]
    link = re.search(r"http://testserver(/admin/welcome/\S+)", mailoutbox[-1].body)[1]
    client = Client()
    page = client.get(link, follow=True).redirect_chain[-1][0]
    client.post(page, {"new_password1": "my own pass phrase 77", "new_password2": "my own pass phrase 77"})
    assert User.objects.get(pk=reviewer.pk).check_password("my own pass phrase 77")


def test_no_link_goes_to_who_has_left_or_has_no_address(administrator, reviewer, mailoutbox):
    address = f"/admin/staff/user/{reviewer.pk}/new-password/"
    User.objects.filter(pk=reviewer.pk).update(email="")
    assert Desk(administrator).client.post(address).status_code == 409
    User.objects.filter(pk=reviewer.pk).update(email="rita@example.org", is_active=False)
    assert Desk(administrator).client.post(address).status_code == 409
    assert mailoutbox == []


def test_the_clock_of_these_tests_is_the_one_of_the_codes(clock):
    assert time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime()) == START
