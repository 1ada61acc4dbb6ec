"""Backing up and restoring PostgreSQL, by its own programs."""

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from django.db import connection
from django.db.backends.postgresql.client import DatabaseClient

from basics.snapshots import one_moment
from sarcoma_site.backups.archive import Packing, Watch, parts
from sarcoma_site.backups.manifest import BadBackup, Manifest, NotFinished, ask_django, describe
from staff.models import Session


def pack(part: Path, watch: Watch) -> Manifest:
    """Write a backup of the database as it stands at one moment. Who writes in it does not have to wait."""
    packing = Packing(part, "postgresql")
    sessions = f"public.{Session._meta.db_table}"
    with one_moment():
        ((snapshot,),) = ask_django("SELECT pg_export_snapshot()")
        dump = ["--format=custom", f"--snapshot={snapshot}", f"--exclude-table-data={sessions}"]
        with _running("pg_dump", *dump, "--no-owner", "--no-privileges", gives=True) as data:
            size = packing.database(watch(parts(data), 0))
        manifest = describe("postgresql", ask_django, size, without=sessions)
    packing.close(manifest)
    return manifest


def refuse_used() -> None:
    """Raises BadBackup if there is anything in the database."""
    ((tables,),) = ask_django(
        "SELECT COUNT(*) FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace "
        "WHERE relkind IN ('r', 'p', 'v', 'm', 'S') AND nspname <> 'information_schema' AND nspname NOT LIKE 'pg\\_%'"
    )
    if tables:
        raise BadBackup(
            f"The database {connection.settings_dict['NAME']} is in use: it has tables already. A backup is restored into "
            "an empty one: make it with `createdb`, and give DATABASE_URL its name."
        )


@contextmanager
def put_back(database: IO[bytes]) -> Iterator[None]:
    """Restore in one transaction, and do what is done inside after it."""
    # The programs need the database for themselves, and the data come through a pipe: if this process dies, they end early,
    # and the transaction is rolled back.
    connection.close()
    options = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
    with _running("pg_restore", *options, gives=False) as data, contextlib.suppress(BrokenPipeError):
        shutil.copyfileobj(database, data)
    try:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # so that it plans its queries well from the start
        yield
    except Exception as problem:
        raise NotFinished(
            f"The data are in the database, but what follows failed: {problem}. Mend that, then run migrate and "
            "verify_editions; or drop the database, and restore into a new one."
        ) from problem


@contextmanager
def _running(program: str, *options: str, gives: bool) -> Iterator[IO[bytes]]:
    """One of PostgreSQL's programs on this site's database: the pipe that it gives its output to, or takes its input from.

    Raises BadBackup if it is not there or fails.
    """
    found = shutil.which(program)
    if found is None:
        raise BadBackup(
            f"{program} is not installed here. Install PostgreSQL's client programs (package postgresql-client), of the "
            "server's version or a newer one."
        )
    where, environment = DatabaseClient.settings_to_cmd_args_env(connection.settings_dict, [])
    name = where.pop() if connection.settings_dict.get("NAME") else ""
    command = [found, *where[1:], "--no-password", *options, *([f"--dbname={name}"] if name else [])]
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(  # noqa: S603 the program and its options are named above
            command,
            stdin=subprocess.DEVNULL if gives else subprocess.PIPE,
            stdout=subprocess.PIPE if gives else subprocess.DEVNULL,
            stderr=said,
            env={**os.environ, **(environment or {})},
        )
        pipe = cast(IO[bytes], process.stdout if gives else process.stdin)
        try:
            yield pipe
        except BaseException:
            process.kill()
            raise
        finally:
            with contextlib.suppress(BrokenPipeError):  # it ended before it had read all, and says why
                pipe.close()
            process.wait()
        if process.returncode:
            said.seek(0)
            words = said.read().decode(errors="replace").strip()
            raise BadBackup(f"{program} failed: {words or f'it ended with {process.returncode}'}")
