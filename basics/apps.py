from django.apps import AppConfig
from django.db.models.signals import pre_save


class BasicsConfig(AppConfig):
    name = "basics"
    verbose_name = "Basics"

    def ready(self):
        from basics.models import refuse_fixture_over_row

        pre_save.connect(refuse_fixture_over_row, dispatch_uid="basics.fixtures")
