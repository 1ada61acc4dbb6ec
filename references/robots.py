"""What sites let programs read: robots.txt (RFC 9309), read once for each site. Plain Python.

The standard library's reader takes the first rule that fits, not the longest (RFC 9309, 2.2.2), so where a site allows
a corner of what it forbids, we may stay out of the corner.
"""

from collections.abc import Callable
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

from references.fetching import Answer, NotFetched


class RobotsSayNo(Exception):
    """The site asks programs to stay away from this address."""


class RobotsNotNow(Exception):
    """The site cannot say now what programs may read, which means: nothing (RFC 9309, 2.3.1.4)."""


class SiteNotReached(Exception):
    """The site cannot even be asked for its rules. The message says why; `problem` is what was raised."""

    def __init__(self, problem: NotFetched):
        self.problem = problem
        super().__init__(str(problem))


class Robots:
    """The rules of the sites of one run. `fetch` asks for an address; `name` is what we are called in the rules."""

    def __init__(self, fetch: Callable[[str], Answer], name: str):
        self._fetch, self._name = fetch, name
        self._sites: dict[str, RobotFileParser | Exception] = {}

    def check(self, url: str) -> None:
        """Raises RobotsSayNo, RobotsNotNow or SiteNotReached if the address is not to be asked."""
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc}"
        if site not in self._sites:
            self._sites[site] = self._rules_of(site)
        rules = self._sites[site]
        if isinstance(rules, Exception):
            raise rules
        if not rules.can_fetch(self._name, url):
            raise RobotsSayNo(f"“{parts.hostname}” asks programs not to read this address.")

    def _rules_of(self, site: str) -> RobotFileParser | Exception:
        rules = RobotFileParser()
        try:
            answer = self._fetch(f"{site}/robots.txt")
        except NotFetched as problem:
            return SiteNotReached(problem)
        if answer.status >= 500:
            return RobotsNotNow(f"“{urlsplit(site).hostname}” cannot say now what programs may read.")
        # Any other answer than a file means that there are no rules (RFC 9309, 2.3.1.3).
        rules.parse(answer.body.decode("utf-8", "replace").splitlines() if answer.status == 200 else [])
        return rules
