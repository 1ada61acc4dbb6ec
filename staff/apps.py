from django.apps import AppConfig
from django.db.models.signals import post_migrate


class StaffConfig(AppConfig):
    name = "staff"
    verbose_name = "People"

    def ready(self):
        from django.contrib.auth.signals import user_logged_in, user_logged_out

        from staff import signing_in

        user_logged_in.connect(signing_in.begin_session, dispatch_uid="staff.session")
        user_logged_out.connect(signing_in.note_signing_out, dispatch_uid="staff.signed_out")
        # Runs after each app's own permissions exist; the last run sees them all.
        post_migrate.connect(_roles_in_step, dispatch_uid="staff.roles")


def _roles_in_step(using, **kwargs):
    from django.db import connections

    from staff import roles

    if {"auth_permission", "auth_group", "django_content_type"} <= set(connections[using].introspection.table_names()):
        roles.bring_in_step()
