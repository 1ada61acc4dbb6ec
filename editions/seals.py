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
