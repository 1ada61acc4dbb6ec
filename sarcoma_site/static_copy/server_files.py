"""What a web server has to know of a copy: headers, redirects and pages that are gone.

`_headers` and `_redirects` are files that several hosts of static sites read (Netlify, Cloudflare Pages); `nginx.conf` is
for the `server` block of an nginx. All are made of what the site itself answered.
"""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass

from django.urls import ResolverMatch

from sarcoma_site.static_copy.addresses import Address
from sarcoma_site.static_copy.asking import Answer

# Of one answer alone, or for the server to say.
_OTHER = frozenset(
    {
        "content-type",
        "content-length",
        "content-disposition",
        "etag",
        "last-modified",
        "date",
        "vary",
        "x-request-id",
        "cdn-cache-control",
    }
)
_KEPT = "public, max-age=60"  # a copy is not told of changes: a browser should not hold on to it for long
NAMES = ("_headers", "_redirects", "nginx.conf")
_PARAMETER = re.compile(r"<(?:[a-z]+:)?[a-z_]+>")


@dataclass
class _Route:
    """What stands at the addresses of one view."""

    headers: dict[str, str]
    media_type: str


class Served:
    """What a copy's pages are served with, as the site answered."""

    def __init__(self, earlier: dict[str, list]):
        """`earlier` is what the last copy `kept`: an answer that holds still does not tell its headers again."""
        self._earlier = {name: _Route(*route) for name, route in earlier.items()}
        self._routes: dict[str, _Route] = {}
        self._gone: list[Address] = []
        self._moves: dict[Address, Address] = {}

    def add(self, address: Address, match: ResolverMatch | None, answer: Answer) -> None:
        if answer.status == 410:
            self._gone.append(address)
        elif match is not None:
            self._routes[_shape(address, match)] = _Route(_told(answer), answer.headers.get("Content-Type", ""))

    def add_unchanged(self, address: Address, match: ResolverMatch | None) -> None:
        if match is not None and (shape := _shape(address, match)) in self._earlier:
            self._routes.setdefault(shape, self._earlier[shape])

    def kept(self) -> dict[str, list]:
        """What to give to the next copy: route → [headers, media type]."""
        return {name: [route.headers, route.media_type] for name, route in self._routes.items()}

    def add_move(self, address: Address, onto: Address) -> None:
        self._moves[address] = onto

    def files(self) -> dict[str, str]:
        """Name → text."""
        common = self._common()
        apart = self._apart(common)
        made = (
            _headers(common, apart, self._routes),
            _redirects(self._moves),
            _nginx(common, apart, self._routes, self._moves, self._gone),
        )
        return dict(zip(NAMES, made, strict=True))

    def _common(self) -> dict[str, str]:
        """The headers that every view has, with the value that most give them."""
        told: dict[str, Counter] = defaultdict(Counter)
        for route in self._routes.values():
            for name, value in route.headers.items():
                told[name][value] += 1
        everywhere = {name: values for name, values in told.items() if values.total() == len(self._routes)}
        return {name: values.most_common(1)[0][0] for name, values in sorted(everywhere.items())}

    def _apart(self, common: dict[str, str]) -> dict[str, dict[str, list[str]]]:
        """Header → value → the routes that have it beside, or in the place of, what is common."""
        found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for name, route in sorted(self._routes.items()):
            for header, value in route.headers.items():
                if common.get(header) != value:
                    found[header][value].append(name)
        return found


def _shape(address: Address, match: ResolverMatch) -> str:
    """The route of an address, with the ending of a file as it is: `drugs/<slug:slug>/references.ris`."""
    _, dot, ending = address.path.rpartition("/")[2].rpartition(".")
    return re.sub(r"\.<[^<>]+>$", f".{ending}", match.route) if dot else match.route


def _told(answer: Answer) -> dict[str, str]:
    headers = {name: value for name, value in answer.headers.items() if name.lower() not in _OTHER}
    headers["Cache-Control"] = _KEPT
    if policy := headers.get("Content-Security-Policy"):
        # The scripts of a page stay behind, so that every page has the same policy.
        parts = sorted(one.strip() for one in policy.split(";") if one.strip() and "script-src" not in one)
        headers["Content-Security-Policy"] = "; ".join(parts)
    return headers


def _as_pattern(route: str) -> str:
    """A route as the hosts write it: `/drugs/:p1/editions/*`. The last part that varies may have folders in it."""
    parts = _PARAMETER.split(route)
    if len(parts) == 1:
        return f"/{route}*" if route.endswith("/") else f"/{route}"
    named = "".join(f"{part}:p{at}" for at, part in enumerate(parts[:-2], 1))
    return f"/{named}{parts[-2]}*{parts[-1]}"


def _as_expression(route: str) -> str:
    """A route as nginx matches the addresses and the files of a copy, with its queries that became folders."""
    folders, _, name = route.rpartition("/")
    varied = [re.escape(part) for part in _PARAMETER.split(f"{folders}/" if folders else "")]
    last = [re.escape(part) for part in _PARAMETER.split(name)]
    end = "[^/]+".join(last) if name else r"(index\.html)?"
    return f"^/{'[^/=]+'.join(varied)}([^/]+=[^/]+/)*{end}$"


def _headers(common: dict[str, str], apart: dict, routes: dict[str, _Route]) -> str:
    lines = ["/*", *(f"  {name}: {value}" for name, value in common.items())]
    by_route: dict[str, list[str]] = defaultdict(list)
    for header, values in sorted(apart.items()):
        for value, names in sorted(values.items()):
            for name in names:
                # A header that is common already would be sent twice.
                by_route[name] += [f"  ! {header}"] if header in common else []
                by_route[name].append(f"  {header}: {value}")
    for name, route in sorted(routes.items()):
        if not route.media_type.startswith("text/html"):
            by_route[name].append(f"  Content-Type: {route.media_type}")
    for name, said in sorted(by_route.items()):
        lines += ["", _as_pattern(name), *said]
    return "\n".join([*lines, ""])


def _redirects(moves: dict[Address, Address]) -> str:
    """What stood beneath a former address moved with it: its editions, its history, its leaflet."""
    found = sorted((address.in_copy, onto.in_copy) for address, onto in moves.items())
    return "".join(f"{address}* {onto}:splat 301\n" for address, onto in found)


def _nginx(common: dict[str, str], apart: dict, routes: dict[str, _Route], moves: dict, gone: list[Address]) -> str:
    lines = [
        "# For a server block whose root is this folder. Made with the copy: put nothing of your own here.",
        "index index.html;",
        "absolute_redirect off;",
        "error_page 404 /404.html;",
        "charset utf-8;",
    ]
    for at, (header, values) in enumerate(sorted(apart.items())):
        lines += ["", f'set $copy_header_{at} "{_quoted(common.get(header, ""))}";']
        for value, names in sorted(values.items()):
            for name in names:
                lines.append(f'if ($uri ~ "{_as_expression(name)}") {{ set $copy_header_{at} "{_quoted(value)}"; }}')
        lines.append(f"add_header {header} $copy_header_{at} always;")
    lines += [
        "",
        *(f'add_header {name} "{_quoted(value)}" always;' for name, value in common.items() if name not in apart),
    ]
    lines.append("")
    for name, route in sorted(routes.items()):
        if not route.media_type.startswith("text/html"):
            media_type, _, _ = route.media_type.partition(";")
            lines.append(f'location ~ "{_as_expression(name)}" {{ types {{}} default_type "{media_type}"; }}')
    lines += [f"location = {one.path} {{ return 410; error_page 410 /{one.file}; }}" for one in gone]
    for one, onto in sorted(moves.items(), key=str):
        lines.append(f'location ^~ {one.in_copy} {{ rewrite "^{one.in_copy}(.*)$" {onto.in_copy}$1 permanent; }}')
    lines += [
        "location ~ /\\.(?!well-known/) { return 404; }",
        *(f"location = /{name} {{ return 404; }}" for name in NAMES),
    ]
    return "\n".join([*lines, ""])


def _quoted(value: str) -> str:
    return value.replace('"', '\\"')
