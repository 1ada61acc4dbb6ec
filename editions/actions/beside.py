"""What a record from another site brings along beside its acts: people by their numbers, counts of changes, flags."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.contrib.auth import get_user_model
from django.core.management.color import no_style
from django.db import DatabaseError, connection
from django.db.models import Q

from editions.actions.rules import Refused
from editions.bundles import schema
from editions.models import Contribution, Entry, Flag, Page


class DoesNotHold(Refused):
    """The record in a bundle is not one that acts like ours can have made. Holds a sentence for each fault."""

    def __init__(self, *sentences: str):
        self.sentences = sentences
        super().__init__(" ".join(sentences))


def moment(text: str) -> datetime:
    """A moment as it stands in statements."""
    return datetime.fromisoformat(text)


def people(rows: Iterable[schema.Person]) -> None:
    """Accounts with the numbers that the record knows people by. They are deactivated, have no password, no address and no
    role: an administrator can hand one back to its person. Raises Refused if a number is taken."""
    users = get_user_model()
    for one in rows:
        username = f"person-{one.number}"
        if users.objects.filter(Q(pk=one.number) | Q(username=username)).exists():
            raise Refused(
                f"There is an account here with the number {one.number} or the name “{username}”, which the record gives "
                "to somebody else. Import into a new database, before the first account is made."
            )
        person = users(pk=one.number, username=username, public_name=one.public_name, is_active=False, is_staff=True)
        person.set_unusable_password()
        person.save(force_insert=True)
    with connection.cursor() as cursor:  # PostgreSQL does not count numbers that were given
        for statement in connection.ops.sequence_reset_sql(no_style(), [users]):
            cursor.execute(statement)


def counts(page: Page, row: schema.PageRow) -> None:
    """How many changes the page's draft has seen, and who made them: four eyes rests on it. Raises DoesNotHold."""
    if row.changes < page.changes:
        raise DoesNotHold(f"{row.key} has seen fewer changes than one of its editions was frozen with.")
    page._store(changes=row.changes)
    for one in row.contributors:
        Contribution.objects.create(page=page, user_id=one.person, last_change=one.last_change)


def flags(rows: Iterable[schema.FlagRow], pages: Mapping[str, Page]) -> None:
    """Why a page has, or had, to be looked at again. Raises DoesNotHold."""
    told = dict(Entry.objects.values_list("position", "pk"))
    try:
        for row in rows:
            Flag.objects.create(
                page=pages[row.page],
                reason=str(row.reason),
                subject=row.subject,
                sentence=row.sentence,
                raised_at=moment(row.raised_at),
                raised_by_id=row.raised_by,
                told_id=told[row.told] if row.told else None,
                resolved_at=moment(row.resolved_at) if row.resolved_at else None,
                resolved_by_id=row.resolved_by,
                note=row.note,
            )
    except DatabaseError as problem:
        raise DoesNotHold(f"The flags cannot stand so: {problem}") from problem
