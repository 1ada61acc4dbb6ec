"""Rows made from a content: whether a form would have taken them, and what the database says."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DatabaseError, models, transaction

from drugs.models.parts import CitationRow, Part
from editions.models import Page


def attempt(place: str, act: Callable[[], Iterable[str]]) -> list[str]:
    """What stands against an act, each sentence with its place in the file. What the database refuses is taken back."""
    try:
        with transaction.atomic():
            sentences = list(act())
    except ValidationError as problem:
        sentences = problem.messages
    except DatabaseError as problem:
        sentences = [f"The database refuses it: {problem}"]
    return [f"{place}: {sentence}" for sentence in sentences]


def unfit(row: models.Model) -> list[str]:
    """What a row's fields and its own rules refuse, in sentences. An empty field is no fault: a draft may be unfinished."""
    sentences = []
    ties = {one.name for one in row._meta.concrete_fields if one.is_relation}  # the database holds these to be right
    for check in (partial(row.clean_fields, exclude=ties), row.clean):
        try:
            check()
        except ValidationError as problem:
            for name, errors in _by_field(problem).items():
                said = [sentence for error in errors if error.code != "blank" for sentence in error.messages]
                sentences += [f"{name}: {sentence}" if name else sentence for sentence in said]
    return sentences


def _by_field(problem: ValidationError) -> dict[str, list[ValidationError]]:
    return getattr(problem, "error_dict", None) or {"": problem.error_list}


def rows_of(page: Page, working: models.Model) -> Iterator[models.Model]:
    """A page's working copy and every part under it."""
    yield working
    for model in (*Part.__subclasses__(), *CitationRow.__subclasses__()):
        path: Any = getattr(model, "page_path", ())
        if path and not model._meta.abstract:
            yield from model._default_manager.filter(**{"__".join(path): page})
