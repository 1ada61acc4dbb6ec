"""Flags: why a page has to be looked at again, and that somebody looked before they are put away."""

from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.utils import timezone

from basics.revisions import revising
from drugs.models import Decision, Drug, DrugCitation, IndicationPartner
from editions import actions
from editions.models import CommandRun, Flag
from editions.verification import verify
from editions.vocabulary import FlagReason
from tests.desk import Desk
from tests.factories import a_drug, a_guide, a_reference, an_imatinib, an_indication, changed, published

pytestmark = pytest.mark.django_db


@pytest.fixture
def drug(author, team):
    drug = an_imatinib(by=author)
    published(drug, **team)
    return drug


def flag(page, **fields) -> Flag:
    return actions.raise_flag(page, **{"reason": FlagReason.FEEDBACK, "sentence": "A reader wrote.", **fields})


def later(days: float):
    return time_machine.travel(timezone.now() + timedelta(days=days))


def test_a_flag_is_raised_once_while_it_is_open(drug):
    assert flag(drug.page) and flag(drug.page) is None
    assert flag(drug.page, subject="reference/x-2018") and Flag.objects.count() == 2


def test_a_flag_is_put_away_only_after_somebody_looked(drug, publisher, reviewer):
    raised = flag(drug.page)
    with pytest.raises(actions.WrongProgress, match="Nobody has reviewed the page since"):
        actions.resolve_flag(raised, by=publisher, note="It holds.")
    actions.mark_reviewed(drug.page, by=reviewer)
    actions.resolve_flag(raised, by=publisher, note="It holds.")
    raised.refresh_from_db()
    assert (raised.resolved_by, raised.note) == (publisher, "It holds.")
    with pytest.raises(actions.WrongProgress, match="resolved already"):
        actions.resolve_flag(raised, by=publisher, note="Again.")


def test_a_new_edition_is_a_look_as_well_but_not_one_submitted_before_the_flag(drug, author, team, publisher):
    with revising(by=author, because="x"):
        drug = changed(drug, summary="Before.")
    edition = actions.submit(drug, by=author, change_note="x")
    raised = flag(drug.page)
    actions.review(edition, by=team["reviewer"], outcome="approved", scope="change")
    actions.publish(edition, by=publisher)
    with pytest.raises(actions.WrongProgress):
        actions.resolve_flag(raised, by=publisher, note="Mended.")
    with revising(by=author, because="x"):
        drug = changed(drug, summary="After.")
    published(drug, change_note="Mended.", **team)
    assert actions.resolve_flag(raised, by=publisher, note="Mended.").resolved_at


def test_only_who_may_resolves_it(drug, author, reviewer):
    raised = flag(drug.page)
    actions.mark_reviewed(drug.page, by=reviewer)
    with pytest.raises(PermissionDenied):
        actions.resolve_flag(raised, by=author, note="It holds.")


def test_a_flag_that_is_said_aloud_stands_on_the_page_until_it_is_resolved(drug, client, publisher, reviewer):
    raised = flag(drug.page)
    paula = Desk(publisher)
    sentence = "We are checking this page: a reader wrote."
    assert paula.step(drug.page, "tell-doubt", sentence=sentence, flag=raised.pk).status_code == 302
    assert sentence in client.get("/drugs/imatinib/").text and Flag.objects.count() == 1
    assert paula.step(drug.page, "resolve-flag", flag=raised.pk, note="It holds.").status_code == 409
    Desk(reviewer).step(drug.page, "mark-reviewed", kinds=["clinical"])
    assert paula.step(drug.page, "resolve-flag", flag=raised.pk, note="It holds.").status_code == 302
    assert sentence not in client.get("/drugs/imatinib/").text
    assert "It holds." in client.get("/drugs/imatinib/history/").text and verify() == []


def test_a_doubt_is_a_flag_too_and_goes_with_it(drug, publisher):
    actions.tell_doubt(drug.page, by=publisher, sentence="We are checking this page.")
    assert Flag.objects.open().get().reason == FlagReason.DOUBT
    assert "Flagged: somebody doubts it" in Desk(publisher).client.get("/admin/").text
    actions.settle_doubt(drug.page, by=publisher, note="It holds.")
    assert not Flag.objects.open().exists()


def test_a_source_that_falls_flags_a_page_that_will_cite_it_too(drug, author, team, publisher):
    with revising(by=author, because="x"):
        DrugCitation(drug=drug, reference=a_reference()).save()
    published(drug, change_note="x", live_from=timezone.now() + timedelta(days=3), **team)
    actions.mark_source("nakano-2018", by=publisher, standing="retracted", reason="The journal took it back.")
    assert Flag.objects.get().page == drug.page


def test_a_source_that_falls_flags_every_live_page_that_cites_it(author, team, publisher):
    reference = a_reference()
    for name in ("imatinib", "sunitinib", "regorafenib"):
        row = a_drug(name, by=author)
        if name != "regorafenib":
            DrugCitation(drug=row, reference=reference).save()
        published(row, **team)
    actions.mark_source(reference.key, by=publisher, standing="retracted", reason="Made up.")
    flags = Flag.objects.open().order_by("page__key")
    assert [(one.page.key, one.reason) for one in flags] == [
        ("drug/imatinib", "source_changed"),
        ("drug/sunitinib", "source_changed"),
    ]
    assert "nakano-2018” that it cites is retracted: Made up." in Desk(author).get(flags[0].page).text


@pytest.mark.parametrize("what", ["status", "decision", "words"])
def test_a_change_of_status_or_of_a_decision_flags_what_mentions_the_drug_and_other_words_do_not(
    drug, author, team, what
):
    other = a_drug("sunitinib", by=author)
    IndicationPartner(indication=an_indication(other), drug=drug).save()
    published(other, **team)
    published(a_guide(drugs=[drug]), **team)
    with revising(by=author, because="x"):
        if what == "status":
            changed(drug.indications.get(), certainty="no_longer_used")
            changed(drug, status="no_longer_used", status_as_of="2019")
        elif what == "decision":
            Decision(
                drug=drug, body="nice", nation="england", subject="GIST", outcome="recommended", date="2026"
            ).save()
        else:
            changed(drug, summary="Other words.")
    published(Drug.objects.get(pk=drug.pk), change_note="x", **team)
    found = sorted(Flag.objects.open().values_list("page__key", flat=True))
    assert found == ([] if what == "words" else ["drug/sunitinib", "guide/a-guide"])


# The commands


def run(command: str, *args) -> str:
    out = StringIO()
    call_command(command, *args, stdout=out)
    return out.getvalue()


def test_pages_past_their_date_are_flagged_once_and_put_away_when_they_were_reviewed(drug, reviewer, author):
    assert "0 pages flagged" in run("flag_due_reviews")
    with later(400):
        assert "Dry run, nothing was changed. 1 pages flagged" in run("flag_due_reviews", "--dry-run")
        assert not Flag.objects.exists()
        assert "1 pages flagged as due, 0 flags put away" in run("flag_due_reviews")
        assert "0 pages flagged as due, 0 flags put away" in run("flag_due_reviews")
        assert "Its review was due on" in Desk(author).get(drug.page).text
        actions.mark_reviewed(drug.page, by=reviewer)
        assert not Flag.objects.open().exists()
        flag = Flag.objects.get()
        # Who it was stands beside it, and not in words from which a name could not be removed.
        assert (flag.note, flag.resolved_by) == ("The whole page was reviewed.", reviewer)
    assert CommandRun.objects.get(name="flag_due_reviews").said.startswith("0 pages flagged")


def test_a_flag_that_no_review_put_away_goes_with_the_next_run(drug, publisher):
    with later(400):
        run("flag_due_reviews")
        actions.withdraw_page(drug.page, by=publisher, reason="It is no longer made.")
        assert "0 pages flagged as due, 1 flags put away" in run("flag_due_reviews")


def test_the_desk_says_when_the_nightly_commands_last_ran(drug, author):
    assert "never yet" in Desk(author).client.get("/admin/").text
    run("flag_due_reviews")
    assert "0 pages flagged as due" in Desk(author).client.get("/admin/").text
