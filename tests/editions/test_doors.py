"""Doors that are not the desk: the shell, fixtures, raw SQL, neighbours' rows. None leads round the ten rules."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.core import management
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from basics.models import SavedMeanwhile
from basics.revisions import revising
from drugs import content, models, restore
from drugs.models import Drug, Indication
from editions import actions
from editions.kinds import kind
from editions.models import Edition, Entry, Page, Review
from editions.site import PublishedSite
from editions.verification import verify
from editions.vocabulary import Outcome, Scope
from tests.factories import (
    a_condition,
    a_criterion,
    a_drug,
    a_guide,
    a_person,
    a_reference,
    an_imatinib,
    an_indication,
    approved,
    changed,
    published,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def helper(db):
    return a_person("helper", "Author", "Clinical reviewer")


@pytest.fixture
def chief(db):
    return a_person("chief", "Author", "Publisher", "Clinical reviewer")


def refuses_review(edition, person) -> bool:
    try:
        with transaction.atomic():
            actions.review(edition, by=person, outcome=Outcome.APPROVED)
    except actions.FourEyes:
        return True
    return False


# Words that were published before review


@pytest.fixture
def after_urgent(team, author, chief):
    """Imatinib: edition 1 reviewed, edition 2 the chief's urgent words, a third edition submitted."""
    drug = an_imatinib(by=author)
    published(drug, **team)
    with revising(by=chief, because="Urgent"):
        changed(drug, summary="The chief's own words.")
    urgent = actions.submit(drug, by=chief, change_note="Urgent.", change_kind="urgent")
    actions.publish_urgently(urgent, by=chief, reason="It cannot wait.")
    with revising(by=author, because="A comma"):
        changed(drug, drug_class="inhibitor")
    return actions.submit(drug, by=author, change_note="A comma.", change_kind="correction")


def test_unread_urgent_words_stay_somebodys_work_in_the_edition_after(after_urgent, chief):
    assert refuses_review(after_urgent, chief)


def test_the_mark_stays_in_later_editions_until_somebody_reads_a_whole_one(after_urgent, chief, reviewer, publisher):
    actions.review(after_urgent, by=reviewer, outcome=Outcome.APPROVED, scope=Scope.CHANGE)
    actions.publish(after_urgent, by=publisher)
    assert PublishedSite().page("drug", "imatinib").awaits_review
    with pytest.raises(actions.FourEyes):
        actions.mark_reviewed(after_urgent.page, by=chief)
    actions.mark_reviewed(after_urgent.page, by=reviewer)
    assert not PublishedSite().page("drug", "imatinib").awaits_review
    assert verify() == []


# Four eyes, through neighbours' rows


@pytest.mark.parametrize("tie", ["condition", "partner", "prior", "shown", "parent"])
def test_who_renames_what_a_page_names_does_not_review_that_page(author, helper, tie):
    other = a_drug("doxorubicin", by=author)
    if tie == "condition":
        row = a_condition()
        working = a_drug("imatinib", by=author)
        an_indication(working, row)
    elif tie == "parent":
        row = a_condition("sarcoma", "sarcoma")
        working = a_condition(parent=row)
    elif tie == "shown":
        row, working = other, a_guide(drugs=[other])
    else:
        row, working = other, a_drug("imatinib", by=author)
        indication = an_indication(working, a_condition())
        if tie == "partner":
            models.IndicationPartner(indication=indication, drug=other).save()
        else:
            a_criterion(indication, prior_treatment="drug", prior_drug=other)
    with revising(by=helper, because="Another name"):
        changed(row, name="another name")
    edition = actions.submit(working, by=author, change_note="First.")
    assert "another name" in edition.content_json
    assert refuses_review(edition, helper)


def test_a_change_of_other_words_of_a_neighbour_is_not_a_change_of_this_page(author, helper):
    row = a_condition()
    working = a_drug("imatinib", by=author)
    an_indication(working, row)
    with revising(by=helper, because="Summary"):
        changed(row, summary="Other words.")
    assert not refuses_review(actions.submit(working, by=author, change_note="First."), helper)


def test_no_row_moves_to_another_page_than_the_one_it_was_written_for(author):
    first, second = an_imatinib(by=author), a_drug("second", by=author)
    reference, other = a_reference("a-2018"), a_reference("b-2018")
    free = actions.open_page(kind="drug", slug="free")
    for row, field, target in (
        (first.indications.get(), "drug", second),
        (first, "page", free),
        (reference.authors.get(), "reference", other),
    ):
        with pytest.raises(TypeError, match="stays under"):
            changed(row, **{field: target})


def test_contributors_are_frozen_into_the_edition_and_sealed_with_it(author, helper, reviewer, tampering):
    drug = an_imatinib(by=author)
    with revising(by=helper, because="A word"):
        changed(drug, summary="Helper's.")
    edition = actions.submit(drug, by=author, change_note="First.")
    assert edition.contributors == sorted([author.pk, helper.pk])
    actions.review(edition, by=reviewer, outcome=Outcome.APPROVED)
    with tampering() as cursor:
        cursor.execute("UPDATE editions_edition SET contributors = '[]'")
    assert any("was altered" in finding.sentence for finding in verify())


# Writes that go round `save`


def test_related_managers_write_nothing_that_leaves_no_revision(author):
    drug, condition = an_imatinib(by=author), a_condition("other", "other")
    indication = drug.indications.get()
    for write in (
        lambda: condition.indications.set([indication]),
        lambda: a_drug("second").indications.add(indication),
        lambda: Indication._base_manager.update(where="x"),
        lambda: Indication.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(TypeError, match="leaves no revision"), transaction.atomic():
            write()


def test_a_row_read_in_part_built_by_hand_or_deleted_stale_does_not_overwrite(author):
    drug = a_drug("imatinib", by=author)
    partly = Drug.objects.only("summary").get()
    stale = Drug.objects.get()
    changed(drug, summary="Theirs.")
    partly.summary = "Mine."
    with pytest.raises(SavedMeanwhile):
        partly.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        Drug(pk=drug.pk, page=drug.page, name="imatinib", summary="Blind.", status="in_use").save()
    with pytest.raises(SavedMeanwhile):
        stale.delete()
    assert Drug.objects.get().summary == "Theirs."


def test_a_fixture_does_not_write_over_a_row(author, tmp_path):
    a_drug("imatinib", by=author)
    file = tmp_path / "drugs.json"
    management.call_command("dumpdata", "drugs.drug", output=str(file))
    file.write_text(file.read_text().replace("imatinib is a drug.", "Slipped in."))
    with pytest.raises(TypeError, match="leave no revision"):
        management.call_command("loaddata", str(file))
    assert Drug.objects.get().summary == "imatinib is a drug."


def test_revisions_are_neither_changed_nor_deleted(author):
    a_drug("imatinib", by=author)
    for write in (lambda: Drug.history.all().delete(), lambda: Drug.history.update(summary="x")):
        with pytest.raises(DatabaseError, match="sealed"), transaction.atomic():
            write()


def test_saving_a_stale_page_undoes_neither_a_move_nor_a_change(team, author):
    drug = an_imatinib(by=author)
    published(drug, **team)
    stale = Page.objects.get(pk=drug.page_id)
    actions.move_page(stale, by=team["publisher"], slug="glivec")
    changed(drug, summary="Counted.")
    stale.slug, stale.changes, stale.review_interval_months = "imatinib", 0, 6
    stale.save()
    page = Page.objects.get(pk=drug.page_id)
    assert (page.slug, page.review_interval_months) == ("glivec", 6) and page.changes > 0


# Raw SQL, with the guards in place


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM editions_contribution",
        "UPDATE editions_contribution SET last_change = 0",
        "DELETE FROM editions_mention",
        "UPDATE editions_mention SET target = 'drug/other'",
        "DELETE FROM editions_record",
        "UPDATE editions_page SET slug = 'other'",
        "UPDATE editions_review SET reviewer_name = '', name_salt = ''",
        "UPDATE editions_entry SET by_name = '', by_salt = ''",
    ],
)
def test_the_database_refuses_what_the_rules_rest_on(team, author, statement):
    drug = (
        a_drug("imatinib", about='<p>x<cite data-ref="a-2018"></cite></p>', by=author)
        if a_reference("a-2018")
        else None
    )
    published(drug, **team)
    with pytest.raises(DatabaseError, match="sealed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="REPLACE INTO is SQLite's")
@pytest.mark.parametrize("table", ["edition", "review", "entry", "page", "contribution"])
def test_replacing_a_row_is_refused_though_no_delete_trigger_fires(team, author, table):
    published(an_imatinib(by=author), **team)
    with connection.cursor() as cursor, pytest.raises(DatabaseError, match="sealed"), transaction.atomic():
        cursor.execute(f"REPLACE INTO editions_{table} SELECT * FROM editions_{table}")


def test_no_edition_is_frozen_as_of_another_count_of_changes(author, reviewer):
    edition = actions.submit(an_imatinib(by=author), by=author, change_note="First.")
    fields = {name: getattr(edition, name) for name in ("page", "content_json", "change_kind", "change_note")}
    forged = Edition(
        **fields,
        review_interval_months=12,
        changes_at_freeze=10**9,
        submitted_by=author,
        submitted_at=timezone.now(),
    )
    with pytest.raises(DatabaseError), transaction.atomic():
        forged.save()


def test_a_review_by_the_submitter_is_refused_by_the_database(author):
    edition = actions.submit(an_imatinib(by=author), by=author, change_note="First.")
    forged = Review(
        edition=edition,
        kinds=["clinical"],
        scope="whole_page",
        outcome="approved",
        made_at=timezone.now(),
        reviewer=author,
        reviewer_name="E",
        name_salt="s",
        name_hash="h",
    )
    with pytest.raises(DatabaseError, match="sealed"), transaction.atomic():
        forged.save()


# What is public


def test_last_reviewed_is_the_day_on_which_the_newest_whole_reading_was_made(team, author, reviewer, publisher):
    drug = an_imatinib(by=author)
    with time_machine.travel(datetime(2026, 1, 1, 12, tzinfo=UTC)):
        published(drug, **team)
    with time_machine.travel(datetime(2026, 1, 10, 12, tzinfo=UTC)):
        changed(drug, summary="New words.")
        second = approved(drug, author=author, reviewer=reviewer)
        actions.publish(second, by=publisher, live_from=datetime(2026, 3, 1, tzinfo=UTC))
    with time_machine.travel(datetime(2026, 2, 10, 12, tzinfo=UTC)):
        actions.mark_reviewed(drug.page, by=reviewer)
        assert PublishedSite().page("drug", "imatinib").last_reviewed == date(2026, 2, 10)
    with time_machine.travel(datetime(2026, 3, 2, 12, tzinfo=UTC)):
        # Edition 2 was read on 10 January; nobody read it in February.
        assert PublishedSite().page("drug", "imatinib").last_reviewed == date(2026, 1, 10)
        assert verify() == []


def test_a_drafts_former_address_is_no_public_redirect(client, publisher, author):
    drug = an_imatinib(by=author)
    actions.move_page(drug.page, by=publisher, slug="secret-name")
    assert client.get("/drugs/imatinib/").status_code == 404


def test_a_page_does_not_move_to_where_it_is(team, author):
    drug = an_imatinib(by=author)
    published(drug, **team)
    with pytest.raises(ValidationError, match="already"):
        actions.move_page(drug.page, by=team["publisher"], slug="imatinib")
    assert verify() == []


def test_what_is_carried_over_leads_to_web_addresses_only(administrator, author):
    drug = an_imatinib(by=author)
    given = {"source": "A page", "reviewed_on": "2018-04-03", "change_note": "x", "by": administrator}
    live = datetime(2018, 4, 3, tzinfo=UTC)
    for wrong in ({"url": "javascript:alert(1)"}, {"source": "a\u202eb"}, {"reviewed_on": "2024-01-01"}):
        with pytest.raises(ValidationError), transaction.atomic():
            actions.carry_over(drug, **{**given, "live_from": live, **wrong})
    assert not Entry.objects.exists()


# The record


def test_an_objection_that_was_passed_over_is_named(author, publisher, reviewer, tampering):
    second = a_person("second", "Clinical reviewer")
    edition = actions.submit(an_imatinib(by=author), by=author, change_note="First.")
    actions.review(edition, by=reviewer, outcome=Outcome.APPROVED)
    actions.review(edition, by=second, outcome=Outcome.CHANGES_REQUESTED, comment="The dose is wrong.")
    tampering().close()
    edition.refresh_from_db()
    edition._move(progress="approved")
    assert any("its newest review does not say so" in finding.sentence for finding in verify())
    actions.publish(edition, by=publisher)
    assert any("published without a review" in finding.sentence for finding in verify())


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE editions_edition SET submitted_by_id = (SELECT id FROM staff_user WHERE username = 'paula')",
        "UPDATE editions_edition SET published_by_id = submitted_by_id",
        "UPDATE editions_review SET reviewer_id = (SELECT id FROM staff_user WHERE username = 'paula')",
        "UPDATE editions_entry SET by_id = (SELECT id FROM staff_user WHERE username = 'edith')",
        "UPDATE editions_page SET kind = 'guide'",
        "UPDATE editions_page SET changes = 0",
        """UPDATE editions_entry SET statement = '{"details":{}}'""",
        "UPDATE editions_entry SET statement = '[]'",
    ],
)
def test_persons_pages_and_broken_statements_are_named_and_nothing_crashes(team, author, tampering, statement):
    published(an_imatinib(by=author), **team)
    with tampering() as cursor:
        cursor.execute(statement)
    assert any("guards" not in finding.sentence for finding in verify()), statement


def test_a_guard_with_other_words_under_the_same_name_is_noticed(team, author, tampering):
    from editions import triggers

    published(an_imatinib(by=author), **team)
    with tampering() as cursor:
        triggers.install(connection)
        assert verify() == []
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER edition_kept")
            cursor.execute("CREATE TRIGGER edition_kept BEFORE DELETE ON editions_edition BEGIN SELECT 1; END")
        else:
            cursor.execute(
                "CREATE OR REPLACE FUNCTION editions_edition_kept() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RETURN OLD; END $$"
            )
    assert any("edition_kept" in finding.sentence for finding in verify())


def test_a_name_in_decomposed_letters_or_over_two_lines_is_sealed_as_it_is_kept(author, publisher):
    zoe = a_person("zoe", "Clinical reviewer", public_name="Zoë")
    zoe.public_name, zoe.first_name, zoe.last_name = "", "Zoe\u0308", "Ames\n" + "x" * 200
    edition = actions.submit(an_imatinib(by=author), by=author, change_note="First.")
    review = actions.review(edition, by=zoe, outcome=Outcome.APPROVED)
    assert review.reviewer_name.startswith("Zoë Ames x") and len(review.reviewer_name) == 160
    assert verify() == []


def test_a_person_whose_name_cannot_be_published_is_told(author):
    eve = a_person("eve", "Clinical reviewer")
    eve.public_name, eve.first_name = "", "Ev\u202ee"
    edition = actions.submit(an_imatinib(by=author), by=author, change_note="First.")
    with pytest.raises(ValidationError, match="Your own name"):
        actions.review(edition, by=eve, outcome=Outcome.APPROVED)


def test_nobody_removes_their_own_name(administrator, author):
    actions.carry_over(
        an_imatinib(by=author),
        by=administrator,
        source="A page",
        reviewed_on="2018-04-03",
        live_from=datetime(2018, 4, 3, tzinfo=UTC),
        change_note="From there.",
    )
    with pytest.raises(actions.WrongProgress, match="another administrator"):
        actions.remove_name(administrator, by=administrator)


def test_a_second_edition_is_not_a_new_page(team, author):
    drug = an_imatinib(by=author)
    published(drug, **team)
    with pytest.raises(ValidationError, match="not a new page"):
        actions.submit(drug, by=author, change_note="Again.", change_kind="new")


def test_words_of_staff_with_a_forbidden_character_are_refused_with_a_sentence(team, author):
    drug = an_imatinib(by=author)
    edition = actions.submit(drug, by=author, change_note="First.")
    with pytest.raises(ValidationError, match="The comment: There is a character"):
        actions.review(edition, by=team["reviewer"], outcome=Outcome.APPROVED, comment="a\x0bb")


def test_terms_that_swap_their_names_are_restored(author):
    page = actions.open_page(kind="glossary", slug="glossary")
    glossary = kind("glossary")

    def terms(*pairs):
        return content.GlossaryContent(
            title="Glossary",
            terms=tuple(content.Term(key=key, name=name, definition=f"{name}.") for key, name in pairs),
        )

    for value in (terms(("a", "one"), ("b", "two")), terms(("a", "two"), ("b", "one"))):
        assert glossary.freeze(glossary.restore(value, page=page)) == value


def test_a_way_of_working_under_another_key_is_said_not_crashed_on(author):
    models.Mechanism(key="stops", name="Stops growth", text="It stops.").save()
    value = content.DrugContent(
        name="imatinib",
        summary="A drug.",
        status="in_use",
        mechanisms=(content.Mechanism(key="other", name="Stops growth", text="It stops."),),
    )
    with pytest.raises(ValidationError, match="is here under the key stops"), transaction.atomic():
        restore.restore_drug(value, page=actions.open_page(kind="drug", slug="imatinib"))


def test_only_who_may_does(author, reviewer, publisher, administrator, team):
    edition = actions.submit(an_imatinib(by=author), by=author, change_note="First.")
    wrong = (
        lambda: actions.submit(edition.page.kind_of_page.working_copy(edition.page), by=reviewer, change_note="x"),
        lambda: actions.review(edition, by=publisher, outcome=Outcome.APPROVED),
        lambda: actions.publish(edition, by=reviewer),
        lambda: actions.publish_urgently(edition, by=author, reason="x"),
        lambda: actions.take_back(edition, by=reviewer),
        lambda: actions.withdraw_page(edition.page, by=author, reason="x"),
        lambda: actions.move_page(edition.page, by=administrator, slug="x"),
        lambda: actions.mark_source("a", by=reviewer, standing="retracted", reason="x"),
        lambda: actions.tell_doubt(edition.page, by=author, sentence="x"),
        lambda: actions.remove_name(reviewer, by=publisher),
        lambda: actions.mark_reviewed(edition.page, by=author),
    )
    for call in wrong:
        with pytest.raises((PermissionDenied, actions.WrongProgress)):
            call()
    assert not Entry.objects.exists()
