"""A site on which everything happened that a record can tell of, and pictures of what visitors read on it."""

import contextlib
from dataclasses import replace
from datetime import timedelta

from django.db import transaction
from django.test import Client
from django.utils import timezone

from basics.revisions import revising
from drugs import starter
from drugs.merging import merge
from drugs.models import Drug, GuideSection
from drugs.starter_files import read_starter
from editions import actions
from editions.kinds import all_kinds
from editions.models import Edition, Flag, Page
from editions.site import PublishedSite
from editions.vocabulary import ChangeKind, FlagReason, Outcome, Scope
from references.models import Reference
from tests.factories import a_condition, a_person, a_reference, changed, published

DAYS = ("2018-04-02", "2018-04-03", "2020-01-01")


@contextlib.contextmanager
def another_site():
    """A site that is gone again at the end: the database is as empty as before."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def live_a_while() -> None:
    """Load the starter content, and do every public act at least once, by people of all roles."""
    starter.load(read_starter())
    edith, ravi, paula = a_team()
    team = {"author": edith, "reviewer": ravi, "publisher": paula}
    _reviews_and_publications(team)
    _notices(paula)
    _schedule(team)
    _drafts(edith, paula)
    merge(a_reference("berry-2017-b"), Reference.objects.get(key="berry-2017"), by=edith)
    leaver = a_person("lena", "Clinical reviewer", public_name="Dr Lena Old")
    actions.mark_reviewed(page("condition/gist"), by=leaver)
    actions.remove_name(leaver, by=a_person("ada", "Administrator", public_name="Ada Novak"))


def a_team():
    edith = a_person("edith", "Author", public_name="Edith Ames", email="edith@example.org")
    ravi = a_person("ravi", "Clinical reviewer", public_name="Dr Ravi Shah", professional_role="oncologist")
    return edith, ravi, a_person("paula", "Publisher", public_name="Paula Quinn")


def page(key: str) -> Page:
    return Page.objects.get(key=key)


def drug(name: str) -> Drug:
    return Drug.objects.get(name=name)


def reword(row, by, **fields):
    with revising(by=by, because="Clearer words"):
        return changed(row, **fields)


def _reviews_and_publications(team) -> None:
    edith, ravi, paula = team.values()
    # Asked for changes, submitted again, published, its note put right.
    sent = actions.submit(reword(drug("sunitinib"), edith, summary="A capsule."), by=edith, change_note="Shorter.")
    actions.review(
        sent, by=ravi, outcome=Outcome.CHANGES_REQUESTED, comment="Say “by mouth”.", remarks={"about": "Why?"}
    )
    edition = published(reword(drug("sunitinib"), edith, summary="A capsule, by mouth."), **team, change_note="Shrter.")
    actions.correct_note(edition, by=paula, note="Shorter.", reason="A letter was missing.")
    # A correction by a guest, whose name is removed later.
    edition = actions.submit(
        drug("pazopanib"), by=edith, change_note="A date put right.", change_kind=ChangeKind.CORRECTION
    )
    token = actions.invite_reviewer(edition, by=paula, name="Grace Okafor", email="grace@example.org")
    guest = {"name": "Dr Grace Okafor", "role": "oncologist, Lagos", "interests": "None"}
    given = actions.review_by_invitation(token, outcome=Outcome.APPROVED, scope=Scope.CHANGE, **guest)
    edition.refresh_from_db()
    actions.publish(edition, by=paula)
    actions.remove_guest_name(given, by=a_person("adam", "Administrator", public_name="Adam Old"))
    # Olaratumab was published before review; somebody reads it late.
    actions.review(Edition.objects.awaiting_review().get(page__key="drug/olaratumab"), by=ravi, outcome="approved")
    # Taken back; published urgently after that.
    actions.take_back(actions.submit(drug("imatinib"), by=edith, change_note="Too early."), by=edith)
    urgent = actions.submit(drug("imatinib"), by=edith, change_note="A warning.", change_kind=ChangeKind.URGENT)
    actions.publish_urgently(urgent, by=paula, reason="A letter of the regulator.")


def _notices(paula) -> None:
    actions.settle_doubt(page("drug/imatinib"), by=paula, note="The new edition says so.")
    actions.tell_doubt(page("drug/sunitinib"), by=paula, sentence="We are checking the dose.")
    actions.mark_source("nakano-2018", by=paula, standing="corrected", reason="An erratum.")
    actions.withdraw_page(page("drug/cediranib"), by=paula, reason="Nobody studies it any more.")
    actions.move_page(page("drug/regorafenib"), by=paula, slug="regorafenib-stivarga", reason="Its brand.")
    actions.move_page(page("condition/dfsp"), by=paula, slug="dermatofibrosarcoma")
    actions.move_page(page("condition/dfsp"), by=paula, slug="dfsp")
    actions.raise_flag(
        page("guide/" + GUIDE), reason=FlagReason.FEEDBACK, sentence="A reader asks about a word.", by=paula
    )


GUIDE = "targeted-cancer-drugs-for-soft-tissue-sarcoma"


def _schedule(team) -> None:
    edith, _, paula = team.values()
    soon = timezone.now() + timedelta(days=3)
    # Scheduled, taken off, scheduled again.
    edition = published(drug("axitinib"), **team, change_note="Later facts.", live_from=soon)
    actions.take_off_schedule(edition, by=paula, reason="Not yet.")
    edition.refresh_from_db()
    actions.publish(edition, by=paula, live_from=soon)
    # Scheduled, and set aside by another that was published first.
    published(drug("ridaforolimus"), **team, change_note="Later.", live_from=soon)
    again = actions.submit(drug("ridaforolimus"), by=edith, change_note="Now.", change_kind=ChangeKind.URGENT)
    actions.publish_urgently(again, by=paula, reason="It cannot wait.")
    # Scheduled, and withdrawn before its moment.
    gist = page("condition/advanced-gist").kind_of_page.working_copy(page("condition/advanced-gist"))
    published(reword(gist, edith, summary="GIST that has spread."), **team, live_from=soon)
    actions.withdraw_page(gist.page, by=paula, reason="It is told elsewhere.")


def _drafts(edith, paula) -> None:
    with revising(by=edith, because="A new page"):
        a_condition("angiosarcoma", "angiosarcoma", summary="")
        a_reference("nobody-2020", title="A paper that no page cites")
    actions.submit(reword(drug("olaratumab"), edith, research="<p>None.</p>"), by=edith, change_note="In review.")
    section = GuideSection.objects.first()
    reword(section, edith, text="<p>Words in no edition yet.</p>")
    actions.care_for(page("drug/imatinib"), by=paula, owner=edith, review_interval_months=6)
    assert Flag.objects.exists()


# Pictures


def outlines() -> list:
    """What visitors read, now and on past days, without the numbers that a database gives its rows."""
    sites = [PublishedSite(), *(PublishedSite.as_of(timezone.datetime.fromisoformat(day).date()) for day in DAYS)]
    return [
        (
            [replace(one, edition_id=0, page_id=0) for one in site.outline()],
            [replace(one, edition_id=0, page_id=0) for one in [*site.everything(), *site.changes(100)]],
            {one.key: site.history(one) for kind in all_kinds() for one in site.list(kind.name)},
        )
        for site in sites
    ]


def public_pages() -> dict[str, tuple[int, str, bytes]]:
    """Every public address and what it answers: status, where it leads, and the bytes."""
    client = Client()
    answers = {address: client.get(address) for address in _addresses()}
    return {
        address: (answer.status_code, answer.headers.get("Location", ""), answer.content)
        for address, answer in answers.items()
    }


def _addresses() -> list[str]:
    found = ["/", "/drugs/", "/conditions/", "/references/", "/references/nakano-2018/", "/drugs/regorafenib/"]
    found += ["/search/?q=sarcoma", "/search/?q=cediranib"]
    for one in Page.objects.order_by("key"):
        here = one.get_absolute_url()
        found += [
            here,
            f"{here}history/",
            *(f"{here}editions/{number}/" for number in (1, 2, 3)),
            f"{here}compare/1/2/",
        ]
    return found + [f"/as-of/{day}{address}" for day in DAYS for address in found if "editions" not in address]
