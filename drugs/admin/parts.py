"""What the desks of parts share: they belong under a page's form, and lead back to it."""

from adminsortable2.admin import SortableAdminBase, SortableStackedInline, SortableTabularInline
from django.forms import Script
from django.http import HttpResponseRedirect
from django.urls import reverse

from basics.admin import LockedInline, VersionedAdmin
from basics.sortable import SortedLockedFormSet


class RowsInline(LockedInline, SortableTabularInline):
    """Short rows in an order."""

    template = "admin/rows_inline.html"
    formset = SortedLockedFormSet


class TextsInline(LockedInline, SortableStackedInline):
    """Rows in an order, each with room for a text."""

    formset = SortedLockedFormSet


class CitationsInline(RowsInline):
    fields = ["reference", "locator"]
    autocomplete_fields = ["reference"]
    verbose_name = "source"
    verbose_name_plural = "sources behind it"

    class Media:
        js = [Script("desk/pick-rows.js", type="module")]


class CardsInline(TextsInline):
    """Rows that are read here, ordered here, and changed in a form of their own.

    `card_template` draws one; it gets the row as `row`.
    """

    template = "admin/cards_inline.html"
    card_template: str
    can_delete = False
    max_num = 0
    show_change_link = True

    def get_fields(self, request, obj=None):
        return ["order", "lock_version"]

    def has_add_permission(self, request, obj=None):
        return False

    def get_formset(self, request, obj=None, **kwargs):
        # Asked by the template: whether the form of its own may be opened for a new row.
        self.offers_new = super().has_add_permission(request, obj)
        return super().get_formset(request, obj, **kwargs)


def address_of(row) -> str:
    """The address of a row's form."""
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def trail_to(part) -> list[tuple[str, str]]:
    """(name, address of the form) of the rows above a part, the page's working copy first."""
    trail, thing = [], part
    for name in part.page_path[:-1]:
        thing = getattr(thing, name)
        trail.insert(0, (str(thing), address_of(thing)))
    return trail


class PartAdmin(SortableAdminBase, VersionedAdmin):
    """The form of a part. It is reached from the form above it, and leads back there."""

    above: str  # the field that leads to the row above
    change_form_template = "admin/part_change_form.html"

    def has_module_permission(self, request):
        # The page's form is the way in; only what can be imported as a table stands in the list of all.
        return hasattr(self, "resource_classes") and super().has_module_permission(request)

    def get_readonly_fields(self, request, obj=None):
        # A part that moved to another page would leave no trace on the one it came from.
        return (
            [*super().get_readonly_fields(request, obj), self.above]
            if obj
            else super().get_readonly_fields(request, obj)
        )

    def row_above(self, row):
        return getattr(row, self.above)

    def address_above(self, row) -> str:
        return address_of(self.row_above(row))

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        row = self.get_object(request, object_id) if object_id else None
        context = {"trail": trail_to(row) if row else [], **(extra_context or {})}
        return super().changeform_view(request, object_id, form_url, context)

    def save_model(self, request, obj, form, change):
        if not change:
            others = type(obj)._default_manager.filter(**{self.above: self.row_above(obj)})
            obj.order = max((other.order for other in others), default=-1) + 1
        super().save_model(request, obj, form, change)

    def response_post_save_add(self, request, obj):
        return HttpResponseRedirect(self.address_above(obj))

    def response_post_save_change(self, request, obj):
        return HttpResponseRedirect(self.address_above(obj))

    def delete_view(self, request, object_id, extra_context=None):
        row = self.get_object(request, object_id)
        request._above = self.address_above(row) if row else None
        return super().delete_view(request, object_id, extra_context)

    def response_delete(self, request, obj_display, obj_id):
        response = super().response_delete(request, obj_display, obj_id)
        return HttpResponseRedirect(request._above) if response.status_code == 302 and request._above else response
