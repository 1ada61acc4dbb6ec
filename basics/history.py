"""Reading revisions: what one changed, and all that ever happened to a row and to what stands under it."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from basics import richtext
from basics.differences import pieces
from basics.fields import RichTextField
from basics.models import VersionedRow


def histories(model: Any, keys: set[int]) -> Iterator[QuerySet]:
    """The revisions of these rows, and of everything that ever stood under them, one queryset for each table.

    Rows that were deleted are among them: they are found by the revisions that named their parent.
    """
    yield model.history.filter(id__in=keys)
    for below in _all_below(VersionedRow):
        if below._meta.abstract or not below.stays_under:
            continue
        parent = below.stays_under[0]
        if below._meta.get_field(parent).related_model is model:
            found = set(below.history.filter(**{f"{parent}_id__in": keys}).values_list("id", flat=True))
            if found:
                yield from histories(below, found)


def _all_below(model: Any) -> Iterator[Any]:
    for one in model.__subclasses__():
        yield one
        yield from _all_below(one)


class Others:
    """The rows that some revisions name, read together: a long history asks no more questions than a short one."""

    def __init__(self, records: Iterable[Any]):
        wanted: dict[Any, set[int]] = {}
        for record in records:
            for field in _relations(record):
                if value := getattr(record, field.attname):
                    wanted.setdefault(field.related_model, set()).add(value)
        self._rows = {
            (model, row.pk): row
            for model, keys in wanted.items()
            for row in model._base_manager.filter(pk__in=keys).select_related(*_names_of_relations(model))
        }

    def get(self, field, value) -> Any:
        """The row that a relation of a revision leads to; None if it is not there any more."""
        return self._rows.get((field.related_model, value))

    def instance(self, record) -> Any:
        """The row as a revision left it, with the rows that it names; what no revision holds is not asked for."""
        kept = {field.attname: getattr(record, field.attname) for field in record.tracked_fields}
        instance = record.instance_type(**kept)
        for field in _relations(record):
            if other := self.get(field, getattr(record, field.attname)):
                setattr(instance, field.name, other)
        return instance


def _relations(record) -> list[Any]:
    return [field for field in record.tracked_fields if field.is_relation]


def _names_of_relations(model) -> list[str]:
    return [field.name for field in model._meta.concrete_fields if field.is_relation]


def before_each(records: Iterable[Any]) -> dict[int, Any]:
    """Number of a revision → the revision before it of the same row, for revisions of one table, in two queries."""
    records = list(records)
    if not records:
        return {}
    table = type(records[0])._default_manager
    earlier = table.filter(id=OuterRef("id"), history_date__lt=OuterRef("history_date"))
    last = earlier.order_by("-history_date", "-history_id").values("history_id")[:1]
    here = table.filter(history_id__in=[record.history_id for record in records]).annotate(before_id=Subquery(last))
    pairs = dict(here.order_by().values_list("history_id", "before_id"))
    found = table.in_bulk([key for key in pairs.values() if key])
    return {key: found[before] for key, before in pairs.items() if before}


def said(record, others: Others | None = None) -> list[tuple[str, str, str]]:
    """(name, label, text) of each field of a revision, as a person reads it. `others`: where many are read."""
    others = others or Others([record])
    found: list[tuple[str, str, str]] = []
    for field in record.tracked_fields:
        if field.name in {"id", "version"}:
            continue
        value = getattr(record, field.attname)
        if field.is_relation:
            other = others.get(field, value)
            text = str(other) if other else ("" if value is None else f"(deleted, number {value})")
        elif isinstance(field, RichTextField):
            text = richtext.words(value, cited=lambda key, locator: f" [{key}{', ' if locator else ''}{locator}]")
        elif field.choices:
            text = str(dict(field.flatchoices).get(value, value))
        else:
            text = "" if value is None else str(value)
        found.append((field.name, str(field.verbose_name), text))
    return found


def differences(record, before, others: Others | None = None) -> list[dict[str, Any]]:
    """What a revision changed against the one before: label and pieces of text for each field that differs."""
    if before is None or record.history_type != "~":
        return []
    old = {name: text for name, _, text in said(before, others)}
    found = [
        {"label": label, "pieces": pieces(old.get(name, ""), text)}
        for name, label, text in said(record, others)
        if text != old.get(name, "")
    ]
    if not found and any(
        getattr(record, field.attname) != getattr(before, field.attname) for field in record.tracked_fields
    ):
        found = [{"label": "Formatting", "pieces": []}]
    return found
