"""What is derived from an edition for public use, written in one place whenever an edition is made or brought in."""

from typing import Any

from editions.models import Edition, Mention
from editions.search.entries import write_entry


def write_derived(edition: Edition, content: Any) -> None:
    """The edition's ties to other things, and what is searchable of it. In the transaction that made the edition."""
    ties = sorted(set(edition.page.kind_of_page.mentions(content)))
    Mention.objects.bulk_create(Mention(edition=edition, relation=tie.relation, target=tie.target) for tie in ties)
    write_entry(edition, content)
