"""The databases that tests start from, made once for each worker: an empty site, and one with the starter content.

A test says by its fixtures which one it wants: `db` is empty, `starter_content` is not. What it does is rolled back.
A test with real transactions works on a copy of its own, which is thrown away: nothing needs to be emptied after it.
"""

import itertools
from pathlib import Path

from django.db import connection


class Databases:
    """One worker's databases, each a copy of the migrated one. The settings name the one in use, for all threads."""

    def __init__(self):
        self.empty = connection.settings_dict["NAME"]
        self._starter: str | None = None
        self._copy: str | None = None
        # Each copy has a name of its own. A thread of the last test's server may be late to close: SQLite then takes
        # away the log beside the file by its name, which must not be the log of the test that runs by now.
        self._numbers = itertools.count(1)

    def prepare(self, *, starter_content: bool, in_a_copy: bool) -> None:
        """Turn to the database that a test starts from. Outside of transactions only."""
        self._turn_to(self._with_starter_content() if starter_content else self.empty)
        if in_a_copy:
            self._copy = self._copied(f"copy{next(self._numbers)}")
            self._turn_to(self._copy)

    def clear(self) -> None:
        """Throw away the copy that a test worked on."""
        if self._copy:
            self._turn_to(self.empty)
            _drop(self._copy)
            self._copy = None

    def close(self) -> None:
        self._turn_to(self.empty)
        connection.close()
        if self._starter:
            _drop(self._starter)

    def _with_starter_content(self) -> str:
        if self._starter is None:
            from drugs import starter
            from drugs.starter_files import read_starter

            self._turn_to(self.empty)
            self._starter = self._copied("starter")
            self._turn_to(self._starter)
            starter.load(read_starter())
        return self._starter

    def _copied(self, suffix: str) -> str:
        connection.close()  # PostgreSQL copies what nobody is using; SQLite's log is then back in its file
        connection.creation.clone_test_db(suffix, verbosity=0, autoclobber=True)
        return connection.creation.get_test_db_clone_settings(suffix)["NAME"]

    def _turn_to(self, name: str) -> None:
        if connection.settings_dict["NAME"] != name:
            connection.close()
            connection.settings_dict["NAME"] = name


def _drop(name: str) -> None:
    if connection.vendor == "postgresql":
        with connection.creation._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')  # threads of a test may still hold on to it
    else:
        for ending in ("", "-wal", "-shm"):
            Path(f"{name}{ending}").unlink(missing_ok=True)
