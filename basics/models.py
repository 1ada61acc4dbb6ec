"""Rows that staff edit: each save is a revision, and nobody saves over a version that they have not seen."""

from collections.abc import Sequence
from typing import Any, Self

from django.db import models, transaction

from basics.exchange.uploads import Upload
from basics.once import SentForm
from basics.opened import OpenedForm
from basics.revisions import Revisions

__all__ = ["OpenedForm", "SavedMeanwhile", "SentForm", "Upload", "VersionedQuerySet", "VersionedRow"]


class SavedMeanwhile(Exception):
    """Somebody saved this row after the caller read it."""

    def __init__(self, row: models.Model):
        self.row = row
        super().__init__(
            f"“{row}” was saved or deleted by somebody else while you were working on it. Nothing was overwritten: "
            "load it again, and bring over what you want to keep."
        )


class VersionedQuerySet(models.QuerySet):
    """Writes that would leave no revision are refused: they change words without a name beside them."""

    def _refuse(self, *args, **kwargs):
        raise TypeError(
            f"A write to many rows at once leaves no revision. Save each {self.model._meta.verbose_name} by itself."
        )

    update = bulk_create = bulk_update = _raw_delete = _refuse
    aupdate = abulk_create = abulk_update = _refuse


class VersionedRow(models.Model):
    """A row with its revisions and a version number that only a caller who saw it may raise."""

    # The row above, for a row that stays under it: a row that moved would leave no trace on the page it came from.
    stays_under: tuple[str, ...] = ()

    version = models.PositiveIntegerField(default=1, editable=False)
    history = Revisions()

    objects = VersionedQuerySet.as_manager()

    class Meta:
        abstract = True
        base_manager_name = "objects"  # what related managers write through

    def hold(self) -> None:
        """Lock what is counted with this row, before the row itself: everybody takes locks in the same order."""

    def check_for_good(self) -> None:
        """That what never changes about a stored row is as it was. Raises ValidationError."""

    @classmethod
    def after_saving(cls, rows: Sequence[Self]) -> None:
        """What follows from storing these rows, in the same transaction."""

    def save(self, *args, **kwargs):
        """Store the row as its next version. Raises SavedMeanwhile if the stored version is not the one that was read."""
        if getattr(self, "skip_history_when_saving", False):
            raise TypeError("A save without a revision changes words without a name beside them.")
        with transaction.atomic(using=kwargs.get("using")):
            self.hold()
            if self._state.adding:
                kwargs["force_insert"] = True  # never over a row that is there
            else:
                self.check_for_good()
                self._check_version(kwargs.get("using"), must_exist=True)
                self._take_next_version(kwargs)
            super().save(*args, **kwargs)
            self.after_saving([self])

    def _take_next_version(self, kwargs: dict) -> None:
        self.version += 1
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "version"}

    def _check_version(self, using: str | None, *, must_exist: bool = False) -> None:
        stored = type(self).stored_versions([self], using).get(self.pk)
        if stored is not None or must_exist:
            self.check_version(stored)

    @classmethod
    def stored_versions(cls, rows: Sequence[Self], using: str | None = None) -> dict[int, dict[str, Any]]:
        """What `check_version` compares of each row that is there, by number. The rows are locked."""
        names = ["pk", "version", *(f"{name}_id" for name in cls.stays_under)]
        locked = cls._base_manager.using(using or rows[0]._state.db).select_for_update(no_key=True)
        stored = locked.filter(pk__in=[row.pk for row in rows]).order_by("pk").values(*names)
        return {one["pk"]: one for one in stored}

    def check_version(self, stored: dict[str, Any] | None) -> None:
        """Raises SavedMeanwhile if the stored version is not the one that was read, TypeError if the row was moved."""
        if "version" in self.get_deferred_fields():
            raise SavedMeanwhile(self)  # it would be read now, and say nothing of what the caller saw
        if stored is None or stored["version"] != self.version:
            raise SavedMeanwhile(self)  # None: deleted, and a save would bring it back
        for name in self.stays_under:
            if stored[f"{name}_id"] != getattr(self, f"{name}_id"):
                raise TypeError(f"“{self}” stays under its {name}. Delete it there and make it anew here.")

    def delete(self, *args, **kwargs):
        """Delete the row if it is the version that was read. Raises SavedMeanwhile otherwise."""
        with transaction.atomic(using=kwargs.get("using")):
            self.hold()
            self._check_version(kwargs.get("using"))
            return super().delete(*args, **kwargs)


def refuse_fixture_over_row(sender, instance, raw, **kwargs):
    """A fixture writes past `save`, and so past revision, version and count: it may only fill an empty site."""
    if raw and issubclass(sender, VersionedRow) and sender._base_manager.filter(pk=instance.pk).exists():
        raise TypeError(f"A fixture does not write over “{instance}”: it would leave no revision. Load an empty site.")
