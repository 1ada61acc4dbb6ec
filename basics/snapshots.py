"""Reading the whole database as it stood at one moment, while others go on writing."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction

from basics.routing import connection_read


@contextmanager
def one_moment() -> Iterator[None]:
    """All that is read inside is of one moment, and nobody has to wait for it. Within a transaction it changes nothing."""
    connection = connection_read()
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "sqlite":
        connection.ensure_connection()  # which sets the mode
        sqlite: Any = connection
        usual = sqlite.transaction_mode
        sqlite.transaction_mode = "DEFERRED"  # IMMEDIATE would keep everybody from writing
        try:
            with transaction.atomic():
                yield
        finally:
            sqlite.transaction_mode = usual
    else:
        with transaction.atomic(using=connection.alias):
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
