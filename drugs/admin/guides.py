"""The desk of guides: their sections as cards, each with the drugs that it shows."""

from django.contrib import admin

from basics.exchange.admin import TablesAdmin
from drugs import models, resources
from drugs.admin.parts import CardsInline, CitationsInline, PartAdmin, RowsInline
from editions.admin.working import WorkingCopyAdmin


class SectionInline(CardsInline):
    model = models.GuideSection
    card_template = "admin/drugs/_section_card.html"
    verbose_name_plural = "sections"

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("drug_rows__drug")


class GuideCitationInline(CitationsInline):
    model = models.GuideCitation
    verbose_name_plural = "sources of the guide as a whole"


@admin.register(models.Guide)
class GuideAdmin(TablesAdmin, WorkingCopyAdmin):
    kind = "guide"
    resource_classes = [resources.GuideResource]
    inlines = [SectionInline, GuideCitationInline]
    list_display = ["title", "where_it_stands"]
    search_fields = ["title", "summary"]
    fieldsets = [(None, {"fields": ["title", "summary"]})]


class ShownDrugInline(RowsInline):
    model = models.GuideSectionDrug
    fields = ["drug"]
    autocomplete_fields = ["drug"]


@admin.register(models.GuideSection)
class GuideSectionAdmin(PartAdmin):
    above = "guide"
    inlines = [ShownDrugInline]
    fields = ["guide", "heading", "key", "text"]
    prepopulated_fields = {"key": ["heading"]}

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else self.prepopulated_fields
