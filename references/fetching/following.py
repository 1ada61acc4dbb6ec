"""Asking for an address, and going where it leads."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urljoin

from references.fetching.asking import Asking, Reply
from references.fetching.errors import TooManyRedirects
from references.fetching.gate import STRICT, Gate
from references.fetching.targets import Target

_PERMANENT = {301, 308}  # RFC 9110, 15.4.2 and 15.4.9


@dataclass(frozen=True)
class Hop:
    """A redirect that was followed: from where, how, and to where."""

    url: str
    status: int
    to: str

    @property
    def is_permanent(self) -> bool:
        return self.status in _PERMANENT

    @property
    def is_downgrade(self) -> bool:
        """From TLS to plain text. Allowed, because nothing secret is sent; noted, because the answer is less sure."""
        return self.url.startswith("https:") and self.to.startswith("http:")


@dataclass(frozen=True)
class Answer:
    """What a server said in the end. `media_type` is without parameters, `retry_after` as it was sent."""

    status: int
    final_url: str
    hops: tuple[Hop, ...]
    media_type: str
    body: bytes
    retry_after: str = ""


def fetch(
    url: str,
    *,
    user_agent: str,
    method: str = "GET",
    accept: str = "",
    most_bytes: int | None = 5_000_000,
    seconds: float = 20,
    hops: int = 5,
    before: Callable[[str], None] | None = None,
    gate: Gate = STRICT,
) -> Answer:
    """Ask for an address by GET or HEAD, and follow its redirects. Any other status is an answer. Raises NotFetched.

    `seconds` is for the whole, however slowly an answer drips in; only the system's own look-up of a name may take
    longer. `most_bytes` counts the unpacked body; None leaves it unread. `before` is called with each address just
    before it is asked, to wait or to raise; its time does not count.
    """
    if method not in {"GET", "HEAD"}:
        raise ValueError(f"{method} could change something on another server.")
    followed: list[Hop] = []
    while True:
        target = Target.read(url, gate)
        if before:
            before(target.url)
        began = time.monotonic()
        reply = Asking(target, gate, seconds).ask(method, _headers(target, user_agent, accept), most_bytes)
        seconds -= time.monotonic() - began
        if not reply.leads_to:
            return _answer(reply, target, followed)
        url = urljoin(target.url, _readable(reply.leads_to))
        followed.append(Hop(target.url, reply.status, url))
        if len(followed) > hops or url in {hop.url for hop in followed}:
            raise TooManyRedirects(f"{followed[0].url} leads on from one address to the next without an end.")


def _headers(target: Target, user_agent: str, accept: str) -> dict[str, str]:
    return {
        "Host": target.site,
        "User-Agent": user_agent,
        "Accept": accept or "*/*",
        "Accept-Encoding": "gzip",
        "Connection": "close",
    }


def _readable(location: str) -> str:
    """A Location as it was meant: http.client reads headers as Latin-1, and many servers write UTF-8."""
    return location.encode("latin-1", "replace").decode("utf-8", "replace").strip()


def _answer(reply: Reply, target: Target, followed: list[Hop]) -> Answer:
    return Answer(reply.status, target.url, tuple(followed), reply.media_type, reply.body, reply.retry_after)
