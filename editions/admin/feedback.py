"""The desk of what readers wrote: read by who may triage it, and settled by steps."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.text import Truncator

from editions.admin.editions import ReadOnlyAdmin
from editions.admin.steps import step_page
from editions.models import Feedback
from editions.steps import FEEDBACK_STEPS, offers
from editions.vocabulary import FeedbackState


@admin.register(Feedback)
class FeedbackAdmin(ReadOnlyAdmin):
    change_form_template = "admin/editions/feedback_change_form.html"
    list_display = ["first_words", "sort", "of", "number", "day", "became"]
    list_filter = ["state", "sort", "page__kind"]
    list_select_related = ["page"]
    search_fields = ["words", "page__key"]
    fields = [
        "page",
        "number",
        "day",
        "sort",
        "words",
        "became",
        "reason",
        "settled_by",
        "settled_at",
        "words_removed_at",
    ]

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("editions.triage_feedback")

    @admin.display(description="what they wrote", ordering="words")
    def first_words(self, feedback):
        return Truncator(feedback.words).chars(80) if feedback.words else "(words removed)"

    @admin.display(description="page", ordering="page__key")
    def of(self, feedback):
        return str(feedback.page) if feedback.page else "the site as a whole"

    @admin.display(description="what became of it", ordering="state")
    def became(self, feedback):
        return FeedbackState(feedback.state).label

    def get_urls(self):
        view = self.admin_site.admin_view(self.step)
        return [path("<int:pk>/step/<slug:step>/", view, name="editions_feedback_step"), *super().get_urls()]

    def render_change_form(self, request, context, *args, **kwargs):
        obj = kwargs.get("obj")
        context["offers"] = [one for one in offers(FEEDBACK_STEPS, obj, request.user) if not one.why_not]
        return super().render_change_form(request, context, *args, **kwargs)

    def step(self, request, pk: int, step: str):
        if not self.has_view_permission(request):
            raise PermissionDenied
        feedback = get_object_or_404(Feedback.objects.select_related("page"), pk=pk)
        if step not in FEEDBACK_STEPS:
            raise Http404("There is no such step.")
        back = reverse("admin:editions_feedback_change", args=[pk])
        extra = {"opts": self.opts, "quoted": feedback.words}
        return step_page(request, feedback, FEEDBACK_STEPS[step], back=back, initial={}, extra=extra)
