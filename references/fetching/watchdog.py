"""An end to a request that no time-out of a single read would end: one byte a second is an answer for every read."""

import socket
import threading
from contextlib import suppress


class Watchdog:
    """Cuts a connection off after so many seconds. `has_bitten` tells the end of an answer from that."""

    def __init__(self, sock: socket.socket, seconds: float):
        self.has_bitten = False
        self._sock = sock
        self._timer = threading.Timer(seconds, self._bite)
        self._timer.daemon = True

    def __enter__(self) -> "Watchdog":
        self._timer.start()
        return self

    def __exit__(self, *exception) -> None:
        self._timer.cancel()

    def _bite(self) -> None:
        self.has_bitten = True
        with suppress(OSError):  # closed meanwhile
            # The plain socket's method, also for TLS: that of an SSLSocket takes the session from under the reader.
            socket.socket.shutdown(self._sock, socket.SHUT_RDWR)
