from django.apps import AppConfig


class BasicsConfig(AppConfig):
    name = "basics"
    verbose_name = "Basics"
