"""`verify_editions` names what was altered, removed or inserted behind the site's back."""

from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command

from editions import actions, record, seals
from editions.models import Edition, Entry, Record, Review
from editions.site import PublishedSite
from editions.vocabulary import Outcome
from tests.factories import a_reference, an_imatinib, changed, published

pytestmark = pytest.mark.django_db


@pytest.fixture
def a_record(team, author, publisher, reviewer):
    """A page with two editions, a review in between, a doubt, and a source marked."""
    a_reference("nakano-2018")
    drug = an_imatinib(by=author)
    changed(drug, about='<p>It works.<cite data-ref="nakano-2018"></cite></p>')
    published(drug, **team)
    actions.mark_reviewed(drug.page, by=reviewer)
    changed(drug, summary="The second edition says more.")
    published(drug, **team, change_note="More is known.")
    actions.tell_doubt(drug.page, by=publisher, sentence="We are checking this page.")
    actions.mark_source("nakano-2018", by=publisher, standing="corrected", reason="An erratum.")
    actions.move_page(drug.page, by=publisher, slug="imatinib-mesilate")
    return drug


def verified(*args) -> str:
    out = StringIO()
    call_command("verify_editions", *args, stdout=out)
    return out.getvalue()


def refused(*args) -> str:
    with pytest.raises(CommandError) as refusal:
        verified(*args)
    return str(refusal.value)


def first(text: str) -> str:
    return text.splitlines()[0]


def test_an_unaltered_record_holds_and_its_newest_seal_is_printed(a_record):
    entries, head = record.head()
    assert f"{entries} entries, newest seal {head}" in verified()
    on_paper = verified("--expect", head).partition("\n\n")[2].strip()
    assert len(on_paper.split()) == 16 and len(on_paper.splitlines()) == 4
    first_seal = Entry.objects.get(position=1).seal
    assert f"that of entry {entries}, " in verified("--expect", on_paper.upper())
    assert "that of entry 1, " in verified("--expect", first_seal)
    slip = ("0" if head[0] != "0" else "1") + head[1:]
    assert "differs in 1 of 64 letters" in refused("--expect", slip)
    for wrong, sentence in {head[1:]: "this one has 63", "z" + head[1:]: "this one has “z”"}.items():
        assert sentence in refused("--expect", wrong)


def test_an_empty_record_holds(db):
    assert "0 entries" in verified()


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        (
            "UPDATE editions_edition SET content_json = REPLACE(content_json, 'says', 'sayz') WHERE number = 2",
            "Edition 2 of drug/imatinib was altered: its content",
        ),
        (
            "UPDATE editions_edition SET change_note = 'Other.' WHERE number = 1",
            "Edition 1 of drug/imatinib was altered",
        ),
        (
            "UPDATE editions_edition SET live_from = '2001-01-01 00:00:00+00:00' WHERE number = 1",
            "Edition 1 of drug/imatinib was altered: its live date",
        ),
        (
            "UPDATE editions_edition SET number = 7 WHERE number = 2",
            "Edition 2 of drug/imatinib was altered: its number",
        ),
        ("UPDATE editions_review SET reviewer_name = 'Dr Nobody'", "the reviewer's name is not what was sealed"),
        ("UPDATE editions_review SET reviewer_name = '', name_salt = ''", "its name was taken away without a request"),
        ("UPDATE editions_review SET outcome = 'changes_requested'", "was altered: its verdict"),
        ("UPDATE editions_review SET reviewer_interests = 'Paid by the maker.'", "was altered: its verdict"),
        ("UPDATE editions_entry SET by_name = 'Nobody' WHERE position = 2", "Entry 2 was altered: the name"),
        ("UPDATE editions_entry SET act = 'withdrawn' WHERE position = 3", "Entry 3 was altered: its act"),
        (
            "UPDATE editions_entry SET statement = REPLACE(statement, 'checking', 'cheking') WHERE act = 'doubt_told'",
            "Entry 6 was altered: its seal does not fit",
        ),
        ("UPDATE editions_entry SET page_id = NULL WHERE position = 2", "Entry 2 was altered: its page"),
        ("DELETE FROM editions_mention", "what it mentions"),
        ("UPDATE editions_page SET slug = 'other'", "its address is not the one in the record"),
        ("DELETE FROM editions_formerslug", "former address"),
        ("UPDATE editions_record SET entries = 3", "own count was altered"),
    ],
)
def test_what_was_altered_is_named(a_record, tampering, statement, named):
    with tampering() as cursor:
        cursor.execute(statement)
    text = refused()
    assert "does not hold" in first(text)
    assert named in first(text), text


@pytest.mark.parametrize("which", ["first", "middle", "last"])
@pytest.mark.parametrize("table", ["edition", "review", "entry"])
def test_what_was_removed_is_named(a_record, tampering, table, which):
    with tampering() as cursor:
        order = "position" if table == "entry" else "id"
        cursor.execute(f"SELECT id FROM editions_{table} ORDER BY {order}")
        ids = [row[0] for row in cursor.fetchall()]
        victim = {"first": ids[0], "middle": ids[len(ids) // 2], "last": ids[-1]}[which]
        model = {"edition": Edition, "review": Review, "entry": Entry}[table]
        row = model.objects.get(pk=victim)
        cursor.execute(f"DELETE FROM editions_{table} WHERE id = %s", [victim])
    name = f"Entry {row.position} was removed" if table == "entry" else str(row.uid)
    assert name in first(refused())


def test_the_last_entry_is_missed_even_if_the_count_was_altered_with_it_when_its_seal_was_kept_elsewhere(
    a_record, tampering
):
    entries, head = record.head()
    before = Entry.objects.get(position=entries - 1)
    with tampering() as cursor:
        # The newest entry marks a move: whoever cuts it off puts the old address back as well.
        cursor.execute("DELETE FROM editions_entry WHERE position = %s", [entries])
        cursor.execute("UPDATE editions_record SET entries = %s, head = %s", [entries - 1, before.seal])
        cursor.execute("UPDATE editions_page SET slug = 'imatinib' WHERE slug = 'imatinib-mesilate'")
        cursor.execute("DELETE FROM editions_formerslug")
    text = refused("--expect", head)
    assert head[:16] in text and "was removed" in text.replace("were removed", "was removed")
    assert first(refused()).endswith("Run `manage.py migrate` to put them back.")  # only the dropped guards show


def test_an_inserted_edition_or_review_is_named(a_record, tampering, author):
    edition = Edition.objects.get(number=1)
    with tampering():
        pass
    copy = Edition(
        page=edition.page,
        content_json=edition.content_json,
        change_kind="content",
        change_note="Slipped in.",
        review_interval_months=12,
        changes_at_freeze=0,
        submitted_by=author,
        submitted_at=edition.submitted_at,
        progress="published",
        number=3,
        published_at=edition.published_at,
        published_by=author,
        live_from=edition.live_from,
    )
    copy.save()
    assert "Edition 3 of drug/imatinib was inserted" in refused()


def test_a_reviewed_day_that_does_not_follow_from_the_record_is_named(a_record, monkeypatch):
    monkeypatch.setattr("editions.read_pages.london_day", lambda at: at.date().replace(year=2031))
    assert "last reviewed" in refused()


def test_a_chain_that_was_forged_anew_fails_against_a_seal_that_was_kept_elsewhere(a_record, tampering):
    _, head = record.head()
    with tampering() as cursor:
        previous = seals.GENESIS
        for entry in Entry.objects.order_by("position"):
            statement = entry.statement.replace("We are checking this page.", "All is well.")
            seal = seals.seal(previous, statement)
            cursor.execute(
                "UPDATE editions_entry SET statement = %s, previous_seal = %s, seal = %s WHERE id = %s",
                [statement, previous, seal, entry.pk],
            )
            previous = seal
        cursor.execute("UPDATE editions_record SET head = %s", [previous])
    assert "own guards" in first(refused())  # by itself the forged chain fits
    assert head[:16] in first(refused("--expect", head))


def test_a_name_is_erased_on_request_and_the_chain_still_holds(a_record, reviewer, administrator):
    with pytest.raises(PermissionDenied):
        actions.remove_name(reviewer, by=reviewer)
    actions.remove_name(reviewer, by=administrator)
    assert not Review.objects.exclude(reviewer_name="").exists()
    assert "holds" in verified()
    assert PublishedSite().page("drug", "imatinib-mesilate").review.name == "name removed on request"


def test_the_site_says_when_the_databases_own_guards_are_gone(a_record, tampering):
    with tampering():
        pass
    assert "edition_frozen" in refused()


def test_reviews_and_entries_know_the_reviewer_only_by_a_salted_hash(a_record, reviewer):
    for entry in Entry.objects.all():
        assert "Ravi" not in entry.statement
    review = Review.objects.first()
    assert review.outcome == Outcome.APPROVED
    assert seals.name_hash("Dr Ravi Shah", review.name_salt) == review.name_hash
    assert Record.objects.get().entries == Entry.objects.count()


def test_an_edition_whose_approval_was_never_given_is_named_even_if_the_chain_fits(author, publisher, tampering):
    # Somebody with the database in hand writes a fitting entry, but has no review to rest it on.
    edition = actions.submit(an_imatinib(by=author), by=author, change_note="First.")
    tampering().close()
    Edition._move(edition, progress="approved")
    actions.publish(edition, by=publisher)
    assert "published without a review" in first(refused())
