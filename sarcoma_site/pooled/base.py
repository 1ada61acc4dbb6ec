"""Django's PostgreSQL, on our pool."""

from typing import Any

from django.db.backends.base.base import NO_DB_ALIAS
from django.db.backends.postgresql import base

from sarcoma_site.pooled.pool import Pool


class DatabaseWrapper(base.DatabaseWrapper):
    _connection_pools: dict[str, Pool]  # Django's own, of the class
    _configure_connection: Any

    @property
    def pool(self) -> Pool | None:
        """The process's pool for this database, as Django's own property gives one: all threads share it."""
        options: dict[str, Any] | None = self.settings_dict["OPTIONS"].get("pool")
        if self.alias == NO_DB_ALIAS or not options:
            return None
        pools = self._connection_pools
        if self.alias not in pools:
            # Django sets autocommit as it wants it later on.
            kwargs = {**self.get_connection_params(), "autocommit": True}
            made = Pool(kwargs=kwargs, open=False, configure=self._configure_connection, **options)
            pools.setdefault(self.alias, made)  # of two threads that make one, the first wins; neither is open yet
        return pools[self.alias]
