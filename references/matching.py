"""Which records of a file the library has already: by DOI, by PubMed number, then by title, year and first author."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import Q

from references.content import Source
from references.formats import Record
from references.formatting import vancouver
from references.keys import Keys, folded_in_any_script
from references.models import Reference

# The fields that a record can bring, in the order in which a form shows them.
FIELDS = tuple(name for name in Source.model_fields if name not in {"key", "replaces"})
_LABELS = {"type": "kind", "et_al": "and others", "issued": "published", "doi": "DOI", "pmid": "PubMed number"}
_LABELS |= {"pmcid": "PubMed Central number", "url": "web address", "container": "journal, book or site"}


@dataclass(frozen=True)
class Difference:
    """One field in which a record and the reference differ, in words."""

    name: str
    label: str
    ours: str
    theirs: str


@dataclass
class Candidate:
    """A record of a file beside the reference that it is, if the library has one.

    `state` is new, same, different, or twice: what the file said of this source before.
    """

    record: Record
    state: str
    source: Source  # the record's, under the key that it would have here
    reference: Reference | None = None
    differences: list[Difference] = field(default_factory=list)

    @property
    def line(self) -> str:
        """The record as a page would list it."""
        return vancouver(self.source)


class Ambiguous(ValueError):
    """A record fits two references. The message names them and the remedy."""


class Library:
    """The references that records can be found among, looked up in a fixed number of queries."""

    def __init__(self, records: Iterable[Record]):
        sources = [record.source for record in records]
        self._by: dict[str, dict[str, Reference]] = {name: {} for name in ("doi", "pmid", "pmcid")}
        for name, known in self._by.items():
            wanted = {getattr(source, name) for source in sources} - {""}
            for row in _in_pieces(wanted, lambda some, name=name: Reference.objects.filter(**{f"{name}__in": some})):
                known[getattr(row, name)] = _kept(row)
        self._alike: dict[tuple, list[Reference]] = defaultdict(list)
        years = {source.issued[:4] for source in sources}
        titles = {_alike(source) for source in sources}
        for row in _in_pieces(years, lambda some: _of_years(some)):
            if (mark := _alike(row.to_source())) in titles:
                self._alike[mark].append(_kept(row))

    def find(self, source: Source) -> Reference | None:
        """The reference that a source is. Raises Ambiguous if its identifiers name two."""
        found = {
            known[number].pk: known[number]
            for name, known in self._by.items()
            if (number := getattr(source, name)) in known
        }
        if len(found) > 1:
            keys = " and ".join(f"“{row.key}”" for row in found.values())
            raise Ambiguous(
                f"Its identifiers belong to {keys}. Say at one of them that it is a duplicate, then try again."
            )
        if found:
            return next(iter(found.values()))
        alike = [row for row in self._alike[_alike(source)] if not _speaks_against(source, row)]
        return alike[0] if alike else None


def candidates(records: Iterable[Record]) -> Iterator[Candidate | tuple[Record, Ambiguous]]:
    """Each record beside what the library has. Keys of new ones are free here. Records that fit two come with why."""
    records = list(records)
    library = Library(records)
    keys = Keys(frozenset(Reference.objects.values_list("key", flat=True)))
    seen: dict[object, str] = {}
    for record in records:
        try:
            reference = library.find(record.source)
        except Ambiguous as problem:
            yield record, problem
            continue
        marks = [reference.pk] if reference else _marks(record.source)
        before = next((seen[mark] for mark in marks if mark in seen), None)
        if before is not None:
            yield Candidate(record, "twice", record.source.model_copy(update={"key": before}), reference)
            continue
        key = reference.key if reference else keys.free(record.source.key)
        seen |= dict.fromkeys(marks, key)
        source = record.source.model_copy(update={"key": key})
        differences = list(_differences(reference, source)) if reference else []
        state = "new" if reference is None else "different" if differences else "same"
        yield Candidate(record, state, source, reference, differences)


def _differences(reference: Reference, theirs: Source) -> Iterator[Difference]:
    """The fields in which a record says something else, or something that the reference lacks."""
    ours = reference.to_source()
    for name in FIELDS:
        old, new = getattr(ours, name), getattr(theirs, name)
        # A file that says nothing of a field does not speak against what is here.
        if new and new != old:
            yield Difference(name, _LABELS.get(name, name.replace("_", " ")), in_words(old), in_words(new))


def in_words(value: object) -> str:
    """A field of a source as a person reads it."""
    if isinstance(value, tuple):
        return "; ".join(one.corporate or f"{one.family}, {one.given}".strip(", ") for one in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(getattr(value, "label", value))


def _marks(source: Source) -> list[object]:
    """What tells a new source from the others of its file."""
    numbers: list[object] = [
        (name, getattr(source, name)) for name in ("doi", "pmid", "pmcid") if getattr(source, name)
    ]
    return numbers or [(_alike(source), "" if source.authors else source.url)]


def _alike(source: Source) -> tuple[str, str, str]:
    first = source.authors[0] if source.authors else None
    name = first.corporate or first.family if first else ""
    return folded_in_any_script(source.title), source.issued[:4], folded_in_any_script(name)


def _speaks_against(source: Source, row: Reference) -> bool:
    """Whether both have an identifier of one kind, and another one: two papers may share title, year and author.

    Where no author is named, an address speaks too: many sites have a page “Imatinib”.
    """
    names = ("doi", "pmid", "pmcid") if source.authors else ("doi", "pmid", "pmcid", "url")
    return any(
        getattr(source, name) and getattr(row, name) and getattr(source, name) != getattr(row, name) for name in names
    )


def _kept(row: Reference) -> Reference:
    """The reference itself, or the one that it is a duplicate of."""
    return row.merged_into or row


def _of_years(years: list[str]):
    wanted = Q()
    for year in years:
        wanted |= Q(issued__startswith=year) if year else Q(issued="")
    return Reference.objects.filter(wanted)


def _in_pieces(values: set[str], query) -> Iterator[Reference]:
    """The rows of a query for many values, asked for so many at a time as a database takes."""
    ordered = sorted(values)
    for at in range(0, len(ordered), 300):
        rows = query(ordered[at : at + 300])
        yield from rows.select_related("merged_into").prefetch_related("authors", "merged", "merged_into__authors")
