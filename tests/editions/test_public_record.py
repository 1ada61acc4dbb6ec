"""The record in public: anybody can recompute it with the script of docs/, and nothing unpublished stands in it."""

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.utils import timezone

from drugs.models import Drug
from editions import actions, record, seals
from editions.models import Edition, Entry, Page
from editions.verification import verify
from editions.vocabulary import Check, Outcome
from tests.factories import a_drug, a_person, an_imatinib, changed, published

pytestmark = pytest.mark.django_db

SCRIPT = Path(__file__).resolve().parent.parent.parent / "docs" / "check_record.py"


@pytest.fixture
def imatinib(team, author):
    """A drug with two editions."""
    drug = an_imatinib(by=author)
    published(drug, **team)
    changed(drug, summary="The second edition says more.")
    published(drug, **team, change_note="More is known.")
    return drug


def checked(site: str, *kept: str) -> tuple[int, str]:
    """The exit status of the script at an address, and what it said."""
    done = subprocess.run([sys.executable, "-I", SCRIPT, site, *kept], capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout + done.stderr


def as_json(client, since: str = "") -> dict:
    response = client.get("/record.json", {"since": since} if since else {})
    assert response.status_code == 200 and response["Content-Type"] == "application/json"
    return json.loads(b"".join(response))


def entry(told: dict, act: str) -> dict:
    return next(one for one in told["entries"] if f'"act":"{act}"' in one.get("statement", ""))


def everything(client) -> str:
    """All that the record says to visitors."""
    return b"".join(client.get("/record.json")).decode() + client.get("/record/").text


# The script


@pytest.mark.django_db(transaction=True)
def test_the_script_recomputes_the_record_of_the_running_site(live_server, starter_content):
    author = a_person("edith", "Author")
    reviewer = a_person("ravi", "Clinical reviewer", interests="None", interests_declared_on="2026-01-05")
    publisher = a_person("paula", "Publisher")
    kept = record.head()[1]
    drug = Drug.objects.get(name="pazopanib")
    edition = actions.submit(drug, by=author, change_note="It has a licence.", changes_eligibility=True)
    actions.review(edition, by=reviewer, outcome=Outcome.APPROVED, comment="For the staff.")
    actions.publish(edition, by=publisher, live_from=timezone.now() + timedelta(days=1))
    status, said = checked(live_server.url)
    assert status == 0 and "22 entries recomputed, 2 held back" in said

    actions.publish(actions.take_off_schedule(edition, by=publisher), by=publisher)
    actions.correct_note(Edition.objects.get(pk=edition.pk), by=publisher, note="It has one.", reason="Shorter.")
    actions.mark_source("nakano-2018", by=publisher, standing="corrected", reason="An erratum.")
    actions.settle_doubt(drug.page, by=publisher, note="The page says it now.")
    actions.move_page(Page.objects.get(key="drug/ridaforolimus"), by=publisher, slug="deforolimus")
    actions.withdraw_page(Page.objects.get(key="drug/cediranib"), by=publisher, reason="The trial was stopped.")
    actions.remove_name(reviewer, by=a_person("ada", "Administrator"))
    for since, count in (((), 32), ((kept,), 10)):
        status, said = checked(live_server.url, *since)
        assert status == 0 and f"{count} entries recomputed, 0 held back" in said and record.head()[1] in said
    status, said = checked(live_server.url, "f" * 64)
    assert status == 1 and "the seal is not in the record any more" in said
    assert verify() == []


def content_altered(told):
    published_first = entry(told, "published")["edition"]
    published_first["content_json"] = published_first["content_json"].replace("imatinib", "aspirin")


def content_and_its_hash_altered(told):
    content_altered(told)
    edition = entry(told, "published")["edition"]
    edition["frozen"]["content"] = seals.sha256(edition["content_json"])


def entry_removed(told):
    del told["entries"][1]


def end_cut_off(told):
    del told["entries"][-1]


def names_swapped(told):
    first, second = told["entries"][0], told["entries"][1]
    first["name"], second["name"] = second["name"], first["name"]


def name_taken_away(told):
    told["entries"][0] |= {"name": None, "salt": None}


def statement_altered(told):
    told["entries"][1]["statement"] = told["entries"][1]["statement"].replace('"number":1', '"number":3')


def statement_made_unreadable(told):
    told["entries"][1]["statement"] = ""


def past_edition_shown(told):
    told["live"]["drug/imatinib"] = 1


def page_hidden(told):
    told["live"] = {}


def unknown_page_shown(told):
    told["live"]["drug/aspirin"] = 1


def first_publication_held_back(told):
    for name in ("statement", "name", "salt", "edition", "review"):
        del told["entries"][1][name]


def sealed_anew_without_one(told):
    """Somebody leaves an edition out, counts anew, and makes every seal after it again."""
    del told["entries"][1]
    before = told["entries"][0]["seal"]
    for position, one in enumerate(told["entries"], 1):
        statement = seals.canonical(json.loads(one["statement"]) | {"position": position})
        if position > 1:
            one |= {"previous_seal": before, "position": position, "statement": statement}
            one["seal"] = before = seals.seal(before, statement)
    told["newest_seal"], told["newest_position"] = before, len(told["entries"])


@pytest.mark.parametrize(
    ("tamper", "named"),
    [
        (content_altered, "Edition 1 of drug/imatinib (entry 2) was altered: its content is not what was sealed."),
        (content_and_its_hash_altered, "Edition 1 of drug/imatinib (entry 2) was altered: its change note or what"),
        (entry_removed, "Entry 2 is missing: entry 3 stands where it stood."),
        (end_cut_off, "The end is missing: the newest entry is said to be 4."),
        (names_swapped, "The name beside entry 1 is not the one that was sealed."),
        (name_taken_away, "The name of entry 1 was taken away without a request."),
        (statement_altered, "Entry 2 was altered: its seal does not fit what it says."),
        (statement_made_unreadable, "Entry 2 was altered: its seal does not fit what it says."),
        (past_edition_shown, "Of drug/imatinib the site shows edition 1, and by the record it is edition 2."),
        (page_hidden, "Of drug/imatinib the site shows nothing, and by the record it is edition 2."),
        (unknown_page_shown, "Of drug/aspirin the site shows edition 1, and by the record it is nothing."),
        (first_publication_held_back, "Edition 2 of drug/imatinib (entry 4) does not follow on the edition before it."),
        (sealed_anew_without_one, "Edition 2 of drug/imatinib (entry 3) does not follow on the edition before it."),
    ],
)
def test_the_script_names_the_place_that_was_tampered_with(client, imatinib, tmp_path, tamper, named):
    told = as_json(client)
    assert [one["position"] for one in told["entries"]] == [1, 2, 3, 4]
    file = tmp_path / "record.json"
    file.write_text(json.dumps(told))
    assert checked(f"file://{tmp_path}")[0] == 0
    tamper(told)
    file.write_text(json.dumps(told))
    status, said = checked(f"file://{tmp_path}")
    assert status == 1 and said.startswith(f"The record does not hold. {named}")


# What stays with the staff


def test_what_is_not_public_is_held_back_until_it_is_and_then_fits_its_seal(
    client, imatinib, author, reviewer, publisher
):
    drug = a_drug("secretinib", by=author, summary="A secret summary.")
    edition = actions.submit(drug, by=author, change_note="A secret note.")
    actions.review(edition, by=reviewer, outcome=Outcome.APPROVED)
    actions.publish(edition, by=publisher, live_from=timezone.now() + timedelta(days=3))
    held_back = as_json(client)["entries"][4:]
    assert [set(one) for one in held_back] == [{"position", "previous_seal", "seal"}] * 2
    text = everything(client)
    assert "secret" not in text and str(edition.uid) not in text and "Entry 5: held back" in text
    assert not any(one.by_salt in text for one in Entry.objects.filter(edition=edition))

    with time_machine.travel(timezone.now() + timedelta(days=4)):
        told = as_json(client)["entries"][4:]
        assert "A secret summary." in told[1]["edition"]["content_json"]
        for before, now in zip(held_back, told, strict=True):
            assert now["seal"] == before["seal"] == seals.seal(now["previous_seal"], now["statement"])
        assert "secretinib, edition 1" in client.get("/record/").text.lower()


def test_what_reviewers_write_to_the_staff_stays_with_them(client, imatinib, author, reviewer, publisher):
    objector = a_person(
        "olga", "Clinical reviewer", public_name="Olga Objects", interests="None", interests_declared_on="2026-01-05"
    )
    changed(imatinib, summary="A third edition.")
    edition = actions.submit(imatinib, by=author, change_note="Third.")
    actions.review(
        edition,
        by=reviewer,
        outcome=Outcome.APPROVED,
        comment="A private comment.",
        remarks={"summary": "A private remark."},
        checked=[Check.RISKS],
    )
    actions.review(edition, by=objector, outcome=Outcome.CHANGES_REQUESTED, comment="A private objection.")
    actions.publish_urgently(edition, by=publisher, reason="People would come to harm.")
    text = everything(client)
    assert "private" not in text and "Olga" not in text and '"risks"' not in text and '"comment"' not in text
    approval, objection, urgent = as_json(client)["entries"][4:]
    assert "statement" not in objection and "statement" in urgent
    assert approval["review"] == {
        "uid": json.loads(approval["statement"])["review"]["uid"],
        "kinds": ["clinical", "plain_english"],
        "scope": "whole_page",
        "outcome": "approved",
        "made_at": json.loads(approval["statement"])["at"],
        "role": "consultant oncologist, North Hospital",
        "interests": "None",
    }
    given = edition.reviews.get(reviewer=reviewer)
    assert given.name_salt not in text and given.name_hash not in text


def test_a_name_removed_on_request_is_gone_from_the_public_record(client, imatinib, reviewer, administrator):
    assert "Dr Ravi Shah" in everything(client)
    salts = list(Entry.objects.filter(by=reviewer).values_list("by_salt", flat=True))
    actions.remove_name(reviewer, by=administrator)
    text = everything(client)
    assert "Dr Ravi Shah" not in text and "By name removed on request" in text and not any(one in text for one in salts)


# The addresses


def test_the_record_since_a_seal_holds_what_came_after(client, imatinib, monkeypatch):
    monkeypatch.setattr("editions.public_record.BATCH", 2)
    told = as_json(client)
    assert [one["position"] for one in told["entries"]] == [1, 2, 3, 4]
    assert told["newest_seal"] == told["entries"][-1]["seal"] == record.head()[1]
    kept = told["entries"][0]["seal"]
    assert as_json(client, since=kept)["entries"] == told["entries"][1:]
    assert as_json(client, since=told["newest_seal"])["entries"] == []
    response = client.get("/record.json", {"since": "f" * 64})
    assert response.status_code == 404 and "The record has no entry with this seal." in response.text


def test_the_record_is_kept_and_asked_again(client, imatinib, publisher):
    response = client.get("/record.json")
    assert response["Cache-Control"] == "public, no-cache"
    assert client.get("/record.json", headers={"if-none-match": response["ETag"]}).status_code == 304
    actions.tell_doubt(imatinib.page, by=publisher, sentence="We are checking this page.")
    assert client.get("/record.json", headers={"if-none-match": response["ETag"]}).status_code == 200


def test_the_record_reads_in_words_newest_first(client, imatinib, publisher):
    actions.tell_doubt(imatinib.page, by=publisher, sentence="We are checking this page.")
    text = client.get("/record/").text
    position, seal = record.head()
    assert f"{position} entries. The newest seal is <code>{seal}</code>" in text
    assert text.index("Entry 5: doubt told") < text.index("Entry 4: published") < text.index("Entry 3: reviewed")
    assert f"<summary>Seal {seal[:12]}…</summary>" in text and "By Paula Quinn on" in text


def test_an_empty_record_says_so(client, db):
    assert "The record has no entry yet." in client.get("/record/").text
    assert as_json(client)["entries"] == [] and client.get("/updates.atom").status_code == 200
