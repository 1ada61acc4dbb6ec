"""The tables by name, for commands: those that the desk offers."""

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.core.management.base import CommandError

from basics.exchange.admin import TablesAdmin


def tables() -> dict[str, TablesAdmin]:
    """The desks whose rows go out and come in as tables, by the label of their model: `drugs.drug`."""
    return {
        model._meta.label_lower: desk for model, desk in admin.site._registry.items() if isinstance(desk, TablesAdmin)
    }


def table_named(name: str) -> TablesAdmin:
    """The desk of a table. Raises CommandError with the names that there are."""
    known = tables()
    if name.lower() not in known:
        raise CommandError(f"There is no table “{name}”. The tables are {', '.join(sorted(known))}.")
    return known[name.lower()]


def person_who_may(name: str, verb: str, desk: TablesAdmin):
    """The person in whose name a command acts. Raises CommandError if there is none, or they may not."""
    person = get_user_model().objects.filter(username=name, is_active=True).first()
    if person is None:
        raise CommandError(f"Nobody signs in as “{name}”. Give the name of an author with --by.")
    if not person.has_perm(f"{desk.opts.app_label}.{verb}_{desk.opts.model_name}"):
        raise CommandError(f"{person} may not {verb} {desk.opts.verbose_name_plural}. Give somebody who may with --by.")
    return person
