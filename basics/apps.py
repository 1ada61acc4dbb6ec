from django.apps import AppConfig
from django.db.models.signals import pre_save


class BasicsConfig(AppConfig):
    name = "basics"
    verbose_name = "Basics"

    def ready(self):
        from simple_history.signals import pre_create_historical_record

        from basics.models import refuse_fixture_over_row
        from basics.revisions import name_change_set

        pre_create_historical_record.connect(name_change_set, dispatch_uid="basics.change_sets")
        pre_save.connect(refuse_fixture_over_row, dispatch_uid="basics.fixtures")
