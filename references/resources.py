"""The tables of references that staff import and export."""

import re
from copy import copy

from import_export import fields

from basics.exchange.columns import Rows, YesNo
from basics.exchange.resources import TableResource
from references.content import Author as AuthorContent
from references.models import Author, Reference

_COLUMNS = [
    "key",
    "type",
    "title",
    "container",
    "publisher",
    "issued",
    "volume",
    "issue",
    "pages",
    "article_number",
    "doi",
    "pmid",
    "pmcid",
    "url",
    "accessed",
]
_ONE = re.compile(r"\s*(?:\[(?P<body>[^\[\]]+)\]|(?P<family>[^;,\[\]]+),(?P<given>[^;,\[\]]*))\s*")


def parse_authors(text: str) -> list[AuthorContent]:
    """Authors from a cell: `Nakano, Kenji; Takahashi, S; [The GIST Group]`. Raises ValueError for anything else."""
    found, rest = [], text.strip()
    while rest:
        one = _ONE.match(rest)
        if one is None or (rest[one.end() :] and not rest[one.end() :].startswith(";")):
            raise ValueError(
                f"“{rest.split(';')[0].strip()}” is not an author. Write a person as “Nakano, Kenji”, a body in square "
                "brackets, and semicolons between them."
            )
        if one["body"]:
            found.append(AuthorContent(corporate=one["body"].strip()))
        else:
            found.append(AuthorContent(family=one["family"].strip(), given=one["given"].strip()))
        rest = rest[one.end() :].removeprefix(";").strip()
    return found


def shown_authors(authors: list[AuthorContent]) -> str:
    return "; ".join(f"[{one.corporate}]" if one.corporate else f"{one.family}, {one.given}".strip() for one in authors)


def planned_authors(reference: Reference, wanted: list[AuthorContent]) -> tuple[list[Author], list[Author]]:
    """The authors to save and those to delete, so that those wanted stand in their order.

    Nothing is stored, and what was read stays as it is: a preview shows it. An author who stays gets no revision.
    """
    rows = [] if reference._state.adding else list(reference.authors.all())
    saved = []
    for place, one in enumerate(wanted):
        row = copy(rows[place]) if place < len(rows) else Author(reference=reference)
        if row._state.adding or (row.to_content(), row.order) != (one, place):
            row.family, row.given, row.corporate, row.order = one.family, one.given, one.corporate, place
            saved.append(row)
    return saved, rows[len(wanted) :]


def write_authors(reference: Reference, wanted: list[AuthorContent]) -> None:
    """Make the authors of a reference those wanted, in their order."""
    saved, gone = planned_authors(reference, wanted)
    for row in saved:
        row.full_clean()
        row.save()
    for row in gone:
        row.delete()


class ReferenceResource(TableResource):
    """References by their key. Their standing is a matter of the record, not of a table."""

    keys = key_paths = ("key",)
    in_one_pass = True
    et_al = fields.Field(column_name="et_al", attribute="et_al", widget=YesNo())
    authors = Rows(
        column_name="authors",
        attribute="authors",
        read=lambda row: [author.to_content() for author in row.authors.all()],
        parse=parse_authors,
        write=write_authors,
        plan=planned_authors,
        shown=shown_authors,
    )

    class Meta(TableResource.Meta):
        model = Reference
        fields = [*_COLUMNS, "authors", "et_al"]
        import_order = export_order = ["key", "type", "title", "authors", "et_al", *_COLUMNS[3:]]

    def get_queryset(self):
        return super().get_queryset().prefetch_related("authors")
