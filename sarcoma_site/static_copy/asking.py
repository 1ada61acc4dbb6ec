"""The site, asked in this process as a visitor would."""

import sys
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from sarcoma_site.static_copy.addresses import Address, Site

_SERVER = {
    "SERVER_NAME": "copy",
    "SERVER_PORT": "80",
    "SERVER_PROTOCOL": "HTTP/1.1",
    "wsgi.version": (1, 0),
    "wsgi.multithread": False,
    "wsgi.multiprocess": False,
    "wsgi.run_once": False,
}


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def media_type(self) -> str:
        return self.headers.get("Content-Type", "").partition(";")[0]

    @property
    def is_html(self) -> bool:
        return self.media_type == "text/html"


class Asked:
    """Django with its middleware, and without the front: a copy is drawn from the record, not from what is kept."""

    def __init__(self, site: Site):
        self._site = site
        self._django = WSGIHandler()

    def get(self, address: Address, *, etag: str = "") -> Answer:
        """What the site answers. With the mark of what one has, 304 if that still holds, where the view can tell cheaply."""
        said: list[Any] = []
        environ = {**_SERVER, "wsgi.errors": sys.stderr, **self._site.environ(address)}
        if etag:
            environ["HTTP_IF_NONE_MATCH"] = etag

        def start(status, headers, exc_info=None):
            said[:] = [status, headers]
            return deque(maxlen=0).append

        response = self._django(environ, start)
        try:
            body = b"".join(response)
        finally:
            response.close()
        return Answer(int(said[0][:3]), dict(said[1]), body)


@contextmanager
def one_connection() -> Iterator[None]:
    """One connection to the database for all that is asked meanwhile, where Django would open one for each request."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in signals:
            signal.connect(close_old_connections)
