from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate, pre_save


class EditionsConfig(AppConfig):
    name = "editions"
    verbose_name = "Editions and reviews"

    def ready(self):
        from editions import triggers

        pre_save.connect(_no_fixture_on_a_living_site, dispatch_uid="editions.fixtures")
        pre_migrate.connect(triggers.step_aside, sender=self, dispatch_uid="editions.triggers.aside")
        post_migrate.connect(_triggers_in_place, sender=self, dispatch_uid="editions.triggers")
        post_migrate.connect(_derived_up_to_date, sender=self, dispatch_uid="editions.derived")


def _triggers_in_place(using, **kwargs):
    from django.db import connections

    from editions import triggers

    triggers.install(connections[using])


def _derived_up_to_date(using, **kwargs):
    from django.db import connections

    from editions import derived
    from editions.models import Edition, Listing, SearchEntry

    needed = {model._meta.db_table for model in (Edition, Listing, SearchEntry)}
    if needed <= set(connections[using].introspection.table_names()):
        derived.bring_up_to_date()


def _no_fixture_on_a_living_site(sender, instance, raw, **kwargs):
    """A fixture's rows have no revision and no writer: they may begin a site, and add nothing to one that lives."""
    from basics.models import VersionedRow
    from editions.models import Page

    if raw and issubclass(sender, VersionedRow) and Page.objects.filter(changes__gt=0).exists():
        raise TypeError(
            f"A fixture does not add “{instance._meta.verbose_name}” to a site that people have written on."
        )
