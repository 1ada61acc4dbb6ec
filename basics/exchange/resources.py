"""Rows told by natural keys: what every table that staff import or export has in common."""

import json
from functools import cached_property
from operator import attrgetter
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from import_export import fields, resources

from basics.differences import pieces
from basics.exchange.columns import Number, Plain, Rows
from basics.exchange.one_pass import OnePass, StoredRows, row_at
from basics.exchange.uploads import sha256
from basics.revisions import revising
from basics.together import can_write_together

SHOWN = 100  # rows on a page of a preview
CHANGES = frozenset({"new", "update"})


class TableResource(resources.ModelResource):
    """A table of working copies. It holds words of pages, never their state, dates of publication or owners."""

    keys: tuple[str, ...] = ()  # the columns that tell a row
    key_paths: tuple[str, ...] = ()  # the look-ups that find each of them; none where a table has its own `find`
    in_one_pass = False  # whether rows are written together: each `Rows` has a plan then, and no row makes a page
    place_in: str = ""  # the column of the parent whose rows stand in an order

    class Meta:
        clean_model_instances = True
        skip_unchanged = True
        report_skipped = True
        use_transactions = True
        skip_html_diff = True
        store_instance = True
        use_bulk = True  # only so that the library opens no savepoint for each row: a row by itself opens its own
        instance_loader_class = StoredRows

    def __init__(
        self, *, by=None, expected: dict[str, str] | None = None, only: frozenset = CHANGES, skipping: int = 0, **kwargs
    ):
        """`only` says which kinds of change a preview keeps to show (“new”, “update”), after `skipping` of them."""
        super().__init__(**kwargs)
        self.by = by
        self.expected = expected  # what the preview saw; None in a preview
        self.seen: dict[str, str] = {}
        self.one_pass: OnePass | None = None
        self.only, self.skipping = only, skipping
        self.changing = 0  # rows of these kinds so far

    @classmethod
    def widget_from_django_field(cls, f, default=Plain):
        """Columns that are not spelled out are text, but for the place in an order."""
        return Number if f.name == "order" else Plain

    # The whole file

    def before_import(self, dataset, **kwargs):
        known = [field.column_name for field in self.get_import_fields()]
        if unknown := [name for name in dataset.headers if name not in known]:
            raise ValidationError(
                f"Row 1: there is no column “{'”, “'.join(unknown)}” in this table. Its columns are {', '.join(known)}."
            )
        if missing := [name for name in self.keys if name not in dataset.headers]:
            raise ValidationError(
                f"Row 1: the column “{'”, “'.join(missing)}” is missing. It tells which row is meant."
            )
        rows: dict[tuple[str, ...], int] = {}
        for number in range(2, len(dataset) + 2):
            key = self.key(row_at(dataset, number - 2))
            for name, part in zip(self.keys, key, strict=True):
                if not part and name in self.always_named:
                    raise ValidationError(f"Row {number}, column “{name}” is empty. It tells which row is meant.")
            if key in rows:
                raise ValidationError(
                    f"Rows {rows[key]} and {number} are the same one ({', '.join(self.keys)}: {', '.join(key)}). "
                    "Keep one of them."
                )
            rows[key] = number

    @property
    def always_named(self) -> tuple[str, ...]:
        """The key columns that may not be empty."""
        return self.keys

    def key(self, row) -> tuple[str, ...]:
        return tuple(str(row.get(name) or "").strip() for name in self.keys)

    @cached_property
    def _import_fields(self) -> list[fields.Field]:
        return super().get_import_fields()

    @cached_property
    def _export_fields(self) -> list[fields.Field]:
        return self.get_export_fields()

    def get_import_fields(self):
        """As the library finds them, once: it asks several times for each row."""
        return self._import_fields

    def import_data(self, dataset, *args, file_name: str = "", digest: str = "", **kwargs):
        with revising(by=self.by, because=f"Import of {file_name[-300:]} (SHA-256 {digest})"):
            return super().import_data(dataset, *args, rollback_on_validation_errors=True, **kwargs)

    def import_data_inner(self, dataset, *args, **kwargs):
        self.one_pass = OnePass(self, dataset) if self.in_one_pass and can_write_together(self._meta.model) else None
        return super().import_data_inner(dataset, *args, **kwargs)

    # One row

    def import_row(self, row, instance_loader, **kwargs):
        if self.one_pass is None:
            return self.import_row_by_itself(row, instance_loader, **kwargs)
        return self.one_pass.result_of(kwargs.pop("row_number"), instance_loader, **kwargs)

    def import_row_by_itself(self, row, instance_loader, **kwargs):
        """As the library imports a row: with all that can be said against it."""
        with transaction.atomic():
            return super().import_row(row, instance_loader, **kwargs)

    def after_import_row(self, row, row_result, **kwargs):
        """Keep the rows that a preview shows, and no others: those of a large file are many."""
        if row_result.import_type in self.only:
            self.changing += 1
            if self.skipping < self.changing <= self.skipping + SHOWN:
                return
        row_result.instance = row_result.original = None

    def find(self, row):
        """The stored row that a row of the file names, or None."""
        key = self.key(row)
        return self.find_all([key]).get(key)

    def find_all(self, keys: list[tuple[str, ...]]) -> dict[tuple[str, ...], Any]:
        """The stored rows that these keys name, asked for at once."""
        parts = zip(self.key_paths, zip(*keys, strict=True), strict=True)
        found = self.get_queryset().filter(**{f"{path}__in": set(values) for path, values in parts})
        if above := [path.rpartition("__")[0] for path in self.key_paths if "__" in path]:
            found = found.select_related(*above)
        values_of = [attrgetter(path.replace("__", ".")) for path in self.key_paths]
        return {tuple(value_of(row) for value_of in values_of): row for row in found}

    def begin(self, row):
        """A new instance for a row of the file that names none."""
        return self._meta.model()

    def get_instance(self, instance_loader, row):
        try:
            return instance_loader.get_instance(row)
        except ValueError as problem:
            raise ValidationError({self.keys[0]: str(problem)}) from problem

    def init_instance(self, row=None):
        try:
            return self.begin(row)
        except ValueError as problem:
            raise ValidationError({self.keys[0]: str(problem)}) from problem

    def after_init_instance(self, instance, new, row, **kwargs):
        key = json.dumps(self.key(row))  # two keys may read the same
        self.seen[key] = "new" if new else self.state(instance)
        if self.expected is not None and self.expected.get(key) != self.seen[key]:
            raise ValidationError(
                f"Somebody changed “{' / '.join(self.key(row))}” after the preview was made. Nothing was imported: upload "
                "the file again and look at the preview once more."
            )

    def state(self, instance) -> str:
        """What a preview saw of a row: its version, and what stands in the rows under it."""
        cells = [field.export(instance) for field in self._export_fields]
        return sha256(repr([instance.version, cells]).encode())

    def import_field(self, field, instance, row, is_m2m=False, **kwargs):
        if field.column_name == "order" and not row.get("order"):
            return  # an empty place keeps the one it has; a new row goes to the end
        super().import_field(field, instance, row, is_m2m, **kwargs)

    def validate_instance(self, instance, import_validation_errors=None, validate_unique=True):
        """As the library does, but a word that is none of a column's is answered with those that are."""
        try:
            super().validate_instance(instance, import_validation_errors, validate_unique)
        except ValidationError as problem:
            errors = problem.error_dict if hasattr(problem, "error_dict") else {}
            for name, found in errors.items():
                for error in found:
                    if error.code == "invalid_choice":
                        words = [str(value) for value, _ in self._meta.model._meta.get_field(name).flatchoices if value]
                        error.message = f"“{getattr(instance, name)}” is none of {', '.join(words)}."
                        error.params = None
            raise

    def before_save_instance(self, instance, row, **kwargs):
        if self.place_in and instance._state.adding and not row.get("order"):
            above = getattr(instance, self.place_in)
            others = self._meta.model._default_manager.filter(**{self.place_in: above})
            last = others.aggregate(last=Max("order"))["last"]
            instance.order = 0 if last is None else last + 1

    def after_save_instance(self, instance, row, **kwargs):
        for field in self.get_import_fields():
            if isinstance(field, Rows):
                field.store(instance)

    def save_instance(self, instance, is_create, row, **kwargs):
        """Saved in a preview as well: its transaction is rolled back, and the database has its say."""
        self.before_save_instance(instance, row, **kwargs)
        instance.save()
        self.after_save_instance(instance, row, **kwargs)


def sentences(result) -> list[str]:
    """Every error of an import's result, with row and column."""
    said = [str(_plain(error.error)) for error in result.base_errors]
    for row in result.error_rows:
        said += [f"Row {row.number + 1}: {_plain(error.error)}" for error in row.errors]
    for row in result.invalid_rows:
        for name, errors in row.field_specific_errors.items():
            said += [f"Row {row.number + 1}, column “{name}”: {error}" for error in errors]
        said += [f"Row {row.number + 1}: {error}" for error in row.non_field_specific_errors]
    return said


def _plain(error: Exception) -> str:
    return " ".join(error.messages) if isinstance(error, ValidationError) else str(error)


def changes(resource: TableResource, result) -> list[dict[str, Any]]:
    """What a preview shows: for each of the first rows that are new or changed, its key and the cells that differ."""
    shown = []
    for number, row in enumerate(result.rows, 2):
        if row.instance is None:
            continue
        cells = []
        for field in resource.get_import_fields():
            new = field.export(row.instance)
            old = field.export(row.original) if row.original is not None else ""
            if new != old:
                cells.append({"column": field.column_name, "old": old, "new": new, "pieces": pieces(old, new)})
        shown.append({"number": number, "kind": row.import_type, "name": str(row.instance), "cells": cells})
    return shown
