"""The site's settings, with the plain table that imports are measured against."""

from sarcoma_site.settings import *  # noqa: F403 (Django takes whatever a settings module holds)
from sarcoma_site.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "bench"]
ROOT_URLCONF = "bench.urls"
