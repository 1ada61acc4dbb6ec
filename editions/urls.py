from django.urls import path

from editions import invited

app_name = "editions"
urlpatterns = [
    path("review/<str:token>/", invited.review, name="review-by-invitation"),
    path("review/<str:token>/page/", invited.page, name="invited-page"),
]
