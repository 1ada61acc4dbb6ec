"""Whether the lists of a record in a bundle fit each other, before anything is written. Plain Python."""

from collections.abc import Container, Iterable, Iterator

from pydantic import ValidationError

from editions.bundles.faults import BadBundle, Place, faults_of, place_of
from editions.bundles.schema import EditionRow, FlagRow, PageRow, RecordPart, ReviewRow
from editions.bundles.statements import Statement

WITHIN = "record"


def read_statements(part: RecordPart) -> list[Statement]:
    """What the entries say. Raises BadBundle with every statement that cannot be read, and every row that is missing,
    twice there, or named by nothing."""
    statements, problems = [], []
    for place, entry in enumerate(part.entries):
        try:
            statements.append(Statement.model_validate_json(entry.statement))
        except ValidationError as problem:
            problems += faults_of(problem, (WITHIN, "entries", place, "statement"))
    problems += _twice(part)
    problems += _unknown(part, statements)
    if not problems:
        problems += _gaps(part, statements)
    if problems:
        raise BadBundle(problems)
    return statements


def _at(*place: str | int) -> str:
    return place_of((WITHIN, *place))


def _twice(part: RecordPart) -> Iterator[str]:
    lists: dict[str, list[str | int]] = {
        "people": [one.number for one in part.people],
        "pages": [one.key for one in part.pages],
        "editions": [one.uid for one in part.editions],
        "reviews": [one.uid for one in part.reviews],
    }
    for name, known in lists.items():
        seen: set[str | int] = set()
        for place, one in enumerate(known):
            if one in seen:
                yield f"{_at(name, place)}: {one} stands here twice."
            seen.add(one)


def _unknown(part: RecordPart, statements: list[Statement]) -> Iterator[str]:
    """What a row names and the bundle does not hold."""
    people = {one.number for one in part.people}
    pages = {one.key for one in part.pages}
    editions = {one.uid for one in part.editions}
    reviews = {one.uid for one in part.reviews}
    for place, page in enumerate(part.pages):
        yield from _missing(people, "person", _people_of_page(page), ("pages", place))
    for place, edition in enumerate(part.editions):
        yield from _missing(pages, "page", [edition.page], ("editions", place))
        yield from _missing(people, "person", _people_of_edition(edition), ("editions", place))
    for place, review in enumerate(part.reviews):
        yield from _missing(editions, "edition", [review.edition], ("reviews", place))
        yield from _missing(people, "person", _people_of_review(review), ("reviews", place))
    for place, flag in enumerate(part.flags):
        yield from _missing(pages, "page", [flag.page], ("flags", place))
        yield from _missing(people, "person", _people_of_flag(flag), ("flags", place))
        yield from _missing(
            range(1, len(part.entries) + 1), "entry", [flag.told] if flag.told else [], ("flags", place)
        )
    told = set()
    for place, said in enumerate(statements):
        here = ("entries", place)
        yield from _missing(pages, "page", [said.page] if said.page else [], here)
        yield from _missing(people, "person", [said.person] if said.person else [], here)
        yield from _missing(editions, "edition", [said.edition.uid] if said.edition else [], here)
        yield from _missing(reviews, "review", [said.review.uid] if said.review else [], here)
        told.add(said.review.uid if said.review else "")
    if len(statements) == len(part.entries):
        for place, review in enumerate(part.reviews):
            if review.uid not in told:
                yield f"{_at('reviews', place)}: Review {review.uid} was inserted: no entry of the record speaks of it."


def _people_of_page(row: PageRow) -> list[int]:
    return [one.person for one in row.contributors]


def _people_of_edition(row: EditionRow) -> list[int]:
    return [row.submitted_by, *row.contributors]


def _people_of_review(row: ReviewRow) -> list[int]:
    return [one for one in (row.reviewer, row.invited_by) if one is not None]


def _people_of_flag(row: FlagRow) -> list[int]:
    return [one for one in (row.raised_by, row.resolved_by) if one is not None]


def _missing(known: Container, what: str, named: Iterable, place: Place) -> Iterator[str]:
    for one in named:
        if one not in known:
            yield f"{_at(*place)}: The {what} {one}, of which this speaks, is not in the bundle."


def _gaps(part: RecordPart, statements: list[Statement]) -> Iterator[str]:
    """The first place at which an entry is missing, or the end that was cut off."""
    for place, said in enumerate(statements):
        if said.position != place + 1:
            yield f"{_at('entries', place)}: Entry {place + 1} was removed: entry {said.position} stands where it stood."
            return
    newest = part.entries[-1].seal if part.entries else "0" * 64
    if newest != part.newest_seal:
        yield f"{_at('newest_seal')}: The newest entry was removed or altered: its seal is not the newest seal."
