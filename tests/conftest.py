import os
import shutil

import pytest
from django.test import TransactionTestCase


@pytest.fixture(autouse=True)
def _quick(settings):
    """Plain static files and quick hashes: neither is what a test is about."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True, scope="session")
def _flushed_past_the_guards():
    """A transactional test ends with emptied tables, which the record's guards refuse: they step aside for the flush.

    Only here. Nothing in the site's own code takes them off.
    """
    from django.db import connections

    from editions import triggers

    flush = TransactionTestCase._fixture_teardown

    def without_guards(self):
        for connection in connections.all():
            triggers.remove(connection)
        flush(self)
        for connection in connections.all():
            triggers.install(connection)

    TransactionTestCase._fixture_teardown = without_guards
    yield
    TransactionTestCase._fixture_teardown = flush


def wanted(program: str) -> str:
    """The path of a program that a test needs. Skips without it, but fails in CI."""
    if path := shutil.which(program):
        return path
    if os.environ.get("CI"):
        pytest.fail(f"{program} is not installed, and CI must not pass without it.")
    pytest.skip(f"{program} is not installed on this machine.")


@pytest.fixture(scope="session")
def browser_type_launch_args():
    return {
        "executable_path": wanted("chromium"),
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run",
        ],
    }


@pytest.fixture
def _browser_beside_django(monkeypatch):
    # Playwright's synchronous interface runs an event loop, from which Django refuses database calls by default.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def pytest_collection_modifyitems(config, items):
    for item in items:
        if "/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)
            item.fixturenames.insert(0, "_browser_beside_django")
    if os.environ.get("DATABASE_URL", "").startswith("postgres"):
        # What asks no database was run on SQLite already, and says nothing new on another.
        without = [item for item in items if not _asks_a_database(item)]
        config.hook.pytest_deselected(items=without)
        items[:] = [item for item in items if _asks_a_database(item)]


def _asks_a_database(item) -> bool:
    return item.get_closest_marker("django_db") is not None or not {"db", "transactional_db"}.isdisjoint(
        item.fixturenames
    )
