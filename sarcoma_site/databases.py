"""DATABASES from the addresses in the environment."""

import re
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

# Seconds. A server that is gone without a word must not hold every request until the network gives up, a quarter of an hour.
_PATIENCE = {"connect_timeout": 5, "tcp_user_timeout": 10_000}
_POOL = {
    "timeout": 5,
    "max_idle": 60,
}  # how long a request waits for a connection; how long one is kept that nobody needs


def database(name: str, url: str, *, pool: tuple[int, int] | None) -> dict[str, Any]:
    """The settings of the database at `url`, which the environment's `name` holds; `pool` as `pool_sizes` gives it.

    Raises ImproperlyConfigured with a remedy.
    """
    try:
        found: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=600, conn_health_checks=True))
    except ValueError:
        raise ImproperlyConfigured(
            f"{name} is “{url.split('@')[-1]}”. Write it as postgres://user:password@host/name, or leave it empty for SQLite."
        ) from None
    if found["ENGINE"] == "django.db.backends.sqlite3":
        found["OPTIONS"] = {
            # Deferred transactions fail with “database is locked” when two of them turn into writers.
            "transaction_mode": "IMMEDIATE",
            "timeout": 15,
            # NORMAL can lose the last commits when the power fails.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        }
        # A file, not memory: only there do the threads of a test meet the locks that they would meet in earnest.
        found["TEST"] = {"NAME": f"{found['NAME']}-test"}
        return found
    found["OPTIONS"] = {**_PATIENCE, **found.get("OPTIONS", {})}
    if pool:
        found["ENGINE"] = "sarcoma_site.pooled"
        found["OPTIONS"]["pool"] = {"min_size": pool[0], "max_size": pool[1], **_POOL}
        # The pool looks at connections itself, and keeps them: to Django each is one for a request.
        found["CONN_MAX_AGE"], found["CONN_HEALTH_CHECKS"] = 0, False
    return found


def replica(url: str, *, of: dict[str, Any], pool: tuple[int, int] | None) -> dict[str, Any]:
    """The settings of a PostgreSQL at `url` that follows the one of the settings `of`. Raises ImproperlyConfigured."""
    found = database("REPLICA_URL", url, pool=pool)
    if "sqlite3" in found["ENGINE"] + of["ENGINE"]:
        raise ImproperlyConfigured(
            "REPLICA_URL needs PostgreSQL there and in DATABASE_URL: write both as postgres://user:password@host/name."
        )
    return {**found, "OPTIONS": {**found["OPTIONS"], "connect_timeout": 2}, "TEST": {"MIRROR": "default"}}


def pool_sizes(pool: str) -> tuple[int, int] | None:
    """(fewest, most) connections of a process, from “1-10”; None for “off”. Raises ImproperlyConfigured with a remedy."""
    if pool == "off":
        return None
    sizes = re.fullmatch(r"(\d{1,3})-(\d{1,3})", pool, re.ASCII)
    if not sizes or int(sizes[1]) > int(sizes[2]) or int(sizes[2]) == 0:
        raise ImproperlyConfigured(
            f"DATABASE_POOL is “{pool}”. Write the fewest and the most connections of a process, as in 1-10, or off."
        )
    return int(sizes[1]), int(sizes[2])
