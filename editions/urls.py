from django.urls import path

from editions import feedback, feeds, invited, views
from editions.search import views as search

app_name = "editions"

# What also exists as of a past day.
of_any_day = [
    path("updates/", views.all_updates, name="updates"),
    path("search/", search.search, name="search"),
    path("search/names.json", search.names, name="search-names"),
]

urlpatterns = [
    *of_any_day,
    path("as-of/", views.another_day, name="another-day"),
    path("updates.atom", feeds.site_feed, name="updates-feed"),
    path("record/", views.the_record, name="record"),
    path("record.json", views.record_json, name="record-json"),
    path("feedback/", feedback.feedback, name="feedback"),
    path("feedback/thanks/", feedback.thanks, name="feedback-thanks"),
    path("review/<str:token>/", invited.review, name="review-by-invitation"),
    path("review/<str:token>/page/", invited.page, name="invited-page"),
]
