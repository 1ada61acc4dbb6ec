"""A file's rows in one pass: stored rows are read, and rows that nothing speaks against are written, many at once.

Whatever is in doubt goes row by row as the library imports it, at its place in the file. So there is one home for every
sentence about a row, and no rule is told twice (docs/decisions/0016).
"""

from copy import copy
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DatabaseError, models
from import_export.instance_loaders import BaseInstanceLoader
from import_export.results import RowResult

from basics.exchange.columns import Rows
from basics.models import SavedMeanwhile, VersionedRow
from basics.together import all_or_none, save_together

AT_ONCE = 500  # rows of a file


class StoredRows(BaseInstanceLoader):
    """The stored rows that the rows of a file name, read ahead in the file's order."""

    def __init__(self, resource, dataset=None):
        super().__init__(resource, dataset)
        self.ahead: dict[tuple[str, ...], Any] = {}
        self.given: set[tuple[str, ...]] = set()
        self.read = 0  # rows of the file

    def get_instance(self, row):
        """The stored row that a row of the file names, or None. Asked again, it is as it is stored by then."""
        key = self.resource.key(row)
        if key in self.given or not self.resource.key_paths:
            return self.resource.find(row)
        self.given.add(key)
        while key not in self.ahead and self.read < len(self.dataset):
            self._read_on()
        return self.ahead.pop(key, None)

    def _read_on(self) -> None:
        rows = [row_at(self.dataset, place) for place in range(self.read, min(self.read + AT_ONCE, len(self.dataset)))]
        keys = [self.resource.key(row) for row in rows]
        self.ahead |= dict.fromkeys(keys) | self.resource.find_all(keys)
        self.read += len(rows)


def row_at(dataset, place: int) -> dict[str, str]:
    """A row of a dataset, counted from 0, with the names of its columns."""
    return dict(zip(dataset.headers, dataset[place], strict=True))


@dataclass
class Prepared:
    """A row of the file that nothing speaks against, and the rows to save with it."""

    number: int  # in the file, counted from 1
    row: dict[str, str]
    instance: VersionedRow
    original: VersionedRow | None  # None if it is new
    below: list[VersionedRow] = field(default_factory=list)


class InDoubt(Exception):
    """What is to be done with a row cannot be done for many at once."""


class OnePass:
    """The import of one file. Rows are taken in its order, so each meets what those before it have written."""

    def __init__(self, resource, dataset):
        self.resource, self.dataset = resource, dataset
        self.results: dict[int, RowResult] = {}

    def result_of(self, number: int, loader: StoredRows, **kwargs) -> RowResult:
        """What became of a row, counted from 1. The first that is asked for brings the following with it."""
        if number not in self.results:
            self._take(range(number, min(number + AT_ONCE, len(self.dataset) + 1)), loader, kwargs)
        return self.results.pop(number)

    def _take(self, numbers: range, loader: StoredRows, kwargs: dict) -> None:
        waiting: list[Prepared] = []
        for number in numbers:
            row = row_at(self.dataset, number - 1)
            try:
                prepared = self._prepared(number, row, loader)
            except (InDoubt, ValueError, ValidationError):
                self._write(waiting, loader, kwargs)
                waiting = []
                self._import_by_itself(number, row, loader, kwargs)
            else:
                if prepared is None:
                    self._keep(number, row, RowResult.IMPORT_TYPE_SKIP)
                else:
                    waiting.append(prepared)
        self._write(waiting, loader, kwargs)

    def _prepared(self, number: int, row: dict[str, str], loader: StoredRows) -> Prepared | None:
        """A row ready to be written; None if it is stored as it stands. Raises where anything speaks against it."""
        instance, new = self.resource.get_or_init_instance(loader, row)
        self.resource.after_init_instance(instance, new, row)
        original = None if new else copy(instance)
        self.resource.import_instance(instance, row)
        if original is not None and self.resource.skip_row(instance, original, row):
            return None
        check(instance)
        return Prepared(number, row, instance, original, self._rows_below(instance))

    def _rows_below(self, instance: VersionedRow) -> list[VersionedRow]:
        """The rows to save under a row. Raises InDoubt if some are to be deleted, ValidationError if one is wrong."""
        saved = []
        for column in self.resource.get_import_fields():
            if isinstance(column, Rows) and (wanted := column.to_come(instance)) is not None:
                to_save, to_delete = column.plan(instance, wanted)
                if to_delete:
                    raise InDoubt
                for row in to_save:
                    check(row)
                saved += to_save
        return saved

    def _write(self, waiting: list[Prepared], loader: StoredRows, kwargs: dict) -> None:
        """Write rows together. If the database refuses, by halves, until the one that it refuses goes by itself."""
        instances = [one.instance for one in waiting]
        below = [row for one in waiting for row in one.below]
        try:
            with all_or_none([*instances, *below]):
                for rows in (instances, *_by_model(below)):
                    save_together(rows)
        except (DatabaseError, SavedMeanwhile, ValidationError):
            if len(waiting) == 1:
                self._import_by_itself(waiting[0].number, waiting[0].row, loader, kwargs)
                return
            half = len(waiting) // 2
            self._write(waiting[:half], loader, kwargs)
            self._write(waiting[half:], loader, kwargs)
        else:
            for one in waiting:
                kind = RowResult.IMPORT_TYPE_NEW if one.original is None else RowResult.IMPORT_TYPE_UPDATE
                self._keep(one.number, one.row, kind, one.instance, one.original)

    def _import_by_itself(self, number: int, row: dict[str, str], loader: StoredRows, kwargs: dict) -> None:
        self.results[number] = self.resource.import_row_by_itself(row, loader, row_number=number, **kwargs)

    def _keep(self, number: int, row: dict[str, str], kind: str, instance=None, original=None) -> None:
        result = self.results[number] = RowResult()
        result.import_type, result.instance, result.original = kind, instance, original
        self.resource.after_import_row(row, result)


def check(instance: VersionedRow) -> None:
    """What `full_clean` finds without asking the database, which enforces the constraints itself when it is written.

    A row that another one stands under was found by name, so it is there. Raises ValidationError.
    """
    instance.clean_fields(exclude={one.name for one in instance._meta.concrete_fields if one.is_relation})
    instance.clean()


def _by_model(rows: list[VersionedRow]) -> list[list[VersionedRow]]:
    kinds: dict[type[models.Model], list[VersionedRow]] = {}
    for row in rows:
        kinds.setdefault(type(row), []).append(row)
    return list(kinds.values())
