"""Whose word about an address counts: the connection's, and that of the proxies that the settings name."""

from django.test import RequestFactory

from basics.addresses import client_address, counted_address

PROXIES = ["127.0.0.1/32", "10.0.8.0/24", "2001:db8:ff::/48"]
# The connection, X-Forwarded-For, and who that is once proxies are named.
CAME = [
    ("203.0.113.5", "", "203.0.113.5"),
    ("203.0.113.5", "198.51.100.1", "203.0.113.5"),  # no proxy of ours: what it says is a claim
    ("127.0.0.1", "", "127.0.0.1"),
    ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
    ("127.0.0.1", "192.0.2.1, 198.51.100.1", "198.51.100.1"),  # the left one came with the request
    ("127.0.0.1", "192.0.2.1, 198.51.100.1, 10.0.8.77", "198.51.100.1"),  # two proxies, one behind the other
    ("127.0.0.1", "10.0.8.77", "10.0.8.77"),
    ("127.0.0.1", "198.51.100.1, unknown", "127.0.0.1"),
    ("127.0.0.1", "198.51.100.1:4711", "198.51.100.1"),
    ("2001:db8:ff::1", "[2001:db8:1:2:3:4:5:6]:4711", "2001:db8:1:2:3:4:5:6"),
    ("::ffff:127.0.0.1", "::ffff:198.51.100.1", "198.51.100.1"),
    ("fe80::1%eth0", "198.51.100.1", "fe80::1"),
    ("", "198.51.100.1", None),
    ("unix:", "", None),
]


def came(connection: str, forwarded: str):
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    return RequestFactory().get("/", REMOTE_ADDR=connection, headers=headers)


def test_a_forwarded_address_counts_as_far_as_our_own_proxies_wrote_it(settings):
    settings.TRUSTED_PROXIES = PROXIES
    assert [(one, said, client_address(came(one, said))) for one, said, _ in CAME] == CAME
    assert client_address(None) is None


def test_where_no_proxy_is_named_only_the_connection_counts(settings):
    settings.TRUSTED_PROXIES = []
    for connection, forwarded, _ in CAME:
        assert client_address(came(connection, forwarded)) == client_address(came(connection, ""))


def test_all_addresses_that_one_customer_can_choose_among_are_counted_as_one(settings):
    settings.TRUSTED_PROXIES = []
    one, other, stranger = "2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:3::1"
    assert counted_address(came(one, "")) == counted_address(came(other, "")) == "2001:db8:1:2::"
    assert counted_address(came(stranger, "")) == "2001:db8:1:3::"
    assert counted_address(came("198.51.100.1", "")) == "198.51.100.1"
