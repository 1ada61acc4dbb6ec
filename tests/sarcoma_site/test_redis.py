"""The cache on Redis, by its setting alone."""

import os
import socket
import subprocess
import sys
import time

import pytest

from tests.conftest import wanted

PROGRAM = """
import django; django.setup()
from django.core.cache import cache
cache.set("key", "value 10 µg", 30)
print(type(cache._cache).__name__, cache.get("key"))
from django.test import RequestFactory
from basics.limits import seconds_to_wait
from django.conf import settings
settings.LIMITS["search"] = (2, 3600)
print([seconds_to_wait(RequestFactory().get("/"), "search") > 0 for _ in range(3)])
"""


@pytest.fixture
def redis(tmp_path):
    """The address of a Redis of one's own, on this machine only, ended by its process."""
    program = wanted("redis-server")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)]
    process = subprocess.Popen([program, *options], stdout=subprocess.DEVNULL)
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait(timeout=10)


def test_the_cache_is_on_redis_where_cache_url_says_so_and_limits_are_counted_there(redis):
    environment = {**os.environ, "CACHE_URL": redis, "DJANGO_SETTINGS_MODULE": "sarcoma_site.settings"}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["RedisCacheClient value 10 µg", "[False, False, True]"]
