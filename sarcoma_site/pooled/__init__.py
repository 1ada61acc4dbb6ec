"""PostgreSQL with a pool of connections: Django's own backend, and a pool that is quick about a database that was restarted.

An ENGINE of Django's DATABASES, chosen by `DATABASE_POOL` (docs/decisions/0028-pool-and-replica.md).
"""
