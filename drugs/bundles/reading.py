"""From a file to a bundle: refused with every fault at once, before anything is written."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from drugs import content
from drugs.bundles import drafts, schema
from editions.bundles.checks import read_statements
from editions.bundles.faults import BadBundle, Place, faults_of, place_of
from editions.bundles.schema import RecordPart
from editions.bundles.statements import Statement

LARGEST = 200_000_000  # bytes


class _Head(BaseModel):
    """What says whether the rest can be read."""

    format: Any = None
    version: Any = None


@dataclass(frozen=True)
class PageValue:
    """What a page's draft becomes, and its place in the file."""

    page: str
    value: content.Content
    place: str


@dataclass(frozen=True)
class Read:
    """A bundle whose every part could be read."""

    bundle: schema.Bundle
    statements: list[Statement]
    drafts: tuple[PageValue, ...]  # what drafts become: the bundle's draft of a page, or else what visitors read
    name: str  # what revisions say of where they came from


def read(path: Path) -> Read:
    """Read and check a file. Raises BadBundle with every fault, OSError if it cannot be opened."""
    with path.open("rb") as file:
        stored = file.read(LARGEST + 1)
    if len(stored) > LARGEST:
        raise BadBundle([f"The file is larger than {LARGEST // 1_000_000} MB. Export fewer pages at once."])
    _check_head(stored)
    try:
        bundle = schema.Bundle.model_validate_json(stored)
    except ValidationError as problem:
        raise BadBundle(faults_of(problem)) from problem
    problems: list[str] = []
    statements: list[Statement] = []
    if bundle.record:
        try:
            statements = read_statements(bundle.record)
        except BadBundle as bad:
            problems += bad.problems
        problems += _unreadable(bundle.record)
    found = _drafts(bundle, problems)
    if problems:
        raise BadBundle(problems)
    name = f"Bundle {path.name[:200]}, SHA-256 {hashlib.sha256(stored).hexdigest()[:16]}"
    return Read(bundle, statements, found, name)


def _check_head(stored: bytes) -> None:
    """Say in a sentence what the file is, if it is no bundle of ours or of another version."""
    if not stored.strip():
        raise BadBundle(["The file is empty."])
    try:
        head = _Head.model_validate_json(stored)
    except ValidationError as problem:
        said = problem.errors(include_url=False)[0]["msg"]
        raise BadBundle([f"The file is no bundle: {said}."]) from problem
    if head.format != schema.FORMAT:
        raise BadBundle([f"The file is no bundle: its format is “{head.format}”, not “{schema.FORMAT}”."])
    if head.version != schema.VERSION:
        raise BadBundle([f"The bundle is of version {head.version!r}; this program reads version {schema.VERSION}."])


def _unreadable(record: RecordPart) -> Iterator[str]:
    """Pages of no kind that is known here, and editions whose content cannot be read."""
    for place, page in enumerate(record.pages):
        yield from _faults(("record", "pages", place, "key"), partial(drafts.kind_of, page.key))
    for place, edition in enumerate(record.editions):
        read_content = partial(drafts.read_stored, edition.page, edition.content)
        yield from _faults(("record", "editions", place, "content"), read_content)


def _faults(place: Place, reading: Callable[[], Any]) -> list[str]:
    try:
        reading()
    except ValidationError as problem:
        return faults_of(problem, place)
    except ValueError as problem:
        return [f"{place_of(place)}: {problem}"]
    return []


def _drafts(bundle: schema.Bundle, problems: list[str]) -> tuple[PageValue, ...]:
    """What the drafts become; what cannot be read goes to the problems."""
    found = []
    for place, one in enumerate(bundle.contents):
        for name, plain in (("live", one.live), ("draft", one.draft)):
            if plain is None:
                continue
            where = ("contents", place, name)
            if faults := _faults(where, partial(drafts.read, one.page, plain)):
                problems += faults
            elif name == "draft" or one.draft is None:
                found.append(PageValue(one.page, drafts.read(one.page, plain), place_of(where)))
    return tuple(found)
