"""A web server on this machine, which answers as a test tells it to, and a gate that lets tests ask it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from references.fetching import Gate

# Every name leads to this machine.
OPEN = Gate(resolve=lambda host, port: ["127.0.0.1"], may_ask=lambda address: True, ports=lambda port: True)


class Site(ThreadingHTTPServer):
    """Answers each path by a function that gets the handler of the request. `asked` is what was asked so far."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.paths: dict[str, Callable] = {}
        self.asked: list[str] = []
        self.headers: list[dict[str, str]] = []

    def address(self, path: str = "/", host: str = "site.example", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.server_port}{path}"

    def says(self, path: str, status: int = 200, body: bytes = b"", **headers: str) -> None:
        """Answer a path with a status, a body and headers (`Content_Type` for Content-Type)."""
        self.paths[path] = lambda handler: answer(handler, status, body, **headers)


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(f"{self.command} {self.path}")
        self.server.headers.append(dict(self.headers))
        self.server.paths.get(self.path, lambda handler: answer(handler, 404))(self)

    do_HEAD = do_GET

    def log_message(self, *args):
        pass


def answer(handler, status: int = 200, body: bytes = b"", **headers: str) -> None:
    handler.send_response(status)
    for name, value in {"Content_Length": str(len(body)), **headers}.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    if handler.command != "HEAD":
        handler.wfile.write(body)


@contextmanager
def a_site() -> Iterator[Site]:
    site = Site()
    thread = threading.Thread(target=site.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield site
    finally:
        site.shutdown()
        thread.join()
        site.server_close()
