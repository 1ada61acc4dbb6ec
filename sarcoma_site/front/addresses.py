"""Which requests the front may answer, and as what they are put to Django."""

import io
import re
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import get_path_info
from django.http.request import split_domain_port, validate_host
from django.urls import Resolver404, resolve

from sarcoma_site.front.store import Key

# What a public view gets of a request beside the address. Whoever asked stays known, for limits and logs.
_HANDED_ON = (
    "SERVER_PROTOCOL",
    "SERVER_NAME",
    "SERVER_PORT",
    "REMOTE_ADDR",
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_REQUEST_ID",
)
_VALUE = re.compile(r"[a-z0-9-]{1,20}")
_MOST_REMEMBERED = 1000


class Addresses:
    """The site's own addresses, as its settings stand when this is made."""

    def __init__(self) -> None:
        self._scheme, _, self._host = settings.SITE_URL.partition("://")
        self._proxy_header = settings.SECURE_PROXY_SSL_HEADER
        self._allowed = set[str]()
        # Where the host is read elsewhere, or pages are under a prefix, every request is left to Django.
        self.is_ours = (
            self._is_allowed(self._host) and not settings.USE_X_FORWARDED_HOST and settings.FORCE_SCRIPT_NAME is None
        )

    def key(self, environ: dict) -> Key | None:
        """What a page is kept under: path and query exactly as Django sees them. None for what the front leaves alone.

        Neither host nor scheme is part of it: every page is drawn for the host and scheme of SITE_URL, and another
        allowed host gets the same.
        """
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or not self.is_ours:
            return None
        # One of these asks for more than a page. (Written out: a loop takes twice as long, for every request.)
        if (
            "HTTP_RANGE" in environ
            or "HTTP_IF_RANGE" in environ
            or "HTTP_IF_MATCH" in environ
            or "HTTP_IF_UNMODIFIED_SINCE" in environ
            or "HTTP_TRANSFER_ENCODING" in environ
        ):
            return None
        get = environ.get
        host = get("HTTP_HOST", "")
        if host not in self._allowed and not self._is_allowed(host):
            return None
        if get("SCRIPT_NAME") or ("CONTENT_LENGTH" in environ and environ["CONTENT_LENGTH"] not in ("", "0")):
            return None
        scheme = self._scheme_of(environ) if self._proxy_header else get("wsgi.url_scheme")
        if scheme != self._scheme:
            return None
        return get("PATH_INFO", ""), get("QUERY_STRING", "")

    def _is_allowed(self, host: str) -> bool:
        """Whether Django allows this host, by its own functions. What is allowed is remembered."""
        domain, _ = split_domain_port(host)
        allowed: list[Any] = settings.ALLOWED_HOSTS or ([".localhost", "127.0.0.1", "[::1]"] if settings.DEBUG else [])
        if not domain or not validate_host(domain, allowed):
            return False
        if len(self._allowed) < _MOST_REMEMBERED:
            self._allowed.add(host)
        return True

    def _scheme_of(self, environ: dict) -> str:
        """The scheme behind a proxy, as Django would see it (HttpRequest.scheme)."""
        name, secure = self._proxy_header
        if (said := environ.get(name)) is not None:
            return "https" if said.split(",", 1)[0].strip() == secure else "http"
        return environ.get("wsgi.url_scheme", "")

    def is_public(self, key: Key) -> bool:
        """Whether a view that says so of itself answers at this address, and reads no more of the query than it said."""
        path, query = key
        try:
            view = resolve(get_path_info({"PATH_INFO": path})).func
        except (Resolver404, UnicodeError):
            return False
        return getattr(view, "is_public", False) and (not query or _is_read(query, getattr(view, "reads", frozenset())))

    def environ(self, key: Key, environ: dict) -> dict:
        """The request as the view gets it: the same for all who ask for this address, whatever headers they send."""
        plain = {name: value for name, value in environ.items() if name in _HANDED_ON or name.startswith("wsgi.")}
        plain.pop("wsgi.file_wrapper", None)
        return plain | {
            "REQUEST_METHOD": "GET",
            "SCRIPT_NAME": "",
            "PATH_INFO": key[0],
            "QUERY_STRING": key[1],
            "HTTP_HOST": self._host,
            "wsgi.url_scheme": self._scheme,
            "wsgi.input": io.BytesIO(),
        }


def _is_read(query: str, names: frozenset[str]) -> bool:
    """Whether a query is written in the one way that is kept: names in their order, each once, with a plain value."""
    pairs = [part.partition("=") for part in query.split("&")]
    asked = [name for name, _, _ in pairs]
    return (
        names.issuperset(asked)
        and asked == sorted(set(asked))
        and all(equals and _VALUE.fullmatch(value) for _, equals, value in pairs)
    )
