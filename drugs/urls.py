from django.urls import path

from drugs import views
from drugs.leaflet.views import edition_leaflet, page_leaflet
from drugs.sitemap import sitemap
from editions.feeds import page_feed
from editions.views import compare, compare_any, history

app_name = "drugs"

# What also exists as of a past day.
of_any_day = [
    path("guides/<slug:slug>/", views.guide_detail, name="guide-detail"),
    path("drugs/", views.drug_list, name="drug-list"),
    path("drugs/<slug:slug>/", views.drug_detail, name="drug-detail"),
    path("conditions/", views.condition_list, name="condition-list"),
    path("conditions/<slug:slug>/", views.condition_detail, name="condition-detail"),
    path("references/", views.reference_list, name="reference-list"),
    path("references/<slug:key>/", views.reference_detail, name="reference-detail"),
    path("glossary/", views.glossary_detail, name="glossary-detail"),
]

urlpatterns = [
    *of_any_day,
    path("sitemap.xml", sitemap, name="sitemap"),
    path("glossary/leaflet.pdf", page_leaflet, {"kind": "glossary", "slug": "glossary"}, name="glossary-leaflet"),
    path(
        "glossary/editions/<int:number>/leaflet.pdf",
        edition_leaflet,
        {"kind": "glossary", "slug": "glossary"},
        name="glossary-edition-leaflet",
    ),
    path(
        "glossary/references.<slug:ending>",
        views.page_references,
        {"kind": "glossary", "slug": "glossary"},
        name="glossary-references",
    ),
    path("glossary/updates.atom", page_feed, {"kind": "glossary", "slug": "glossary"}, name="glossary-feed"),
    path("glossary/history/", history, {"kind": "glossary", "slug": "glossary"}, name="glossary-history"),
    path(
        "glossary/editions/<int:number>/",
        views.edition_detail,
        {"kind": "glossary", "slug": "glossary"},
        name="glossary-edition",
    ),
    path("glossary/compare/", compare_any, {"kind": "glossary", "slug": "glossary"}, name="glossary-compare-any"),
    path(
        "glossary/compare/<int:old>/<int:new>/",
        compare,
        {"kind": "glossary", "slug": "glossary"},
        name="glossary-compare",
    ),
]
for kind in ("guide", "drug", "condition"):
    urlpatterns += [
        path(f"{kind}s/<slug:slug>/leaflet.pdf", page_leaflet, {"kind": kind}, name=f"{kind}-leaflet"),
        path(
            f"{kind}s/<slug:slug>/editions/<int:number>/leaflet.pdf",
            edition_leaflet,
            {"kind": kind},
            name=f"{kind}-edition-leaflet",
        ),
        path(
            f"{kind}s/<slug:slug>/references.<slug:ending>",
            views.page_references,
            {"kind": kind},
            name=f"{kind}-references",
        ),
        path(f"{kind}s/<slug:slug>/updates.atom", page_feed, {"kind": kind}, name=f"{kind}-feed"),
        path(f"{kind}s/<slug:slug>/history/", history, {"kind": kind}, name=f"{kind}-history"),
        path(
            f"{kind}s/<slug:slug>/editions/<int:number>/", views.edition_detail, {"kind": kind}, name=f"{kind}-edition"
        ),
        path(f"{kind}s/<slug:slug>/compare/", compare_any, {"kind": kind}, name=f"{kind}-compare-any"),
        path(f"{kind}s/<slug:slug>/compare/<int:old>/<int:new>/", compare, {"kind": kind}, name=f"{kind}-compare"),
    ]
