"""The record: the one place where public acts are written down and sealed."""

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from basics.text import tidy
from editions import models, seals
from editions.vocabulary import Act

# How often a transaction of this process added to the record. Whoever keeps public pages looks whether it moved.
added_here = 0


class OpenRecord:
    """The record, held by this transaction: nobody else adds an entry until it ends."""

    def __init__(self, row: "models.Record"):
        self._row = row
        self.now = now()

    def add(
        self,
        act: Act,
        *,
        by,
        name: str = "",
        page: "models.Page | None" = None,
        edition: "models.Edition | None" = None,
        review: "models.Review | None" = None,
        subject: str = "",
        holds_from: datetime | None = None,
        details: dict[str, Any] | None = None,
    ) -> "models.Entry":
        """Write down one public act, of a member of staff or of somebody outside with a name.

        `details` are its own facts (strings, whole numbers, booleans, lists of these).
        """
        page = edition.page if edition else page
        salt, name = seals.new_salt(), name or name_of(by)
        entry = models.Entry(
            position=self._row.entries + 1,
            act=act,
            page=page,
            edition=edition,
            review=review,
            subject=subject,
            at=self.now,
            holds_from=holds_from or self.now,
            by=by,
            by_name=name,
            by_salt=salt,
            previous_seal=self._row.head,
        )
        entry.statement = seals.canonical(
            {
                "position": entry.position,
                "act": str(act),
                "page": page.key if page else None,
                "edition": {"uid": str(edition.uid), "digest": edition.digest} if edition else None,
                "review": {"uid": str(review.uid), "digest": review.compute_digest()} if review else None,
                "subject": subject,
                "at": seals.moment(entry.at),
                "holds_from": seals.moment(entry.holds_from),
                "by": seals.name_hash(name, salt),
                "person": by.pk if by else None,
                "details": details or {},
            }
        )
        entry.seal = seals.seal(entry.previous_seal, entry.statement)
        self._append(entry)
        self.now += timedelta(microseconds=1)  # entries of one transaction keep their order by time as well
        return entry

    def take_in(self, entry: "models.Entry") -> None:
        """Append an entry that another site sealed. Only `editions.actions.bring_in` does, and what it says is verified
        before the transaction ends."""
        entry.previous_seal = self._row.head
        self._append(entry)

    def _append(self, entry: "models.Entry") -> None:
        entry.save()
        self._row.entries, self._row.head = entry.position, entry.seal
        self._row.save()
        if entry.act in (Act.WITHDRAWN, Act.REVIEWED) and entry.page_id:
            from editions.derived import keep_listings  # which stands above the record

            keep_listings([entry.page_id])
        transaction.on_commit(_count)


def _count() -> None:
    global added_here
    added_here += 1


def name_of(person) -> str:
    """A person's name as the record keeps it: one tidied line of at most 160 characters. Raises ValidationError."""
    try:
        return tidy(" ".join(str(person).split()))[:160]
    except ValueError as problem:
        raise ValidationError(f"Your own name cannot be published: {problem}") from problem


def lock() -> OpenRecord:
    """Hold the record until the transaction ends: each seal rests on the one before it.

    SQLite holds the whole database from BEGIN IMMEDIATE on; PostgreSQL holds the record's one row.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("A public act happens inside a transaction.")
    models.Record.objects.get_or_create(pk=1)
    return OpenRecord(models.Record.objects.select_for_update(no_key=True).get(pk=1))


def now() -> datetime:
    """This moment by the record's clock: never before the newest entry, even if the machine's clock was set back."""
    return not_before(models.Entry.objects.order_by("-position").values_list("at", flat=True).first())


def not_before(newest: datetime | None) -> datetime:
    """This moment, but later than the newest entry's."""
    moment = timezone.now()
    return moment if newest is None else max(moment, newest + timedelta(microseconds=1))


def head() -> tuple[int, str]:
    """How many entries the record has, and its newest seal: to be kept elsewhere, and expected by `verify_editions`."""
    row = models.Record.objects.filter(pk=1).first()
    return (row.entries, row.head) if row else (0, seals.GENESIS)
