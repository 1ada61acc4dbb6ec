"""The links of a page that is drawn: found, and led to the files of a copy. Plain Python."""

import re
from collections.abc import Callable
from html import escape, unescape
from urllib.parse import urljoin, urlsplit

from sarcoma_site.static_copy.addresses import Address

# Within a tag only: in text, templates and the sanitiser write “<” as “&lt;”.
_LINK = re.compile(r'(<[a-z][^<>]*?\s(?:href|src|action)=")([^"]*)(")')
_SCRIPT = re.compile(r'<script src="[^"]*"[^<>]*></script>\s*')


def led_on(html: str, at: str, site_url: str, lead: Callable[[Address], str | None]) -> str:
    """A page with its links to other addresses of the site where `lead` wants them; None leaves one as it is.

    `at` is the path of the page itself. Links within the page, and to other sites, are not asked about.
    """

    def one(match: re.Match) -> str:
        written = unescape(match[2]).removeprefix(site_url)
        parts = urlsplit(urljoin(at, written))
        if written.startswith("#") or parts.scheme or parts.netloc or not parts.path.startswith("/"):
            return match[0]
        onto = lead(Address(parts.path, parts.query))
        if onto is None:
            return match[0]
        return f"{match[1]}{escape(onto + (f'#{parts.fragment}' if parts.fragment else ''))}{match[3]}"

    return _LINK.sub(one, html)


def without_scripts(html: str) -> str:
    """A page without the scripts that it loads: they ask the site, which may be down. Data in the page stay."""
    return _SCRIPT.sub("", html)
