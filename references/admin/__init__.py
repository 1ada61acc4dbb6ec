"""The desk of references."""

from adminsortable2.admin import SortableAdminBase, SortableTabularInline
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import JsonResponse
from django.urls import path
from django.utils import formats, timezone
from django.views.decorators.http import require_safe

from basics.admin import LockedInline, VersionedAdmin
from basics.exchange.admin import TablesAdmin
from basics.sortable import SortedLockedFormSet
from references.admin.incoming import IncomingAdmin, as_choice
from references.models import Author, LinkCheck, Reference
from references.resources import ReferenceResource

WORDS = 8  # of a search that are looked for
_ABOUT_LINK = ["link_checked", "link_last_good"]
FOUND = 12  # references that the citation box shows


class AuthorInline(LockedInline, SortableTabularInline):
    model = Author
    template = "admin/rows_inline.html"
    formset = SortedLockedFormSet
    fields = ["family", "given", "corporate"]
    verbose_name = "author"


@admin.register(Reference)
class ReferenceAdmin(IncomingAdmin, SortableAdminBase, TablesAdmin, VersionedAdmin):
    change_list_template = "admin/references/change_list.html"
    resource_classes = [ReferenceResource]
    inlines = [AuthorInline]
    list_display = ["key", "title", "issued", "container", "duplicate_of"]
    list_select_related = ["merged_into"]
    list_filter = ["type"]
    search_fields = ["key", "title", "authors__family", "authors__corporate", "doi", "pmid", "issued"]
    fieldsets = [
        (None, {"fields": ["key", "type", "title", "et_al"]}),
        ("Where it appeared", {"fields": ["container", "publisher", "issued", "volume", "issue"]}),
        (None, {"fields": ["pages", "article_number"]}),
        ("Identifiers", {"fields": ["doi", "pmid", "pmcid", "url", "accessed"]}),
    ]

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        return [*fieldsets, ("Does its link open?", {"fields": _ABOUT_LINK})] if obj else fieldsets

    def get_readonly_fields(self, request, obj=None):
        return ["key", *_ABOUT_LINK] if obj else []  # texts cite it by its key

    @admin.display(description="duplicate of", ordering="merged_into__key")
    def duplicate_of(self, reference):
        return reference.stands_in

    def get_search_results(self, request, queryset, search_term):
        if "field_name" in request.GET:  # a row picks what to cite: never a duplicate
            queryset = queryset.filter(merged_into=None)
        return super().get_search_results(request, queryset, search_term)

    @admin.display(description="Link")
    def link_checked(self, reference):
        if not reference.link:
            return "It has neither a DOI nor a web address."
        kept = LinkCheck.objects.filter(reference=reference).first()
        return kept.in_words() if kept else "It was not followed yet. That happens by itself, at night."

    @admin.display(description="Last opened")
    def link_last_good(self, reference):
        kept = LinkCheck.objects.filter(reference=reference, last_good_at__isnull=False).first()
        return formats.date_format(timezone.localtime(kept.last_good_at), "j F Y") if kept else "Not since we look."

    def get_urls(self):
        cite = path("cite/", self.admin_site.admin_view(require_safe(self.cite)), name="references_reference_cite")
        return [cite, *super().get_urls()]

    def cite(self, request):
        """The references that match `?q=`, for the box in which an editor picks what to cite."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        found = Reference.objects.filter(merged_into=None).prefetch_related("authors")
        for word in request.GET.get("q", "").replace("\0", " ").split()[:WORDS]:
            found = found.filter(
                Q(key__icontains=word)
                | Q(title__icontains=word)
                | Q(issued__startswith=word)
                | Q(doi__icontains=word)
                | Q(pmid=word)
                | Q(authors__family__icontains=word)
                | Q(authors__corporate__icontains=word)
            )
        rows = found.distinct().order_by("key")[:FOUND]
        return JsonResponse({"references": [as_choice(row) for row in rows]})
