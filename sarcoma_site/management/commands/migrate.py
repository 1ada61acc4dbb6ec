from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.commands import migrate
from django.db import transaction
from django.db.migrations.executor import MigrationExecutor


class WholeExecutor(MigrationExecutor):
    """Applies each migration and notes that it did in one transaction.

    Django often notes it in a second one. If the machine dies between the two, the tables are there, nobody knows of it, and
    the next run fails because they are.
    """

    def apply_migration(self, state, migration, fake=False, fake_initial=False):
        if fake or not migration.atomic:
            return super().apply_migration(state, migration, fake=fake, fake_initial=fake_initial)
        with self._in_one():
            return super().apply_migration(state, migration, fake=fake, fake_initial=fake_initial)

    def unapply_migration(self, state, migration, fake=False):
        if fake or not migration.atomic:
            return super().unapply_migration(state, migration, fake=fake)
        with self._in_one():
            return super().unapply_migration(state, migration, fake=fake)

    @contextmanager
    def _in_one(self) -> Iterator[None]:
        # SQLite rebuilds tables, for which foreign keys have to be off; it takes that order outside a transaction only. The
        # schema editor checks them all before the end.
        is_sqlite = self.connection.vendor == "sqlite"
        turned_off = is_sqlite and self.connection.disable_constraint_checking()
        try:
            with transaction.atomic(using=self.connection.alias):
                yield
        finally:
            if turned_off:
                self.connection.enable_constraint_checking()


class Command(migrate.Command):
    def handle(self, *args, **options):
        command: Any = migrate  # it takes its executor from its own module
        usual, command.MigrationExecutor = command.MigrationExecutor, WholeExecutor
        try:
            return super().handle(*args, **options)
        finally:
            command.MigrationExecutor = usual
