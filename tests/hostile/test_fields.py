"""Hostile words in every field of every form of the desk: refused with a sentence, or kept as words. Never run, never a 500."""

import re

import pytest
from django.test import Client

from drugs import models
from editions import actions
from editions.actions import NotReady
from editions.verification import verify
from references.models import Reference
from tests.desk import Desk, fields_of
from tests.hostile import corpus
from tests.hostile.dealing import ALL, Dealer
from tests.hostile.pages import intruders, typed_fields

pytestmark = pytest.mark.django_db

ROWS = [
    *(models.Drug, models.DrugName, models.Mechanism, models.Indication, models.EligibilityCriterion),
    *(models.Alert, models.Decision, models.Condition, models.Guide, models.GuideSection, models.Glossary),
    *(models.Term, Reference),
]
_OURS = re.compile(r"(^|-)(id|order|lock_version)$|_FORMS$|^form_token$|^lock_version$")
_EITHER = {"article_number"}  # a reference has pages or this
_PAGES = (models.Drug, models.Condition, models.Guide, models.Glossary)


def open_fields(form: dict[str, str]) -> list[str]:
    """The names of the fields that a person fills in."""
    return [name for name in form if not _OURS.search(name)]


def rounds(names: list[str]) -> range:
    """As many as it takes until each form has had some of every class; with HOSTILE=all, each field every payload."""
    return range(len(corpus()) if ALL else 3 if len(names) > 30 else 7)


def refused(answer) -> set[str]:
    """The fields of a form that came back with a sentence beside them."""
    admin_form = answer.context["adminform"].form
    found = {admin_form.add_prefix(name) for name in admin_form.errors}
    for inline in answer.context["inline_admin_formsets"]:
        for form in inline.formset.forms:
            found |= {form.add_prefix(name) for name in form.errors}
    return found


@pytest.mark.one_database
@pytest.mark.parametrize("model", ROWS, ids=lambda model: model.__name__)
def test_whatever_is_typed_into_a_form_comes_back_with_a_sentence_or_is_kept_as_words(
    starter_content, author, tally, model
):
    desk, dealer, saved = Desk(author, raise_request_exception=not ALL), Dealer(), 0
    row = model.objects.order_by("-pk").first()
    if ALL and model is models.Glossary:  # the other terms have the same fields, and a small form is quick
        for term in row.terms.order_by("pk")[2:]:
            term.delete()
    shown = desk.get(row)
    for _ in rounds(open_fields(fields_of(shown))):
        form = fields_of(shown)
        hand = {name: one.sent for name, one in dealer.deal(open_fields(form)).items()}
        answer = desk.save(row, form | hand)
        tally.check(answer, hand, tried=len(hand))
        if answer.status_code != 302:
            assert answer.status_code == 200, hand
            wrong = refused(answer)
            assert wrong, "It was refused, and nobody is told why."
            came_back = typed_fields(answer.text)
            for name in wrong & came_back.keys() & hand.keys():
                if hand[name].isprintable():
                    assert came_back[name] == hand[name], name
            # What no field refused is kept.
            rows = tuple(name.removesuffix("__all__") for name in wrong if name.endswith("-__all__"))
            kept = {
                name: sent
                for name, sent in hand.items()
                if name not in {*wrong, *_EITHER} and not name.startswith(rows)
            }
            answer = desk.save(row, form | kept)
            tally.check(answer, kept, tried=0)
        if answer.status_code != 302:
            continue
        saved += 1
        row.refresh_from_db()
        shown = desk.get(row)
        tally.check(shown, hand, tried=0)
        if ALL and model in _PAGES and saved % 10 == 0:  # as its page would show it
            tally.check(desk.client.get(f"/admin/editions/page/{row.page_id}/preview/"), hand, tried=0)
    assert saved, "Nothing was kept in any round: this tries too little."
    for view in ("history", "delete"):
        tally.check(desk.get(row, view), view, tried=0)
    assert {one.kind for one in dealer.dealt} == {one.kind for one in corpus()}


def a_page_of_hostile_words(model, author, reviewer, publisher):
    """The page of a working copy whose fields hold hostile words, published as far as the site lets it be."""
    row = model.objects.order_by("-pk").first()
    try:
        edition = actions.submit(row, by=author, change_note="<script>__pwned()</script>")
    except NotReady:
        return None
    actions.review(edition, by=reviewer, outcome="approved", comment="<img src=x onerror=__pwned()>")
    return actions.publish(edition, by=publisher)


def test_hostile_words_that_were_published_are_words_on_every_page_and_in_every_format(
    starter_content, author, reviewer, publisher
):
    desk, dealer = Desk(author), Dealer("markup", "mutated", "schemes", "templates", "cells", "characters", "queries")
    for model in ROWS:
        row = model.objects.order_by("-pk").first()
        for _ in range(3):
            form = desk.form(row)
            names = [name for name in open_fields(form) if not name.endswith(("slug", "key", "reference", "condition"))]
            hand = {name: one.sent for name, one in dealer.deal(names).items()}
            answer = desk.save(row, form | hand)
            if answer.status_code == 200:
                kept = {name: sent for name, sent in hand.items() if name not in refused(answer)}
                desk.save(row, form | kept)
            row.refresh_from_db()
    published = [a_page_of_hostile_words(model, author, reviewer, publisher) for model in _PAGES]
    assert len([one for one in published if one]) >= 3
    visitor = Client()
    for edition in filter(None, published):
        page = edition.page
        base = page.get_absolute_url()
        for address in ("", "history/", f"editions/{edition.number}/", f"compare/1/{edition.number}/"):
            answer = visitor.get(base + address)
            assert answer.status_code == 200 and not intruders(answer.text), base + address
        for address in ("leaflet.pdf", "updates.atom", "references.ris", "references.bib", "references.json"):
            assert visitor.get(base + address).status_code == 200, base + address
        assert visitor.get(f"/api/v1/pages/{page.key}").status_code == 200
    for address in ("/", "/drugs/", "/conditions/", "/references/", "/updates/", "/record/", "/search/?q=script"):
        answer = visitor.get(address)
        assert answer.status_code == 200 and not intruders(answer.text), address
    for address in ("/updates.atom", "/record.json", "/sitemap.xml", "/api/v1/references", "/api/v1/eligibility"):
        assert visitor.get(address).status_code == 200, address
    assert verify() == []
