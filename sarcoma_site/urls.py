from django.contrib import admin
from django.urls import include, path, register_converter

from drugs.urls import of_any_day
from editions.public import DayConverter
from sarcoma_site import views

register_converter(DayConverter, "day")

handler404 = "sarcoma_site.views.not_found"
handler500 = "sarcoma_site.views.server_error"

urlpatterns = [
    path("", views.home, name="home"),
    path("", include("drugs.urls")),
    path("as-of/<day:day>/", include(([path("", views.home, name="home"), *of_any_day], "as-of"))),
    path("", include("editions.urls")),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("admin/", admin.site.urls),
]
