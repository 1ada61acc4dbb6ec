import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sarcoma_site.settings")
_django = get_wsgi_application()

from sarcoma_site.front import in_front_of  # noqa: E402 (it needs Django to be set up)

application = in_front_of(_django)

# What was loaded so far stays. Looked through again and again for garbage, it would hold up a request by a tenth of a second.
gc.collect()
gc.freeze()
