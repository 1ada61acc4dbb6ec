"""Bodies in the codings that clients read. A public page holds no secret, so that its length tells none (BREACH)."""

import gzip
import importlib
from collections.abc import Callable

import brotli


def _zstd() -> Callable[[bytes], bytes] | None:
    """Python's own from 3.14 on, or the package of that name where it is installed."""
    for name in ("compression.zstd", "zstandard"):
        try:
            return importlib.import_module(name).compress
        except ImportError:
            continue
    return None


# No clock in it: two processes write the same bytes, and so the same tag. Every publication drops every page, so what would
# take longer than drawing it (quality 9: six times as long for one byte in a hundred) is not worth it.
_WRITERS: dict[str, Callable[[bytes], bytes] | None] = {
    "br": lambda body: brotli.compress(body, quality=5),
    "zstd": _zstd(),
    "gzip": lambda body: gzip.compress(body, compresslevel=9, mtime=0),
}
_WORTH_IT = (
    "text/",
    "application/json",
    "application/atom+xml",
    "application/xml",
    "image/svg+xml",
    "application/vnd.",
)
_LEAST = 256  # bytes; below, a coding gains nothing


def coded(body: bytes, coding: str, media_type: str) -> bytes | None:
    """The body in a coding; None where we cannot write it, or where it gains nothing."""
    writer = _WRITERS.get(coding)
    if writer is None or len(body) < _LEAST or not media_type.lower().startswith(_WORTH_IT):
        return None
    shorter = writer(body)
    return shorter if len(shorter) < len(body) else None
