"""Backing up and restoring SQLite."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO

from django.db import connection

from basics.whole_files import written_whole
from sarcoma_site.backups.archive import Packing, Watch, parts
from sarcoma_site.backups.manifest import BadBackup, Manifest, describe
from staff.models import Session


def pack(part: Path, watch: Watch) -> Manifest:
    """Write a backup of the database as it stands at one moment. Who writes in it does not have to wait."""
    snapshot = part.with_name(part.name + "-snapshot")
    os.close(os.open(snapshot, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    with closing(sqlite3.connect(snapshot, isolation_level=None)) as copy:
        connection.ensure_connection()
        connection.connection.backup(copy)  # in one step, and so of one moment
        copy.execute("PRAGMA journal_mode = DELETE")
        copy.execute("PRAGMA synchronous = OFF")
        if (found := copy.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
            raise BadBackup(f"The database itself is damaged: {found}. Restore an older backup.")
        copy.execute(f'DELETE FROM "{Session._meta.db_table}"')
        copy.execute("VACUUM")  # what was deleted is gone from the file as well, names removed on request included
        packing = Packing(part, "sqlite")
        with snapshot.open("rb") as file:
            size = packing.database(watch(parts(file), snapshot.stat().st_size))
        manifest = describe("sqlite", lambda sql: copy.execute(sql).fetchall(), size)
    snapshot.unlink()
    packing.close(manifest)
    return manifest


def refuse_used() -> None:
    """Raises BadBackup if there is a database with anything in it where the restored one is to stand."""
    target = _target()
    connection.close()  # its own log is not that of somebody else
    if target.exists():
        with closing(sqlite3.connect(target)) as there:
            try:
                used = there.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()[0]
            except sqlite3.DatabaseError as problem:
                raise BadBackup(
                    f"{target} is there, and it is no empty database ({problem}). Move it away."
                ) from problem
        if used:
            raise BadBackup(
                f"The database {target} is in use: it has tables already. A backup is restored into an empty or missing "
                "one: give DATABASE_URL the name of a new file, or move this one away, with its -wal and -shm."
            )
    # A write-ahead log of another database would be read into the restored one.
    for suffix in ("-wal", "-journal"):
        if (beside := target.with_name(target.name + suffix)).exists():
            raise BadBackup(f"{beside} belongs to another database, or that is still open. Move it away as well.")


def _target() -> Path:
    return Path(connection.settings_dict["NAME"])


@contextmanager
def put_back(database: IO[bytes]) -> Iterator[None]:
    """Restore under another name, do what is done inside to that, and give it its own name at the end."""
    target = _target()
    is_there = target.exists()  # and is empty
    with written_whole(target, over=is_there) as part:
        with part.open("r+b") as file:
            shutil.copyfileobj(database, file)
        with _connected_to(part):
            yield
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        refuse_used()  # somebody may have begun a site there meanwhile


@contextmanager
def _connected_to(path: Path) -> Iterator[None]:
    usual = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = str(path)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = usual
