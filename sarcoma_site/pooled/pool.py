"""psycopg's pool, for a site that has to say at once that its database is away, and be back as soon as it is."""

import psycopg
from psycopg_pool import ConnectionPool


class Pool(ConnectionPool):
    """A pool whose connections are looked at before they are given.

    psycopg's own check tries the next one if one is broken, and waits ever longer in between; who waits for a database
    that refuses connections is told when their time is over. After a restart, ten connections that broke cost several
    requests five seconds each, and whoever asks for the generation would leave the database alone for ten times as long.
    """

    def __init__(self, **options) -> None:
        # A connection that cannot be made is tried twice, not for five minutes at ever longer intervals.
        super().__init__(**{"reconnect_timeout": 0, **options})

    def getconn(self, timeout: float | None = None) -> psycopg.Connection:
        """A connection that works. Raises psycopg.OperationalError; PoolTimeout if all are in use for so many seconds."""
        connection = super().getconn(timeout)
        try:
            self.check_connection(connection)
        except psycopg.OperationalError:
            self.putconn(connection)  # it is thrown away
            self.drain()  # the others broke with it
            connection = super().getconn(timeout)
        return connection

    def reconnect_failed(self) -> None:
        """No connection can be made, and there is none that could come back: whoever waits for one is told."""
        with self._lock:
            waiting = list(self._waiting) if self._nconns == 0 else []
            for one in waiting:
                self._waiting.remove(one)
        for one in waiting:
            one.fail(psycopg.OperationalError("the database refuses connections"))
