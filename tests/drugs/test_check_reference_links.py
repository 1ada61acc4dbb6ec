"""`check_reference_links`: pages that rest on a source whose link is dead are flagged."""

from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from drugs.models import DrugCitation
from drugs.rests_on import pages_resting_on
from editions import actions
from editions.models import CommandRun, Flag
from references.models import LinkCheck
from references.visiting import Visit, Visitor
from references.vocabulary import Outcome
from tests.factories import a_drug, a_reference, an_imatinib, changed, published

pytestmark = pytest.mark.django_db

GONE = Visit(Outcome.GONE, "The site says that the page is not there (status 404).", 404)
OPENS = Visit(Outcome.REACHABLE, "It opens.", 200)


@pytest.fixture
def reference():
    return a_reference(url="https://a.example/")


@pytest.fixture
def imatinib(author, team, reference):
    """Visitors read that imatinib's page cites the reference; its working copy does not any more."""
    drug = an_imatinib(by=author)
    citation = DrugCitation(drug=drug, reference=reference)
    citation.save()
    published(drug, **team)
    citation.delete()
    return drug


@pytest.fixture
def finds(monkeypatch):
    """What comes of every link from now on."""
    return lambda visit: monkeypatch.setattr(Visitor, "visit", lambda self, url: visit)


def run(*options, day: float = 0) -> str:
    out = StringIO()
    with time_machine.travel(timezone.now() + timedelta(days=day)):
        call_command("check_reference_links", *options, stdout=out)
    return out.getvalue()


def run_until_dead():
    for day in (1, 4, 8):
        said = run(day=day)
    return said


def test_pages_that_cite_a_source_with_a_dead_link_are_flagged_once(imatinib, author, reference, finds):
    sunitinib = a_drug("sunitinib", by=author, about=f'<p>It <a data-ref="{reference.key}">works</a>.</p>')
    a_drug("regorafenib", by=author)
    DrugCitation(drug=sunitinib, reference=reference).save()
    finds(GONE)
    assert "1 links followed (1 gone); 2 pages flagged, 0 flags put away." in run_until_dead()
    flags = Flag.objects.order_by("page__key")
    assert [(one.page.key, one.reason, one.subject) for one in flags] == [
        ("drug/imatinib", "link_dead", "reference/nakano-2018"),
        ("drug/sunitinib", "link_dead", "reference/nakano-2018"),
    ]
    assert "status 404" in flags[0].sentence and "https://a.example/" in flags[0].sentence
    assert "0 pages flagged" in run(day=9) and Flag.objects.count() == 2
    assert "1 links followed" in CommandRun.objects.get(name="check_reference_links").said


def test_a_resolved_flag_is_not_raised_again_for_the_same_failure(imatinib, reviewer, publisher, finds):
    finds(GONE)
    run_until_dead()
    with time_machine.travel(timezone.now() + timedelta(days=8.5)):
        actions.mark_reviewed(imatinib.page, by=reviewer)
        actions.resolve_flag(Flag.objects.get(), by=publisher, note="It is on paper too.")
    assert "0 pages flagged" in run(day=9)


def test_a_page_that_comes_to_cite_the_source_later_is_told_too(imatinib, author, reference, finds):
    finds(GONE)
    run_until_dead()
    DrugCitation(drug=a_drug("sunitinib", by=author), reference=reference).save()
    assert "1 pages flagged" in run(day=9)


def test_flags_go_when_the_link_opens_again_or_was_mended(imatinib, reference, finds):
    finds(GONE)
    run_until_dead()
    changed(reference, url="https://b.example/")
    finds(OPENS)
    assert "1 links followed (1 open); 0 pages flagged, 1 flags put away." in run(day=9)
    assert Flag.objects.get().note == "The link opens again."


def test_a_dry_run_asks_nobody_and_writes_nothing(reference, monkeypatch):
    monkeypatch.setattr(Visitor, "visit", lambda self, url: pytest.fail("asked"))
    assert run("--dry-run") == "Dry run, nothing was changed. 1 links would be followed.\n"
    assert not LinkCheck.objects.exists() and not CommandRun.objects.exists()


def test_a_machine_without_a_network_says_so(reference, finds):
    finds(Visit(Outcome.NOT_REACHED, "No network.", has_network=False))
    with pytest.raises(CommandError, match="this machine has no network"):
        run()
    assert not LinkCheck.objects.exists()


@pytest.mark.parametrize("option", ["--most=0", "--minutes=x"])
def test_numbers_are_one_or_more(option):
    with pytest.raises(CommandError, match="not a number of 1 or more"):
        run(option)


def test_a_scheduled_edition_rests_on_its_sources_too(author, team, reference):
    drug = an_imatinib(by=author)
    citation = DrugCitation(drug=drug, reference=reference)
    citation.save()
    published(drug, **team, live_from=timezone.now() + timedelta(days=3))
    citation.delete()
    assert [page.key for page in pages_resting_on(reference)] == ["drug/imatinib"]
