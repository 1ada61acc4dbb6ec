"""Bringing records of a file, of pasted text or of a register into the library: shown first, then wholly or not at all."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from basics.exchange.uploads import sha256
from basics.models import SavedMeanwhile
from basics.revisions import revising
from references import identifiers, lookup
from references.content import Source
from references.formats import Found, NotReferences, read, write
from references.matching import FIELDS, Candidate, candidates
from references.models import Reference
from references.resources import write_authors

LEAVE, FILL, TAKE = "leave", "fill", "take"
CHOICES = {
    LEAVE: "leave ours as it is",
    FILL: "fill what is empty in ours",
    TAKE: "take theirs wherever it says something",
}
_IDENTIFIER = re.compile(
    r"(doi:?\s*|https?://(dx\.)?doi\.org/)?10\.\d{4,9}/\S+|(pmid:?\s*)?[1-9]\d{0,7}", re.IGNORECASE
)
_MOST_ASKED_FOR = 10  # numbers in one go: each is a request to somebody else


class NotTakenIn(ValueError):
    """Nothing was kept. `sentences` name what stands against it, each with its record and the remedy."""

    def __init__(self, sentences: list[str]):
        self.sentences = sentences
        super().__init__(" ".join(sentences))


@dataclass
class Preview:
    """What taking records in would do. Nothing is changed by it."""

    format: str
    candidates: list[Candidate] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def totals(self) -> Counter[str]:
        return Counter(one.state for one in self.candidates)

    @property
    def seen(self) -> dict[str, str]:
        """What the library said of each record when it was shown: if that changes, nothing is taken in unseen."""
        return {str(one.record.position): _state(one) for one in self.candidates}


def preview(data: bytes | str, name: str = "") -> Preview:
    """What a file or pasted text would bring. Raises NotReferences if it cannot be read at all."""
    found: Found = read(data, name)
    result = Preview(found.format, problems=[problem.message for problem in found.problems])
    for one in candidates(found.records):
        if isinstance(one, Candidate):
            result.candidates.append(one)
        else:
            record, problem = one
            result.problems.append(f"Record {record.position} (“{record.source.title[:60]}”): {problem}")
    return result


@transaction.atomic
def take_in(
    data: bytes | str,
    *,
    by,
    because: str,
    name: str = "",
    choices: Mapping[str, str] | None = None,
    usual: str = LEAVE,
    expected: Mapping[str, str] | None = None,
) -> Counter[str]:
    """Keep the records of a file, all or none. Returns how many were new, changed and left.

    `choices` says what becomes of a reference that differs, by the record's position; `usual` for those it does not name.
    `expected` is what the preview saw. Raises NotReferences, NotTakenIn.
    """
    shown = preview(data, name)
    if shown.problems:
        raise NotTakenIn(shown.problems)
    if expected is not None and shown.seen != dict(expected):
        raise NotTakenIn(
            ["Somebody changed one of these references since you looked. Nothing was kept: look at the preview again."]
        )
    done: Counter[str] = Counter(new=0, changed=0, left=0)
    said: list[str] = []
    with revising(by=by, because=because):
        for one in shown.candidates:
            choice = (choices or {}).get(str(one.record.position), usual)
            try:
                with transaction.atomic():
                    done[_keep(one, choice)] += 1
            except (ValidationError, SavedMeanwhile, IntegrityError) as problem:
                said += _sentences(one, problem)
    if said:
        raise NotTakenIn(said)
    return done


def _keep(one: Candidate, choice: str) -> str:
    if one.reference is None:
        if one.state == "twice":
            return "left"
        _write(Reference(key=one.source.key), one.source, FIELDS)
        return "new"
    if one.state != "different" or choice == LEAVE:
        return "left"
    wanted = [
        difference.name
        for difference in one.differences
        if choice == TAKE or (choice == FILL and _is_empty(one.reference, difference.name))
    ]
    if not wanted:
        return "left"
    _write(one.reference, one.source, wanted)
    return "changed"


def _is_empty(reference: Reference, name: str) -> bool:
    # The kind of a source and “and others” always say something.
    return name not in {"type", "et_al"} and not getattr(reference.to_source(), name)


def _write(reference: Reference, source: Source, names) -> None:
    columns = [name for name in names if name != "authors"]
    for name in columns:
        setattr(reference, name, getattr(source, name))
    if "pages" in columns and source.pages:
        reference.article_number = source.article_number
    elif "article_number" in columns and source.article_number:
        reference.pages = source.pages
    reference.full_clean()
    if columns or reference._state.adding:
        reference.save()
    if "authors" in names:
        write_authors(reference, list(source.authors))


def _state(one: Candidate) -> str:
    if one.reference is None:
        return f"{one.state} {one.source.key}"
    authors = [(author.pk, author.version) for author in one.reference.authors.all()]
    return f"{one.state} {sha256(repr([one.reference.pk, one.reference.version, authors]).encode())}"


def _sentences(one: Candidate, problem: Exception) -> list[str]:
    where = f"Record {one.record.position} (“{one.source.title[:60]}”)"
    if isinstance(problem, ValidationError) and hasattr(problem, "message_dict"):
        return [f"{where}, {name}: {said}" for name, lines in problem.message_dict.items() for said in lines]
    if isinstance(problem, IntegrityError):  # two at the same moment
        return [f"{where}: somebody added this source, or its key, meanwhile. Try again."]
    return [f"{where}: {problem}"]


# Asking a register for a record


def numbers_in(text: str) -> list[str]:
    """The DOIs and PubMed numbers that a text consists of, one on a line or parted by spaces; none if it is anything else."""
    words = re.sub(r"(?i)\b(doi|pmid)\b:?\s+", r"\1:", text).split()
    words = [word.strip(",;") for word in words]
    return words if words and all(_IDENTIFIER.fullmatch(word) for word in words) else []


def asked_for(numbers: list[str], *, site: str) -> str:
    """The records of these DOIs and PubMed numbers, asked of their registers, as one CSL-JSON text.

    Raises fetching.NotFetched, identifiers.NotAnIdentifier, NotReferences, NotTakenIn.
    """
    if len(numbers) > _MOST_ASKED_FOR:
        raise NotReferences(f"At most {_MOST_ASKED_FOR} numbers can be looked up at once. Paste fewer.")
    sources: list[Source] = []
    for number in numbers:
        found = read(_asked(number, site=site))
        if found.problems or len(found.records) != 1:
            said = [problem.message for problem in found.problems] or ["The register sent more than one record."]
            raise NotTakenIn([f"{number}: {sentence}" for sentence in said])
        sources.append(found.records[0].source)
    return write(sources, "csl-json")


def _asked(number: str, *, site: str) -> bytes:
    bare = re.sub(r"(?i)^pmid:?\s*", "", number)
    if bare.isdigit():
        return lookup.by_pmid(identifiers.pmid(bare), site=site)
    return lookup.by_doi(number, site=site)
