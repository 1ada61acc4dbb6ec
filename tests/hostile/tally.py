"""Counts what was tried, and looks at every answer: that no server broke, nothing ran, nobody was sent away."""

import json
from dataclasses import dataclass, field

from tests.hostile.dealing import ALL
from tests.hostile.pages import intruders, leads_off_site


@dataclass
class Tally:
    """What was tried in one test, and what went wrong: the first fault ends it, but with HOSTILE=all each is noted."""

    tried: int = 0  # one payload at one place
    requests: int = 0
    executed: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def check(self, answer, what, *, tried: int = 1) -> None:
        """Look at an answer to `tried` payloads; `what` says in a fault which they were."""
        self.tried += tried
        self.requests += 1
        if answer.status_code >= 500:
            problem = getattr(answer, "exc_info", None)
            self._note(self.broken, what, repr(problem[1]) if problem else answer.status_code)
        if answer.status_code in {301, 302, 303, 307, 308} and leads_off_site(answer["Location"]):
            self._note(self.executed, what, f"sent to {answer['Location']}")
        for name, value in answer.items():
            if "\r" in value or "\n" in value:
                self._note(self.executed, what, f"the header {name} has another in it")
        if "stolen" in answer.cookies:
            self._note(self.executed, what, "a cookie was set")
        if answer.get("X-Content-Type-Options") != "nosniff" and answer.status_code != 304:  # which has no content
            self._note(self.executed, what, "a browser may guess the type of the answer")
        self._read(answer, what)

    def read(self, count: int = 1) -> None:
        """Note what was tried of a reader that answers nobody: it refuses by an exception that the test knows."""
        self.tried += count

    def _read(self, answer, what) -> None:
        kind = "" if answer.get("Content-Encoding") else answer.get("Content-Type", "")
        if "html" in kind:
            if found := intruders(answer.text):
                self._note(self.executed, what, found)
        elif "json" in kind and not answer.streaming:
            try:
                json.loads(answer.getvalue())
            except ValueError:
                self._note(self.broken, what, "this is no JSON")

    def broke(self, what, problem: Exception) -> None:
        """Note an exception that nobody wrote a sentence for."""
        self._note(self.broken, what, repr(problem))

    def _note(self, faults: list[str], what, problem) -> None:
        fault = f"{what!s:.300}: {problem!s:.300}"
        assert ALL, fault
        faults.append(fault)
