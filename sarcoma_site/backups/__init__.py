"""The whole database as one file, and back. Why as it is: docs/decisions/0026-backups.md.

A backup holds hashes of passwords and the secrets of second factors, and no session.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.core.management import call_command
from django.db import connection

from basics.whole_files import written_whole
from editions.verification import Finding, verify
from sarcoma_site.backups import archive, postgresql, sqlite
from sarcoma_site.backups.archive import Watch
from sarcoma_site.backups.manifest import (
    KINDS,
    BadBackup,
    Manifest,
    NotFinished,
    ask_django,
    of_later_versions,
    rows_now,
)
from staff.models import Session

__all__ = ["BadBackup", "Made", "Manifest", "NotFinished", "Restored", "put_back", "read", "take"]


@dataclass(frozen=True)
class Made:
    manifest: Manifest
    size: int  # of the file, in bytes
    sha256: str  # of the file


@dataclass(frozen=True)
class Restored:
    manifest: Manifest
    findings: list[Finding]  # what does not hold in the record


def _way():
    return sqlite if connection.vendor == "sqlite" else postgresql


def take(path: Path, *, over: bool, watch: Watch) -> Made:
    """Write a backup, wholly or not at all. Raises BadBackup, FileExistsError unless `over`, OSError, sqlite3.Error."""
    with written_whole(path, over=over) as part:
        manifest = _way().pack(part, watch)
        if archive.read(part, lambda parts, size: parts) != manifest:
            raise BadBackup("What was written is not what was read back. Look at the disk.")
        return Made(manifest, part.stat().st_size, archive.sha256(part))


def read(path: Path, watch: Watch) -> Manifest:
    """Check a backup, and that it can be restored here. Raises BadBackup, OSError."""
    manifest = archive.read(path, watch)
    if manifest.vendor != connection.vendor:
        raise BadBackup(
            f"It is a backup of {KINDS[manifest.vendor]}, and DATABASE_URL names {KINDS[connection.vendor]}. A backup goes "
            "back into the same kind of database. From one kind to another, use export_bundle and import_bundle."
        )
    if unknown := of_later_versions(manifest):
        raise BadBackup(
            f"It was made by a later version of this software, {manifest.software}: this one does not know the migration "
            f"{unknown[0]}. Install that version, then restore."
        )
    _way().refuse_used()
    return manifest


def put_back(path: Path, *, expected_seal: str, watch: Watch, tell: Callable[[str], None]) -> Restored:
    """Make the empty database the one that was backed up, then bring it up to this version and verify the record.

    `tell` is told each step. Raises BadBackup, OSError, sqlite3.Error; then the database is as empty as before. Only
    NotFinished says that the data are in.
    """
    tell(f"Reading {path} …")
    manifest = read(path, watch)
    with archive.database(path, manifest) as database:
        tell("Restoring …")
        with _way().put_back(database):
            if rows_now(manifest.vendor, ask_django) != manifest.rows:
                raise BadBackup("Not every table has as many rows as were backed up.")
            tell("Bringing it up to this version, and verifying the record …")
            call_command("migrate", verbosity=0)
            Session.objects.all().delete()
            findings = verify(expected_seal)
    return Restored(manifest, findings)
