"""What is kept of a link, when it counts as dead, and what an editor sees of it."""

from datetime import UTC, datetime, timedelta

import pytest

from references import link_check
from references.models import LinkCheck, Reference
from references.visiting import Visit
from references.vocabulary import Outcome
from tests.desk import Desk
from tests.factories import a_reference, changed

pytestmark = pytest.mark.django_db

START = datetime(2026, 3, 2, 2, tzinfo=UTC)
OPENS = Visit(Outcome.REACHABLE, "It opens.", 200, "https://doi.org/10.1000/a")
GONE = Visit(Outcome.GONE, "The site says that the page is not there (status 404).", 404)
LOST = Visit(Outcome.NOT_REACHED, "“a.example” did not answer in time.")
REFUSED = Visit(Outcome.REFUSED, "The site does not answer programs (status 403).", 403)
PUT_OFF = Visit(Outcome.PUT_OFF, "“a.example” cannot say now what programs may read.")
NO_NETWORK = Visit(Outcome.NOT_REACHED, "This machine has no network.", has_network=False)


class Finds:
    """A visitor who finds what a test says, for each link or for all."""

    def __init__(self, *visits: Visit):
        self.visits, self.asked, self.was_answered = list(visits), [], False

    def visit(self, url: str) -> Visit:
        self.asked.append(url)
        visit = self.visits.pop(0) if len(self.visits) > 1 else self.visits[0]
        self.was_answered = self.was_answered or visit.status is not None
        return visit


def check_on(day: float, *visits: Visit, references=None):
    references = link_check.to_check(200) if references is None else references
    return link_check.check(references, visitor=Finds(*visits), now=lambda: START + timedelta(days=day))


def kept(reference) -> LinkCheck:
    return LinkCheck.objects.get(reference=reference)


def test_readers_links_are_followed_the_longest_unchecked_first():
    first = a_reference("a-2018", doi="10.1000/a", url="https://a.example/")
    second = a_reference("b-2018", url="https://b.example/")
    a_reference("c-2018", pmid="1")
    visitor = Finds(OPENS)
    link_check.check([second], visitor=visitor, now=lambda: START)
    link_check.check(link_check.to_check(200), visitor=visitor, now=lambda: START)
    assert visitor.asked == ["https://b.example/", "https://doi.org/10.1000/a", "https://b.example/"]
    assert list(link_check.to_check(1)) == [first]


def test_a_link_is_dead_after_three_days_of_failing_over_a_week():
    reference = a_reference(url="https://a.example/")
    check_on(0, OPENS)
    for day in (1, 4, 7.9):
        check_on(day, GONE if day == 4 else Visit(Outcome.GONE, "Gone.", 410))
        assert not kept(reference).is_dead
    check_on(8, LOST)
    found = kept(reference)
    assert found.is_dead and list(LinkCheck.objects.dead()) == [found]
    assert (found.failures, found.failing_since, found.last_good_at) == (4, START + timedelta(days=1), START)


def test_many_failures_on_one_day_are_one():
    reference = a_reference(url="https://a.example/")
    for hour in range(6):
        check_on(hour / 24, GONE)
    check_on(8, GONE)
    assert kept(reference).failures == 2 and not LinkCheck.objects.dead().exists()


@pytest.mark.parametrize("outcome", [OPENS, REFUSED])
def test_a_site_that_answers_again_is_not_dead(outcome):
    reference = a_reference(url="https://a.example/")
    for day in (0, 4, 8):
        check_on(day, GONE)
    assert LinkCheck.objects.dead().exists()
    check_on(9, outcome)
    assert not LinkCheck.objects.dead().exists() and kept(reference).failures == 0


def test_being_put_off_counts_neither_way():
    reference = a_reference(url="https://a.example/")
    check_on(0, GONE)
    check_on(4, PUT_OFF)
    assert (kept(reference).outcome, kept(reference).failures) == ("put_off", 1)
    for day, visit in ((5, GONE), (6, GONE), (8, PUT_OFF)):
        check_on(day, visit)
    assert not kept(reference).is_dead and not LinkCheck.objects.dead().exists()
    check_on(9, GONE)
    assert kept(reference).is_dead and LinkCheck.objects.dead().exists()


def test_what_came_of_another_link_does_not_count():
    reference = a_reference(url="https://a.example/")
    check_on(0, GONE)
    reference = changed(reference, title="Another title")
    assert LinkCheck.objects.count() == 1
    changed(reference, url="https://b.example/")
    assert not LinkCheck.objects.exists()


def test_a_link_that_is_edited_while_it_is_followed_is_not_judged():
    reference = a_reference(url="https://a.example/")
    stale = Reference.objects.get()
    changed(reference, url="https://b.example/")
    assert check_on(0, GONE, references=[stale]).checked == 0 and not LinkCheck.objects.exists()


def test_without_a_network_no_link_is_blamed():
    a_reference("a-2018", url="https://a.example/")
    assert not check_on(0, NO_NETWORK).has_network
    a_reference("b-2018", url="https://b.example/")
    assert check_on(0, LOST).has_network and LinkCheck.objects.count() == 2
    a_reference("c-2018", url="https://c.example/")
    assert not check_on(1, LOST).has_network
    assert set(LinkCheck.objects.values_list("failures", flat=True)) == {1}


def test_the_resolver_of_dois_is_not_believed_to_be_down():
    a_reference("a-2018", doi="10.1000/a")
    assert not check_on(0, LOST).has_network and check_on(0, GONE).has_network


def test_one_answer_shows_that_there_is_a_network():
    for name in "abcd":
        a_reference(f"{name}-2018", url=f"https://{name}.example/")
    report = check_on(0, LOST, NO_NETWORK, LOST, OPENS)
    assert report.has_network and report.outcomes == {Outcome.NOT_REACHED: 3, Outcome.REACHABLE: 1}


def test_a_run_stops_when_its_time_is_used_up():
    for name in "abc":
        a_reference(f"{name}-2018", url=f"https://{name}.example/")
    clock = iter([0, 0, 5, 10])
    report = link_check.check(link_check.to_check(9), visitor=Finds(OPENS), seconds=10, clock=lambda: next(clock))
    assert report.checked == 2


def test_an_editor_reads_on_the_form_what_came_of_the_link(author):
    reference = a_reference(url="https://a.example/old")
    assert "It was not followed yet" in Desk(author).get(reference).text
    check_on(0, Visit(Outcome.MOVED, "It has moved for good.", 200, "https://a.example/new"))
    text = Desk(author).get(reference).text
    assert "It has moved for good. It leads to https://a.example/new Followed on 2 March 2026." in text
    assert "Does its link open?" in text
    for day in (1, 5, 9):
        check_on(day, GONE)
    text = Desk(author).get(reference).text
    assert "counts as dead" in text and "status 404" in text and "2 March 2026" in text
