"""Sessions in the database, each with whose it is, so that a person can see theirs and end them.

Django's own way to extend them: docs.djangoproject.com/en/5.2/topics/http/sessions/#extending-database-backed-session-engines
"""

import re
from datetime import UTC, datetime

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils import timezone

# The first that fits: Edge and Opera call themselves Chrome as well, and Chrome calls itself Safari.
_BROWSERS = [("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari")]
_SYSTEMS = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
]


def browser_in_words(user_agent: str) -> str:
    """`Firefox on Windows`, of a User-Agent header; `another program` of one that names no browser."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS if re.search(rf"\b{mark}\b", user_agent)), "")
    return f"{browser} on {system}" if browser and system else browser or system or "another program"


class Session(AbstractBaseSession):
    """One browser in which somebody is signed in."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="sessions")
    address = models.GenericIPAddressField(null=True)
    browser = models.CharField(max_length=60, blank=True)
    begun_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)

    class Meta(AbstractBaseSession.Meta):
        default_permissions = ()
        ordering = ["-seen_at"]

    @classmethod
    def get_session_store_class(cls):
        return SessionStore

    @classmethod
    def delete_expired(cls) -> None:
        cls.objects.filter(expire_date__lt=timezone.now()).delete()


class SessionStore(DatabaseStore):
    @classmethod
    def get_model_class(cls):
        return Session

    def create_model_instance(self, data):
        return Session(
            # Django's own store makes its row so; its stubs leave the method out.
            session_key=self._get_or_create_session_key(),  # type: ignore[attr-defined]
            session_data=self.encode(data),
            expire_date=self.get_expiry_date(),
            user_id=data.get(SESSION_KEY),
            address=data.get("address"),
            browser=data.get("browser", ""),
            begun_at=_moment(data.get("signed_in_at")),
            seen_at=_moment(data.get("seen_at")),
        )


def _moment(seconds: float | None) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds else None
