"""The two commands, as tests call them."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from drugs.models import Drug, Mechanism
from editions.models import Contribution, Edition, Entry, Flag, Page, Review
from references.models import Reference
from staff.models import User


def exported(*args) -> str:
    out = StringIO()
    call_command("export_bundle", *map(str, args), stdout=out)
    return out.getvalue()


def imported(*args) -> str:
    out = StringIO()
    call_command("import_bundle", *map(str, args), stdout=out)
    return out.getvalue()


def refused(*args) -> str:
    with pytest.raises(CommandError) as refusal:
        imported(*args)
    return str(refusal.value)


def everything() -> dict[str, int]:
    """How many rows of each sort there are."""
    sorts = [Page, Edition, Entry, Review, Flag, Reference, Mechanism, Drug, Drug.history.model, Contribution, User]
    return {sort.__name__: sort.objects.count() for sort in sorts}
