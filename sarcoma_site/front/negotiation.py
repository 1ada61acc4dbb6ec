"""What a request asks for beside its address: a coding of the body, and whether the copy it has still holds (RFC 9110)."""

import re

# What we can write, the smallest first: so is the choice where a client likes several equally.
CODINGS = ("br", "zstd", "gzip", "identity")
_QUALITY = re.compile(r"q=(0(\.\d{0,3})?|1(\.0{0,3})?)", re.IGNORECASE)
_ETAG = re.compile(r'(?:W/)?("[\x21\x23-\x7e\x80-\xff]*")')
_MOST_REMEMBERED = 500
_chosen: dict[str | None, tuple[str, ...]] = {}


def codings(accept_encoding: str | None) -> tuple[str, ...]:
    """The codings that a client accepts, the best first; none if it refuses even the body as it is."""
    try:
        return _chosen[accept_encoding]
    except KeyError:
        if len(_chosen) >= _MOST_REMEMBERED:
            _chosen.clear()
        return _chosen.setdefault(accept_encoding, _codings(accept_encoding))


def _codings(accept_encoding: str | None) -> tuple[str, ...]:
    if accept_encoding is None:
        return ("identity",)  # it accepts any; nothing says that it can read one
    said: dict[str, float] = {}
    for part in accept_encoding.lower().split(","):
        name, _, parameters = (piece.strip() for piece in part.partition(";"))
        quality = _QUALITY.fullmatch(parameters)
        if name and (quality or not parameters):
            said[name.removeprefix("x-") if name == "x-gzip" else name] = float(quality[1]) if quality else 1.0
    # The body as it is needs no leave, but is the last choice of whoever does not name it.
    others = said.get("*", 0.0)
    liked = {coding: said.get(coding, others) for coding in CODINGS[:-1]}
    liked["identity"] = said.get("identity", others if "*" in said else 0.0005)
    accepted = [coding for coding in CODINGS if liked[coding] > 0]
    return tuple(sorted(accepted, key=lambda coding: -liked[coding]))


def is_unchanged(environ: dict, etag: str, last_modified: str) -> bool:
    """Whether the client has what it would get. Tags win over the date, and are compared weakly.

    A date counts only if it is the one that we gave: one that is merely later may be of another copy.
    """
    tags = environ.get("HTTP_IF_NONE_MATCH")
    if tags is not None:
        return tags == etag or tags.strip() == "*" or etag in _ETAG.findall(tags)
    return bool(last_modified) and environ.get("HTTP_IF_MODIFIED_SINCE") == last_modified
