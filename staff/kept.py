"""What is kept about a person: told to them on request, and emptied on request.

Both go by how tables lead to a person, so a new table is told of without a line here. What would be deleted with an
account (`CASCADE`: sign-ins, sessions, the second factor, drafts of uploads) is the person's own, and goes. Everything
else is what they did: it stays, and leads to an account that names nobody.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction

from staff.models import User
from staff.sign_ins import SignIn, in_small_letters

# Of the person's own rows what opens something, which nobody is told, and what is no word of theirs.
_SECRETS = {"password", "key", "hash", "session_key", "session_data", "content", "digest", "token", "form_token"}
_WHOLE = 2000  # letters of a text that are told; a frozen page is told of by its name


def kept_about(person: User) -> dict[str, Any]:
    """All that is kept about a person, as values of JSON: their account, their own rows, and what they did.

    Passwords, keys of second factors and of sessions are left out: only that there are some is told.
    """
    own: dict[str, list] = {}
    done: dict[str, list] = {}
    for relation in _relations():
        rows = relation.related_model._base_manager.filter(**{relation.field.name: person}).order_by("pk")
        told = [_told(row, whole=_is_own(relation)) for row in rows.iterator()]
        if told:
            (own if _is_own(relation) else done)[_name(relation)] = told
    by_name = SignIn.objects.filter(name=in_small_letters(person.username), user=None).order_by("pk")
    return {
        "account": _told(person, whole=True)
        | {
            "roles": sorted(person.groups.values_list("name", flat=True)),
            "has_a_password": person.has_usable_password(),
        },
        "yours": own | {"tries to sign in with your name": [_told(one, whole=True) for one in by_name]},
        "done_by_you": done,
    }


@transaction.atomic
def empty(person: User) -> None:
    """Take everything from an account by which a person is known, and all that is their own. Nobody signs in with it."""
    emptied = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    for relation in _relations():
        if _is_own(relation):
            models.QuerySet(relation.related_model).filter(**{relation.field.name: emptied}).delete()
    SignIn.objects.filter(name=in_small_letters(emptied.username)).delete()
    emptied.user_permissions.clear()
    emptied.groups.clear()
    emptied.username = f"name-removed-{emptied.pk}"
    for name in ("email", "first_name", "last_name", "public_name", "professional_role", "organisation", "interests"):
        setattr(emptied, name, "")
    emptied.interests_declared_on = emptied.last_login = emptied.second_factor_since = None
    emptied.is_active = emptied.is_staff = emptied.is_superuser = False
    emptied.set_unusable_password()
    emptied.save()
    # The list of what was done at the desk names those whose accounts were changed.
    about = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(User), object_id=str(emptied.pk))
    about.update(object_repr=str(emptied), change_message="")


def _relations() -> Iterator[models.ManyToOneRel]:
    """Every way in which a row of another table leads to a person."""
    for relation in User._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ManyToOneRel) and not isinstance(relation, models.ManyToManyRel):
            yield relation


def _is_own(relation: models.ManyToOneRel) -> bool:
    """Whether rows are the person's own, and not something that they did to another thing."""
    if relation.related_model is LogEntry or relation.related_model._meta.auto_created:
        return False  # what was done at the desk; roles, which the account names
    return relation.on_delete is models.CASCADE and relation.field.name == "user"


def _name(relation: models.ManyToOneRel) -> str:
    return f"{relation.related_model._meta.label_lower} ({relation.field.name})"


def _told(row: models.Model, *, whole: bool) -> dict[str, Any]:
    """A row as values of JSON. Not `whole`: what it is, when, and what it says of the person."""
    told: dict[str, Any] = {} if whole else {"what": str(row)[:200]}
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        if field.name in _SECRETS or value in (None, ""):
            continue
        if whole or isinstance(value, date) or field.name.startswith(("reviewer_", "by_name")):
            told[field.attname] = value if isinstance(value, bool | int) else str(value)[:_WHOLE]
    return told
