"""Which addresses of the internet this server may ask: public ones only. Plain Python.

An editor types a link, and this server follows it: without this rule the link could lead into the network that the
server stands in (its database, the page where a cloud keeps the machine's passwords). The ranges are those of the IANA
IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890), which `ipaddress.is_global` knows up to the release of
Python, and those that it lacks.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

# Anycast of 6to4 relays (RFC 7526 took it out of use).
_NOT_V4 = (IPv4Network("192.88.99.0/24"),)
# What the internet uses of IPv6 (RFC 4291, 2.4): loopback, mapped, link-local, site-local and multicast lie outside it.
_UNICAST_V6 = IPv6Network("2000::/3")
_NOT_V6 = (
    IPv6Network("2001::/23"),  # protocol assignments; Teredo (RFC 4380) holds an IPv4 address of anybody's choice
    IPv6Network("2002::/16"),  # 6to4 (RFC 3056) does so as well
    IPv6Network("3fff::/20"),  # documentation (RFC 9637)
)
# An address of IPv4, as networks that speak IPv6 only reach it (RFC 6052). The rule holds for the one inside.
_NAT64 = IPv6Network("64:ff9b::/96")


def is_public(text: str) -> bool:
    """Whether an address, as a resolver gives it, is of the public internet. Anything unreadable is not."""
    try:
        address = ip_address(text)
    except ValueError:
        return False
    if isinstance(address, IPv6Address):
        inner = _v4_inside(address)
        return _is_public_v4(inner) if inner else _is_public_v6(address)
    return _is_public_v4(address)


def _v4_inside(address: IPv6Address) -> IPv4Address | None:
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped


def _is_public_v4(address: IPv4Address) -> bool:
    return address.is_global and not address.is_multicast and not any(address in net for net in _NOT_V4)


def _is_public_v6(address: IPv6Address) -> bool:
    if address.scope_id is not None or address not in _UNICAST_V6:
        return False
    return address.is_global and not any(address in net for net in _NOT_V6)
