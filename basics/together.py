"""Many rows of one table and their revisions, written at once: the one place where working copies are.

It keeps every promise of `VersionedRow.save` (docs/decisions/0016). A model whose `save` does more is refused.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connections, models, router, transaction
from django.dispatch import Signal

from basics.models import VersionedRow
from basics.revisions import being_made

# Sent as simple_history's signal for one revision is: `rows` of the model that sends it, and their `revisions`.
written_together = Signal()


def can_write_together(model: type[VersionedRow]) -> bool:
    """Whether the database tells the numbers of rows that were inserted at once, which their revisions need."""
    return connections[router.db_for_write(model)].features.can_return_rows_from_bulk_insert


@contextmanager
def all_or_none(rows: Sequence[VersionedRow]) -> Iterator[None]:
    """A transaction that writes these rows. If it is rolled back, they are as they were before, in memory too.

    Otherwise a second try would take new rows for stored ones, and rows under them for rows of another.
    """
    before = [row.__getstate__() for row in rows]
    try:
        with transaction.atomic():
            yield
    except BaseException:
        for row, state in zip(rows, before, strict=True):
            row.__dict__ = state
        raise


def save_together(rows: Sequence[VersionedRow]) -> None:
    """Store rows of one model, each with the revision that its own `save` would make. Call inside `revising`.

    They are stored all or none. The fields tidy their values, but cleaning the rows is the caller's, as with `save`.
    Raises SavedMeanwhile, IntegrityError, ValidationError.
    """
    if not rows:
        return
    model = type(rows[0])
    if model.save is not VersionedRow.save or {type(row) for row in rows} != {model}:
        raise TypeError(f"{model.__name__}: its save does more than can be done for many rows at once.")
    new = [row for row in rows if row._state.adding]
    changed = [row for row in rows if not row._state.adding]
    with all_or_none(rows):
        for row in rows:
            row.hold()
        _raise_versions(model, changed)
        _insert(model, new)
        _overwrite(model, changed)
        model.after_saving(rows)
        revisions = _revisions(model, new, update=False) + _revisions(model, changed, update=True)
        written_together.send(sender=model, rows=[*new, *changed], revisions=revisions)


def _raise_versions(model: type[VersionedRow], rows: list[VersionedRow]) -> None:
    """Compare the version of each row with the stored one, under its lock, and give it the next."""
    stored = model.stored_versions(rows) if rows else {}
    for row in rows:
        row.check_for_good()
        row.check_version(stored.get(row.pk))
        row.version += 1


def _insert(model: Any, rows: list[Any]) -> None:
    models.QuerySet(model).bulk_create(rows)


def _overwrite(model: Any, rows: list[Any]) -> None:
    """Store rows that are there and locked. A `bulk_update` writes a CASE of all rows for each column: many times slower."""
    columns = [field.name for field in model._meta.concrete_fields if not field.primary_key]
    models.QuerySet(model).bulk_create(rows, update_conflicts=True, unique_fields=["pk"], update_fields=columns)


def _revisions(model: Any, rows: list[VersionedRow], *, update: bool) -> list[models.Model]:
    person, reason, change_set = being_made()
    return model.history.bulk_history_create(
        rows,
        update=update,
        default_user=person,
        default_change_reason=reason,
        custom_historical_attrs={"change_set": change_set},
    )
