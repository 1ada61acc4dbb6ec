"""Where a reference, a drug, a condition or a term is used: in drafts, in what visitors read, and in past editions."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from basics import richtext
from drugs import models
from drugs.changes import RICH, pages_citing, pages_naming, pages_of
from editions import record
from editions.models import Edition, Mention, Page
from editions.vocabulary import Progress
from references.models import Reference

Used = Reference | models.Drug | models.Condition | models.Term


@dataclass(frozen=True)
class Use:
    """A page that mentions something, and in which of its states: “draft”, “edition 3 (live)”, “edition 1”."""

    page: Page
    states: tuple[str, ...]


def where_used(thing: Used) -> list[Use]:
    """Every page that mentions it, by its address. A page does not count as mentioning itself."""
    states: dict[int, list[str]] = defaultdict(list)
    for page_id in set(_drafts_with(thing)):
        states[page_id].append("draft")
    now = record.now()
    live = set(Edition.objects.live(now).values_list("pk", flat=True))
    for edition in _editions_with(thing).order_by("page", "-number", "-pk").defer("content_json"):
        states[edition.page_id].append(_state(edition, is_live=edition.pk in live, now=now))
    own = getattr(thing, "page_id", None)
    pages = Page.objects.filter(pk__in=states.keys() - {own}).order_by("kind", "slug")
    return [Use(page, tuple(states[page.pk])) for page in pages]


def _state(edition: Edition, *, is_live: bool, now: datetime) -> str:
    if edition.number is None:
        return f"edition that is {Progress(edition.progress).label}"
    if edition.is_scheduled(now):
        return f"edition {edition.number} (scheduled)"
    return f"edition {edition.number}{' (live)' if is_live else ''}"


def _drafts_with(thing: Used) -> Iterator[int]:
    if isinstance(thing, Reference):
        yield from pages_citing(thing)
    elif isinstance(thing, models.Term):
        yield from _pages_with_words(thing)
    else:
        yield from pages_naming(thing)
        if isinstance(thing, models.Condition):
            yield from thing.children.values_list("page_id", flat=True)


def _editions_with(thing: Used) -> QuerySet[Edition]:
    """The editions that mention it, but those that were taken back."""
    known = Edition.objects.filter(Q(number__isnull=False) | Q(pk__in=Edition.objects.open()))
    if isinstance(thing, models.Term):
        return known.filter(pk__in=_editions_with_words(thing, known))
    target = f"reference/{thing.key}" if isinstance(thing, Reference) else thing.page.key
    # What replaces a duplicate does not cite it.
    tied = Mention.objects.filter(target=target).exclude(relation="replaces")
    return known.filter(pk__in=tied.values("edition"))


# A term is used where its name stands in a text.


def _words_of(term: models.Term) -> tuple[list[str], re.Pattern]:
    names = [name for name in (term.name, term.abbreviation) if name]
    return names, re.compile(rf"\b(?:{'|'.join(map(re.escape, names))})", re.IGNORECASE)


def _pages_with_words(term: models.Term) -> Iterator[int]:
    names, pattern = _words_of(term)
    for model, fields in RICH.items():
        holds = Q()
        for field in fields:
            for name in names:
                holds |= Q(**{f"{field}__icontains": name})
        for row in model._default_manager.filter(holds):
            if any(pattern.search(richtext.words(getattr(row, field))) for field in fields):
                yield from pages_of(row)


def _editions_with_words(term: models.Term, known: QuerySet[Edition]) -> list[int]:
    names, pattern = _words_of(term)
    holds = Q()
    for name in names:
        holds |= Q(content_json__icontains=name)
    others = known.exclude(page=term.glossary.page_id).filter(holds)
    return [pk for pk, text in others.values_list("pk", "content_json").iterator() if pattern.search(text)]
