"""The tally of each test, and at the end what all of them tried."""

import pytest

from tests.hostile.dealing import ALL
from tests.hostile.tally import Tally

_SAID = "tried with the hostile corpus"


@pytest.fixture
def tally(request):
    """Where a test counts what it tries. With HOSTILE=all every fault is listed at its end."""
    tally = Tally()
    yield tally
    request.node.user_properties.append((_SAID, [tally.tried, tally.requests, len(tally.executed), len(tally.broken)]))
    assert tally.tried, "Nothing was tried."
    assert not (tally.executed or tally.broken), "\n".join([*tally.executed[:40], *tally.broken[:40]])


def pytest_terminal_summary(terminalreporter):
    """One line with what was tried by all tests together, of all workers."""
    if not ALL:
        return
    reports = [report for of_kind in terminalreporter.stats.values() for report in of_kind]
    counted = [
        count
        for report in reports
        if getattr(report, "when", None) == "teardown"
        for name, count in report.user_properties
        if name == _SAID
    ]
    tried, requests, executed, broken = (sum(column) for column in zip(*counted, strict=True)) if counted else [0] * 4
    terminalreporter.write_line(
        f"{_SAID}: {tried:,} times, {requests:,} requests, {executed} executed, {broken} server errors"
    )
