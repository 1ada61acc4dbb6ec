"""What a first look at a page costs a visitor on a slow line, on the server that visitors meet."""

import pytest

from audit.first_load import first_load
from audit.site import KINDS, served


@pytest.fixture(scope="module")
def served_site():
    with served() as site:
        yield site


def test_a_page_takes_three_requests_and_forty_kilobytes_at_most_no_cookie_and_asks_nobody_else(browser, served_site):
    kinds = ("guide", "drug", "drug with an alert", "condition")
    loads = {kind: first_load(browser, served_site + KINDS[kind]) for kind in kinds}
    assert {kind: load.faults for kind, load in loads.items() if load.faults} == {}
    assert all(load.requests and load.bytes > 1000 for load in loads.values())
