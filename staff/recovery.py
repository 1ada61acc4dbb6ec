"""Recovery codes: the way in for somebody whose phone is lost."""

from django.conf import settings
from django.db import models


class RecoveryCode(models.Model):
    """One code, as its SHA-256 in hexadecimal digits. Used once."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="recovery_codes")
    hash = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["user", "hash"], name="recoverycode_once")]

    def __str__(self):
        return f"a recovery code of {self.user}"
