"""Which pages a saved row belongs to. Each revision counts as a change of these pages' working copies.

Hung on the revision, because that is the one place that every door passes: forms, inlines, imports, cascades, the
shell. Four eyes rests on it (docs/decisions/0004).
"""

from collections.abc import Iterator

from drugs import models
from drugs.models.parts import CitationRow, Part
from editions import actions
from editions.models import WorkingCopy
from references.models import Author, Reference

_RICH = {
    models.Drug: ("about", "how_you_have_it", "research"),
    models.Indication: ("text",),
    models.Alert: ("text",),
    models.Condition: ("about",),
    models.GuideSection: ("text",),
    models.Glossary: ("intro",),
}


def count(sender, instance, history_user, **kwargs) -> None:
    """Count a revision on each page whose working copy the row is part of."""
    for page_id in sorted(set(pages_of(instance))):
        actions.count_change(page_id, history_user)


def pages_of(row) -> Iterator[int]:
    """The pages whose content is made from this row: its own, or those that use a shared one."""
    if isinstance(row, WorkingCopy):
        yield row.page_id
    elif isinstance(row, Part):
        yield from _page_above(row)
    elif isinstance(row, models.Mechanism):
        yield from models.Drug.objects.filter(mechanisms=row).values_list("page_id", flat=True)
    elif isinstance(row, Reference):
        yield from pages_citing(row)
    elif isinstance(row, Author):
        yield from pages_citing(row.reference)


def _page_above(row) -> Iterator[int]:
    thing = row
    for name in row.page_path[:-1]:
        thing = getattr(thing, name)
    yield thing.page_id


def pages_citing(reference: Reference) -> Iterator[int]:
    """The pages whose working copies cite a reference, in a list or in their text."""
    for citing in CitationRow.__subclasses__():
        for citation in citing._default_manager.filter(reference=reference):
            yield from _page_above(citation)
    mark = f'data-ref="{reference.key}"'
    for model, fields in _RICH.items():
        for name in fields:
            for row in model.objects.filter(**{f"{name}__contains": mark}):
                yield from pages_of(row)
