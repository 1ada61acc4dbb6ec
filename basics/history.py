"""Reading revisions: what one changed, and all that ever happened to a row and to what stands under it."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

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


def said(record) -> list[tuple[str, str, str]]:
    """(name, label, text) of each field of a revision, as a person reads it."""
    found: list[tuple[str, str, str]] = []
    for field in record.tracked_fields:
        if field.name in {"id", "version"}:
            continue
        value = getattr(record, field.attname)
        if field.is_relation:
            other = field.related_model._base_manager.filter(pk=value).first() if value else None
            text = str(other) if other else ("" if value is None else f"(deleted, number {value})")
        elif isinstance(field, RichTextField):
            text = richtext.words(value, cited=lambda key, locator: f" [{key}{', ' if locator else ''}{locator}]")
        elif field.choices:
            text = str(dict(field.flatchoices).get(value, value))
        else:
            text = "" if value is None else str(value)
        found.append((field.name, str(field.verbose_name), text))
    return found


def differences(record, before) -> list[dict[str, Any]]:
    """What a revision changed against the one before: label and pieces of text for each field that differs."""
    if before is None or record.history_type != "~":
        return []
    old = {name: text for name, _, text in said(before)}
    found = [
        {"label": label, "pieces": pieces(old.get(name, ""), text)}
        for name, label, text in said(record)
        if text != old.get(name, "")
    ]
    if not found and any(
        getattr(record, field.attname) != getattr(before, field.attname) for field in record.tracked_fields
    ):
        found = [{"label": "Formatting", "pieces": []}]
    return found
