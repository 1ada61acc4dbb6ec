"""The rows of the search: one for each edition, written when the edition is, and made anew whenever wanted."""

import logging
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.db import transaction

from editions.kinds import kind
from editions.models import Edition, SearchEntry
from editions.search.document import Document, Name, Passage
from editions.search.engines import DatabaseEngine, EngineAway, engine
from editions.search.words import words

log = logging.getLogger(__name__)
# Raised whenever entries would be made otherwise: by other words, or from other parts of a page. The entries of the form
# before are then made anew after the next migrate.
FORM = 1
_AT_ONCE = 100  # editions whose words are held in memory together
_MOST_WORDS = 15_000  # of one column; PostgreSQL counts no further than 16,383 places


def write_entry(edition: Edition, content: Any) -> None:
    """Make what is searchable of a new edition."""
    entry = _entry(edition, content)
    entry.save()
    engine().write([entry])


def rebuild(watch: Callable[[Iterable], Iterable] = lambda rows: rows) -> int:
    """Make all entries anew, some editions at a time. Returns how many there are. Others read and write meanwhile.

    Raises EngineAway if an engine beside the database failed: the rows and the database's own index are then made anew.
    """
    numbers = list(Edition.objects.order_by("pk").values_list("pk", flat=True))
    for start in watch(range(0, len(numbers), _AT_ONCE)):
        _make_anew(numbers[start : start + _AT_ONCE])
    with transaction.atomic():
        _add_missing()  # of editions that were frozen meanwhile
        engine().remake()
        return SearchEntry.objects.count()


def _make_anew(numbers: list[int]) -> None:
    made = [
        _entry(edition, edition.content) for edition in Edition.objects.filter(pk__in=numbers).select_related("page")
    ]
    with transaction.atomic():
        SearchEntry.objects.filter(edition__in=numbers).delete()
        SearchEntry.objects.bulk_create(made)
        DatabaseEngine().write(
            made
        )  # they are found while the others are made; an engine beside it gets all at the end


def bring_up_to_date() -> None:
    """Make the entries that editions lack, or all anew if some are of an older form: after every migrate."""
    if SearchEntry.objects.exclude(form=FORM).exists() or Edition.objects.filter(search_entry=None).exists():
        try:
            rebuild()
        except EngineAway as problem:  # the database is migrated all the same, and searches in its place
            log.error("The search engine was not brought up to date: run `manage.py rebuild_derived`. %s", problem)


def document(entry: SearchEntry) -> Document:
    """An entry as the values that it was made of, but for the subjects."""
    return Document(
        title=entry.title,
        names=tuple(Name(*one) for one in entry.names),
        passages=tuple(Passage(*one) for one in entry.passages),
        is_lower=entry.is_lower,
    )


def _add_missing() -> None:
    for edition in Edition.objects.filter(search_entry=None).select_related("page"):
        _entry(edition, edition.content).save()


def _entry(edition: Edition, content: Any) -> SearchEntry:
    found = kind(edition.page.kind).searchable(content)
    of_page = [name.text for name in found.names if not name.anchor]
    of_parts = [name.text for name in found.names if name.anchor]
    return SearchEntry(
        edition=edition,
        form=FORM,
        is_lower=found.is_lower,
        title=found.title,
        names=[[name.text, name.what, name.note, name.anchor] for name in found.names],
        passages=[[one.text, one.heading, one.anchor] for one in found.passages if one.text],
        names_words=_joined([found.title, *of_page]),
        subjects_words=_joined(found.subjects),
        headings_words=_joined([*of_parts, *(one.heading for one in found.passages)]),
        body_words=_joined(one.text for one in found.passages),
    )


def _joined(texts: Iterable[str]) -> str:
    def all_words() -> Iterator[str]:
        for text in texts:
            yield from words(text)

    return " ".join(word for word, _ in zip(all_words(), range(_MOST_WORDS), strict=False))
