"""Which names of its query a view asks for, found by watching it."""

from collections.abc import Callable
from contextlib import contextmanager
from unittest.mock import patch

from django.http import QueryDict

_WAYS = ("__getitem__", "__contains__", "get", "getlist", "pop")


@contextmanager
def names_asked():
    """The set of names that any query or form is asked for meanwhile."""
    found: set[str] = set()
    with patch.multiple(QueryDict, **{way: _watched(getattr(QueryDict, way), found) for way in _WAYS}):
        yield found


def _watched(ask: Callable, found: set[str]) -> Callable:
    def asking(self, key, *args, **kwargs):
        found.add(key)
        return ask(self, key, *args, **kwargs)

    return asking
