"""What machines ask: is the process up, and is it ready to serve?"""

from datetime import UTC, datetime

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from editions import triggers
from editions.models import CommandRun


def test_healthz_says_that_the_process_is_up_and_asks_nothing_of_the_database(client):
    # No database is open to this test: a question to it would be an error.
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "up"})


@pytest.mark.django_db
def test_readyz_says_ready_when_database_migrations_and_guards_are_there(client):
    response = client.get("/readyz")
    ready = {"status": "ready", "problems": [], "warnings": [], "last_runs": {}}
    assert (response.status_code, response.json()) == (200, ready)


@pytest.mark.django_db
def test_readyz_tells_of_nights_that_were_missed_and_of_a_cache_that_is_away_and_is_ready_all_the_same(
    client, settings
):
    CommandRun.note("send_reminders", "2 letters.")
    CommandRun.objects.create(name="backup", said="Written.", at=datetime(2026, 1, 5, tzinfo=UTC))
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1"}
    }
    response = client.get("/readyz")
    assert (response.status_code, response.json()["problems"]) == (200, [])
    assert response.json()["warnings"] == [
        "The cache does not answer: pages are served all the same.",
        "`manage.py flag_due_reviews` has never run.",
        "`manage.py backup` last ran on 05 January 2026.",
    ]
    assert response.json()["last_runs"]["backup"] == "2026-01-05T00:00:00+00:00"


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["edition_kept", "entry_follows"])
def test_readyz_names_a_guard_that_is_missing_and_the_remedy(client, name):
    with connection.cursor() as cursor:
        table = f" ON editions_{name.split('_')[0]}" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER {name}{table}")
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["status"] == "not ready"
    assert response.json()["problems"] == [f"The database's guards {name} are not in place. Run `manage.py migrate`."]
    triggers.install(connection)
    assert client.get("/readyz").status_code == 200


@pytest.mark.django_db
def test_readyz_names_a_migration_that_is_not_applied_and_the_remedy(client):
    newest = next(name for app, name in MigrationLoader(connection).graph.leaf_nodes() if app == "editions")
    MigrationRecorder(connection).record_unapplied("editions", newest)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert any(
        f"editions.{newest} is not applied. Run `manage.py migrate`" in one for one in response.json()["problems"]
    )


@pytest.mark.django_db
@pytest.mark.parametrize("fault", [OperationalError, InterfaceError])
def test_readyz_answers_503_when_the_database_does_not_answer(client, fault):
    def silent(execute, sql, params, many, context):
        raise fault("connection refused")

    with connection.execute_wrapper(silent):
        response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["problems"] == ["The database does not answer."]
    assert "refused" not in response.text


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_health_checks_are_never_stored_carry_no_cookie_and_are_only_read(client, address):
    response = client.get(address)
    assert "no-store" in response["Cache-Control"] and not response.cookies
    assert client.head(address).status_code == 200
    assert client.post(address).status_code == 405
