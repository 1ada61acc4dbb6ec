"""Hashes and seals: how anyone can check that nothing was altered. Plain Python: the same rules serve outside this site.

A statement is canonical JSON (RFC 8785 in so far as we need it: sorted keys, no white space, UTF-8, no floats). The
seal of an entry is SHA-256 over the seal before it, a line feed, and the entry's statement.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

GENESIS = "0" * 64  # the “seal before” of the first entry


def sha256(text: str) -> str:
    """The SHA-256 of UTF-8 text, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def canonical(value: Mapping[str, Any]) -> str:
    """Canonical JSON of a mapping of strings, whole numbers, booleans, None, lists and mappings."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def moment(at: datetime | None) -> str | None:
    """A moment as it stands in statements: UTC, microseconds, `2018-04-03T00:00:00.000000Z`."""
    return None if at is None else at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def seal(previous: str, statement: str) -> str:
    """The seal of a statement that follows the seal `previous`."""
    return sha256(f"{previous}\n{statement}")


def new_salt() -> str:
    """Random text that keeps a name from being guessed back from its hash."""
    return secrets.token_hex(16)


def name_hash(name: str, salt: str) -> str:
    """What a seal knows of a person. Without the salt, the name cannot be guessed back."""
    return sha256(f"{salt}\n{name}")


def grouped(seal: str) -> str:
    """A seal to be written down on paper: four lines of four groups of four."""
    groups = [seal[n : n + 4] for n in range(0, 64, 4)]
    return "\n".join(" ".join(groups[n : n + 4]) for n in range(0, 16, 4))


def typed(text: str) -> str:
    """A seal as somebody typed it from paper, with its spaces and in capitals, say; nothing for nothing.

    Raises ValueError for what cannot be a seal, so that a slip of the pen is not taken for an altered record.
    """
    found = "".join(letter for letter in text.lower() if letter.isalnum())
    if wrong := sorted(set(found) - set("0123456789abcdef")):
        raise ValueError(f"A seal has the digits 0 to 9 and the letters a to f; this one has “{wrong[0]}”.")
    if found and len(found) != 64:
        raise ValueError(f"A seal has 64 letters and digits; this one has {len(found)}.")
    return found
