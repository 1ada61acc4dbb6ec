"""The columns of tables: how a cell becomes a value, another row, or rows under its row, and how each is written."""

from collections.abc import Callable
from typing import Any

from import_export import fields, widgets


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
    stores it, `shown(list)` writes the cell. `plan(row, list)`, where there is one, gives the rows that `write` would
    save and those that it would delete, for an import in one pass.
    """

    def __init__(self, *, read, parse, write, shown, plan=None, **kwargs):
        super().__init__(**kwargs)
        self.read, self.parse, self.write, self.shown, self.plan = read, parse, write, shown, plan

    def save(self, instance, row, is_m2m=False, **kwargs):
        to_come = instance.__dict__.setdefault("_rows_to_come", {})
        to_come[self.column_name] = self.parse(row.get(self.column_name) or "")

    def to_come(self, instance) -> list | None:
        """What the file wants under a row; None if it does not say."""
        return instance.__dict__.get("_rows_to_come", {}).get(self.column_name)

    def get_value(self, instance):
        """The list that the file wants, also after it was stored: a preview shows it when nothing is stored any more."""
        if (wanted := self.to_come(instance)) is not None:
            return wanted
        return self.read(instance) if instance.pk else []

    def export(self, instance, **kwargs):
        return self.shown(self.get_value(instance))

    def store(self, instance) -> None:
        if (wanted := self.to_come(instance)) is not None:
            self.write(instance, wanted)


def split(text: str) -> list[str]:
    """The parts of a cell, which semicolons separate."""
    return [part.strip() for part in text.split(";") if part.strip()]
