"""One request to one server: its name looked up, its addresses checked, its answer read up to a limit."""

import errno
import socket
import ssl
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPException

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, NewConnectionError, SSLError
from urllib3.exceptions import TimeoutError as Timeout
from urllib3.response import BaseHTTPResponse

from references.fetching.errors import (
    AddressRefused,
    NameUnknown,
    NoNetwork,
    NotConnected,
    NotFetched,
    TimedOut,
    TlsFailed,
    TooLarge,
)
from references.fetching.gate import Gate
from references.fetching.targets import Target
from references.fetching.watchdog import Watchdog

_FAULTS = (HTTPError, HTTPException, OSError, ValueError)  # what urllib3 and http.client raise on odd answers
_NO_SUCH_NAME = {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}
_UNREACHABLE = {errno.ENETUNREACH, errno.ENETDOWN}
_ENCODINGS = {"", "identity", "gzip", "x-gzip"}  # what we ask for; of these urllib3 unpacks no more than is read
_REDIRECTS = {301, 302, 303, 307, 308}  # RFC 9110, 15.4: those that name one other place to go
_PIECE = 64 * 1024
_ADDRESSES = 4  # of one name that are tried
_CONNECT = 10.0  # seconds for one of them


@dataclass(frozen=True)
class Reply:
    """What one server said. `leads_to` is where a redirect leads, as it was sent."""

    status: int
    media_type: str
    body: bytes
    leads_to: str
    retry_after: str


class Asking:
    """One request, which is over after so many seconds."""

    def __init__(self, target: Target, gate: Gate, seconds: float):
        self._target, self._gate = target, gate
        self._ends = time.monotonic() + seconds

    def ask(self, method: str, headers: dict[str, str], most_bytes: int | None) -> Reply:
        """The reply. The body of a redirect stays unread, and any body if `most_bytes` is None. Raises NotFetched."""
        connection = self._connected(self._addresses())
        with Watchdog(connection.sock, self._left()) as watchdog:
            try:
                reply = self._exchange(connection, method, headers, most_bytes)
            except _FAULTS as problem:
                raise self._late() if watchdog.has_bitten else self._told(problem) from problem
            finally:
                connection.close()
        if watchdog.has_bitten:  # cut off, a body can seem to have come to its end
            raise self._late()
        return reply

    def _addresses(self) -> list[str]:
        """The addresses of the server, all of them public. One that is not speaks against the whole name."""
        host = self._target.host
        try:
            addresses = self._gate.resolve(host, self._target.port)
        except socket.gaierror as problem:
            if problem.errno in _NO_SUCH_NAME:
                raise NameUnknown(f"No site has the name “{host}”.") from problem
            raise NoNetwork(
                f"The name “{host}” could not be looked up: this machine has no network, or those who know the name are "
                "not there."
            ) from problem
        except UnicodeError as problem:
            raise NameUnknown(f"“{host}” is not a name that a site can have.") from problem
        if not addresses or not all(self._gate.may_ask(address) for address in addresses):
            raise AddressRefused(f"“{host}” leads into a network that is not public, so it is not asked.")
        return addresses[:_ADDRESSES]

    def _connected(self, addresses: list[str]) -> HTTPConnection:
        """A connection to the first address that takes one."""
        faults: list[NotFetched] = []
        for address in addresses:
            connection = self._connection(address, min(self._left(), _CONNECT))
            try:
                connection.connect()
                connection.sock.settimeout(self._left())
                return connection
            except _FAULTS as fault:
                connection.close()
                faults.append(self._told(fault))
        # A machine with one kind of address only cannot reach the other kind: that says least.
        raise next((fault for fault in faults if not isinstance(fault, NoNetwork)), faults[0])

    def _connection(self, address: str, seconds: float) -> HTTPConnection:
        target = self._target
        if not target.is_tls:
            return HTTPConnection(address, target.port, timeout=seconds)
        # To the checked address, but for the name: it is sent (SNI) and the certificate must be its own.
        return HTTPSConnection(
            address, target.port, timeout=seconds, ssl_context=self._gate.tls(), server_hostname=target.host
        )

    def _exchange(self, connection: HTTPConnection, method: str, headers: dict[str, str], most: int | None) -> Reply:
        connection.request(method, self._target.path, headers=headers, preload_content=False)
        response = connection.getresponse()
        leads_to = response.headers.get("Location", "") if response.status in _REDIRECTS else ""
        wants_body = most is not None and method != "HEAD" and not leads_to
        return Reply(
            status=response.status,
            media_type=response.headers.get("Content-Type", "").partition(";")[0].strip().lower(),
            body=b"".join(self._pieces(response, most or 0)) if wants_body else b"",
            leads_to=leads_to,
            retry_after=response.headers.get("Retry-After", "").strip(),
        )

    def _pieces(self, response: BaseHTTPResponse, most: int) -> Iterator[bytes]:
        """The unpacked body, piece by piece. What the server says of its length is not asked."""
        if response.headers.get("Content-Encoding", "").strip().lower() not in _ENCODINGS:
            raise NotConnected(f"“{self._target.host}” answers in a packing that it was not asked for.")
        size = 0
        for piece in response.stream(_PIECE, decode_content=True):
            size += len(piece)
            if size > most:
                raise TooLarge(f"“{self._target.host}” sends more than {most:,} bytes.")
            yield piece

    def _left(self) -> float:
        left = self._ends - time.monotonic()
        if left <= 0:
            raise self._late()
        return left

    def _late(self) -> TimedOut:
        return TimedOut(f"“{self._target.host}” did not answer in time.")

    def _told(self, problem: Exception) -> NotFetched:
        """What went wrong below, as one of our sentences."""
        host = self._target.host
        if isinstance(problem, NewConnectionError):  # to urllib3 it is a time-out as well, whatever caused it
            cause = problem.__cause__
            if isinstance(cause, OSError) and cause.errno in _UNREACHABLE:
                return NoNetwork(f"“{host}” could not be reached: this machine has no network.")
        elif isinstance(problem, TimeoutError | Timeout):
            return self._late()
        elif isinstance(problem, SSLError | ssl.SSLError):
            return TlsFailed(f"“{host}” cannot show that it is the site of this name (TLS).")
        return NotConnected(f"“{host}” does not take the connection, or breaks off.")
