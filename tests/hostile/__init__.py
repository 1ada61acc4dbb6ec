"""The hostile corpus, read from the TOML files beside this: README.md says what is in them."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Payload:
    """What somebody sends (`text`, which may hold lone surrogates), of which class it is, and what it tries."""

    kind: str
    tries: str
    text: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.tries}"

    @property
    def sent(self) -> str:
        """As it can be sent in UTF-8: browsers send a replacement character for half of a pair."""
        return self.text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


@cache
def corpus(*kinds: str) -> tuple[Payload, ...]:
    """All payloads of these classes, or of all, in the order of the files."""
    names = kinds or sorted(path.stem for path in FOLDER.glob("*.toml"))
    return tuple(
        Payload(name, tries, _made(given))
        for name in names
        for tries, given in tomllib.loads((FOLDER / f"{name}.toml").read_text()).items()
    )


def _made(given: str | dict) -> str:
    if isinstance(given, str):
        return given
    if "bytes" in given:
        return bytes.fromhex(given["bytes"]).decode("latin-1")
    if "surrogate" in given:
        return "a" + "".join(chr(int(one, 16)) for one in given["surrogate"].split()) + "b"
    return given["repeat"] * given["times"]
