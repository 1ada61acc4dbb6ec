"""Which pages a saved row belongs to. Each revision counts as a change of these pages' working copies.

Hung on the revision, because that is the one place that every door passes: forms, inlines, imports, cascades, the
shell. Four eyes rests on it (docs/decisions/0004).
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from django.contrib.auth import get_user_model
from django.db.models import ProtectedError

from drugs import models
from drugs.models.parts import CitationRow, Part
from editions import actions
from editions.models import Mention, WorkingCopy
from references.models import Author, Reference

RICH = {
    models.Drug: ("about", "how_you_have_it", "research"),
    models.Indication: ("text",),
    models.Alert: ("text",),
    models.Condition: ("about",),
    models.GuideSection: ("text",),
    models.Glossary: ("intro",),
}
_MARK = re.compile(r'data-ref="([^"]*)"')  # a citation in rich text, which names its source by key


def count(sender, instance, history_instance, history_user, **kwargs) -> None:
    """Count a revision on each page whose working copy the row is part of."""
    pages = set(pages_of(instance))
    if isinstance(instance, models.Drug | models.Condition) and _has_new_name(history_instance):
        pages.update(pages_naming(instance))
    writers = [history_user]
    if isinstance(instance, models.DrugMechanism) and history_instance.history_type == "+":
        # Words that were written before this page used them are new to it, and their writers have read them.
        writers += _writers_of(instance.mechanism)
    for page_id in sorted(pages):
        for writer in writers:
            actions.count_change(page_id, writer)


def count_together(sender, rows, revisions, **kwargs) -> None:
    """Count revisions that were written together, on the same pages and for the same people as `count` counts each."""
    if sender not in {Reference, Author}:
        for row, revision in zip(rows, revisions, strict=True):
            count(sender, row, revision, revision.history_user)
        return
    references = [row.reference if sender is Author else row for row in rows]
    citing = pages_citing_each(references)
    changes = Counter(
        (page_id, revision.history_user)
        for reference, revision in zip(references, revisions, strict=True)
        for page_id in citing[reference.pk]
    )
    for (page_id, writer), times in sorted(changes.items(), key=lambda change: change[0][0]):
        actions.count_change(page_id, writer, times=times)


def _writers_of(row) -> list:
    """Everybody who ever saved a row."""
    people = row.history.exclude(history_user=None).order_by("history_user").values_list("history_user", flat=True)
    return list(get_user_model().objects.filter(pk__in=people.distinct()))


def _has_new_name(revision) -> bool:
    before = revision.prev_record
    return before is not None and before.name != revision.name


def pages_of(row) -> Iterator[int]:
    """The pages whose content is made from this row: its own, or those that use a shared one."""
    if isinstance(row, WorkingCopy):
        yield row.page_id
    elif isinstance(row, Part):
        yield row.page_id_above()
    elif isinstance(row, models.Mechanism):
        yield from models.Drug.objects.filter(mechanisms=row).values_list("page_id", flat=True)
    elif isinstance(row, Reference):
        yield from pages_citing(row)
    elif isinstance(row, Author):
        yield from pages_citing(row.reference)


def pages_naming(row: models.Drug | models.Condition) -> Iterator[int]:
    """The pages that freeze the name of this drug or condition: where it is treated, given with, had before or shown."""
    if isinstance(row, models.Drug):
        yield from row.partner_rows.values_list("indication__drug__page_id", flat=True)
        yield from row.criteria_after.values_list("indication__drug__page_id", flat=True)
        yield from row.guide_rows.values_list("section__guide__page_id", flat=True)
    else:
        yield from row.indications.values_list("drug__page_id", flat=True)
        yield from row.children.values_list("page_id", flat=True)


def pages_citing(reference: Reference) -> set[int]:
    """The pages whose working copies cite a reference, in a list or in their text."""
    return pages_citing_each([reference])[reference.pk]


def pages_citing_each(references: Iterable[Reference]) -> dict[int, set[int]]:
    """As `pages_citing`, for many references at once, by their numbers: two queries, however many there are."""
    numbers = {reference.key: reference.pk for reference in references}
    found: dict[int, set[int]] = {number: set() for number in numbers.values()}
    for number, page_id in _cited_in_lists(list(found)):
        found[number].add(page_id)
    mark = f'data-ref="{next(iter(numbers))}"' if len(numbers) == 1 else 'data-ref="'
    for text, page_id in _texts_with(mark):
        for key in _MARK.findall(text):
            if key in numbers:
                found[numbers[key]].add(page_id)
    return found


def _cited_in_lists(numbers: list[int]) -> Iterator[tuple[int, int]]:
    """(number of a reference, number of a page) of each citation of these references."""
    rows = [
        citing._default_manager.filter(reference__in=numbers)
        .order_by()
        .values_list("reference_id", _path_to_page(citing))
        for citing in CitationRow.__subclasses__()
    ]
    return rows[0].union(*rows[1:], all=True).iterator()


def cited_beside_rows(page_id: int) -> set[int]:
    """The references that a page's working copy cites beside its rows, by their numbers."""
    rows = [
        citing._default_manager.filter(**{_path_to_page(citing): page_id}).order_by().values_list("reference_id")
        for citing in CitationRow.__subclasses__()
    ]
    return {number for (number,) in rows[0].union(*rows[1:])}


def _texts_with(mark: str) -> Iterator[tuple[str, int]]:
    """(rich text, number of its page) of each working copy's text that holds a mark."""
    rows = [
        model.objects.filter(**{f"{name}__contains": mark}).order_by().values_list(name, _path_to_page(model))
        for model, fields in RICH.items()
        for name in fields
    ]
    return rows[0].union(*rows[1:], all=True).iterator()


def _path_to_page(model) -> str:
    """The lookup that leads from a row of a page's working copy to the page's number."""
    above = model.page_path[:-1] if issubclass(model, Part) else ()
    return "__".join((*above, "page_id"))


def keep_what_editions_cite(sender, instance: Reference, **kwargs) -> None:
    """Editions cite a source by its key for good, so neither the source goes nor its key to another one."""
    cited = Mention.objects.filter(relation="cites", target=f"reference/{instance.key}").select_related("edition__page")
    if pages := sorted({str(one.edition.page) for one in cited}):
        raise ProtectedError(
            f"“{instance}” stays, because editions cite it: {', '.join(pages[:8])}{' …' if len(pages) > 8 else ''}.",
            set(cited),
        )
