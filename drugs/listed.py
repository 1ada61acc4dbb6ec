"""What lists show of each kind of page, and under what a page is found in them."""

from typing import Any

from drugs import content
from drugs.vocabulary import NameKind
from editions.rows import Heading, Row, named


def drug(value: content.DrugContent) -> Row:
    conditions = {one.condition.page: one.condition.name for one in value.indications}
    return Row(
        title=value.name,
        columns={
            "status": str(value.status),
            "summary": value.summary,
            "brands": [one.name for one in value.names if one.kind == NameKind.BRAND],
        },
        headings=(
            named(value.name),
            *(named(one.name, one.kind.label) for one in value.names),
            *(Heading("condition", page.partition("/")[2], name) for page, name in conditions.items()),
            *(Heading("way", one.key, one.name) for one in value.mechanisms),
            *_sources(value),
        ),
    )


def other(value: Any) -> Row:
    """A condition, a guide or the glossary."""
    columns = {name: text for name in ("summary", "abbreviation") if (text := getattr(value, name, ""))}
    return Row(title=getattr(value, "name", "") or value.title, columns=columns, headings=_sources(value))


def _sources(value: content.Content) -> tuple[Heading, ...]:
    """A page is found under each source that it cites."""
    return tuple(Heading("source", one.key, one.key) for one in value.sources)
