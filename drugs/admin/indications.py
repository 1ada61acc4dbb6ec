"""The desk of an indication, with its criteria in their order; and of one criterion, with its sources."""

from django.contrib import admin

from basics.exchange.admin import TablesAdmin
from basics.forms import ReasonedForm
from drugs import models, resources
from drugs.admin.parts import CitationsInline, PartAdmin, RowsInline, TextsInline


class PartnerInline(RowsInline):
    model = models.IndicationPartner
    fields = ["drug"]
    autocomplete_fields = ["drug"]
    verbose_name_plural = "given together with"


class CriterionInline(TextsInline):
    model = models.EligibilityCriterion
    fields = ["kind", "text", ("prior_treatment", "prior_drug", "prior_outcome")]
    autocomplete_fields = ["prior_drug"]
    show_change_link = True
    verbose_name = "criterion"
    verbose_name_plural = "who can have it, and who cannot"


class IndicationCitationInline(CitationsInline):
    model = models.IndicationCitation


class IndicationForm(ReasonedForm):
    """Fills in the key from the condition where it is left empty."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "key" in self.fields:
            self.fields["key"].required = False

    def clean(self):
        data = super().clean()
        condition = data.get("condition")
        if "key" in self.fields and not data.get("key") and condition and not self.has_error("key"):
            data["key"] = self.instance.key or condition.slug
        return data


@admin.register(models.Indication)
class IndicationAdmin(TablesAdmin, PartAdmin):
    above = "drug"
    form = IndicationForm
    resource_classes = [resources.IndicationResource]
    inlines = [CriterionInline, PartnerInline, IndicationCitationInline]
    list_display = ["__str__", "drug", "condition", "setting", "line", "certainty"]
    list_filter = ["certainty", "setting", "line", "condition"]
    list_select_related = ["drug", "condition"]
    search_fields = ["drug__name", "condition__name", "condition__abbreviation", "key"]
    autocomplete_fields = ["drug", "condition"]
    fieldsets = [
        (None, {"fields": ["drug", "condition", ("setting", "line"), ("certainty", "where"), "text"]}),
        ("Its link on the page", {"fields": ["key"]}),
    ]


class CriterionCitationInline(CitationsInline):
    model = models.CriterionCitation


@admin.register(models.EligibilityCriterion)
class EligibilityCriterionAdmin(TablesAdmin, PartAdmin):
    above = "indication"
    resource_classes = [resources.CriterionResource]
    inlines = [CriterionCitationInline]
    list_display = ["text", "kind", "indication"]
    list_filter = ["kind", "prior_treatment"]
    list_select_related = ["indication__drug", "indication__condition"]
    search_fields = ["text", "indication__drug__name"]
    autocomplete_fields = ["indication", "prior_drug"]
    fields = ["indication", "kind", "text", ("prior_treatment", "prior_drug", "prior_outcome")]
