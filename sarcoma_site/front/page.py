"""An answer that is kept, in every form in which it is sent."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from time import time
from wsgiref.handlers import format_date_time

from sarcoma_site.front.coding import coded
from sarcoma_site.front.negotiation import codings

Headers = list[tuple[str, str]]

NOTICE_PLACE = b"<!--notice-->"  # where templates/base.html leaves room; text that people write cannot hold it
NEVER = datetime(9000, 1, 1, tzinfo=UTC)
SETTLED_AFTER = timedelta(seconds=2)  # a date counts whole seconds: what is younger could change within its second
# Ours to say, or of one request alone.
_OURS = frozenset({"content-length", "etag", "last-modified", "vary", "date", "x-request-id"})
_OVERHEAD = 2_000  # bytes that a form takes beside its body: about, and rather too much
_MOST_REMEMBERED = 20  # ways to say what codings one likes, of one page
_ON_304 = frozenset(
    {
        "cache-control",
        "cdn-cache-control",
        "cache-status",
        "etag",
        "last-modified",
        "vary",
        "content-location",
        "expires",
    }
)


@dataclass(frozen=True, slots=True)
class Form:
    """One form of a page: its body in a coding, with a tag of its own."""

    body: bytes
    etag: str
    last_modified: str
    headers: Headers
    on_304: Headers


class Page:
    """An answer of one generation. Bodies are coded when they are first asked for, and dated once their date is sure."""

    def __init__(self, generation: int, status: str, headers: Headers, body: bytes, since: datetime):
        self.generation = generation
        self.status = status
        self.body = body
        self.since = since
        self.ready: dict[str | None, Form] = {}  # what those get who sent this Accept-Encoding before
        self.is_settled = False
        self.has_grown = True  # since its size was last counted
        self.can_be_unchanged = status.startswith("200")
        self._headers = [(name, value) for name, value in headers if name.lower() not in _OURS]
        self._media_type = next((value for name, value in headers if name.lower() == "content-type"), "")
        self._bodies: dict[str, bytes | None] = {"identity": body}
        self._forms: dict[str, Form] = {}
        self._marked: tuple[str, Page] | None = None

    def counted(self) -> int:
        """Bytes of memory that it takes by now, about."""
        self.has_grown = False
        size = _OVERHEAD + sum(len(body) + _OVERHEAD for body in self._bodies.values() if body is not None)
        return size + (self._marked[1].counted() if self._marked else 0)

    def form(self, accept_encoding: str | None) -> Form | None:
        """What a client gets that likes these codings; None if it refuses all that there are."""
        if not self.is_settled:
            self._settle()
        for coding in codings(accept_encoding):
            if found := self._forms.get(coding) or self._make(coding):
                # Another thread may have dated the forms just now: one without its date is not for good.
                is_dated = self.is_settled and bool(found.last_modified) == self.can_be_unchanged
                if is_dated and len(self.ready) < _MOST_REMEMBERED:
                    self.ready[accept_encoding] = found
                return found
        return None

    def _make(self, coding: str) -> Form | None:
        if coding not in self._bodies:
            self._bodies[coding] = coded(self.body, coding, self._media_type)
            self.has_grown = True
        body = self._bodies[coding]
        if body is None:
            return None
        etag = f'"{blake2b(body, digest_size=12).hexdigest()}"' if self.can_be_unchanged else ""
        date = self._last_modified() if self.can_be_unchanged else ""
        headers = [*self._headers, ("Content-Length", str(len(body))), ("Vary", "Accept-Encoding")]
        if coding != "identity":
            headers.append(("Content-Encoding", coding))
        headers += [(name, value) for name, value in (("ETag", etag), ("Last-Modified", date)) if value]
        on_304 = [(name, value) for name, value in headers if name.lower() in _ON_304]
        self._forms[coding] = Form(body, etag, date, headers, on_304)
        return self._forms[coding]

    def _last_modified(self) -> str:
        return format_date_time(int(self.since.timestamp())) if self.is_settled else ""

    def _settle(self) -> None:
        """Date its forms as soon as nothing of the same second can follow."""
        if time() >= (self.since + SETTLED_AFTER).timestamp():
            self.is_settled = True
            self._forms = {}

    def marked(self, notice: str, detail: str) -> "Page":
        """The same page, saying to people (`notice`, where a page has room for it) and to machines that it may be old."""
        if self._marked is None or self._marked[0] != notice:
            headers = [(name, value) for name, value in self._headers if not name.lower().endswith("cache-control")]
            headers += [("Cache-Control", "no-cache"), ("Cache-Status", f'front; hit; detail="{detail}"')]
            is_html = self._media_type.startswith("text/html")
            body = self.body.replace(NOTICE_PLACE, notice.encode(), 1) if is_html else self.body
            self._marked = (notice, Page(self.generation, self.status, headers, body, NEVER))
        return self._marked[1]
