"""The ten rules of the design that never break: each has a test that carries its sentence."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from basics.models import SavedMeanwhile
from basics.revisions import revising
from drugs.models import Drug, DrugName, Indication
from editions import actions
from editions.models import Edition, Entry, Review, Sealed
from editions.site import PublishedSite
from editions.vocabulary import Outcome, Progress, Scope
from tests.factories import a_drug, a_guide, a_person, a_reference, an_imatinib, approved, changed, published

pytestmark = pytest.mark.django_db


# 1. Visitors read editions only.


def test_visitors_read_the_approved_words_until_the_next_edition_is_published(
    client, team, author, reviewer, publisher
):
    # Edith describes imatinib and submits it; Ravi approves; Paula publishes.
    drug = an_imatinib(by=author)
    published(drug, **team)

    # Edith goes on editing, and even submits. Visitors see none of it.
    changed(drug, summary="A sentence that nobody has approved.")
    edition = approved(drug, author=author, reviewer=reviewer)
    for address in ("/drugs/imatinib/", "/drugs/imatinib/history/", "/drugs/", "/"):
        assert "nobody has approved" not in client.get(address).text

    actions.publish(edition, by=publisher)
    assert "nobody has approved" in client.get("/drugs/imatinib/").text


# 2. An edition's content never changes after it is frozen.


def test_an_editions_content_never_changes_whoever_asks(team, author):
    edition = published(an_imatinib(by=author), **team)
    edition.content_json = "{}"
    with pytest.raises(Sealed):
        edition.save()
    with pytest.raises(Sealed):
        edition.save(update_fields=["content_json"])
    with pytest.raises(Sealed):
        edition.delete()
    for refused in (
        lambda: Edition.objects.filter(pk=edition.pk).update(content_json="{}"),
        lambda: Edition.objects.all().delete(),
        lambda: Edition.objects.bulk_update([edition], ["content_json"]),
        lambda: edition._move(content_json="{}"),
    ):
        with pytest.raises(Sealed):
            refused()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE editions_edition SET content_json = '{}'",
        "UPDATE editions_edition SET change_note = 'other'",
        "UPDATE editions_edition SET live_from = published_at, number = 7",
        "UPDATE editions_edition SET progress = 'approved', number = NULL, published_at = NULL, published_by_id = NULL, "
        "live_from = NULL",
        "DELETE FROM editions_edition",
        "UPDATE editions_review SET outcome = 'changes_requested'",
        "UPDATE editions_review SET reviewer_name = 'Somebody Else'",
        "DELETE FROM editions_review",
        "UPDATE editions_entry SET act = 'withdrawn'",
        "UPDATE editions_entry SET by_name = 'Somebody Else'",
        "DELETE FROM editions_entry",
        "UPDATE editions_page SET key = 'drug/other'",
        "UPDATE editions_page SET changes = 0",
    ],
)
def test_the_database_itself_refuses_to_alter_the_record(team, author, statement):
    published(an_imatinib(by=author), **team)
    with pytest.raises(DatabaseError, match="sealed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_no_edition_becomes_approved_or_published_without_its_review_and_its_entry(team, author):
    edition = actions.submit(an_imatinib(by=author), by=author, change_note="First.")
    with pytest.raises(DatabaseError, match="approved by a review"), transaction.atomic():
        edition._move(progress=Progress.APPROVED)
    now = timezone.now()
    with pytest.raises(DatabaseError, match="published by an entry"), transaction.atomic():
        edition._move(
            progress=Progress.PUBLISHED, number=1, published_at=now, published_by=team["publisher"], live_from=now
        )
    with pytest.raises(DatabaseError, match="begins in review"), transaction.atomic():
        Edition(
            page=edition.page,
            content_json=edition.content_json,
            change_kind="new",
            change_note="x",
            review_interval_months=12,
            changes_at_freeze=edition.changes_at_freeze,
            submitted_by=author,
            submitted_at=now,
            progress=Progress.PUBLISHED,
            number=9,
            published_at=now,
            published_by=author,
            live_from=now,
        ).save()


# 3. What was reviewed is what is published.


def test_what_was_reviewed_is_what_is_published(team, author):
    drug = an_imatinib(by=author)
    edition = approved(drug, author=author, reviewer=team["reviewer"])
    changed(drug, summary="Changed after the review.")
    actions.publish(edition, by=team["publisher"])
    assert "Changed after" not in PublishedSite().page("drug", "imatinib").content_json


def test_a_withdrawn_drug_is_withdrawn_on_every_page_at_once(client, team, author):
    drug = an_imatinib(by=author)
    published(drug, **team)
    guide = a_guide("Guide", "guide", drugs=[drug])
    published(guide, **team)
    before = client.get("/guides/guide/").text
    assert "There is a high risk that your GIST will return." in before

    actions.withdraw_page(drug.page, by=team["publisher"], reason="The maker took it off the market.")
    after = client.get("/guides/guide/").text
    assert "There is a high risk that your GIST will return." not in after
    assert "The maker took it off the market." in after


# 4. Four eyes.


def test_nobody_reviews_an_edition_that_they_submitted(author):
    both = a_person("both", "Author", "Clinical reviewer")
    edition = actions.submit(an_imatinib(by=author), by=both, change_note="Mine.")
    with pytest.raises(actions.FourEyes):
        actions.review(edition, by=both, outcome=Outcome.APPROVED)
    assert not Review.objects.exists()


def test_nobody_reviews_an_edition_whose_working_copy_they_changed_since_the_last_published_one(team, author, reviewer):
    drug = an_imatinib(by=author)
    published(drug, **team)
    helper = a_person("helper", "Author", "Clinical reviewer")
    with revising(by=helper, because="A word on one criterion"):
        criterion = drug.indications.get().criteria.get()
        changed(criterion, text="Another word.")
    edition = actions.submit(drug, by=author, change_note="Wording.")
    with pytest.raises(actions.FourEyes):
        actions.review(edition, by=helper, outcome=Outcome.APPROVED)
    actions.review(edition, by=reviewer, outcome=Outcome.APPROVED)
    actions.publish(edition, by=team["publisher"])

    # What helper wrote is published now; the next edition is somebody else's work.
    changed(drug, summary="Somebody else's sentence.")
    following = actions.submit(drug, by=author, change_note="Summary.")
    actions.review(following, by=helper, outcome=Outcome.APPROVED)


def test_a_clock_that_is_set_back_lets_nobody_review_their_own_words(team, author):
    helper = a_person("helper", "Author", "Clinical reviewer")
    drug = an_imatinib(by=author)
    published(drug, **team)
    with time_machine.travel(datetime(2001, 1, 1, tzinfo=UTC)), revising(by=helper, because="In the past"):
        changed(drug, summary="Written with the clock set back.")
    edition = actions.submit(drug, by=author, change_note="Summary.")
    with pytest.raises(actions.FourEyes):
        actions.review(edition, by=helper, outcome=Outcome.APPROVED)


def test_who_changed_a_shared_reference_does_not_review_the_pages_that_cite_it(team, author):
    helper = a_person("helper", "Author", "Clinical reviewer")
    reference = a_reference("nakano-2018")
    drug = a_drug("imatinib", about='<p>Works.<cite data-ref="nakano-2018"></cite></p>', by=author)
    with revising(by=helper, because="Title corrected"):
        changed(reference, title="Another title")
    edition = actions.submit(drug, by=author, change_note="First.")
    with pytest.raises(actions.FourEyes):
        actions.review(edition, by=helper, outcome=Outcome.APPROVED)


def test_an_urgent_publication_is_marked_until_a_different_person_reviews_it(client, author, reviewer):
    chief = a_person("chief", "Author", "Publisher", "Clinical reviewer")
    drug = an_imatinib(by=author)
    edition = actions.submit(drug, by=chief, change_note="Do not start this drug.", change_kind="urgent")
    with pytest.raises(ValidationError, match="reason"):
        actions.publish_urgently(edition, by=chief, reason=" ")
    with pytest.raises(PermissionDenied):
        actions.publish_urgently(edition, by=author, reason="Because.")
    actions.publish_urgently(edition, by=chief, reason="The licence was withdrawn today.")
    assert "ublished before review" in client.get("/drugs/imatinib/").text
    with pytest.raises(actions.FourEyes):
        actions.review(edition, by=chief, outcome=Outcome.APPROVED)
    # A reviewer who asks for changes does not lift the mark either.
    actions.review(edition, by=reviewer, outcome=Outcome.CHANGES_REQUESTED, comment="Say it in plainer words.")
    assert PublishedSite().page("drug", "imatinib").awaits_review
    actions.review(edition, by=reviewer, outcome=Outcome.APPROVED)
    page = PublishedSite().page("drug", "imatinib")
    assert not page.awaits_review
    assert page.review.name == "Dr Ravi Shah"


def test_who_publishes_urgently_does_not_lift_the_mark_by_reviewing(author):
    chief = a_person("chief", "Publisher", "Clinical reviewer")
    edition = actions.submit(an_imatinib(by=author), by=author, change_note="First.")
    actions.publish_urgently(edition, by=chief, reason="It cannot wait.")
    with pytest.raises(actions.FourEyes):
        actions.review(edition, by=chief, outcome=Outcome.APPROVED)


# 5. Reviewed is not updated.


def test_last_reviewed_moves_only_when_a_person_reviewed_the_whole_page(team, author, reviewer, publisher):
    drug = an_imatinib(by=author)
    with time_machine.travel(datetime(2026, 1, 10, 12, tzinfo=UTC)):
        published(drug, **team)
    with time_machine.travel(datetime(2026, 3, 1, 12, tzinfo=UTC)):
        changed(drug, summary="A comma, corrected.")
        edition = actions.submit(drug, by=author, change_note="A comma.", change_kind="correction")
        actions.review(edition, by=reviewer, outcome=Outcome.APPROVED, scope=Scope.CHANGE)
        actions.publish(edition, by=publisher)
        page = PublishedSite().page("drug", "imatinib")
    assert page.number == 2
    assert page.last_reviewed.isoformat() == "2026-01-10"

    with time_machine.travel(datetime(2026, 6, 2, 12, tzinfo=UTC)):
        actions.mark_reviewed(drug.page, by=reviewer)
        page = PublishedSite().page("drug", "imatinib")
    assert (page.number, page.last_reviewed.isoformat()) == (2, "2026-06-02")
    assert (
        PublishedSite.as_of(datetime(2026, 6, 1).date()).page("drug", "imatinib").last_reviewed.isoformat()
        == "2026-01-10"
    )


def test_a_review_of_an_edition_that_is_not_live_yet_does_not_move_last_reviewed(team, author, reviewer):
    drug = an_imatinib(by=author)
    with time_machine.travel(datetime(2026, 1, 10, 12, tzinfo=UTC)):
        published(drug, **team)
    with time_machine.travel(datetime(2026, 5, 1, 12, tzinfo=UTC)):
        approved(drug, author=author, reviewer=reviewer)
        assert PublishedSite().page("drug", "imatinib").last_reviewed.isoformat() == "2026-01-10"


# 6. Late and doubtful are said aloud.


def test_a_page_past_its_review_date_says_so_with_the_date_it_was_due(client, team, author):
    with time_machine.travel(datetime(2026, 1, 10, 12, tzinfo=UTC)):
        published(an_imatinib(by=author), **team)
    with time_machine.travel(datetime(2027, 1, 10, 12, tzinfo=UTC)):
        page = PublishedSite().page("drug", "imatinib")
        assert not page.is_late
    with time_machine.travel(datetime(2027, 1, 11, 12, tzinfo=UTC)):
        page = PublishedSite().page("drug", "imatinib")
        assert page.is_late and page.review_due.isoformat() == "2027-01-10"
        assert "10 January 2027" in client.get("/drugs/imatinib/").text


def test_a_doubt_is_told_in_one_sentence_until_it_is_settled(client, team, author, publisher):
    drug = an_imatinib(by=author)
    published(drug, **team)
    actions.tell_doubt(drug.page, by=publisher, sentence="We are checking who can have imatinib.")
    assert "We are checking who can have imatinib." in client.get("/drugs/imatinib/").text
    with pytest.raises(PermissionDenied):
        actions.settle_doubt(drug.page, by=author, note="Checked.")
    actions.settle_doubt(drug.page, by=publisher, note="Checked.")
    assert "We are checking" not in client.get("/drugs/imatinib/").text


# 7. Numbers have no gaps.


def test_numbers_have_no_gaps_and_a_scheduled_edition_gives_its_number_back(team, author, reviewer, publisher):
    drug = an_imatinib(by=author)
    published(drug, **team)
    soon = timezone.now() + timedelta(days=3)
    scheduled = published(drug, **team, live_from=soon)
    assert scheduled.number == 2
    assert PublishedSite().page("drug", "imatinib").number == 1
    assert PublishedSite().edition("drug", "imatinib", 2) is None

    first = published(drug, **team)
    scheduled.refresh_from_db()
    assert (first.number, scheduled.number, scheduled.progress) == (2, None, Progress.REPLACED)
    assert [entry.act for entry in Entry.objects.order_by("-position")[:2]] == ["published", "unscheduled"]


def test_changing_ones_mind_takes_an_edition_off_the_schedule(team, author, reviewer, publisher):
    drug = an_imatinib(by=author)
    edition = published(drug, **team, live_from=timezone.now() + timedelta(days=3))
    actions.take_off_schedule(edition, by=publisher, reason="Not yet.")
    edition.refresh_from_db()
    assert (edition.progress, edition.number) == (Progress.APPROVED, None)
    actions.publish(edition, by=publisher)
    assert PublishedSite().page("drug", "imatinib").number == 1


def test_a_scheduled_edition_goes_live_by_itself(client, team, author):
    drug = an_imatinib(by=author)
    published(drug, **team)
    changed(drug, summary="The sentence of next week.")
    published(drug, **team, live_from=timezone.now() + timedelta(days=7))
    before = PublishedSite().generation
    assert "next week" not in client.get("/drugs/imatinib/").text
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1)):
        assert PublishedSite().generation != before
        assert "next week" in client.get("/drugs/imatinib/").text


def test_the_as_of_page_of_today_does_not_show_what_is_scheduled_for_tonight(client, team, author):
    with time_machine.travel(datetime(2026, 5, 5, 9, tzinfo=UTC), tick=True):
        drug = an_imatinib(by=author)
        published(drug, **team)
        changed(drug, summary="The sentence of tonight.")
        published(drug, **team, live_from=datetime(2026, 5, 5, 20, tzinfo=UTC))
        assert "of tonight" not in client.get("/as-of/2026-05-05/drugs/imatinib/").text


# 9. Nothing is lost.


def test_the_second_of_two_who_save_the_same_row_is_told_and_overwrites_nothing(author):
    drug = an_imatinib(by=author)
    first, second = Drug.objects.get(pk=drug.pk), Drug.objects.get(pk=drug.pk)
    first.summary = "The first to save."
    first.save()
    second.summary = "The second to save."
    with pytest.raises(SavedMeanwhile, match="saved or deleted by somebody else"):
        second.save()
    assert Drug.objects.get(pk=drug.pk).summary == "The first to save."


def test_writes_that_would_leave_no_revision_are_refused(author):
    an_imatinib(by=author)
    with pytest.raises(TypeError, match="no revision"):
        Drug.objects.update(summary="Unsigned.")
    with pytest.raises(TypeError, match="no revision"):
        Indication.objects.bulk_create([])
    with pytest.raises(TypeError, match="without a revision"):
        Drug.objects.get().save_without_historical_record()


def test_a_public_act_that_fails_half_way_leaves_nothing(team, author, publisher, monkeypatch):
    edition = approved(an_imatinib(by=author), author=author, reviewer=team["reviewer"])
    entries = Entry.objects.count()

    def broken(*args, **kwargs):
        raise OSError("The disk is full.")

    monkeypatch.setattr(Edition, "_move", broken)
    with pytest.raises(OSError):
        actions.publish(edition, by=publisher)
    assert Entry.objects.count() == entries


# 10. A source behind every claim.


def test_what_cites_a_source_is_known_and_a_retracted_source_is_marked_on_every_page(client, team, author, publisher):
    a_reference("nakano-2018", title="A review of targeted therapies")
    drug = a_drug("imatinib", about='<p>It works.<cite data-ref="nakano-2018"></cite></p>', by=author)
    published(drug, **team)
    assert [page.slug for page in PublishedSite().mentioning("cites", "reference/nakano-2018")] == ["imatinib"]
    actions.mark_source("nakano-2018", by=publisher, standing="retracted", reason="The journal retracted it.")
    assert "retracted" in client.get("/drugs/imatinib/").text
    assert "retracted" in client.get("/references/nakano-2018/").text


def test_what_a_page_cannot_hold_is_a_problem_with_its_place_not_a_crash(author):
    drug = an_imatinib(by=author)
    DrugName(drug=drug, name="  ", kind="brand").save()
    with pytest.raises(actions.NotReady, match="name: String should have at least 1 character"):
        actions.submit(drug, by=author, change_note="First.")


def test_the_key_by_which_texts_cite_a_source_stays(author):
    reference = a_reference("nakano-2018")
    with pytest.raises(ValidationError, match="stays as it is"):
        changed(reference, key="nakano-2019")


def test_a_text_that_cites_an_unknown_source_is_not_ready(author):
    drug = a_drug("imatinib", about='<p>It works.<cite data-ref="nobody-2018"></cite></p>', by=author)
    with pytest.raises(actions.NotReady, match="nobody-2018"):
        actions.submit(drug, by=author, change_note="First.")
