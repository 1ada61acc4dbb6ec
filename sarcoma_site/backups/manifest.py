"""What a backup says of itself."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

import django
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from editions import seals
from sarcoma_site import VERSION

FORMAT = 1
KINDS = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
Ask = Callable[[str], list[tuple]]  # SQL → rows


class BadBackup(Exception):
    """A backup that cannot be made, or a file that cannot be restored. The message is a sentence for the person."""


class NotFinished(BadBackup):
    """The data are in the database, but what follows failed."""


@dataclass(frozen=True)
class Manifest:
    made_at: str  # UTC, as in statements
    vendor: str  # of KINDS
    entries: int
    newest_seal: str
    rows: dict[str, int]  # table → how many rows of it are in the backup
    migrations: list[str]  # `app.name` of those that were applied
    bytes: int  # of the database's file in the backup
    software: str = VERSION
    django: str = django.get_version()
    format: int = FORMAT

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def read(cls, value: Any) -> "Manifest":
        """Raises BadBackup for what no version of this software wrote."""
        if not isinstance(value, dict) or value.get("format") != FORMAT:
            raise BadBackup("It is of another format. Restore it with the version of this software that made it.")
        try:
            found = cls(**value)
        except TypeError as problem:
            raise BadBackup("What it says of itself cannot be read.") from problem
        if found.vendor not in KINDS:
            raise BadBackup(f"It is of a database that this software does not know: “{found.vendor}”.")
        return found

    @property
    def line(self) -> str:
        """What is in it, in a sentence."""
        return (
            f"{KINDS[self.vendor]}, made {self.made_at[:16].replace('T', ' at ')} UTC by version {self.software}: "
            f"{sum(self.rows.values())} rows in {len(self.rows)} tables, {self.entries} entries in the record, newest seal "
            f"{self.newest_seal}"
        )


def describe(vendor: str, ask: Ask, size: int, *, without: str = "") -> Manifest:
    """What is said of the database that `ask` asks. The rows of the table `without` are not in the backup."""
    tables = [name for (name,) in ask(_TABLES[vendor])]
    ((entries, head),) = ask("SELECT entries, head FROM editions_record WHERE id = 1") or [(0, seals.GENESIS)]
    return Manifest(
        made_at=seals.moment(datetime.now(UTC)) or "",
        vendor=vendor,
        entries=entries,
        newest_seal=head,
        rows={name: 0 if name == without else _count(name, ask) for name in tables},
        migrations=sorted(f"{app}.{name}" for app, name in ask("SELECT app, name FROM django_migrations")),
        bytes=size,
    )


def rows_now(vendor: str, ask: Ask) -> dict[str, int]:
    return {name: _count(name, ask) for (name,) in ask(_TABLES[vendor])}


def ask_django(sql: str) -> list[tuple]:
    """Ask the database of this site."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def of_later_versions(manifest: Manifest) -> list[str]:
    """The migrations that made this database and that this software does not know."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    known = {f"{app}.{name}" for app, name in loader.disk_migrations}
    for migration in loader.disk_migrations.values():
        known |= {f"{app}.{name}" for app, name in migration.replaces}
    return sorted(set(manifest.migrations) - known)


# Asked of the database, not of the models: an index for search has tables of its own.
_TABLES = {
    "sqlite": r"SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\' ORDER BY name",
    "postgresql": "SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) FROM pg_tables "
    "WHERE schemaname NOT IN ('pg_catalog', 'information_schema') AND schemaname NOT LIKE 'pg\\_%' ORDER BY 1",
}


def _count(table: str, ask: Ask) -> int:
    name = table if "." in table else f'"{table}"'
    return ask(f"SELECT COUNT(*) FROM {name}")[0][0]
