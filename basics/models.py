"""Rows that staff edit: each save is a revision, and nobody saves over a version that they have not seen."""

from django.db import models, transaction

from basics.exchange.uploads import Upload
from basics.revisions import Revisions

__all__ = ["SavedMeanwhile", "Upload", "VersionedQuerySet", "VersionedRow"]


class SavedMeanwhile(Exception):
    """Somebody saved this row after the caller read it."""

    def __init__(self, row: models.Model):
        self.row = row
        super().__init__(
            f"“{row}” was saved by somebody else while you were working on it. Nothing was overwritten: "
            "load it again, and bring over what you want to keep."
        )


class VersionedQuerySet(models.QuerySet):
    """Writes that would leave no revision are refused: they change words without a name beside them."""

    def update(self, **kwargs):
        raise TypeError(f"update() leaves no revision. Save each {self.model._meta.verbose_name} by itself.")

    def bulk_create(self, *args, **kwargs):
        raise TypeError(f"bulk_create() leaves no revision. Save each {self.model._meta.verbose_name} by itself.")

    def bulk_update(self, *args, **kwargs):
        raise TypeError(f"bulk_update() leaves no revision. Save each {self.model._meta.verbose_name} by itself.")


class VersionedRow(models.Model):
    """A row with its revisions and a version number that only a caller who saw it may raise."""

    version = models.PositiveIntegerField(default=1, editable=False)
    history = Revisions()

    objects = VersionedQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        """Store the row as its next version. Raises SavedMeanwhile if the stored version is not the one that was read."""
        if getattr(self, "skip_history_when_saving", False):
            raise TypeError("A save without a revision changes words without a name beside them.")
        with transaction.atomic(using=kwargs.get("using")):
            if not self._state.adding:
                self._take_next_version(kwargs)
            super().save(*args, **kwargs)

    def _take_next_version(self, kwargs: dict) -> None:
        rows = type(self)._base_manager.using(kwargs.get("using") or self._state.db)
        stored = rows.select_for_update().filter(pk=self.pk).values_list("version", flat=True).first()
        if stored is not None and stored != self.version:
            raise SavedMeanwhile(self)
        self.version += 1
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "version"}
