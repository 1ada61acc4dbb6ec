"""Two references that are the same source become one: every citation in the working copies moves.

The duplicate stays, because past editions cite it for good. Its public address leads to the other one as soon as no
live edition cites it any more: editions freeze which keys a source replaces (references.content.Source.replaces).
"""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from basics.revisions import revising
from drugs.changes import RICH
from drugs.models.parts import LONGEST_LOCATOR, CitationRow
from editions.models import Page
from references.models import Reference

_IDENTIFIERS = ("doi", "pmid", "pmcid", "url")  # the day on which the address was read goes with it
_NEEDS = ("references.change_reference", "drugs.change_drug", "drugs.change_guide", "drugs.change_condition")


class CannotMerge(ValidationError):
    """The two cannot become one. The message says why, and what to do instead."""


@dataclass(frozen=True)
class Merged:
    """What a merger did: citations beside rows, and texts, that cite the other source now."""

    citations: int
    texts: int


@transaction.atomic
def merge(duplicate: Reference, into: Reference, *, by, reason: str = "") -> Merged:
    """Make every working copy that cites `duplicate` cite `into`, in one change set. No edition changes.

    `into` takes over identifiers that it lacks. Raises PermissionDenied, CannotMerge, SavedMeanwhile.
    """
    if not all(by.has_perm(permission) for permission in _NEEDS):
        raise PermissionDenied("Only an author can merge references.")
    rows = {
        row.pk: row for row in Reference.objects.select_for_update(no_key=True).filter(pk__in=[duplicate.pk, into.pk])
    }
    duplicate, into = rows[duplicate.pk], rows[into.pk]
    _check(duplicate, into)
    with revising(by=by, because=reason or f"“{duplicate.key}” is the same source as “{into.key}”."):
        merged = Merged(_move_citations(duplicate, into), _move_texts(duplicate.key, into.key))
        _take_over(duplicate, into)
    return merged


def _check(duplicate: Reference, into: Reference) -> None:
    if duplicate.pk == into.pk:
        raise CannotMerge("A reference cannot be merged into itself. Choose the other one.")
    if duplicate.merged_into_id:
        raise CannotMerge(f"“{duplicate.key}” was merged into “{duplicate.stands_in}” already.")
    if into.merged_into_id:
        raise CannotMerge(f"“{into.key}” was itself merged into “{into.stands_in}”. Choose that one.")


def _move_citations(duplicate: Reference, into: Reference) -> int:
    moved = 0
    for model in CitationRow.__subclasses__():
        above = model.page_path[0]
        for row in model._default_manager.filter(reference=duplicate):
            beside = model._default_manager.filter(reference=into, **{above: getattr(row, above)}).first()
            if beside is None:
                row.reference = into
                row.save()
            else:  # one row cites a source once; where in it stays said
                _keep_locator(beside, row.locator)
                row.delete()
            moved += 1
    return moved


def _keep_locator(row: CitationRow, locator: str) -> None:
    both = "; ".join(dict.fromkeys(filter(None, [row.locator, locator])))
    if len(both) > LONGEST_LOCATOR:
        page = Page.objects.get(pk=row.page_id_above())
        raise CannotMerge(
            f"A row of {page} cites both, and “{both}” has more than {LONGEST_LOCATOR} characters. Shorten it there first."
        )
    if both != row.locator:
        row.locator = both
        row.save()


def _move_texts(old: str, new: str) -> int:
    moved = 0
    mark, wanted = f'data-ref="{old}"', f'data-ref="{new}"'
    for model, fields in RICH.items():
        for row in _with_mark(model, fields, mark):
            for name in fields:
                setattr(row, name, getattr(row, name).replace(mark, wanted))
            row.save()
            moved += 1
    return moved


def _with_mark(model, fields, mark: str) -> list:
    found = {row.pk: row for name in fields for row in model._default_manager.filter(**{f"{name}__contains": mark})}
    return list(found.values())


def _take_over(duplicate: Reference, into: Reference) -> None:
    lacking = [name for name in _IDENTIFIERS if getattr(duplicate, name) and not getattr(into, name)]
    for name in lacking:
        setattr(into, name, getattr(duplicate, name))
        setattr(duplicate, name, "")
    if "url" in lacking:
        into.accessed, duplicate.accessed = duplicate.accessed or into.accessed, ""
    duplicate.merged_into = into
    duplicate.save()  # first: an identifier stands at one reference only
    into.save()  # also without a new identifier: the pages that cite it freeze what it replaces
    for other in duplicate.merged.all():
        other.merged_into = into
        other.save()
