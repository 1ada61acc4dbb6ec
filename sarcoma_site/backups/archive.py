"""The file of a backup: a ZIP archive that common tools open, with the SHA-256 of what is in it."""

import hashlib
import json
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from sarcoma_site.backups.manifest import BadBackup, Manifest

DATABASES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
MANIFEST, SUMS = "manifest.json", "SHA256SUMS"
Watch = Callable[[Iterable[bytes], int], Iterable[bytes]]  # parts of a file, its size in bytes → the same parts
_PART = 1024 * 1024


def parts(file: IO[bytes]) -> Iterator[bytes]:
    return iter(lambda: file.read(_PART), b"")


class Packing:
    """A backup being written: the database first, as it comes, and then what is said of it."""

    def __init__(self, path: Path, vendor: str):
        self._file = path.open("wb")
        self._zip = zipfile.ZipFile(self._file, "w")
        self._name = DATABASES[vendor]
        # A dump of PostgreSQL is compressed already.
        self._method = zipfile.ZIP_DEFLATED if vendor == "sqlite" else zipfile.ZIP_STORED
        self._sums: dict[str, str] = {}

    def database(self, data: Iterable[bytes]) -> int:
        """Add the database; returns its size in bytes."""
        info = zipfile.ZipInfo(self._name)
        info.compress_type, info.external_attr = self._method, 0o600 << 16
        digest, size = hashlib.sha256(), 0
        with self._zip.open(info, "w", force_zip64=True) as member:
            for part in data:
                digest.update(part)
                size += len(part)
                member.write(part)
        self._sums[self._name] = digest.hexdigest()
        return size

    def close(self, manifest: Manifest) -> None:
        said = json.dumps(manifest.as_json(), indent=1) + "\n"
        self._sums[MANIFEST] = hashlib.sha256(said.encode()).hexdigest()
        self._zip.writestr(MANIFEST, said)
        self._zip.writestr(SUMS, "".join(f"{digest}  {name}\n" for name, digest in self._sums.items()))
        self._zip.close()
        self._file.close()


def read(path: Path, watch: Watch) -> Manifest:
    """Read a backup to its end, and compare every byte with the sums in it. Raises BadBackup, OSError."""
    try:
        with zipfile.ZipFile(path) as found:
            lines = found.read(SUMS).decode().splitlines()
            sums = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
            said = found.read(MANIFEST)
            _must_be(sums, MANIFEST, hashlib.sha256(said).hexdigest())
            manifest = Manifest.read(json.loads(said))
            name = DATABASES[manifest.vendor]
            digest = hashlib.sha256()
            with found.open(name) as member:
                for part in watch(parts(member), manifest.bytes):
                    digest.update(part)
            _must_be(sums, name, digest.hexdigest())
    except (zipfile.BadZipFile, KeyError, ValueError, EOFError, zlib.error) as problem:
        raise BadBackup(f"It is damaged, or it is no backup ({problem}).") from problem
    return manifest


def _must_be(sums: dict[str, str], name: str, digest: str) -> None:
    if sums.get(name) != digest:
        raise BadBackup(f"It is damaged: {name} is not what was backed up. Take another copy of it, or an older one.")


@contextmanager
def database(path: Path, manifest: Manifest) -> Iterator[IO[bytes]]:
    """The database in a backup that was read already."""
    with zipfile.ZipFile(path) as found, found.open(DATABASES[manifest.vendor]) as member:
        yield member


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
