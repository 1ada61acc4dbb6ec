"""Reading the starter content: TOML files in drugs/starter/, checked through the types of drugs.content. Plain Python."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from drugs import content
from references.content import Source

FOLDER = Path(__file__).parent / "starter"
# Folder → kind of page, in the order in which pages rest on one another.
KINDS: dict[str, tuple[str, type[content.Content]]] = {
    "conditions": ("condition", content.ConditionContent),
    "drugs": ("drug", content.DrugContent),
    "guides": ("guide", content.GuideContent),
    "glossaries": ("glossary", content.GlossaryContent),
}


class BadStarterFile(ValueError):
    """A file of the starter content does not hold what it should. The message names the file, the field and the fault."""


@dataclass(frozen=True)
class StarterPage:
    kind: str
    slug: str
    content: Any


@dataclass(frozen=True)
class StarterEdition(StarterPage):
    """A later edition, published before review."""

    change_note: str
    reason: str
    changes_eligibility: bool


@dataclass(frozen=True)
class Starter:
    sources: tuple[Source, ...]
    first_editions: tuple[StarterPage, ...]
    later_editions: tuple[StarterEdition, ...]
    drafts: tuple[StarterPage, ...]
    about: tuple[StarterPage, ...]  # the pages about the site itself


def read_starter(folder: Path = FOLDER) -> Starter:
    """Read and check every file. Raises BadStarterFile for the first that does not hold."""
    file = folder / "references.toml"
    sources = {}
    for entry in _toml(file).get("source", []):
        source = _checked(Source, entry, file)
        sources[source.key] = source
    raw: dict[tuple[str, str], dict] = {}
    first = [_page(file, kind, raw, {}, sources) for file, kind in _files(folder / "2018")]
    later = []
    for file, kind in _files(folder / "since"):
        publication = _toml(file).get("publication")
        if not publication:
            raise BadStarterFile(f"{_name(file)}: [publication] is missing. Say why the edition exists.")
        page = _page(file, kind, raw, raw, sources)
        later.append(StarterEdition(page.kind, page.slug, page.content, **publication))
    drafts = [_page(file, kind, raw, raw, sources) for file, kind in _files(folder / "drafts")]
    about = [_page(file, kind, raw, {}, sources) for file, kind in _files(folder / "about")]
    return Starter(tuple(sources.values()), tuple(first), tuple(later), tuple(drafts), tuple(about))


def _files(folder: Path):
    for name in KINDS:
        for file in sorted((folder / name).glob("*.toml")):
            yield file, name


def _page(file: Path, folder: str, raw: dict, before: dict, sources: dict[str, Source]) -> StarterPage:
    kind, model = KINDS[folder]
    known = (kind, file.stem)
    if before and known not in before:
        raise BadStarterFile(f"{_name(file)}: there is no edition 1 of {kind}/{file.stem} to replace fields of.")
    fields = {**before.get(known, {}), **{name: value for name, value in _toml(file).items() if name != "publication"}}
    raw[known] = fields
    try:
        value = content.assemble(model, fields, lambda keys: sources)
    except ValidationError as problem:
        raise BadStarterFile(_sentence(problem, file)) from problem
    return StarterPage(kind, file.stem, value)


def _checked(model, fields: dict, file: Path):
    try:
        return model.model_validate(fields)
    except ValidationError as problem:
        raise BadStarterFile(_sentence(problem, file)) from problem


def _sentence(problem: ValidationError, file: Path) -> str:
    error = problem.errors()[0]
    place = ", ".join(str(part) for part in error["loc"]) or "the whole"
    return f"{_name(file)}, {place}: {error['msg']}"


def _toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise BadStarterFile(f"{_name(file)}: {problem}") from problem


def _name(file: Path) -> str:
    return "/".join(file.parts[-3:])
