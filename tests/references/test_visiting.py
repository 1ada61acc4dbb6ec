"""Following links politely. Time is the test's own: nothing here waits."""

from datetime import UTC, datetime

import pytest

from references.visiting import APART, NAME, Visitor, seconds_asked_for
from references.vocabulary import Outcome
from tests.references.servers import OPEN, answer


class Time:
    """A clock that goes on only while somebody sleeps."""

    def __init__(self):
        self.now, self.slept = 1000.0, []

    def sleep(self, seconds: float) -> None:
        if seconds:
            self.slept.append(round(seconds, 3))
            self.now += seconds


@pytest.fixture
def time():
    return Time()


@pytest.fixture
def visitor(time):
    return Visitor("https://www.example.org", gate=OPEN, clock=lambda: time.now, sleep=time.sleep, seconds=10)


def in_turn(*answers):
    """Answer with each of these in turn, the last for good."""
    left = list(answers)
    return lambda handler: (left.pop(0) if len(left) > 1 else left[0])(handler)


def status(number: int, **headers):
    return lambda handler: answer(handler, number, **headers)


def asked(site) -> list[str]:
    return [one for one in site.asked if "robots" not in one]


def test_a_link_that_opens_costs_one_request_without_a_body(site, visitor):
    site.says("/", body=b"words")
    visit = visitor.visit(site.address())
    assert (visit.outcome, visit.status, visit.leads_to) == (Outcome.REACHABLE, 200, site.address())
    assert site.asked == ["GET /robots.txt", "HEAD /"]
    assert {headers["User-Agent"] for headers in site.headers} == {f"{NAME}/1.0 (+https://www.example.org)"}


@pytest.mark.parametrize("refusal", [403, 404, 405, 501])
def test_where_head_is_refused_get_has_the_word(site, visitor, refusal):
    site.paths["/"] = lambda handler: answer(handler, refusal if handler.command == "HEAD" else 200)
    assert visitor.visit(site.address()).outcome == Outcome.REACHABLE
    assert asked(site) == ["HEAD /", "GET /"]


def test_where_head_is_not_answered_get_has_the_word(site, visitor):
    site.paths["/"] = lambda handler: answer(handler) if handler.command == "GET" else handler.connection.close()
    assert visitor.visit(site.address()).outcome == Outcome.REACHABLE


@pytest.mark.parametrize(
    ("number", "outcome"),
    [
        (401, Outcome.REFUSED),
        (403, Outcome.REFUSED),
        (404, Outcome.GONE),
        (410, Outcome.GONE),
        (418, Outcome.REFUSED),
        (503, Outcome.NOT_REACHED),
        (429, Outcome.REFUSED),
    ],
)
def test_each_answer_means_something(site, visitor, number, outcome):
    site.says("/", number)
    visit = visitor.visit(site.address())
    assert (visit.outcome, visit.status) == (outcome, number) and str(number) in visit.said


def test_only_a_lasting_redirect_is_a_move(site, visitor):
    site.says("/old", 301, Location="/new")
    site.says("/new", 302, Location="/today")
    site.says("/today")
    moved = visitor.visit(site.address("/old"))
    assert (moved.outcome, moved.leads_to) == (Outcome.MOVED, site.address("/new"))
    passing = visitor.visit(site.address("/new"))
    assert (passing.outcome, passing.leads_to) == (Outcome.REACHABLE, site.address("/today"))


def test_a_site_in_trouble_is_asked_again_after_a_pause(site, visitor, time):
    site.paths["/"] = in_turn(status(503), status(500), status(200))
    assert visitor.visit(site.address()).outcome == Outcome.REACHABLE
    assert asked(site) == ["HEAD /", "GET /", "GET /"] and 2.0 in time.slept


def test_a_site_that_asks_us_to_wait_is_waited_for_but_not_for_long(site, visitor, time):
    site.paths["/busy"] = in_turn(status(429, Retry_After="17"), status(200))
    assert visitor.visit(site.address("/busy")).outcome == Outcome.REACHABLE
    assert 17.0 in time.slept
    site.says("/closed", 503, Retry_After="86400")
    assert visitor.visit(site.address("/closed")).outcome == Outcome.NOT_REACHED
    assert asked(site)[-1] == "HEAD /closed" and max(time.slept) == 17.0


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("120", 120), ("Tue, 03 Mar 2026 10:00:30 GMT", 30), ("Tue, 03 Mar 2026 09:00:00 GMT", 0), ("soon", 0), ("", 0)],
)
def test_a_site_says_how_long_to_wait_in_seconds_or_by_a_date(text, seconds):
    assert seconds_asked_for(text, datetime(2026, 3, 3, 10, tzinfo=UTC)) == seconds


def test_a_host_is_asked_once_a_second_and_others_meanwhile(site, visitor, time):
    site.says("/")
    visitor.visit(site.address())
    visitor.visit(site.address())
    assert time.slept == [APART, APART]  # robots.txt, then the page twice
    visitor.visit(site.address(host="other.example"))
    assert time.slept == [APART] * 3
    assert site.asked.count("GET /robots.txt") == 2  # once for each site


def test_what_robots_may_not_read_is_left_alone(site, visitor):
    rules = f"User-agent: {NAME}\nDisallow: /private\n\nUser-agent: *\nDisallow: /\n"
    site.says("/robots.txt", body=rules.encode())
    site.says("/open", 302, Location="/private")
    assert visitor.visit(site.address("/private")).outcome == Outcome.ROBOTS
    assert visitor.visit(site.address("/open")).outcome == Outcome.ROBOTS
    assert asked(site) == ["HEAD /open"]


@pytest.mark.parametrize(
    ("number", "outcome"),
    [(404, Outcome.REACHABLE), (403, Outcome.REACHABLE), (500, Outcome.PUT_OFF), (503, Outcome.PUT_OFF)],
)
def test_missing_rules_allow_everything_and_a_site_in_trouble_nothing_now(site, visitor, number, outcome):
    site.says("/robots.txt", number)
    site.says("/")
    assert visitor.visit(site.address()).outcome == outcome


def test_a_site_that_turns_in_circles_without_cookies_is_left_to_a_person(site, visitor):
    site.says("/", 302, Location="/?cookies=no")
    site.says("/?cookies=no", 302, Location="/")
    assert visitor.visit(site.address()).outcome == Outcome.REFUSED


def test_a_site_that_is_not_there_is_told_from_one_that_answers(site, visitor):
    site.server_close()
    lost = visitor.visit(site.address())
    assert lost.outcome == Outcome.NOT_REACHED and "does not take the connection" in lost.said
    assert lost.has_network and not visitor.was_answered


def test_a_site_that_only_gives_its_rules_shows_that_there_is_a_network(site, visitor):
    site.says("/robots.txt", body=b"User-agent: *\nDisallow: /")
    visitor.visit(site.address())
    assert visitor.was_answered
