"""Hostile words in the steps and small forms of the desk, and in every question that its lists and pages are asked."""

import re
from http.cookies import SimpleCookie

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from drugs.models import Drug
from editions.verification import verify
from references import taking_in
from references.fetching import NotFetched
from tests.desk import Desk, fields_of
from tests.factories import a_person
from tests.hostile import corpus
from tests.hostile.asked import names_asked
from tests.hostile.dealing import ALL, Dealer, shares, tried_at
from tests.hostile.test_visitors import as_sent
from tests.url_map import SiteWithEverything, registered

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

STEPS_OF_A_PAGE = ("submit", "mark-reviewed", "tell-doubt", "settle-doubt", "move", "withdraw")
STEPS_OF_AN_EDITION = ("review", "publish", "publish-urgently", "unschedule", "take-back", "invite")
# Small forms beside those of the working copies, which test_fields.py fills in.
FORMS = """
profile set_up_second_factor password_change editions_feedback_step editions_review_step editions_entry_step
editions_edition_step editions_page_step editions_page_compare editions_page_history staff_user_erase staff_user_add
staff_user_change references_reference_mark references_reference_merge references_reference_take_in
references_reference_confirm references_reference_cite_new references_reference_export drugs_drug_process_import
drugs_alert_delete
""".split()  # noqa: SIM905
# What a form's page does not name, and its view reads.
ALSO = {"lock_version": "", "note": "", "reason": "", "comment": "", "text": "", "upload": "", "name": "", "slug": ""}


@pytest.fixture
def site(starter_content, author, reviewer) -> SiteWithEverything:
    return SiteWithEverything(author, reviewer)


@pytest.fixture
def somebody(site, monkeypatch):
    """Who may do everything, and reaches every query and every step. Registers of references are not asked."""

    def asked_for(numbers, **kwargs):
        raise NotFetched("Nobody is asked in a test.")

    monkeypatch.setattr(taking_in, "asked_for", asked_for)
    person = a_person("somebody")
    person.is_superuser = True
    person.save()
    return Desk(person, raise_request_exception=not ALL)


def forms(site) -> list[str]:
    """The address of every form of this kind."""
    found = [site.address(name, route) for name, route in registered() if name.removeprefix("admin:") in FORMS]
    page = Drug.objects.get(name="imatinib").page
    edition = page.editions.get()
    found += [reverse("admin:editions_page_step", args=[page.pk, step]) for step in STEPS_OF_A_PAGE]
    return found + [reverse("admin:editions_edition_step", args=[edition.pk, step]) for step in STEPS_OF_AN_EDITION]


def as_if_never(client: Client, address: str, fields: dict):
    """The answer to a form, and where it leads; then all is as it was, so that the next one meets the same."""
    cookies = client.cookies.output(header="", sep="\r\n")
    with transaction.atomic():
        answer = client.post(address, fields)
        after = client.get(answer["Location"]) if answer.status_code == 302 else None
        transaction.set_rollback(True)
    client.cookies = SimpleCookie(cookies)
    return answer, after


@pytest.mark.parametrize("share", shares(4))
def test_whatever_is_typed_into_a_step_or_a_small_form_ends_in_a_page(site, somebody, tally, share):
    addresses = forms(site)
    assert len(addresses) > 25
    for address in addresses[share :: len(shares(4))]:
        given, dealer = {**ALSO, **fields_of(somebody.client.get(address))}, Dealer()
        for _ in corpus() if ALL else range(1):
            names = [name for name in given if name != "form_token" and not name.startswith("seen_")]
            hand = {name: one.sent for name, one in dealer.deal(names).items()}
            answer, after = as_if_never(somebody.client, address, given | hand)
            tally.check(answer, (address, hand), tried=len(hand))
            if after is not None:
                tally.check(after, (address, hand), tried=0)
        # What a form carries for itself is words too, if somebody forges it.
        forged = [name for name in given if name == "form_token" or name.startswith("seen_")]
        for payload in corpus("values") if ALL else ():
            answer, _ = as_if_never(somebody.client, address, given | dict.fromkeys(forged, payload.sent))
            tally.check(answer, (address, forged, payload), tried=len(forged))
    assert verify() == []


def questions(client: Client, site) -> list[tuple[str, str]]:
    """(address, name) of what the desk's pages read of their query. The same view of another table is asked once."""
    found: list[tuple[str, str]] = []
    views: set[tuple[str, str]] = set()
    for name, route in registered():
        if not route.startswith("admin/") or "logout" in route or "<path:rest>" in route:
            continue
        address = site.address(name, route)
        with names_asked() as asked:
            page = client.get(address)
        if name.endswith("_changelist"):
            asked |= set(re.findall(r'href="\?([A-Za-z_]+)=', page.text)) | {"o", "e"}
        view = name.rpartition("_")[2] if name.count("_") > 1 else name
        for one in sorted(asked - {"form_token", "change_reason", "_selected_action"}):
            if (one == "q" and view == "changelist") or (view, one) not in views:
                found.append((address, one))
            views.add((view, one))
    return found


@pytest.mark.parametrize("share", shares(6))
def test_hostile_words_in_every_question_of_the_desk_end_in_a_page(site, somebody, tally, share):
    places = questions(somebody.client, site)
    assert len(places) > 60
    kinds = () if ALL else ("values",)  # of what an address asks for, most is a number or a choice
    for payload, (address, name) in tried_at(places[share :: len(shares(6))], *kinds):
        answer = somebody.client.get(f"{address}?{name}={as_sent(payload.text)}")
        tally.check(answer, (payload, address, name))
