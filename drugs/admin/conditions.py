"""The desk of conditions."""

from django.contrib import admin

from basics.exchange.admin import TablesAdmin
from drugs import models, resources
from drugs.admin.mentioned import MentionedAdmin
from drugs.admin.parts import CitationsInline
from editions.admin.working import WorkingCopyAdmin


class ConditionCitationInline(CitationsInline):
    model = models.ConditionCitation


@admin.register(models.Condition)
class ConditionAdmin(MentionedAdmin, TablesAdmin, WorkingCopyAdmin):
    kind = "condition"
    resource_classes = [resources.ConditionResource]
    inlines = [ConditionCitationInline]
    list_display = ["name", "abbreviation", "parent", "where_it_stands"]
    list_select_related = ["parent"]
    search_fields = ["name", "abbreviation", "summary"]
    autocomplete_fields = ["parent"]
    fieldsets = [(None, {"fields": [("name", "abbreviation"), "parent", "summary", "about"]})]
