import os
import shutil
import tempfile
from pathlib import Path

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


@pytest.fixture(scope="session")
def _databases(django_db_setup, django_db_blocker):
    from tests.databases import Databases

    with django_db_blocker.unblock():
        databases = Databases()
    yield databases
    with django_db_blocker.unblock():
        databases.close()


@pytest.fixture
def _database(request, _databases, django_db_blocker, monkeypatch):
    """The database that a test asks for, before its transaction begins. Stands before all that the test names."""
    # Django empties all tables after a test with real transactions. Here that test had a copy.
    monkeypatch.setattr(TransactionTestCase, "_fixture_teardown", lambda self: None)
    with django_db_blocker.unblock():
        _databases.prepare(
            starter_content="starter_content" in request.fixturenames, in_a_copy=_is_transactional(request.node)
        )
    yield
    with django_db_blocker.unblock():
        _databases.clear()


@pytest.fixture
def starter_content(db):
    """The site with its starter content, loaded once for all tests; what a test does to it is taken back."""


@pytest.fixture(scope="module")
def servers_home():
    """A folder for servers. Not pytest's own: that is closed to others, and PostgreSQL does not run as root."""
    with tempfile.TemporaryDirectory(prefix="sarcoma-servers-") as home:
        os.chmod(home, 0o755)
        yield Path(home)


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
        if _asks_a_database(item):
            item.fixturenames.insert(0, "_database")
        if "/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)
            item.fixturenames.insert(0, "_browser_beside_django")
    if os.environ.get("DATABASE_URL", "").startswith("postgres"):
        # What asks no database was run on SQLite already, and says nothing new on another.
        config.hook.pytest_deselected(items=[item for item in items if not _differs_by_database(item)])
        items[:] = [item for item in items if _differs_by_database(item)]


def _asks_a_database(item) -> bool:
    asks = {"db", "transactional_db", "live_server"}
    return item.get_closest_marker("django_db") is not None or not asks.isdisjoint(item.fixturenames)


def _differs_by_database(item) -> bool:
    return _asks_a_database(item) and item.get_closest_marker("one_database") is None


def _is_transactional(item) -> bool:
    marker = item.get_closest_marker("django_db")
    marked = marker is not None and marker.kwargs.get("transaction", False)
    return marked or not {"transactional_db", "live_server"}.isdisjoint(item.fixturenames)
