import pytest
from django.db import connection, transaction

from editions import triggers


@pytest.fixture
def tampering(db):
    """A cursor for somebody who altered the database behind the site's back, its own guards dropped."""

    def begin():
        connection.check_constraints()  # PostgreSQL drops no trigger while checks of a foreign key are pending
        triggers.remove(connection)
        return connection.cursor()

    yield begin
    transaction.set_rollback(True)  # what was cut loose is not checked again, only thrown away
