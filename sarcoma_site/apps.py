from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class SiteConfig(AppConfig):
    name = "sarcoma_site"
    verbose_name = "Site"


class DeskConfig(AdminConfig):
    default_site = "sarcoma_site.desk.DeskSite"
