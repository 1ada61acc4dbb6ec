"""The desk's list of what readers looked for and did not find."""

from django.contrib import admin, messages

from editions.admin.editions import ReadOnlyAdmin
from editions.models import EmptySearch
from editions.search import empty


class PutAwayFilter(admin.SimpleListFilter):
    title = "where it stands"
    parameter_name = "away"

    def lookups(self, request, model_admin):
        return [("yes", "put away"), ("all", "all")]

    def choices(self, changelist):
        first, *others = super().choices(changelist)
        return [{**first, "display": "on the list"}, *others]

    def queryset(self, request, queryset):
        if self.value() == "all":
            return queryset
        return queryset.exclude(put_away_at=None) if self.value() == "yes" else queryset.waiting()


@admin.register(EmptySearch)
class EmptySearchAdmin(ReadOnlyAdmin):
    actions = ["put_away"]
    list_display = ["text", "times", "first_on", "last_on", "put_away_by"]
    list_filter = [PutAwayFilter]
    list_select_related = ["put_away_by"]
    search_fields = ["text"]
    fields = ["text", "times", "first_on", "last_on", "put_away_at", "put_away_by"]

    def has_put_away_permission(self, request):
        return request.user.has_perm("editions.put_away_search")

    @admin.action(description="Put away: they are looked after, or nothing for us", permissions=["put_away"])
    def put_away(self, request, queryset):
        number = empty.put_away(queryset, by=request.user)
        messages.success(request, f"{number} put away. They go on being counted.")
