from django.apps import AppConfig
from django.db.models.signals import post_migrate


class StaffConfig(AppConfig):
    name = "staff"
    verbose_name = "People"

    def ready(self):
        # Runs after each app's own permissions exist; the last run sees them all.
        post_migrate.connect(_roles_in_step, dispatch_uid="staff.roles")


def _roles_in_step(using, **kwargs):
    from django.db import connections

    from staff import roles

    if {"auth_permission", "auth_group", "django_content_type"} <= set(connections[using].introspection.table_names()):
        roles.bring_in_step()
