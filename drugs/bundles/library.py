"""The shared rows of a bundle (references, ways of working) beside those that are here."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError

from drugs import content, restore
from drugs.bundles.rows import unfit
from drugs.models import Mechanism
from references.content import Source
from references.models import Reference


def refused_sources(sources: Iterable[Source]) -> list[str]:
    """What stands against sources that are not here yet, with their place in the file."""
    known = set(Reference.objects.values_list("key", flat=True))
    problems = []
    for place, source in enumerate(sources):
        if source.key in known:
            continue
        reference, authors = restore.reference_rows(source)
        said = [*unfit(reference), *(sentence for author in authors for sentence in unfit(author))]
        try:
            reference.validate_unique()
            reference.validate_constraints()
            for author in authors:
                author.validate_constraints()
        except ValidationError as problem:
            said += problem.messages
        problems += [f"references[{place}], {source.key}: {sentence}" for sentence in said]
    return problems


@dataclass(frozen=True)
class Differing:
    """A shared row that is here under the same key with other words."""

    place: str
    key: str
    fields: tuple[str, ...]

    def __str__(self):
        return (
            f"{self.place}: “{self.key}” is here already, and differs in {', '.join(self.fields)}. Make them agree, or "
            "give --keep-ours to leave what is here."
        )


def other_words(sources: Iterable[Source], mechanisms: Iterable[content.Mechanism]) -> Iterator[Differing]:
    """The shared rows that are here with other words than in a bundle."""
    references = Reference.objects.prefetch_related("authors")
    yield from _compared("references", {one.key: one.to_source() for one in references}, sources)
    ways = {row.key: content.Mechanism(key=row.key, name=row.name, text=row.text) for row in Mechanism.objects.all()}
    yield from _compared("mechanisms", ways, mechanisms)


def _compared(name: str, ours: Mapping[str, Any], theirs: Iterable[Any]) -> Iterator[Differing]:
    for place, one in enumerate(theirs):
        mine = ours.get(one.key, one)
        if fields := tuple(it for it in type(one).model_fields if getattr(mine, it) != getattr(one, it)):
            yield Differing(f"{name}[{place}]", one.key, fields)
