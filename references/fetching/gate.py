"""What may be asked: the parts of a request that only tests change, in one value."""

import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass

from references.fetching.addresses import is_public


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a name, as the system looks it up. Raises socket.gaierror."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


@dataclass(frozen=True)
class Gate:
    """Which names lead where, which addresses and ports may be asked, and whose certificates count."""

    resolve: Callable[[str, int], list[str]] = resolve
    may_ask: Callable[[str], bool] = is_public
    ports: Callable[[int], bool] = frozenset({80, 443}).__contains__
    tls: Callable[[], ssl.SSLContext] = ssl.create_default_context


STRICT = Gate()
