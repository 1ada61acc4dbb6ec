"""Which addresses of the site are in a copy, and in which file each is. Plain Python but for the table of addresses."""

from dataclasses import dataclass
from urllib.parse import parse_qsl, quote

from django.urls import Resolver404, ResolverMatch, resolve

from sarcoma_site.front.addresses import Addresses

# Files that stand at addresses of their own and are no public page of the record.
_FILES = frozenset({"robots", "security"})
# Public pages that answer what somebody asks, so that no file can.
_ANSWERING = frozenset({"editions:search", "editions:search-names", "editions:another-day"})


@dataclass(frozen=True)
class Address:
    """An address of the site, without its host: path and query."""

    path: str
    query: str = ""

    @property
    def file(self) -> str:
        """Its file in a copy, relative to it: `drugs/imatinib/index.html`, `updates/kind=drug/index.html`.

        A plain web server does not look at queries, so they become folders. No slug has a “=”.
        """
        folders, _, name = self.path.lstrip("/").rpartition("/")
        asked = [f"{quote(key, '')}={quote(value, '')}" for key, value in parse_qsl(self.query, True)]
        return "/".join([*filter(None, [folders]), *asked, name or "index.html"])

    @property
    def in_copy(self) -> str:
        """How a page of the copy links to it."""
        return "/" + self.file.removesuffix("index.html")


class Site:
    """The table of the site's addresses, as its settings stand."""

    def __init__(self) -> None:
        self._addresses = Addresses()

    def route(self, address: Address) -> ResolverMatch | None:
        try:
            return resolve(address.path)
        except Resolver404:
            return None

    def is_in_a_copy(self, address: Address) -> bool:
        """Whether a file can stand for it: what follows from the address and the record alone, and asks for no answer."""
        match = self.route(address)
        if match is None or "as-of" in match.namespaces or ".." in address.path:
            return False
        if match.view_name in _FILES:
            return not address.query
        if match.view_name in _ANSWERING or match.view_name.endswith("compare-any"):
            return False
        if match.route.startswith("api/"):  # most of it answers questions, and its addresses are no names of files
            return False
        return self._addresses.is_public((address.path, address.query))

    def environ(self, address: Address) -> dict:
        """The request for it, as the front of the site would put it. It comes from no address, so no limit counts it."""
        return self._addresses.environ((address.path, address.query), {})
