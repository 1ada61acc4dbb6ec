"""`If-None-Match: *` asks whether there is anything at an address (RFC 9110, section 13.1.2): 304 only where there is."""

import pytest
from django.core.handlers.wsgi import WSGIHandler

from editions import actions
from editions.models import Page
from sarcoma_site.front import in_front_of
from tests.front import answered

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

THERE = ["/api/v1/pages/drug/imatinib", "/api/v1/changes", "/updates.atom", "/drugs/imatinib/updates.atom"]
THERE += ["/drugs/imatinib/leaflet.pdf"]
NOT_THERE = {
    "/api/v1/nowhere": 404,
    "/api/v1/pages/drug/nobody": 404,
    "/api/v1/pages?asof=2018-12-31": 422,
    "/api/v1/pages/drug/sunitinib": 410,
    "/api/v1/pages/drug/pazopanib": 301,
    "/drugs/nobody/": 404,
    "/drugs/nobody/updates.atom": 404,
    "/drugs/nobody/leaflet.pdf": 404,
    "/drugs/pazopanib/updates.atom": 301,
    "/drugs/sunitinib/": 410,
    "/drugs/pazopanib/": 301,
    "/updates.atom?kind=x": 404,
    "/nowhere": 404,
    "/admin/": 302,
}


@pytest.fixture
def site(starter_content, publisher):
    pages = {key: Page.objects.get(key=f"drug/{key}") for key in ("sunitinib", "pazopanib")}
    actions.withdraw_page(pages["sunitinib"], by=publisher, reason="It was wrong.")
    actions.move_page(pages["pazopanib"], by=publisher, slug="votrient")


def test_an_address_that_answers_otherwise_than_200_is_never_said_to_be_unchanged(site, client):
    front = in_front_of(WSGIHandler())
    for address, status in NOT_THERE.items():
        for method in (client.get, client.head):
            assert method(address, headers={"if-none-match": "*"}).status_code == status, address
        path, _, query = address.partition("?")
        answer = answered(front, path, QUERY_STRING=query, HTTP_IF_NONE_MATCH="*")
        assert answer.status_code == status, address


def test_an_address_at_which_something_is_says_that_it_is_there(site, client):
    front = in_front_of(WSGIHandler())
    for address in THERE:
        answer = client.get(address, headers={"if-none-match": "*"})
        assert (answer.status_code, answer.content) == (304, b""), address
        assert answer["ETag"] == client.get(address)["ETag"], address
    for path in (*THERE, "/drugs/imatinib/", "/"):
        assert answered(front, path, HTTP_IF_NONE_MATCH="*").status_code == 304, path
