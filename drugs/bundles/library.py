"""The shared rows of a bundle (references, ways of working) beside those that are here."""

from collections.abc import Iterable, Iterator

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


def other_words(sources: Iterable[Source], mechanisms: Iterable[content.Mechanism]) -> Iterator[str]:
    """Shared rows that are here under the same key with other words, and which of their fields differ."""
    ours = {one.key: one.to_source() for one in Reference.objects.prefetch_related("authors")}
    for place, source in enumerate(sources):
        if source.key in ours and (fields := _differing(ours[source.key], source)):
            yield _sentence(f"references[{place}]", source.key, fields)
    ways = {row.key: content.Mechanism(key=row.key, name=row.name, text=row.text) for row in Mechanism.objects.all()}
    for place, one in enumerate(mechanisms):
        if one.key in ways and (fields := _differing(ways[one.key], one)):
            yield _sentence(f"mechanisms[{place}]", one.key, fields)


def _differing(ours, theirs) -> list[str]:
    return [name for name in type(ours).model_fields if getattr(ours, name) != getattr(theirs, name)]


def _sentence(place: str, key: str, fields: list[str]) -> str:
    return (
        f"{place}: “{key}” is here already, and differs in {', '.join(fields)}. Make them agree, or give --keep-ours to "
        "leave what is here."
    )
