"""The rows that lists are made of say what is live at each moment, as the record does, and can be made anew."""

from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from basics.days import london_day
from editions import actions, derived, record
from editions.models import Edition, Heading, Listing, Mention, Page
from editions.rows import letter_of, named, sortable
from editions.site import PublishedSite
from editions.verification import verify
from editions.vocabulary import Progress
from tests.examples import examples
from tests.factories import a_condition, a_drug, an_indication, approved, changed, published

pytestmark = pytest.mark.django_db


def moving(**days) -> time_machine.travel:
    return time_machine.travel(timezone.now() + timedelta(**days), tick=True)


def listed(site: PublishedSite | None = None) -> list[str]:
    return [page.title for page in (site or PublishedSite()).listed("drug")[:]]


def rows() -> list[tuple]:
    return list(
        Listing.objects.order_by("edition").values_list("edition", "title", "columns", "live_from", "live_until")
    )


def test_lists_show_what_is_live_never_a_draft_and_a_scheduled_edition_from_its_moment_on(team, author):
    drug = a_drug("imatinib", by=author)
    assert listed() == []
    actions.submit(drug, by=author, change_note="First.")
    assert listed() == [] and len(rows()) == 1
    actions.take_back(Edition.objects.get(), by=author)
    published(drug, **team)
    day = london_day(timezone.now())
    published(changed(drug, name="newinib"), live_from=timezone.now() + timedelta(days=3), **team)
    assert listed() == ["imatinib"]
    with moving(days=4):
        assert listed() == ["newinib"]
        assert listed(PublishedSite.as_of(day)) == ["imatinib"]
        actions.withdraw_page(drug.page, by=team["publisher"], reason="Its licence ended.")
        assert listed() == [] and listed(PublishedSite.as_of(day)) == ["imatinib"]
        published(changed(drug, name="again"), **team)
        assert listed() == ["again"] and verify() == []


def test_an_edition_taken_off_the_schedule_is_not_listed_when_its_moment_comes(team):
    drug = a_drug("imatinib")
    published(drug, **team)
    drug = changed(drug, name="newinib")
    edition = published(drug, live_from=timezone.now() + timedelta(days=3), **team)
    actions.take_off_schedule(edition, by=team["publisher"])
    with moving(days=4):
        assert listed() == ["imatinib"] and verify() == []


STEPS = st.lists(
    st.sampled_from(["publish", "schedule", "urgently", "unschedule", "withdraw", "read", "wait"]), max_size=7
)


@given(steps=STEPS)
@settings(max_examples=examples(15), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_done_the_rows_are_live_when_the_record_says_so(team, steps):
    drug, now, moments = a_drug(f"drug{Page.objects.count()}"), record.now(), []
    for place, step in enumerate(steps):
        now += timedelta(days=2)
        with time_machine.travel(now, tick=True):
            scheduled = drug.page.editions.scheduled(timezone.now()).first()
            try:
                if step in {"publish", "schedule"}:
                    begins = now + timedelta(days=3) if step == "schedule" else None
                    edition = drug.page.editions.filter(progress=Progress.APPROVED).first()
                    edition = edition or approved(
                        changed(drug, summary=f"{place}."), author=team["author"], reviewer=team["reviewer"]
                    )
                    actions.publish(edition, by=team["publisher"], live_from=begins)
                elif step == "unschedule" and scheduled:
                    actions.take_off_schedule(scheduled, by=team["publisher"])
                elif step == "urgently":
                    drug = changed(drug, summary=f"{place}, urgently.")
                    edition = actions.submit(drug, by=team["author"], change_note="Urgent.")
                    actions.publish_urgently(edition, by=team["publisher"], reason="It cannot wait.")
                elif step == "read":
                    actions.mark_reviewed(drug.page, by=team["reviewer"])
                elif step == "withdraw":
                    actions.withdraw_page(drug.page, by=team["publisher"], reason="Its licence ended.")
            except actions.Refused:
                pass  # not in this state
            moments += [timezone.now(), now + timedelta(days=1), now + timedelta(days=4)]
        for later in (0, 4):
            with time_machine.travel(now + timedelta(days=later), tick=True):
                kept = Listing.objects.live(record.now()).values_list(
                    "edition", "last_reviewed", "review_due", "awaits_review"
                )
                told = PublishedSite().outline()
                assert sorted(kept) == sorted(
                    (page.edition_id, page.last_reviewed, page.review_due, page.awaits_review) for page in told
                )
    for moment in moments:
        by_record = set(Edition.objects.live(moment).values_list("pk", flat=True))
        assert set(Listing.objects.live(moment).values_list("edition", flat=True)) == by_record


def test_everything_can_be_made_anew_and_is_made_after_a_migrate(team):
    drug = a_drug("imatinib")
    an_indication(drug, a_condition("GIST"))
    published(drug, **team)
    published(changed(drug, name="newinib"), live_from=timezone.now() + timedelta(days=3), **team)
    before, ties, headings = rows(), Mention.objects.count(), Heading.objects.count()
    assert len(before) == 2 and ties and headings
    Listing.objects.all().delete()
    call_command("migrate", verbosity=0)
    assert (rows(), Mention.objects.count(), Heading.objects.count()) == (before, ties, headings)
    Listing.objects.update(title="Otherwise", form=derived.FORM - 1)
    call_command("migrate", verbosity=0)
    assert rows() == before
    Listing.objects.update(title="Otherwise")
    call_command("rebuild_derived")
    assert (rows(), Mention.objects.count(), Heading.objects.count()) == (before, ties, headings)


def test_a_row_whose_time_does_not_follow_from_the_record_is_named(team):
    published(a_drug("imatinib"), **team)
    assert verify() == []
    Listing.objects.update(live_until=timezone.now())
    (finding,) = verify()
    assert "drug/imatinib" in finding.sentence and "rebuild_derived" in finding.sentence
    call_command("rebuild_derived")
    assert verify() == []


def test_names_stand_in_the_order_of_their_letters_whatever_their_case_and_accents():
    names = ["Zelboraf", "álvocidib", "Alecensa", "5-FU", "alpelisib", "ß-drug"]
    assert sorted(names, key=sortable) == ["5-FU", "Alecensa", "alpelisib", "álvocidib", "ß-drug", "Zelboraf"]
    assert [letter_of(name) for name in names] == ["z", "a", "a", "0-9", "a", "s"]
    assert named("x" * 900).sort == "x" * 200
