from csp.decorators import csp_replace
from django.conf import settings
from django.contrib import admin
from django.urls import include, path, register_converter
from django.views.decorators.cache import never_cache

from drugs.urls import of_any_day as pages_of_any_day
from editions.public import DayConverter
from editions.urls import of_any_day as updates_of_any_day
from sarcoma_site import health, machines, views
from sarcoma_site.seen.views import metrics
from staff.welcome import WelcomeView

register_converter(DayConverter, "day")

welcome = never_cache(WelcomeView.as_view(extra_context={"site_header": "Editors’ desk", "has_permission": False}))

handler400 = "sarcoma_site.errors.bad_request"
handler404 = "sarcoma_site.errors.not_found"
handler500 = "sarcoma_site.errors.server_error"

of_any_day = [path("", views.home, name="home"), *pages_of_any_day, *updates_of_any_day]

urlpatterns = [
    path("", views.home, name="home"),
    path("", include("drugs.urls")),
    path("as-of/<day:day>/", include((of_any_day, "as-of"))),
    path("", include("editions.urls")),
    path("", include("drugs.api.urls")),
    path("robots.txt", machines.robots, name="robots"),
    path(".well-known/security.txt", machines.security, name="security"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path(
        "admin/welcome/<uidb64>/<token>/", csp_replace(settings.STAFF_CONTENT_SECURITY_POLICY)(welcome), name="welcome"
    ),
    path("admin/", admin.site.urls),
]
