"""Who changes working copies, and why: the person and the reason that each revision carries."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import models
from simple_history.models import HistoricalRecords

_revising: ContextVar[tuple[Any, str, uuid.UUID] | None] = ContextVar("revising", default=None)


@contextmanager
def revising(*, by: Any, because: str) -> Iterator[None]:
    """Every revision made inside carries this person and this reason, also deletions and rows of inlines.

    Together they are one change set, which the history of the page shows as one.

    `by` is a staff user; `because` the sentence that the page's history shows (up to 500 characters).
    """
    token = _revising.set((by, because[:500], uuid.uuid4()))
    try:
        yield
    finally:
        _revising.reset(token)


def being_made() -> tuple[Any, str, uuid.UUID]:
    """The person, the reason and the change set of the revisions made here. Raises LookupError outside `revising`."""
    revision = _revising.get()
    if revision is None:
        raise LookupError("Nobody is named for these revisions: call inside basics.revisions.revising.")
    return revision


def _person(instance, request, **kwargs):
    if revision := _revising.get():
        return revision[0]
    return getattr(request, "user", None)


class Revision(models.Model):
    """What every table of revisions has beside the columns of its rows."""

    change_set = models.UUIDField(null=True, editable=False, db_index=True)  # what was saved together

    class Meta:
        abstract = True


def name_change_set(sender, history_instance, **kwargs) -> None:
    if revision := _revising.get():
        history_instance.change_set = revision[2]


class Revisions(HistoricalRecords):
    """django-simple-history, told of its person and reason by `revising`, or by the request."""

    def __init__(self, **kwargs):
        super().__init__(
            get_user=_person,
            # The lock is no part of what was said: comparing or restoring it would drag old numbers back.
            excluded_fields=["version"],
            history_change_reason_field=None,
            inherit=True,
            bases=[Revision],
            **kwargs,
        )

    def get_change_reason_for_object(self, instance, history_type, using):
        given = super().get_change_reason_for_object(instance, history_type, using)
        if given is None and (revision := _revising.get()):
            return revision[1]
        return given
