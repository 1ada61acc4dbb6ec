"""The desk of drugs: one form for the page, its indications as cards, and the forms of alerts and decisions."""

from django.contrib import admin

from basics.admin import VersionedAdmin
from basics.exchange.admin import TablesAdmin
from drugs import models, resources
from drugs.admin.mentioned import MentionedAdmin
from drugs.admin.parts import CardsInline, CitationsInline, PartAdmin, RowsInline, TextsInline
from editions.admin.working import WorkingCopyAdmin


class NameInline(RowsInline):
    model = models.DrugName
    fields = ["name", "kind", "note"]


class MechanismInline(RowsInline):
    model = models.DrugMechanism
    fields = ["mechanism"]


class AlertInline(TextsInline):
    model = models.Alert
    fields = ["date", "title", "text"]
    show_change_link = True
    verbose_name = "urgent notice"
    verbose_name_plural = "urgent notices"


class IndicationInline(CardsInline):
    model = models.Indication
    card_template = "admin/drugs/_indication_card.html"

    def get_queryset(self, request):
        rows = super().get_queryset(request).select_related("condition", "drug")
        return rows.prefetch_related(
            "criteria__prior_drug", "criteria__citations__reference", "partner_rows__drug", "citations__reference"
        )


class DecisionInline(TextsInline):
    model = models.Decision
    fields = [("body", "nation", "number"), "subject", ("outcome", "date"), "note"]
    show_change_link = True


class DrugCitationInline(CitationsInline):
    model = models.DrugCitation
    verbose_name_plural = "sources of the page as a whole"


@admin.register(models.Drug)
class DrugAdmin(MentionedAdmin, TablesAdmin, WorkingCopyAdmin):
    kind = "drug"
    resource_classes = [resources.DrugResource]
    inlines = [NameInline, AlertInline, IndicationInline, MechanismInline, DecisionInline, DrugCitationInline]
    list_display = ["name", "status", "where_it_stands"]
    list_filter = ["status", "route", "mechanisms"]
    search_fields = ["name", "names__name", "summary", "atc_code"]
    fieldsets = [
        ("What it is", {"fields": ["name", "summary", ("status", "status_as_of"), "about"]}),
        ("How it works", {"fields": ["drug_class", "targets"]}),
        ("How you have it", {"fields": [("form", "route"), "how_you_have_it"]}),
        ("What is being studied", {"fields": ["research"]}),
        ("Codes", {"fields": [("atc_code", "atc_as_of")]}),
    ]


@admin.register(models.Mechanism)
class MechanismAdmin(TablesAdmin, VersionedAdmin):
    resource_classes = [resources.MechanismResource]
    list_display = ["name", "key", "text"]
    search_fields = ["name", "text"]
    fields = ["name", "key", "text", "order"]
    prepopulated_fields = {"key": ["name"]}

    def get_readonly_fields(self, request, obj=None):
        return ["key"] if obj else []  # contents know it by its key

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else self.prepopulated_fields


class AlertCitationInline(CitationsInline):
    model = models.AlertCitation


@admin.register(models.Alert)
class AlertAdmin(PartAdmin):
    above = "drug"
    inlines = [AlertCitationInline]
    fields = ["drug", "date", "title", "text"]


class DecisionCitationInline(CitationsInline):
    model = models.DecisionCitation


@admin.register(models.Decision)
class DecisionAdmin(TablesAdmin, PartAdmin):
    above = "drug"
    resource_classes = [resources.DecisionResource]
    inlines = [DecisionCitationInline]
    list_display = ["__str__", "drug", "nation", "date"]
    list_filter = ["body", "nation", "outcome"]
    list_select_related = ["drug"]
    search_fields = ["drug__name", "number", "subject"]
    fields = ["drug", ("body", "nation"), "number", "subject", ("outcome", "date"), "note"]
    autocomplete_fields = ["drug"]


@admin.register(models.DrugName)
class DrugNameAdmin(TablesAdmin, PartAdmin):
    above = "drug"
    resource_classes = [resources.DrugNameResource]
    list_display = ["name", "kind", "drug", "note"]
    list_filter = ["kind"]
    list_select_related = ["drug"]
    search_fields = ["name", "drug__name"]
    fields = ["drug", "name", "kind", "note"]
    autocomplete_fields = ["drug"]
