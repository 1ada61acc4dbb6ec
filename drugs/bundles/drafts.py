"""A page's draft as a content in a bundle, and back.

A draft may be unfinished where an edition may not: the one thing that it may lack and still be drawn is its summary. Pages
that another page's text brought into being have nothing but a name.
"""

import json
from typing import Any

from pydantic import BaseModel, ValidationError

from editions.kinds import Kind, kind
from editions.models import Page


class _Marks(BaseModel):
    """What tells a content from others."""

    kind: str = ""
    format: int = 1


_TO_BE_WRITTEN = "To be written."  # stands in for a missing summary while the draft is drawn or read


def drawn(working: Any) -> dict[str, Any]:
    """The content of a working copy as plain data.

    Raises pydantic.ValidationError if more than its summary is missing.
    """
    lacks_summary = getattr(working, "summary", None) == ""
    if lacks_summary:
        working.summary = _TO_BE_WRITTEN  # in memory only
    plain = working.page.kind_of_page.freeze(working).model_dump(mode="json")
    return {**plain, "summary": ""} if lacks_summary else plain


def read(key: str, plain: dict[str, Any]) -> Any:
    """The content of the page with this key, as `restore` takes it.

    Raises pydantic.ValidationError, or ValueError for a kind or a format that is not known.
    """
    lacks_summary = plain.get("summary") == ""
    value = read_stored(key, json.dumps({**plain, "summary": _TO_BE_WRITTEN} if lacks_summary else plain))
    return value.model_copy(update={"summary": ""}) if lacks_summary else value


def read_stored(key: str, stored: str) -> Any:
    """The content of the page with this key from JSON text. Raises as `read` does."""
    kind_of_page = kind_of(key)
    # Says whether it is an object at all, and refuses what would exhaust the reader: contents are read by plain `json`.
    marks = _Marks.model_validate_json(stored)
    if marks.kind not in ("", kind_of_page.name):
        raise ValueError(f"The content is of the kind “{marks.kind}”, and its page is {key}.")
    return kind_of_page.read(stored)


def kind_of(key: str) -> Kind:
    """The kind of the page with this key. Raises ValueError for a kind that is not known."""
    name = key.partition("/")[0]
    try:
        return kind(name)
    except KeyError:
        raise ValueError(f"“{name}” is no kind of page here.") from None


def left_out(page: Page, problem: ValidationError) -> str:
    """Why a draft is not in the bundle, in a sentence."""
    error = problem.errors(include_url=False)[0]
    place = ", ".join(str(part) for part in error["loc"])
    said = error["msg"].removeprefix("Value error, ")
    return f"{page.key}: its draft is not finished ({f'{place}: ' if place else ''}{said})"
