from django.apps import AppConfig
from django.db.models.signals import pre_delete


class DrugsConfig(AppConfig):
    name = "drugs"
    verbose_name = "Drugs and guides"

    def ready(self):
        from simple_history.signals import post_create_historical_record

        from basics.together import written_together
        from drugs import changes, kinds
        from references.models import Reference

        kinds.register_all()
        post_create_historical_record.connect(changes.count, dispatch_uid="drugs.changes")
        written_together.connect(changes.count_together, dispatch_uid="drugs.changes")
        pre_delete.connect(changes.keep_what_editions_cite, sender=Reference, dispatch_uid="drugs.cited")
