from django.apps import AppConfig


class DrugsConfig(AppConfig):
    name = "drugs"
    verbose_name = "Drugs and guides"

    def ready(self):
        from simple_history.signals import post_create_historical_record

        from drugs import changes, kinds

        kinds.register_all()
        post_create_historical_record.connect(changes.count, dispatch_uid="drugs.changes")
