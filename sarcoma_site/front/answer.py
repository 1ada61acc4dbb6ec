"""What an inner application answers, caught so that it can be looked at before it goes out."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from editions.public import LASTING
from sarcoma_site.front.page import Headers

StartResponse = Callable[..., Any]
Inner = Callable[[dict, StartResponse], Iterable[bytes]]
_NEVER = re.compile(r"\b(no-store|private)\b", re.IGNORECASE)


@dataclass
class Answer:
    status: str
    headers: Headers
    body: Iterable[bytes]

    def values(self, name: str) -> list[str]:
        return [value for given, value in self.headers if given.lower() == name]

    def may_be_kept(self, most_bytes: int) -> bool:
        """Whether it is the same for everybody and of a known length that fits. A view forbids it by `never_cache`."""
        length = self.values("content-length")
        return (
            int(self.status.split(" ", 1)[0]) in LASTING
            and len(length) == 1
            and int(length[0]) <= most_bytes
            and not self.values("set-cookie")
            and not self.values("content-encoding")
            and not any(_NEVER.search(value) for value in self.values("cache-control"))
            and {word.strip().lower() for value in self.values("vary") for word in value.split(",")}
            <= {"accept-encoding"}
        )

    def whole_body(self) -> bytes:
        try:
            return b"".join(self.body)
        finally:
            self.close()

    def close(self) -> None:
        if hasattr(self.body, "close"):
            self.body.close()


def asked(inner: Inner, environ: dict) -> Answer:
    """The answer of an application that names status and headers before it returns, as Django does."""
    caught: list[Any] = []
    body = inner(environ, lambda status, headers, exc_info=None: caught.extend((status, headers)))
    return Answer(caught[-2], caught[-1], body)
