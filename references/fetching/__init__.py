"""The one way in which this server asks another. Plain Python.

Every name is looked up here, every address it has must be public (addresses.py), and the connection goes to the very
address that was checked: a name that answers differently the second time changes nothing. Redirects are followed here
as well, so that each of their addresses is checked like the first.

Proxies named in the environment are not used: a proxy looks names up by itself, behind the check. A server that reaches
the internet through a proxy only says that it has no network. No cookies are kept, and no passwords sent.
"""

from references.fetching.errors import (
    AddressRefused,
    BadAddress,
    NameUnknown,
    NoNetwork,
    NotConnected,
    NotFetched,
    TimedOut,
    TlsFailed,
    TooLarge,
    TooManyRedirects,
)
from references.fetching.following import Answer, Hop, fetch
from references.fetching.gate import STRICT, Gate

__all__ = [
    "STRICT",
    "AddressRefused",
    "Answer",
    "BadAddress",
    "Gate",
    "Hop",
    "NameUnknown",
    "NoNetwork",
    "NotConnected",
    "NotFetched",
    "TimedOut",
    "TlsFailed",
    "TooLarge",
    "TooManyRedirects",
    "fetch",
]
