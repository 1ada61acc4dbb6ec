"""The front: a WSGI application round Django's that answers for the public pages it keeps."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from threading import Event

from sarcoma_site.front.addresses import Addresses
from sarcoma_site.front.answer import Answer, Inner, StartResponse, asked
from sarcoma_site.front.counts import Counts
from sarcoma_site.front.negotiation import is_unchanged
from sarcoma_site.front.page import Page
from sarcoma_site.front.pulse import Known, Pulse
from sarcoma_site.front.store import Key, Store

TRIES = 3  # renders of one page, if something is published during each
PATIENCE = 5.0  # seconds that a request waits for another's render


class Front:
    """Answers from memory what it knows for certain, and leaves the rest to Django as it came.

    `marking` gives a kept page as it is shown while the database does not answer; `unreachable` answers what is not kept
    then.
    """

    def __init__(
        self,
        inner: Inner,
        *,
        addresses: Addresses,
        pulse: Pulse,
        store: Store,
        counts: Counts,
        marking: Callable[[Page, Known], Page],
        unreachable: Inner,
    ):
        self._inner = inner
        self._addresses = addresses
        self._pulse = pulse
        self._store = store
        self.counts = counts
        self._marking = marking
        self._unreachable = unreachable
        self._started = datetime.now(UTC)  # another version of this software may draw the same page otherwise
        self._turns: dict[Key, Event] = {}

    def __call__(self, environ: dict, start_response: StartResponse) -> Iterable[bytes]:
        key = self._addresses.key(environ)
        if key is None:
            return self._pass(environ, start_response)
        page = self._store.get(key)
        if page is None:
            return self._missed(key, environ, start_response)
        known = self._pulse.known()
        if page.generation != known.serial:
            return self._missed(key, environ, start_response)
        self.counts.hits += 1
        if known.reached_at is not None:
            self.counts.stale += 1
            return self._kept(key, page, self._marking(page, known), environ, start_response)
        form = page.ready.get(environ.get("HTTP_ACCEPT_ENCODING"))
        if form is None or "HTTP_IF_NONE_MATCH" in environ or "HTTP_IF_MODIFIED_SINCE" in environ:
            return self._kept(key, page, page, environ, start_response)
        start_response(page.status, form.headers.copy())
        return [form.body] if environ["REQUEST_METHOD"] == "GET" else []

    def _kept(self, key: Key, page: Page, shown: Page, environ: dict, start_response: StartResponse) -> Iterable[bytes]:
        """Send a kept page, as it is or marked, and count anew what it takes if it got another form by that."""
        answer = self._send(shown, environ, start_response)
        if shown.has_grown:
            self._store.keep(key, page)
        return answer

    def _pass(self, environ: dict, start_response: StartResponse) -> Iterable[bytes]:
        self.counts.passed += 1
        return self._inner(environ, start_response)

    def _send(self, page: Page, environ: dict, start_response: StartResponse) -> Iterable[bytes]:
        """Send a page in the form that was asked for, or say that the client has it already."""
        liked = environ.get("HTTP_ACCEPT_ENCODING")
        form = page.ready.get(liked) or page.form(liked)
        if form is None:
            start_response("406 Not Acceptable", [("Content-Length", "0"), ("Vary", "Accept-Encoding")])
            return []
        has_copy = "HTTP_IF_NONE_MATCH" in environ or "HTTP_IF_MODIFIED_SINCE" in environ
        if has_copy and form.etag and is_unchanged(environ, form.etag, form.last_modified):
            self.counts.unchanged += 1
            start_response("304 Not Modified", form.on_304.copy())
            return []
        start_response(page.status, form.headers.copy())
        return [form.body] if environ["REQUEST_METHOD"] == "GET" else []

    def _missed(self, key: Key, environ: dict, start_response: StartResponse) -> Iterable[bytes]:
        """Answer for a public address that is not kept: one request asks Django, others wait for what comes of it."""
        if not self._addresses.is_public(key):
            return self._pass(environ, start_response)
        self.counts.misses += 1
        known = self._pulse.known()
        if known.generation is None or known.reached_at is not None:
            self.counts.refused += 1
            return self._unreachable(environ, start_response)
        self._store.begin(known.serial)
        mine = Event()
        turn = self._turns.setdefault(key, mine)
        try:
            if turn is not mine:
                self.counts.waited += 1
                turn.wait(PATIENCE)
            if (page := self._store.get(key)) and page.generation == self._pulse.known().serial:
                return self._send(page, environ, start_response)
            return self._render(key, environ, start_response)
        finally:
            if turn is mine:
                mine.set()
                del self._turns[key]

    def _render(self, key: Key, environ: dict, start_response: StartResponse) -> Iterable[bytes]:
        """Ask Django. What it drew while something was published may be half old and half new: it is drawn again."""
        for _ in range(TRIES):
            before = self._pulse.known()
            self.counts.renders += 1
            answer = asked(self._inner, self._addresses.environ(key, environ))
            if not answer.may_be_kept(self._store.largest):
                return self._through(answer, environ, start_response)
            body = answer.whole_body()
            after = self._pulse.known(anew=True)
            since = max(after.began or self._started, self._started)
            page = Page(after.serial, answer.status, answer.headers, body, since)
            if after.generation is None or after.reached_at is not None:
                break
            if before.serial == after.serial:
                self._store.keep(key, page)
                break
            self._store.begin(after.serial)
        return self._send(page, environ, start_response)

    def _through(self, answer: Answer, environ: dict, start_response: StartResponse) -> Iterable[bytes]:
        start_response(answer.status, answer.headers)
        if environ["REQUEST_METHOD"] == "GET":
            return answer.body
        answer.close()
        return []
