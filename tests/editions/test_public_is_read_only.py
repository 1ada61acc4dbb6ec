"""Nothing can be changed at a public address, and whoever tries is told so, with or without a token of a form."""

import pytest
from django.test import Client
from django.urls import resolve

from tests.url_map import SiteWithEverything, registered

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture
def public_addresses(starter_content, author, reviewer) -> list[str]:
    """Those whose views say of themselves that they are public."""
    site = SiteWithEverything(author, reviewer)
    addresses = [site.address(name, route) for name, route in registered() if "<path:rest>" not in route]
    return [address for address in addresses if getattr(resolve(address).func, "is_public", False)]


def test_a_public_page_answers_405_to_every_method_that_is_not_for_reading(public_addresses):
    assert len(public_addresses) > 50
    browser = Client(enforce_csrf_checks=True)
    for address in public_addresses:
        for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"):
            answer = browser.generic(method, address, headers={"origin": "https://elsewhere.example"})
            assert answer.status_code == 405, (method, address)
            assert answer["Allow"] == "GET, HEAD", (method, address)
            assert "default-src 'none'" in answer["Content-Security-Policy"]


def test_a_form_of_the_desk_is_still_refused_without_its_token(author):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(author)
    assert browser.post("/admin/profile/", {"public_name": "Forged"}).status_code == 403
    assert browser.post("/nowhere/", {}).status_code == 404
