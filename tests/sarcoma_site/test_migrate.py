"""A migration and the note that it was applied are one: a machine that dies between the two leaves nothing half-done."""

import pytest
from django.db import connection, migrations, models
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState

from sarcoma_site.management.commands.migrate import WholeExecutor


class Migration(migrations.Migration):
    operations = [
        migrations.CreateModel(
            "Thing",
            [("id", models.BigAutoField(primary_key=True)), ("name", models.CharField(max_length=9, db_index=True))],
        )
    ]


@pytest.mark.django_db(transaction=True)
def test_a_migration_that_was_not_noted_was_not_applied(monkeypatch):
    def dies(*args):
        raise KeyboardInterrupt

    migration = Migration("0001_initial", "trial")
    with monkeypatch.context() as dying:
        dying.setattr(MigrationRecorder, "record_applied", dies)
        with pytest.raises(KeyboardInterrupt):
            WholeExecutor(connection).apply_migration(ProjectState(), migration)
    assert "trial_thing" not in connection.introspection.table_names()

    executor = WholeExecutor(connection)
    state = executor.apply_migration(ProjectState(), migration)  # so it can be run again
    assert "trial_thing" in connection.introspection.table_names()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA foreign_keys" if connection.vendor == "sqlite" else "SELECT 1")
        assert cursor.fetchone()[0] == 1
    executor.unapply_migration(ProjectState(), migration)
    assert "trial_thing" not in connection.introspection.table_names() and state is not None
