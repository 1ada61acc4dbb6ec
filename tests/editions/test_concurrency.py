"""Whatever happens at once: real threads, each with its own connection, on SQLite and on PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event, Thread

import pytest
from django.db import connection, transaction

from basics.models import SavedMeanwhile
from basics.revisions import revising
from drugs.models import Drug
from editions import actions
from editions.models import Edition, Entry, Page
from editions.site import PublishedSite
from editions.verification import verify
from editions.vocabulary import Outcome, Progress
from tests.factories import a_drug, a_person, an_imatinib, approved, changed, published

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls):
    """Run calls at the same moment, each in a thread of its own; returns what each gave, or the exception it raised."""
    start = Barrier(len(calls))

    def run(call):
        try:
            start.wait(timeout=20)
            return call()
        except Exception as problem:
            return problem
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def of_kind(outcomes, kind) -> int:
    return sum(isinstance(outcome, kind) for outcome in outcomes)


def test_two_publishers_at_the_same_moment_publish_an_edition_once(team, author, publisher):
    edition = approved(an_imatinib(by=author), author=author, reviewer=team["reviewer"])
    second = a_person("second", "Publisher")
    outcomes = at_once(lambda: actions.publish(edition, by=publisher), lambda: actions.publish(edition, by=second))
    assert of_kind(outcomes, Edition) == 1 and of_kind(outcomes, actions.WrongProgress) == 1
    assert list(Edition.objects.values_list("number", "progress")) == [(1, Progress.PUBLISHED)]
    assert verify() == []


def test_publications_of_many_pages_at_once_leave_one_unbroken_chain(team, author, publisher):
    editions = [approved(a_drug(f"drug-{n}", by=author), author=author, reviewer=team["reviewer"]) for n in range(8)]
    outcomes = at_once(*(lambda edition=edition: actions.publish(edition, by=publisher) for edition in editions))
    assert of_kind(outcomes, Edition) == 8, outcomes
    positions = list(Entry.objects.order_by("position").values_list("position", flat=True))
    assert positions == list(range(1, 17))  # eight reviews and eight publications
    assert verify() == []


def test_of_two_who_submit_a_page_at_the_same_moment_one_is_told(author):
    drug = an_imatinib(by=author)
    second = a_person("second", "Author")
    outcomes = at_once(
        lambda: actions.submit(drug, by=author, change_note="Mine."),
        lambda: actions.submit(drug, by=second, change_note="No, mine."),
    )
    assert of_kind(outcomes, Edition) == 1 and of_kind(outcomes, actions.WrongProgress) == 1, outcomes


def test_two_reviewers_with_opposite_verdicts_leave_the_stricter_one_standing(team, author, reviewer):
    edition = actions.submit(an_imatinib(by=author), by=author, change_note="First.")
    second = a_person("second", "Clinical reviewer")
    outcomes = at_once(
        lambda: actions.review(edition, by=reviewer, outcome=Outcome.APPROVED),
        lambda: actions.review(edition, by=second, outcome=Outcome.CHANGES_REQUESTED, comment="Not yet."),
    )
    edition.refresh_from_db()
    assert edition.progress == Progress.CHANGES_REQUESTED, outcomes
    assert verify() == []


def test_of_eight_who_save_the_same_row_at_once_one_saves_and_seven_are_told(author):
    drug = a_drug("imatinib", by=author)
    rows = [Drug.objects.get(pk=drug.pk) for _ in range(8)]
    for n, row in enumerate(rows):
        row.summary = f"Version of {n}."
    outcomes = at_once(*(row.save for row in rows))
    assert of_kind(outcomes, SavedMeanwhile) == 7, outcomes
    assert Drug.history.filter(id=drug.pk).count() == 2


def test_a_change_made_while_somebody_submits_is_either_in_the_edition_or_counted_after_it(author):
    helper = a_person("helper", "Author", "Clinical reviewer")
    drug = a_drug("imatinib", by=author)

    def change():
        with revising(by=helper, because="At the same moment"):
            return changed(drug, summary="Helper's words.")

    outcomes = at_once(change, lambda: actions.submit(drug, by=author, change_note="First."))
    assert of_kind(outcomes, Exception) == 0, outcomes
    edition = Edition.objects.get()
    is_in = "Helper's words." in edition.content_json
    counted_later = Page.objects.get(pk=drug.page_id).changes > edition.changes_at_freeze
    assert is_in != counted_later
    with pytest.raises(actions.FourEyes):
        actions.review(edition, by=helper, outcome=Outcome.APPROVED)


def test_a_page_is_of_one_moment_though_an_edition_goes_live_between_two_of_its_questions(
    client, team, author, publisher, monkeypatch
):
    drug = an_imatinib(by=author)
    published(drug, **team)
    edition = approved(changed(drug, name="imatinib anew"), author=author, reviewer=team["reviewer"])
    begun, stored = Event(), Event()

    def publish_slowly():
        with transaction.atomic():
            actions.publish(edition, by=publisher)
            begun.set()
            stored.wait(20)
        connection.close()

    publishing = Thread(target=publish_slowly)
    publishing.start()
    assert begun.wait(20)  # its moment has come, and nobody sees it yet
    usual = PublishedSite.listed

    def then_it_is_stored(site, kind):
        found = usual(site, kind)
        assert len(found) >= 0  # asked now, and read later
        stored.set()
        publishing.join()
        return found

    with monkeypatch.context() as between:
        between.setattr(PublishedSite, "listed", then_it_is_stored)
        assert "anew" not in client.get("/").text
    assert client.get("/").text.count("anew") > 1
