"""The kinds of page. Each is one small class that its app registers; the record knows pages by it and nothing else."""

from collections.abc import Iterable
from typing import Any, NamedTuple, Protocol

from editions.rows import Row
from editions.search.document import Document


class Tie(NamedTuple):
    """What an edition mentions: a relation (`treats`, `cites` …) and a target (`condition/gist`)."""

    relation: str
    target: str


class Problem(NamedTuple):
    """A reason why a working copy is not ready to be submitted: the field it is about, and the sentence to show."""

    field: str
    sentence: str


class Kind(Protocol):
    """A kind of page. `freeze` and `restore` are inverse: `freeze(restore(content, …)) == content`."""

    name: str
    label: str
    review_interval_months: int
    model: Any  # the class of its working copies
    has_many_pages: bool  # False where one page is all there is of its kind

    @property
    def template(self) -> str:
        """The public page."""

    def working_copy(self, page) -> Any:
        """The working copy of a page, or None."""

    def freeze(self, working) -> Any:
        """The content of a page, made from its working copy. Raises pydantic.ValidationError if it cannot be."""

    def restore(self, content, *, page) -> Any:
        """Bring the working copy of a page to a content and return it. Makes it if there is none."""

    def problems(self, working) -> list[Problem]:
        """Why a working copy is not ready to be submitted; empty if it is."""

    def read(self, stored: str) -> Any:
        """A content from an edition's text, of whatever format it was written in."""

    def title(self, content) -> str:
        """What the page is called."""

    def parts(self, content) -> Iterable[tuple[str, str]]:
        """(key, words) of the parts of the page that a reviewer can comment on, in the order of the page."""

    def news(self, before, after) -> Iterable[str]:
        """What pages that mention this one have to know of a new content, each in a sentence; none for other changes."""

    def present(self, site, page) -> dict[str, Any]:
        """The context in which the public page is drawn: see editions.site for `site` and `page`."""

    def mentions(self, content) -> Iterable[Tie]:
        """What the content is tied to."""

    def searchable(self, content) -> Document:
        """What of the content visitors can search: its names, and its words without markup."""

    def listed(self, content) -> Row:
        """What of the content lists show, and under what the page is found in them."""

    def address(self, slug: str) -> str:
        """The public address of a page of this kind."""


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    """Make a kind of page known. Its name is the first part of its pages' keys."""
    _kinds[kind.name] = kind
    return kind


def kind(name: str) -> Kind:
    """The kind of this name. Raises KeyError if no app has registered it."""
    return _kinds[name]


def all_kinds() -> list[Kind]:
    return list(_kinds.values())
