"""Rows told by natural keys: what every table that staff import or export has in common."""

import json
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max
from import_export import fields, resources, widgets

from basics.exchange.uploads import sha256
from basics.revisions import revising


class Conflict(ValueError):
    """Somebody changed a row between the preview and the confirmation."""


class ByName(widgets.Widget):
    """Another row, named by a key that people know.

    `find(key)` gives the row or None, `name(row)` the key; `what` is how a sentence calls such a row.
    """

    def __init__(self, find: Callable[[str], Any], name: Callable[[Any], str], what: str):
        super().__init__()
        self.find, self.name, self.what = find, name, what

    def clean(self, value, row=None, **kwargs):
        key = (value or "").strip()
        if not key:
            return None
        found = self.find(key)
        if found is None:
            raise ValueError(f"There is no {self.what} “{key}” here. Add it first, or correct the name.")
        return found

    def render(self, value, obj=None, **kwargs):
        return self.name(value) if value else ""


class Plain(widgets.Widget):
    """Text as it stands in the cell. Empty is empty, not nothing."""

    def __init__(self, **kwargs):
        super().__init__()  # the library's options of other widgets say nothing here

    def clean(self, value, row=None, **kwargs):
        return value or ""

    def render(self, value, obj=None, **kwargs):
        return "" if value is None else str(value)


class Number(Plain):
    """A whole number from 0."""

    def clean(self, value, row=None, **kwargs):
        if not (text := (value or "").strip()):
            return 0
        if not (text.isascii() and text.isdigit()) or int(text) > 1_000_000:
            raise ValueError(f"“{text}” is not a whole number.")
        return int(text)


class YesNo(Plain):
    def clean(self, value, row=None, **kwargs):
        text = (value or "").strip().lower()
        if text not in {"yes", "no", ""}:
            raise ValueError(f"“{value}” is neither yes nor no.")
        return text == "yes"

    def render(self, value, obj=None, **kwargs):
        return "yes" if value else "no"


class Rows(fields.Field):
    """Rows under a row, written into one cell: `one; two`.

    `read(row)` gives the stored list, `parse(text)` a list from a cell (ValueError if it cannot), `write(row, list)`
    stores it, `shown(list)` writes the cell.
    """

    def __init__(self, *, read, parse, write, shown, **kwargs):
        super().__init__(**kwargs)
        self.read, self.parse, self.write, self.shown = read, parse, write, shown

    def save(self, instance, row, is_m2m=False, **kwargs):
        self._staged(instance)[self.column_name] = self.parse(row.get(self.column_name) or "")

    def get_value(self, instance):
        staged = self._staged(instance)
        if self.column_name in staged:
            return staged[self.column_name]
        return self.read(instance) if instance.pk else []

    def export(self, instance, **kwargs):
        return self.shown(self.get_value(instance))

    def store(self, instance) -> None:
        if self.column_name in self._staged(instance):
            self.write(instance, self._staged(instance).pop(self.column_name))

    @staticmethod
    def _staged(instance) -> dict[str, list]:
        return instance.__dict__.setdefault("_rows_to_come", {})


def split(text: str) -> list[str]:
    """The parts of a cell, which semicolons separate."""
    return [part.strip() for part in text.split(";") if part.strip()]


class TableResource(resources.ModelResource):
    """A table of working copies. It holds words of pages, never their state, dates of publication or owners."""

    keys: tuple[str, ...] = ()  # the columns that tell a row
    place_in: str = ""  # the column of the parent whose rows stand in an order

    class Meta:
        clean_model_instances = True
        skip_unchanged = True
        report_skipped = True
        use_transactions = True
        skip_html_diff = True
        store_instance = True

    def __init__(self, *, by=None, expected: dict[str, str] | None = None, **kwargs):
        super().__init__(**kwargs)
        self.by = by
        self.expected = expected  # what the preview saw; None in a preview
        self.seen: dict[str, str] = {}

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
        for number, row in enumerate(dataset.dict, 2):
            key = self.key(row)
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

    def import_data(self, dataset, *args, file_name: str = "", digest: str = "", **kwargs):
        with revising(by=self.by, because=f"Import of {file_name[-300:]} (SHA-256 {digest})"):
            return super().import_data(dataset, *args, rollback_on_validation_errors=True, **kwargs)

    # One row

    def find(self, row):
        """The stored row that a row of the file names, or None."""
        raise NotImplementedError

    def begin(self, row):
        """A new instance for a row of the file that names none."""
        return self._meta.model()

    def get_instance(self, instance_loader, row):
        try:
            return self.find(row)
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
        return sha256(repr([instance.version, [field.export(instance) for field in self.get_export_fields()]]).encode())

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
    """What a preview shows: for each row that is new or changed, its key and the cells that differ."""
    shown = []
    for number, row in enumerate(result.rows, 2):
        if row.import_type not in {"new", "update"}:
            continue
        cells = []
        for field in resource.get_import_fields():
            new = field.export(row.instance)
            old = field.export(row.original) if row.original is not None else ""
            if new != old:
                cells.append({"column": field.column_name, "old": old, "new": new})
        shown.append({"number": number, "kind": row.import_type, "name": str(row.instance), "cells": cells})
    return shown
