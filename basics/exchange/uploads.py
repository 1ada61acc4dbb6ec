"""A table that was uploaded and waits for its confirmation: bound to its person and its digest, for one hour."""

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

KEPT_FOR = timedelta(hours=1)


def new_key() -> str:
    return secrets.token_urlsafe(32)


class Upload(models.Model):
    """Kept in the database, so that whichever process gets the confirmation finds it, and nobody else's."""

    key = models.CharField(max_length=64, unique=True, default=new_key, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    table = models.CharField(max_length=80)  # the model it is for: `drugs.drug`
    file_name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    content = models.BinaryField()
    seen = models.JSONField(default=dict)  # natural key → the state of that row when the preview was made
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()

    def __str__(self):
        return f"{self.file_name} for {self.table}"

    @classmethod
    def keep(cls, *, user, table: str, file_name: str, content: bytes, seen: dict[str, str]) -> "Upload":
        """Keep a file until it is confirmed. What is older than an hour goes."""
        cls.objects.filter(made_at__lt=timezone.now() - KEPT_FOR).delete()
        return cls.objects.create(
            user=user, table=table, file_name=file_name[-200:], digest=sha256(content), content=content, seen=seen
        )

    @classmethod
    def waiting(cls, *, user, table: str, key: str) -> "Upload | None":
        """The upload of this person and table, left where it is; None if there is none (any more)."""
        if not key.isprintable():  # PostgreSQL answers NUL with an error
            return None
        since = timezone.now() - KEPT_FOR
        found = cls.objects.filter(user=user, table=table, key=key, made_at__gte=since).first()
        return found if found is not None and sha256(bytes(found.content)) == found.digest else None

    @classmethod
    def taken(cls, *, user, table: str, key: str) -> "Upload | None":
        """The upload of this person and table, taken away so that it is confirmed once; None if there is none (any more)."""
        cls.objects.select_for_update(no_key=True).filter(user=user, key=key if key.isprintable() else "").first()
        found = cls.waiting(user=user, table=table, key=key)
        if found is not None:
            found.delete()
        return found


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
