"""Who has a form open: said to the next who opens it, so that two do not write the same thing.

A hint, not a lock: both can go on, and whoever saves second is told what the first saved.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.db import OperationalError, connection, models
from django.utils import timezone

KEPT_FOR = timedelta(minutes=30)
_PATIENCE = 200  # milliseconds: a hint is not worth waiting for somebody's import


class OpenedForm(models.Model):
    """That somebody opened the form of a row, and has not saved it since."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    table = models.CharField(max_length=80)
    row = models.BigIntegerField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["user", "table", "row"], name="openedform_once")]
        indexes = [models.Index(fields=["table", "row"], name="openedform_of_row")]

    def __str__(self):
        return f"{self.user} has {self.table} {self.row} open"


def opened_by_others(user, row: models.Model) -> list[OpenedForm]:
    """Who else opened the form of a row in the last half hour, and has not saved it since."""
    others = _of(row).exclude(user=user).filter(at__gt=timezone.now() - KEPT_FOR, user__is_active=True)
    return list(others.select_related("user").order_by("at"))


def note_opened(user, row: models.Model) -> None:
    """Note that somebody opened the form of a row."""
    with _in_passing():
        OpenedForm.objects.filter(at__lt=timezone.now() - KEPT_FOR).delete()
        OpenedForm.objects.update_or_create(
            user=user, table=row._meta.label_lower, row=row.pk, defaults={"at": timezone.now()}
        )


def note_closed(user, row: models.Model) -> None:
    """Note that they saved it."""
    with _in_passing():
        _of(row).filter(user=user).delete()


def _of(row: models.Model):
    return OpenedForm.objects.filter(table=row._meta.label_lower, row=row.pk)


@contextmanager
def _in_passing() -> Iterator[None]:
    """A write that is left undone if the database is busy."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA busy_timeout = {_PATIENCE}")
    try:
        yield
    except OperationalError:
        pass
    finally:
        patience = settings.DATABASES["default"]["OPTIONS"]["timeout"] * 1000
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA busy_timeout = {patience}")
