"""A scratch site: databases of its own, each copied from one that was made once."""

import contextlib
import os
import secrets
import shutil
import sqlite3
import time
from contextlib import closing
from io import StringIO
from pathlib import Path

TEAM = {"edith": "Author", "ravi": "Clinical reviewer", "paula": "Publisher"}


def prepare(folder: Path, database_url: str) -> None:
    """Set Django up for a site in `folder`."""
    os.environ.update(
        DATABASE_URL=database_url,
        DATABASE_POOL="off",  # a forked process cannot go on with the threads of a pool
        SECRET_KEY=secrets.token_urlsafe(50),
        DEBUG="off",
        SITE_URL="http://127.0.0.1:8000",
        ALLOWED_HOSTS="",
        EMAIL_URL="dummy://",
        CACHE_URL="",
        REPLICA_URL="",
        SEARCH_URL="",
        DJANGO_SETTINGS_MODULE="sarcoma_site.settings",
    )
    import logging

    import django
    from django.conf import settings

    django.setup()
    logging.disable(logging.CRITICAL)
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.ALLOWED_HOSTS.append("testserver")
    settings.PASSWORD_HASHERS.insert(0, "django.contrib.auth.hashers.MD5PasswordHasher")


class Scratch:
    """Databases by name: `migrated` has tables, `started` the starter content and a team as well."""

    def __init__(self, folder: Path, migrated: str = ""):
        """`migrated` names a database that is migrated already, and that is copied then."""
        from django.core.management import call_command
        from django.db import connection

        self.folder, self.vendor, self._count = folder, connection.vendor, 0
        self._made = f"drill_{os.getpid()}_"  # how the names of its databases begin, on PostgreSQL
        self._server = "postgres" if migrated else connection.settings_dict["NAME"]  # to give PostgreSQL commands from
        if migrated and self.vendor == "sqlite":
            with (
                closing(sqlite3.connect(migrated)) as there,
                closing(sqlite3.connect(folder / "migrated.sqlite3")) as copy,
            ):
                there.backup(copy)
        elif migrated:
            connection.close()
            self._command(f'CREATE DATABASE "{self._made}migrated" TEMPLATE "{migrated}"')
        else:
            self.fresh("")
            call_command("migrate", verbosity=0)
            self._keep("migrated")
        self.fresh("migrated")
        call_command("load_starter_content", verbosity=0, stdout=StringIO())
        make_team()
        self._keep("started")

    def fresh(self, base: str) -> None:
        """From now on the site's database is a new copy of `base`; an empty or missing one without."""
        from django.db import connection

        connection.close()
        self._count += 1
        before = self.name if self._count > 1 else ""
        if self.vendor == "sqlite":
            self.name = str(self.folder / f"{self._count}.sqlite3")
            if base:
                shutil.copyfile(self.folder / f"{base}.sqlite3", self.name)
            _remove(before)
        else:
            self.name = f"{self._made}{self._count}"
            self._command(f'CREATE DATABASE "{self.name}"' + (f' TEMPLATE "{self._made}{base}"' if base else ""))
            if before:
                self._command(f'DROP DATABASE IF EXISTS "{before}" WITH (FORCE)')
        connection.settings_dict["NAME"] = self.name

    def _keep(self, base: str) -> None:
        """The present database becomes `base`; a copy of it is used from now on."""
        from django.db import connection

        connection.close()  # the last one: SQLite takes its log into the file
        if self.vendor == "sqlite":
            os.rename(self.name, self.folder / f"{base}.sqlite3")
        else:
            self._command(f'ALTER DATABASE "{self.name}" RENAME TO "{self._made}{base}"')
        self.fresh(base)

    def close(self) -> None:
        """Drop what was made on PostgreSQL. On SQLite it goes with the folder."""
        from django.db import connection

        connection.close()
        for name in (self.name, f"{self._made}migrated", f"{self._made}started") if self.vendor != "sqlite" else ():
            self._command(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def quiet(self) -> None:
        """Wait until whoever was killed is gone: PostgreSQL notices a while later that nobody listens."""
        if self.vendor == "sqlite":
            return
        asked = f"SELECT COUNT(*) FROM pg_stat_activity WHERE datname = '{self.name}'"
        for _ in range(300):
            if self._command(asked)[0][0] == 0:
                return
            time.sleep(0.05)
        raise SystemExit("PostgreSQL holds on to the sessions of a process that was killed.")

    def _command(self, sql: str) -> list[tuple]:
        import psycopg
        from django.db import connection

        where = connection.settings_dict
        with psycopg.connect(
            host=where["HOST"], port=where["PORT"], user=where["USER"], dbname=self._server, autocommit=True
        ) as server:
            found = server.execute(sql)
            return found.fetchall() if found.description else []


def _remove(path: str) -> None:
    for suffix in ("", "-wal", "-shm") if path else ():
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path + suffix)


def make_team() -> None:
    from django.contrib.auth.models import Group

    from staff.models import User

    for username, role in TEAM.items():
        person = User(username=username, public_name=username.capitalize(), is_staff=True)
        person.set_unusable_password()
        person.save()
        person.groups.set(Group.objects.filter(name=role))


def person(username: str):
    from staff.models import User

    return User.objects.get(username=username)


def wrong() -> str:
    """What is wrong with the site as it stands, in a sentence; nothing if the record holds and pages are served."""
    from django.test import Client

    from editions.verification import verify

    if findings := verify():
        return findings[0].sentence
    for address in ("/", "/drugs/imatinib/", "/record.json"):
        status = Client().get(address).status_code
        if status != 200:
            return f"{address} answers {status}"
    return ""
