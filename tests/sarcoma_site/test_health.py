"""What machines ask: is the process up, and is it ready to serve?"""

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from editions import triggers


def test_healthz_says_that_the_process_is_up_and_asks_nothing_of_the_database(client):
    # No database is open to this test: a question to it would be an error.
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "up"})


@pytest.mark.django_db
def test_readyz_says_ready_when_database_migrations_and_guards_are_there(client):
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (200, {"status": "ready", "problems": []})


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["edition_kept", "entry_follows"])
def test_readyz_names_a_guard_that_is_missing_and_the_remedy(client, name):
    with connection.cursor() as cursor:
        table = f" ON editions_{name.split('_')[0]}" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER {name}{table}")
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {
        "status": "not ready",
        "problems": [f"The database's guards {name} are not in place. Run `manage.py migrate`."],
    }
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
    assert response.json() == {"status": "not ready", "problems": ["The database does not answer."]}
    assert "refused" not in response.text


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_health_checks_are_never_stored_carry_no_cookie_and_are_only_read(client, address):
    response = client.get(address)
    assert "no-store" in response["Cache-Control"] and not response.cookies
    assert client.head(address).status_code == 200
    assert client.post(address).status_code == 405
