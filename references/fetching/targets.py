"""A web address in its parts, fit to send."""

from dataclasses import dataclass
from urllib.parse import quote, urlsplit, urlunsplit

from references.fetching.errors import BadAddress
from references.fetching.gate import Gate

# RFC 3986, 2.2: what has a meaning in an address, or is quoted already. The rest is quoted.
_SAFE = "%/:=&?~+!$,;'@()*"


@dataclass(frozen=True)
class Target:
    """An address that may be asked, as far as it tells by itself: `site` is what the Host header says."""

    url: str
    is_tls: bool
    site: str
    host: str
    port: int
    path: str

    @classmethod
    def read(cls, url: str, gate: Gate) -> "Target":
        """Raises BadAddress for what is not a web address, holds a password, or names an unusual port."""
        try:
            parts = urlsplit(url.strip())
            host = (parts.hostname or "").rstrip(".").encode("idna").decode("ascii")
            port = parts.port or (443 if parts.scheme == "https" else 80)
        except ValueError:  # UnicodeError, of what cannot be a name, is one
            raise BadAddress(f"“{url}” is not a web address.") from None
        if parts.scheme not in {"http", "https"} or not host:
            raise BadAddress(f"“{url}” is not a web address: one begins with https:// or http:// and names a site.")
        if "@" in parts.netloc:
            raise BadAddress(f"The address at “{host}” holds a name or a password. Take it out.")
        if not gate.ports(port):
            raise BadAddress(f"“{url}” names port {port}. Only the usual ports of the web, 80 and 443, are asked.")
        path, query = quote(parts.path or "/", safe=_SAFE), quote(parts.query, safe=_SAFE)
        named = f"[{host}]" if ":" in host else host
        site = f"{named}:{port}" if parts.port else named
        whole = urlunsplit((parts.scheme, site, path, query, ""))
        return cls(whole, parts.scheme == "https", site, host, port, f"{path}?{query}" if query else path)
