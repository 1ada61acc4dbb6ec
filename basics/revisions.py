"""Who changes working copies, and why: the person and the reason that each revision carries."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from simple_history.models import HistoricalRecords

_revising: ContextVar[tuple[Any, str] | None] = ContextVar("revising", default=None)


@contextmanager
def revising(*, by: Any, because: str) -> Iterator[None]:
    """Every revision made inside carries this person and this reason, also deletions and rows of inlines.

    `by` is a staff user; `because` the sentence that the page's history shows (up to 500 characters).
    """
    token = _revising.set((by, because[:500]))
    try:
        yield
    finally:
        _revising.reset(token)


def _person(instance, request, **kwargs):
    if revision := _revising.get():
        return revision[0]
    return getattr(request, "user", None)


class Revisions(HistoricalRecords):
    """django-simple-history, told of its person and reason by `revising`, or by the request."""

    def __init__(self, **kwargs):
        super().__init__(
            get_user=_person,
            # The lock is no part of what was said: comparing or restoring it would drag old numbers back.
            excluded_fields=["version"],
            history_change_reason_field=None,
            inherit=True,
            **kwargs,
        )

    def get_change_reason_for_object(self, instance, history_type, using):
        given = super().get_change_reason_for_object(instance, history_type, using)
        if given is None and (revision := _revising.get()):
            return revision[1]
        return given
