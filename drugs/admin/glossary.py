"""The desk of the glossary and its terms."""

from django.contrib import admin

from basics.exchange.admin import TablesAdmin
from drugs import models, resources
from drugs.admin.mentioned import MentionedAdmin
from drugs.admin.parts import CitationsInline, PartAdmin, TextsInline
from editions.admin.working import WorkingCopyAdmin


class TermInline(TextsInline):
    model = models.Term
    fields = [("name", "abbreviation", "key"), "definition"]
    show_change_link = True


class GlossaryCitationInline(CitationsInline):
    model = models.GlossaryCitation
    verbose_name_plural = "sources of the glossary as a whole"


@admin.register(models.Glossary)
class GlossaryAdmin(WorkingCopyAdmin):
    kind = "glossary"
    inlines = [TermInline, GlossaryCitationInline]
    list_display = ["title", "where_it_stands"]
    fieldsets = [(None, {"fields": ["title", "intro"]})]


class TermCitationInline(CitationsInline):
    model = models.TermCitation


@admin.register(models.Term)
class TermAdmin(MentionedAdmin, TablesAdmin, PartAdmin):
    refuses_deletion = False  # texts hold its words, and only lose their explanation
    above = "glossary"
    resource_classes = [resources.TermResource]
    inlines = [TermCitationInline]
    list_display = ["name", "abbreviation", "definition"]
    search_fields = ["name", "abbreviation", "definition"]
    fields = ["glossary", ("name", "abbreviation"), "key", "definition"]
    prepopulated_fields = {"key": ["name"]}

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else self.prepopulated_fields
