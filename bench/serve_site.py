"""The site as it is served, on the database that the benchmark made. Static files keep their plain names."""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
from sarcoma_site.wsgi import application

__all__ = ["application"]
