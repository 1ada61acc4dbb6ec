"""Hostile words of people without an account: readers who write to the staff, reviewers who were invited."""

from datetime import timedelta
from urllib.parse import quote

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from editions.models import Feedback, Review
from tests.desk import Desk, fields_of
from tests.hostile import Payload, corpus
from tests.hostile.pages import intruders, typed_fields
from tests.url_map import SiteWithEverything

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def together(payloads: list[Payload], most: int = 1900) -> list[str]:
    """Payloads put together to messages of at most so many letters."""
    messages = [""]
    for payload in payloads:
        text = payload.sent[:400]
        if len(messages[-1]) + len(text) + 1 > most:
            messages.append("")
        messages[-1] += f"{text}\n"
    return messages


def test_what_readers_write_is_words_on_the_desk_and_comes_back_if_it_is_refused(starter_content, reviewer):
    reader, desk = Client(), Desk(reviewer)
    sent = together(list(corpus()))
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for said in sent:
            form = fields_of(reader.get("/feedback/?page=drug/imatinib"))
            clock.shift(timedelta(seconds=20))
            answer = reader.post(
                "/feedback/?page=drug/imatinib",
                {**form, "said": said, "sort": "unclear"},
                headers={"origin": "http://testserver"},
            )
            assert answer.status_code in {302, 422}, said
            if answer.status_code == 422:
                assert not intruders(answer.text)
                assert typed_fields(answer.text)["said"].split() == said.replace("\0", "\ufffd").split()
    kept = list(Feedback.objects.all())
    assert len(kept) >= len(sent) // 2
    for message in kept:
        for view in (desk.get(message), desk.client.get("/admin/editions/feedback/")):
            assert view.status_code == 200 and not intruders(view.text)


def test_what_invited_reviewers_write_is_words_on_every_page(starter_content, author, reviewer, client):
    site = SiteWithEverything(author, reviewer)
    address = f"/review/{site.token}/"
    form = fields_of(client.get(address))
    for payload in (*corpus("characters"), *corpus("long"), *corpus("markup")[::4]):
        given = {"name": payload.sent, "role": payload.sent, "interests": payload.sent, "outcome": payload.sent}
        answer = client.post(address, {**form, **given, "comment": payload.sent, "kinds": [payload.sent]})
        assert answer.status_code == 422 and not intruders(answer.text), payload
    given = {"outcome": "approved", "scope": "whole_page", "kinds": ["clinical", "plain_english"], "interests": "None"}
    given |= {
        "name": "<script>__pwned()</script>",
        "role": "<img src=x onerror=__pwned()>",
        "comment": "</textarea><svg onload=__pwned()>",
    }
    answer = client.post(address, {**form, **given})
    assert answer.status_code == 200 and not intruders(answer.text)
    review = Review.objects.latest("pk")
    for shown in (Desk(reviewer).get(review), Desk(reviewer).get(review.edition), Desk(author).client.get("/admin/")):
        assert shown.status_code == 200 and not intruders(shown.text)


def test_made_up_links_to_a_review_open_nothing(starter_content, client):
    for payload in corpus("paths", "queries", "characters"):
        text = payload.sent[:300].replace("/", "x").strip(".") or "x"
        answer = client.get(f"/review/{quote(text, safe='')}/")
        assert answer.status_code == 404 and not intruders(answer.text), payload
