"""Following a link as a polite program does, and saying what came of it. Plain Python."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import takewhile
from urllib.parse import urlsplit

from references.fetching import (
    STRICT,
    Answer,
    Gate,
    NoNetwork,
    NotConnected,
    NotFetched,
    TimedOut,
    TooManyRedirects,
    fetch,
)
from references.robots import Robots, RobotsNotNow, RobotsSayNo, SiteNotReached
from references.vocabulary import Outcome

NAME = "ReferenceLinkCheck"  # by which robots.txt files can speak to us
APART = 1.0  # seconds between two requests to one host
# Without a body to send, HEAD costs a site least; many refuse it, so only GET is believed when it fails.
# Each with the seconds after it, if it came to nothing; then GET has the last word.
_ATTEMPTS = (("HEAD", 0.0), ("GET", 2.0), ("GET", 8.0))
_LONGEST_WAIT = 30.0  # seconds that a site may ask us to wait; whoever asks for more is visited another day
_ROBOTS_BYTES = 1_000_000  # RFC 9309, 2.5, asks for 500 KiB at least


@dataclass(frozen=True)
class Visit:
    """What came of a link: the status, if a site answered; where it leads or has moved to; a sentence for an editor.

    `has_network` is False where it looks as if this machine reached nobody at all.
    """

    outcome: Outcome
    said: str
    status: int | None = None
    leads_to: str = ""
    has_network: bool = True


@dataclass
class Visitor:
    """Visits links, one at a time. `site` is our own address, by which those who are visited can find us.

    `was_answered` tells whether any site answered so far, be it by its rules only: then this machine has a network.
    """

    site: str
    gate: Gate = STRICT
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    seconds: float = 20
    was_answered: bool = False
    _next_turn: dict[str, float] = field(default_factory=dict)

    def __post_init__(self):
        self._robots = Robots(self._rules, NAME)

    def visit(self, url: str) -> Visit:
        """Follow a link and say what came of it. Raises nothing that a site can cause."""
        try:
            return judged(self._answer(url))
        except RobotsSayNo as no:
            return Visit(Outcome.ROBOTS, str(no))
        except RobotsNotNow as not_now:
            return Visit(Outcome.PUT_OFF, str(not_now))
        except TooManyRedirects as turning:  # often the work of cookies, which a person's browser keeps
            return Visit(Outcome.REFUSED, str(turning))
        except SiteNotReached as lost:
            return Visit(Outcome.NOT_REACHED, str(lost), has_network=not isinstance(lost.problem, NoNetwork))
        except NotFetched as problem:
            return Visit(Outcome.NOT_REACHED, str(problem), has_network=not isinstance(problem, NoNetwork))

    def _answer(self, url: str) -> Answer:
        """The answer that counts, after as many attempts as it takes."""
        for method, pause in _ATTEMPTS:
            try:
                answer = self._fetch(url, method)
            except (TimedOut, NotConnected):
                self.sleep(pause)
                continue
            if answer.status < 400 or (method == "GET" and not _is_passing(answer)):
                return answer
            wait = self._wait_for(answer, pause)
            if wait is None:
                return answer
            self.sleep(wait)
        return self._fetch(url, "GET")

    def _wait_for(self, answer: Answer, usual: float) -> float | None:
        """Seconds until a site wants to be asked again; None if that is longer than we wait."""
        if not _is_passing(answer):
            return usual
        wanted = max(seconds_asked_for(answer.retry_after, datetime.now(UTC)), usual)
        return wanted if wanted <= _LONGEST_WAIT else None

    def _fetch(self, url: str, method: str) -> Answer:
        return self._ask(url, method=method, most_bytes=None, before=self._before)

    def _rules(self, url: str) -> Answer:
        return self._ask(url, most_bytes=_ROBOTS_BYTES, before=self._take_turn)

    def _ask(self, url: str, **options) -> Answer:
        user_agent = f"{NAME}/1.0 (+{self.site})"
        answer = fetch(url, user_agent=user_agent, seconds=self.seconds, gate=self.gate, **options)
        self.was_answered = True
        return answer

    def _before(self, url: str) -> None:
        self._robots.check(url)
        self._take_turn(url)

    def _take_turn(self, url: str) -> None:
        """Wait until the host of an address was left in peace for long enough."""
        host = urlsplit(url).hostname or ""
        wait = self._next_turn.get(host, 0.0) - self.clock()
        if wait > 0:
            self.sleep(wait)
        self._next_turn[host] = self.clock() + APART


def _is_passing(answer: Answer) -> bool:
    """A trouble that a site may be over in a moment."""
    return answer.status == 429 or (answer.status >= 500 and answer.status != 501)


def seconds_asked_for(retry_after: str, now: datetime) -> float:
    """A Retry-After in seconds: it is a number of them, or a date (RFC 9110, 10.2.3). Anything else asks for none."""
    if retry_after.isascii() and retry_after.isdigit():
        return float(retry_after[:9])
    try:
        moment = parsedate_to_datetime(retry_after)
    except ValueError:
        return 0.0
    return max(0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - now).total_seconds())


def judged(answer: Answer) -> Visit:
    """What an answer means for somebody who wants to read the page."""
    status, final = answer.status, answer.final_url
    if status < 400:
        return _opens(answer)
    if status in {404, 410}:
        return Visit(Outcome.GONE, f"The site says that the page is not there (status {status}).", status, final)
    if status >= 500:
        return Visit(Outcome.NOT_REACHED, f"The site has a trouble of its own (status {status}).", status, final)
    return Visit(Outcome.REFUSED, f"The site does not answer programs (status {status}).", status, final)


def _opens(answer: Answer) -> Visit:
    insecure = " On the way it leaves encryption." if any(hop.is_downgrade for hop in answer.hops) else ""
    if moved_to := _moved_to(answer):
        return Visit(Outcome.MOVED, f"It has moved for good.{insecure}", answer.status, moved_to)
    return Visit(Outcome.REACHABLE, f"It opens.{insecure}", answer.status, answer.final_url)


def _moved_to(answer: Answer) -> str:
    """Where permanent redirects lead, as far as they begin the way: what follows a passing one may change again."""
    addresses = [*(hop.url for hop in answer.hops), answer.final_url]
    lasting = len(list(takewhile(lambda hop: hop.is_permanent, answer.hops)))
    return addresses[lasting] if lasting else ""
