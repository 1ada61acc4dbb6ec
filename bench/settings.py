"""The site's settings, with the plain table that imports are measured against, and static files under plain names."""

from sarcoma_site.settings import *  # noqa: F403 (Django takes whatever a settings module holds)
from sarcoma_site.settings import INSTALLED_APPS, STORAGES

INSTALLED_APPS = [*INSTALLED_APPS, "bench"]
ROOT_URLCONF = "bench.urls"
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
