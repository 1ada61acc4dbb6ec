"""Settings. What differs between machines comes from the environment; `.env.example` lists it."""

import re
import sys
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

import dj_email_url
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django_prose_editor.config import html_tags
from environs import Env, EnvError, validate
from js_asset import static_lazy

from sarcoma_site.databases import database, pool_sizes, replica
from sarcoma_site.env import BASE_DIR
from sarcoma_site.seen.logs import logging_config

env = Env()
env.read_env(BASE_DIR / ".env", recurse=False)


def _required(name: str, remedy: str) -> str:
    value = env.str(name, "")
    if not value:
        raise ImproperlyConfigured(f"{name} is not set. {remedy}")
    return value


try:
    DEBUG = env.bool("DEBUG", False)
    PAGE_CACHE_MB = env.int("PAGE_CACHE_MB", 64)
    PAGE_STALE_HOURS = env.float("PAGE_STALE_HOURS", 24)
except EnvError as problem:
    raise ImproperlyConfigured(
        f"{problem} Use on or off for DEBUG, numbers for PAGE_CACHE_MB and PAGE_STALE_HOURS."
    ) from None
try:
    TRUSTED_PROXIES = [str(ip_network(one)) for one in env.str("TRUSTED_PROXIES", "").replace(",", " ").split()]
except ValueError as problem:
    raise ImproperlyConfigured(
        f"TRUSTED_PROXIES: {problem}. Use addresses or networks with commas, as in 127.0.0.1,10.0.8.0/24."
    ) from None
if not (PAGE_CACHE_MB >= 0 and 0 <= PAGE_STALE_HOURS <= 7 * 24):
    raise ImproperlyConfigured("PAGE_CACHE_MB is 0 or more; PAGE_STALE_HOURS is 0 to 168, a week.")

SECRET_KEY = _required("SECRET_KEY", "Run `make run` once, or put a long random text into .env (see .env.example).")
if len(SECRET_KEY) < 40 and not DEBUG:
    raise ImproperlyConfigured("SECRET_KEY is too short. Use at least 40 random characters.")

SITE_URL = env.str("SITE_URL", f"http://127.0.0.1:{env.str('PORT', '8000')}").rstrip("/")
try:
    _site = urlsplit(SITE_URL)
    _is_address = _site.scheme in {"http", "https"} and _site.hostname and not _site.path and (_site.port or True)
except ValueError:
    _is_address = False
if not _is_address:
    raise ImproperlyConfigured(f"SITE_URL is “{SITE_URL}”. Write it as https://www.example.org, without a path.")
IS_HTTPS = _site.scheme == "https"
IS_THIS_MACHINE = _site.hostname in {"127.0.0.1", "localhost", "::1", "testserver"}
ALLOWED_HOSTS = (env.list("ALLOWED_HOSTS", []) or [_site.hostname]) + (
    ["127.0.0.1", "localhost"] if IS_THIS_MACHINE else []
)
CSRF_TRUSTED_ORIGINS = [SITE_URL]
SITE_NOTICE = env.str("SITE_NOTICE", "")
_contact = env.str("SECURITY_CONTACT", "").strip()
if _contact and not re.fullmatch(r"(mailto:)?[^\s@:/]+@[^\s@:/]+\.[^\s@:/]+|https://[^\s/]+\S*|tel:\+[\d-]+", _contact):
    raise ImproperlyConfigured(
        f"SECURITY_CONTACT is “{_contact}”. Write an address of mail, one that begins with https://, or tel: and a number "
        "with its +, or leave it empty."
    )
SECURITY_CONTACT = f"mailto:{_contact}" if "@" in _contact and ":" not in _contact else _contact

INSTALLED_APPS = [
    "sarcoma_site.apps.SiteConfig",  # first: its commands and templates stand before those of libraries
    "sarcoma_site.apps.DeskConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "simple_history",
    "import_export",
    "adminsortable2",
    "django_prose_editor",
    "csp",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "basics",
    "staff",
    "references",
    "editions",
    "drugs",
]

MIDDLEWARE = [
    "sarcoma_site.seen.requests.Seen",
    "django.middleware.security.SecurityMiddleware",
    "sarcoma_site.headers.OwnPagesOnly",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "sarcoma_site.limited_paths.limit_paths",  # below the headers that every answer has, above all that costs anything
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "editions.public.PublicIsReadOnly",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]

ROOT_URLCONF = "sarcoma_site.urls"
WSGI_APPLICATION = "sarcoma_site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "sarcoma_site.context.notice",
            ],
        },
    },
]

# Databases

_database_url = env.str("DATABASE_URL", "") or f"sqlite:///{BASE_DIR / 'db.sqlite3'}"
_pool = pool_sizes(env.str("DATABASE_POOL", "") or "1-10")
if Path(sys.argv[0]).name == "manage.py":
    _pool = None  # a command is one thread: a pool would only cost it some more
DATABASES = {"default": database("DATABASE_URL", _database_url, pool=_pool)}
if "pool" in DATABASES["default"]["OPTIONS"]:
    # However many readers wait for a connection, the question whether anything changed has one of its own.
    DATABASES["pulse"] = database("DATABASE_URL", _database_url, pool=(0, 1))  # basics.routing.PULSE
if _replica_url := env.str("REPLICA_URL", ""):
    DATABASES["replica"] = replica(_replica_url, of=DATABASES["default"], pool=_pool)  # basics.routing.REPLICA
DATABASE_ROUTERS = ["basics.routing.Router"] if len(DATABASES) > 1 else []
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

_cache_url = env.str("CACHE_URL", "")
if _cache_url and not _cache_url.startswith(("redis://", "rediss://")):
    raise ImproperlyConfigured(f"CACHE_URL is “{_cache_url}”. Use redis://host:6379/0, or leave it empty.")
_PATIENCE = {"socket_connect_timeout": 1, "socket_timeout": 1}  # seconds: a cache that is slow is no help
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": _cache_url, "OPTIONS": _PATIENCE}
    if _cache_url
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 10_000}}
}

# Search

SEARCH_URL = env.str("SEARCH_URL", "")
_search = urlsplit(SEARCH_URL)
if SEARCH_URL and not (_search.scheme in {"http", "https"} and _search.hostname and "/" not in _search.path.strip("/")):
    raise ImproperlyConfigured(
        f"SEARCH_URL is “{SEARCH_URL.split('@')[-1]}”. Write it as https://user:password@host:9200/index, or leave it empty: "
        "then the database searches."
    )
SEARCH_ENGINE = f"editions.search.{'opensearch.OpenSearchEngine' if SEARCH_URL else 'engines.DatabaseEngine'}"

# Reviews

_review_kinds = {"clinical", "plain_english", "lay"}  # editions.vocabulary.ReviewKind


def _reviews(name: str, default: str) -> list[str]:
    kinds = env.str(name, default).split()
    if wrong := sorted(set(kinds) - _review_kinds):
        raise ImproperlyConfigured(
            f"{name} names “{' '.join(wrong)}”. Use words of {', '.join(sorted(_review_kinds))}."
        )
    return kinds


# The kinds of review that an edition needs before it is approved, by the kind of its change; none: one of any kind.
REVIEWS_NEEDED = {
    "new": _reviews("REVIEWS_CONTENT", "clinical plain_english"),
    "content": _reviews("REVIEWS_CONTENT", "clinical plain_english"),
    "correction": _reviews("REVIEWS_CORRECTION", ""),
    "urgent": _reviews("REVIEWS_URGENT", "clinical"),
    "withdrawal": _reviews("REVIEWS_CONTENT", "clinical plain_english"),
}

# Limits (basics/limits.py): how often one address may ask, in how many seconds. 0: as often as it likes.

LIMITS = {
    "search": (30, 60),
    "names": (240, 60),  # that the search box offers, letter by letter
    "api": (60, 60),
    "leaflet": (10, 60),
    "feedback": (5, 60 * 60),
    "review": (10, 60),  # wrong links to a review
}
LIMITED_PATHS = {"/api/": "api"}
for _limit in env.str("LIMITS", "").split():
    _name, _, _most = _limit.partition("=")
    if _name not in LIMITS or not (_most.isascii() and _most.isdecimal()):
        raise ImproperlyConfigured(
            f"LIMITS holds “{_limit}”. Write it as in “search=30 api=60”, with words of {', '.join(sorted(LIMITS))}."
        )
    LIMITS[_name] = (int(_most), LIMITS[_name][1])

# Readers' feedback

try:
    FEEDBACK_KEPT_MONTHS = env.int("FEEDBACK_KEPT_MONTHS", 12, validate=validate.Range(min=1, max=60))
except EnvError:
    raise ImproperlyConfigured("FEEDBACK_KEPT_MONTHS is no number of months. Use one from 1 to 60.") from None

# Mail

_email_url = env.str("EMAIL_URL", "")
if not _email_url and not IS_THIS_MACHINE and not DEBUG:
    raise ImproperlyConfigured(
        "EMAIL_URL is not set. Reviewers are told by mail: use submission://user:password@host:587."
    )
_email = dj_email_url.parse(_email_url or "console://")
if "EMAIL_BACKEND" not in _email:
    raise ImproperlyConfigured(
        f"EMAIL_URL is “{_email_url.split('@')[-1]}”. Use submission://user:password@host:587, or console:// to try."
    )
vars().update(_email)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("EMAIL_FROM", f"noreply@{_site.hostname}")

# People

AUTH_USER_MODEL = "staff.User"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "public_name", "first_name", "last_name", "email", "organisation")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "staff.passwords.AnotherThanNow"},
    {"NAME": "staff.passwords.MoreThanSiteWords"},
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
PASSWORD_RESET_TIMEOUT = 7 * 24 * 60 * 60  # how long the link to a first password works
SECOND_FACTOR_REQUIRED = not IS_THIS_MACHINE  # of reviewers, publishers and administrators
OTP_TOTP_ISSUER = f"{_site.hostname} (editors)"
OTP_TOTP_THROTTLE_FACTOR = 0  # wrong codes count as wrong tries do: staff/signing_in.py
SESSION_ENGINE = "staff.sessions"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "sarcoma_site.words.csrf_failure"

# Words and time

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True

# Files

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Security. What depends on HTTPS follows from the scheme of SITE_URL.

SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_HTTPS
SECURE_HSTS_PRELOAD = IS_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # asked from inside, without TLS
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
if IS_HTTPS:
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "style-src": [SELF],
        "img-src": [SELF],
        # No script can use it. Programs that examine a page fetch robots.txt through the page itself, as Lighthouse does.
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
# What a public page with a search box adds: one script of ours.
SEARCH_BOX_POLICY = {"script-src": [SELF]}
# The staff's pages: the rich text editor needs scripts of ours, and one <style> of its own, named by its hash.
STAFF_CONTENT_SECURITY_POLICY = {
    **CONTENT_SECURITY_POLICY["DIRECTIVES"],
    "script-src": [SELF, NONCE],
    "style-src": [SELF, "'sha256-PlumsSlvJ7vvWzjqibGAYKq92O3y/4JTxWWsWJvyUYA='"],
    "img-src": [SELF, "data:"],
    "font-src": [SELF],
    "frame-src": [SELF],  # previews
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: []
    for name in (
        *(
            "accelerometer",
            "camera",
            "display-capture",
            "geolocation",
            "gyroscope",
            "hid",
            "idle-detection",
        ),
        *("magnetometer", "microphone", "midi", "payment", "screen-wake-lock", "serial", "usb", "xr-spatial-tracking"),
        "interest-cohort",
    )
}
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000  # a drug with many indications is one form

# Libraries

SIMPLE_HISTORY_REVERT_DISABLED = True
SIMPLE_HISTORY_ENFORCE_HISTORY_MODEL_PERMISSIONS = True
SIMPLE_HISTORY_HISTORY_CHANGE_REASON_USE_TEXT_FIELD = True
IMPORT_EXPORT_IMPORT_PERMISSION_CODE = "import"
IMPORT_EXPORT_EXPORT_PERMISSION_CODE = "export"
IMPORT_EXPORT_USE_TRANSACTIONS = True
IMPORT_EXPORT_IMPORT_IGNORE_BLANK_LINES = True
IMPORT_EXPORT_SKIP_ADMIN_LOG = False
DJANGO_PROSE_EDITOR_EXTENSIONS = [
    {
        "js": [static_lazy("desk/citation.js")],
        "extensions": {"Citation": html_tags(tags=["cite"], attributes={"cite": ["data-ref", "data-locator"]})},
    },
]

# What those who run the site see of it

_formats = {"json": True, "words": False}
_format = env.str("LOG_FORMAT", "") or ("words" if IS_THIS_MACHINE else "json")
if _format not in _formats:
    raise ImproperlyConfigured(f"LOG_FORMAT is “{_format}”. Use json or words.")
LOGGING = logging_config(as_json=_formats[_format], level="INFO" if "pytest" not in sys.modules else "WARNING")
METRICS_TOKEN = env.str("METRICS_TOKEN", "")
if METRICS_TOKEN and len(METRICS_TOKEN) < 20:
    raise ImproperlyConfigured(
        "METRICS_TOKEN is too short. Use at least 20 random characters, or none for no /metrics."
    )
if _sentry := env.str("SENTRY_DSN", ""):
    from sarcoma_site.seen.faults import tell_faults  # only here: most sites have none, and starts are to be quick

    try:
        tell_faults(_sentry)
    except ValueError as problem:
        raise ImproperlyConfigured(f"SENTRY_DSN is “{_sentry.split('@')[-1]}”. {problem}") from None
