"""The desk's view of the record: reviews and entries, to be read."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import path, reverse

from editions.admin.editions import ReadOnlyAdmin
from editions.admin.steps import step_page
from editions.models import Entry, Review
from editions.steps import NAME_STEPS, offers
from editions.vocabulary import Act, Outcome, Scope


class NamedAdmin(ReadOnlyAdmin):
    """Rows that carry a person's name, which can be removed on request and in no other way."""

    change_form_template = "admin/editions/named_change_form.html"

    def get_urls(self):
        name = f"editions_{self.opts.model_name}_step"
        return [
            path("<int:pk>/step/remove-name/", self.admin_site.admin_view(self.remove_name), name=name),
            *super().get_urls(),
        ]

    def remove_name(self, request, pk: int):
        if not self.has_view_permission(request):
            raise PermissionDenied
        back = reverse(f"admin:editions_{self.opts.model_name}_change", args=[pk])
        step = NAME_STEPS["remove-name"]
        return step_page(request, get_object_or_404(self.model, pk=pk), step, back=back, initial={}, extra={})

    def render_change_form(self, request, context, *args, **kwargs):
        obj = kwargs.get("obj")
        context["step_view"] = f"admin:editions_{self.opts.model_name}_step"
        context["offers"] = [one for one in offers(NAME_STEPS, obj, request.user) if not one.why_not] if obj else []
        return super().render_change_form(request, context, *args, **kwargs)


@admin.register(Review)
class ReviewAdmin(NamedAdmin):
    list_display = ["edition", "verdict", "kind_of_review", "reviewer_name", "made_at"]
    list_filter = ["outcome", "scope"]
    list_select_related = ["edition__page"]
    search_fields = ["edition__page__slug", "reviewer_name"]
    ordering = ["-pk"]
    fields = [
        "edition",
        "verdict",
        "kind_of_review",
        "read",
        "comment",
        "on_parts",
        "looked_at",
        "made_at",
        "reviewer_name",
        "invited_by",
        "reviewer_role",
        "reviewer_interests",
    ]

    @admin.display(description="verdict", ordering="outcome")
    def verdict(self, review):
        return Outcome(review.outcome).label

    @admin.display(description="kind")
    def kind_of_review(self, review):
        return review.kinds_line

    @admin.display(description="on parts of the page")
    def on_parts(self, review):
        return "\n".join(f"{one['label']}: {one['text']}" for one in review.remarks)

    @admin.display(description="looked at")
    def looked_at(self, review):
        return "; ".join(review.checked_lines)

    @admin.display(description="read")
    def read(self, review):
        return Scope(review.scope).label


@admin.register(Entry)
class EntryAdmin(NamedAdmin):
    list_display = ["position", "what", "page", "edition", "by_name", "at"]
    list_filter = ["act"]
    list_select_related = ["page", "edition__page"]
    search_fields = ["page__slug", "subject", "by_name"]
    ordering = ["-position"]
    fields = ["position", "what", "page", "edition", "subject", "at", "holds_from", "by_name", "statement", "seal"]

    @admin.display(description="what was done", ordering="act")
    def what(self, entry):
        return Act(entry.act).label
