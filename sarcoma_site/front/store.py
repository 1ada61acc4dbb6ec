"""The pages of one generation in this process's memory, at most so many bytes."""

from collections import OrderedDict
from threading import Lock

from sarcoma_site.front.counts import Counts
from sarcoma_site.front.page import Page

Key = tuple[str, str]  # path and query, as Django sees them


class Store:
    """What was asked for least lately goes first when there is no room."""

    def __init__(self, most_bytes: int, counts: Counts):
        self.most_bytes = most_bytes
        self._counts = counts
        self._pages: OrderedDict[Key, Page] = OrderedDict()
        self._sizes: dict[Key, int] = {}
        self._generation = 0
        self._lock = Lock()

    @property
    def largest(self) -> int:
        """The longest body that is kept: one page must not drive all others out."""
        return self.most_bytes // 8

    def get(self, key: Key) -> Page | None:
        try:
            self._pages.move_to_end(key)
            return self._pages[key]
        except KeyError:  # not kept, or evicted at this very moment
            return None

    def begin(self, generation: int) -> None:
        """Forget the pages of earlier generations. Whoever comes late with an earlier one changes nothing."""
        with self._lock:
            if generation > self._generation:
                self._generation = generation
                self._pages.clear()
                self._sizes.clear()
                self._counts.pages = self._counts.bytes = 0

    def keep(self, key: Key, page: Page) -> None:
        """Keep a page of the present generation, or count anew what it takes since it got another form."""
        with self._lock:
            if page.generation != self._generation:
                return
            counts, size = self._counts, page.counted()
            counts.bytes += size - self._sizes.get(key, 0)
            self._pages[key], self._sizes[key] = page, size
            while counts.bytes > self.most_bytes:
                oldest, _ = self._pages.popitem(last=False)
                counts.bytes -= self._sizes.pop(oldest)
                counts.evicted += 1
            counts.pages = len(self._pages)
