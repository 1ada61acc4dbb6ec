"""Where a request comes from: the one place that decides whom to believe about it.

A connection's own address is a fact. What `X-Forwarded-For` says of it is a claim, which anybody can send: it counts only
as far as proxies that TRUSTED_PROXIES names have written it, and so it is read from the right.
"""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

Address = IPv4Address | IPv6Address
_ONE_CUSTOMER = 64  # the bits of an IPv6 address that name a customer; the rest is theirs to choose, and to change


def client_address(request: HttpRequest | None) -> str | None:
    """The address that a request comes from; None if the connection has none, as one through a socket of this machine."""
    given = _read(request.META.get("REMOTE_ADDR", "")) if request else None
    if request is None or given is None:
        return None
    trusted = [ip_network(one) for one in settings.TRUSTED_PROXIES]
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    while _is_among(given, trusted) and forwarded:
        before = _read(forwarded.pop())
        if before is None:
            break  # no address, and nobody knows what stands left of it
        given = before
    return str(given)


def counted_address(request: HttpRequest | None) -> str | None:
    """The address as tries and requests are counted by it: of IPv6 the network that a customer has, as its first address."""
    address = client_address(request)
    if address is None or ":" not in address:
        return address
    return str(IPv6Network((address, _ONE_CUSTOMER), strict=False).network_address)


def _read(text: str) -> Address | None:
    """An address as servers and proxies write it: with a zone, in brackets, with a port."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _is_among(address: Address, networks: Iterable) -> bool:
    return any(address in network for network in networks)
