"""The settings' environment for tests, set before Django reads it. A plugin: `-p tests.environment`."""

import os

os.environ.update(
    SECRET_KEY="only for tests: long enough, and used nowhere else at all",
    DEBUG="off",
    SITE_URL="http://testserver",
    EMAIL_URL="memory://",
    CACHE_URL="",
    REPLICA_URL="",
    SEARCH_URL="",
    DATABASE_POOL="off",  # databases of tests are copied, which nobody may be connected to then
    TRUSTED_PROXIES="",
    LIMITS="search=0 names=0 api=0 leaflet=0 feedback=0 review=0",  # a test asks more often than a person
    SITE_NOTICE="This is a demonstration.",
    ALLOWED_HOSTS="testserver,127.0.0.1,localhost",
)
os.environ.setdefault("DATABASE_URL", "")
