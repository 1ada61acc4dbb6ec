from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class EditionsConfig(AppConfig):
    name = "editions"
    verbose_name = "Editions and reviews"

    def ready(self):
        from editions import triggers

        pre_migrate.connect(triggers.step_aside, sender=self, dispatch_uid="editions.triggers.aside")
        post_migrate.connect(_triggers_in_place, sender=self, dispatch_uid="editions.triggers")


def _triggers_in_place(using, **kwargs):
    from django.db import connections

    from editions import triggers

    triggers.install(connections[using])
