"""A setting that is missing or wrong stops the start with its name and a remedy. Each test starts a process of its own."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Set, if only to nothing, so that a developer's own .env changes no test.
PLAIN = {
    "SECRET_KEY": "long enough for a test, and used nowhere else at all",
    "PYTHONDONTWRITEBYTECODE": "1",
    **dict.fromkeys(
        [
            "ALLOWED_HOSTS",
            "CACHE_URL",
            "DATABASE_POOL",
            "DATABASE_URL",
            "EMAIL_URL",
            "REPLICA_URL",
            "SEARCH_URL",
            "SECURITY_CONTACT",
            "SITE_NOTICE",
            "TRUSTED_PROXIES",
        ],
        "",
    ),
    "DEBUG": "off",
    "SITE_URL": "http://127.0.0.1:8000",
}
HTTPS = {
    "SITE_URL": "https://www.example.org",
    "ALLOWED_HOSTS": "www.example.org",
    "EMAIL_URL": "submission://user:password@mail.example.org:587",
}


def started(*arguments: str, **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env={**PLAIN, **environment}, capture_output=True, text=True, timeout=60
    )


def settings_of(**environment: str) -> dict:
    """The settings that this environment gives, as far as they are plain values."""
    program = (
        "import json; from sarcoma_site import settings; "
        "plain = {name: value for name, value in vars(settings).items() if name.isupper()}; "
        "print(json.dumps(plain, default=lambda value: None))"
    )
    done = started("-c", program, **environment)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_settings_of_the_example_start_on_this_machine():
    done = started("manage.py", "check", "--fail-level", "WARNING")
    assert (done.returncode, done.stdout) == (0, "System check identified no issues (0 silenced).\n")


@pytest.mark.parametrize(
    ("environment", "remedy"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is not set. Run `make run` once"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is too short. Use at least 40"),
        ({"DEBUG": "maybe"}, "Use on or off for DEBUG"),
        ({"TRUSTED_PROXIES": "10.0.8.1/24"}, "Use addresses or networks with commas, as in 127.0.0.1,10.0.8.0/24"),
        ({"LIMITS": "search"}, "LIMITS holds “search”. Write it as in “search=30 api=60”"),
        ({"SITE_URL": "www.example.org"}, "SITE_URL is “www.example.org”. Write it as https://"),
        ({"SITE_URL": "ftp://www.example.org"}, "SITE_URL is “ftp://www.example.org”. Write it as https://"),
        ({"SITE_URL": "https://www.example.org/drugs"}, "SITE_URL is “https://www.example.org/drugs”. Write it as"),
        ({"SITE_URL": "https://"}, "SITE_URL is “https:”. Write it as https://"),
        ({"SITE_URL": "http://["}, "SITE_URL is “http://[”. Write it as https://"),
        ({"SITE_URL": "http://127.0.0.1:port"}, "SITE_URL is “http://127.0.0.1:port”. Write it as https://"),
        ({"CACHE_URL": "memcached://host"}, "CACHE_URL is “memcached://host”. Use redis://"),
        ({**HTTPS, "EMAIL_URL": ""}, "EMAIL_URL is not set. Reviewers are told by mail: use submission://"),
        ({"EMAIL_URL": "pigeon://host"}, "EMAIL_URL is “pigeon://host”."),
        ({"REVIEWS_CORRECTION": "medical"}, "REVIEWS_CORRECTION names “medical”. Use words of clinical, lay"),
        ({"SECURITY_CONTACT": "us"}, "SECURITY_CONTACT is “us”. Write an address of mail"),
        ({"DATABASE_URL": "nonsense"}, "DATABASE_URL"),
        (
            {"REPLICA_URL": "postgres://site:word@127.0.0.1/site"},
            "REPLICA_URL needs PostgreSQL there and in DATABASE_URL",
        ),
        ({"REPLICA_URL": "nonsense"}, "REPLICA_URL is “nonsense”. Write it as postgres://"),
        ({"DATABASE_POOL": "many"}, "DATABASE_POOL is “many”. Write the fewest and the most connections of a process"),
        ({"DATABASE_POOL": "5-2"}, "DATABASE_POOL is “5-2”. Write the fewest and the most connections of a process"),
        ({"LOG_FORMAT": "xml"}, "LOG_FORMAT is “xml”. Use json or words."),
        ({"METRICS_TOKEN": "short"}, "METRICS_TOKEN is too short. Use at least 20"),
        ({"SENTRY_DSN": "https://example.org"}, "SENTRY_DSN is “https://example.org”. That is not the address"),
        ({"SEARCH_URL": "search.example.org"}, "SEARCH_URL is “search.example.org”. Write it as https://"),
        ({"SEARCH_URL": "https://me:word@host/a/b"}, "SEARCH_URL is “host/a/b”. Write it as https://"),
    ],
    ids=lambda value: " ".join(f"{name}={one}" for name, one in value.items()) if isinstance(value, dict) else "",
)
def test_a_setting_that_is_missing_or_wrong_stops_the_start_with_its_name_and_a_remedy(environment, remedy):
    done = started("manage.py", "check", **environment)
    assert done.returncode != 0
    said = done.stderr.strip().splitlines()[-1]
    assert said.startswith("django.core.exceptions.ImproperlyConfigured: ") and remedy in said
    assert PLAIN["SECRET_KEY"] not in done.stderr


def test_https_makes_cookies_redirects_and_transport_strict():
    made = settings_of(**HTTPS)
    assert made["SESSION_COOKIE_NAME"].startswith("__Host-") and made["CSRF_COOKIE_NAME"].startswith("__Host-")
    assert made["SESSION_COOKIE_SECURE"] and made["CSRF_COOKIE_SECURE"] and made["SECURE_SSL_REDIRECT"]
    assert made["SECURE_HSTS_SECONDS"] >= 31536000
    # What the browser demands of a __Host- cookie besides Secure: the whole site, and no domain.
    assert not {"SESSION_COOKIE_DOMAIN", "CSRF_COOKIE_DOMAIN", "SESSION_COOKIE_PATH", "CSRF_COOKIE_PATH"} & set(made)
    assert not made["DEBUG"] and not made["IS_THIS_MACHINE"]


def test_plain_http_on_this_machine_works_as_it_is():
    made = settings_of()
    assert "__Host-" not in made.get("SESSION_COOKIE_NAME", "") + made.get("CSRF_COOKIE_NAME", "")
    assert not made["SESSION_COOKIE_SECURE"] and not made["SECURE_SSL_REDIRECT"] and made["SECURE_HSTS_SECONDS"] == 0
    assert made["IS_THIS_MACHINE"] and "127.0.0.1" in made["ALLOWED_HOSTS"]
    assert made["EMAIL_BACKEND"].endswith("console.EmailBackend")


def test_a_site_whose_hosts_are_left_empty_answers_to_the_host_of_its_address():
    assert settings_of(**{**HTTPS, "ALLOWED_HOSTS": ""})["ALLOWED_HOSTS"] == ["www.example.org"]


def test_an_https_site_passes_the_checks_for_deployment():
    done = started("manage.py", "check", "--deploy", "--fail-level", "WARNING", **HTTPS)
    assert done.returncode == 0, done.stderr


def test_https_is_demanded_of_browsers_but_not_of_health_checks():
    program = (
        "import django; django.setup()\n"
        "from django.test import Client\n"
        "ask = Client(headers={'host': 'www.example.org'}).get\n"
        "print(ask('/drugs/')['Location'], ask('/healthz').status_code)\n"
        "print(ask('/healthz', secure=True)['Strict-Transport-Security'])"
    )
    done = started("-c", program, DJANGO_SETTINGS_MODULE="sarcoma_site.settings", **HTTPS)
    assert done.stdout.splitlines() == [
        "https://www.example.org/drugs/ 200",
        "max-age=31536000; includeSubDomains; preload",
    ], done.stderr


@pytest.mark.parametrize(("proxies", "header"), [("10.0.0.1", ["HTTP_X_FORWARDED_PROTO", "https"]), ("", None)])
def test_a_proxys_word_about_https_counts_only_where_proxies_are_named(proxies, header):
    assert settings_of(**HTTPS, TRUSTED_PROXIES=proxies).get("SECURE_PROXY_SSL_HEADER") == header


def test_a_process_that_serves_takes_connections_to_postgresql_from_a_pool_unless_that_is_off():
    address = "postgres://site:word@127.0.0.1/site"
    usual = settings_of(DATABASE_URL=address)["DATABASES"]["default"]
    sizes = usual["OPTIONS"]["pool"]["min_size"], usual["OPTIONS"]["pool"]["max_size"]
    assert (usual["ENGINE"], sizes, usual["CONN_MAX_AGE"]) == ("sarcoma_site.pooled", (1, 10), 0)
    off = settings_of(DATABASE_URL=address, DATABASE_POOL="off")["DATABASES"]["default"]
    assert (off["ENGINE"], off["CONN_MAX_AGE"]) == ("django.db.backends.postgresql", 600)
    assert "pool" not in off["OPTIONS"] and off["OPTIONS"]["connect_timeout"] == 5
    assert "pool" not in settings_of()["DATABASES"]["default"]["OPTIONS"]  # SQLite
