"""The desk's view of the record: reviews and entries, to be read."""

from django.contrib import admin

from editions.admin.editions import ReadOnlyAdmin
from editions.models import Entry, Review
from editions.vocabulary import Act, Outcome, Scope


@admin.register(Review)
class ReviewAdmin(ReadOnlyAdmin):
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
class EntryAdmin(ReadOnlyAdmin):
    list_display = ["position", "what", "page", "edition", "by_name", "at"]
    list_filter = ["act"]
    list_select_related = ["page", "edition__page"]
    search_fields = ["page__slug", "subject", "by_name"]
    ordering = ["-position"]
    fields = ["position", "what", "page", "edition", "subject", "at", "holds_from", "by_name", "statement", "seal"]

    @admin.display(description="what was done", ordering="act")
    def what(self, entry):
        return Act(entry.act).label
