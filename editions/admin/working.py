"""The form of a page's working copy, with where the page stands and what can be done now on top of it."""

from adminsortable2.admin import SortableAdminBase
from django import forms
from django.contrib import admin
from django.db.models import Prefetch

from basics.admin import VersionedAdmin
from basics.fields import validate_key
from basics.forms import ReasonedForm
from editions import actions, kinds
from editions.models import Page
from editions.standing import Standing, with_editions
from editions.steps import PAGE_STEPS, offers


class WorkingCopyForm(ReasonedForm):
    """Asks for the page's address when a working copy is new."""

    kind = ""
    address = forms.SlugField(
        max_length=100,
        validators=[validate_key],
        help_text="The last part of the page's address, for good: “imatinib”. Small letters, digits and hyphens.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding or not kinds.kind(self.kind).has_many_pages:
            del self.fields["address"]

    def clean(self):
        data = super().clean()
        if self.instance._state.adding and "address" not in self.fields:
            actions.check_address(kind=self.kind, slug=self.kind)
        return data

    def clean_address(self):
        slug = self.cleaned_data["address"]
        actions.check_address(kind=self.kind, slug=slug)
        return slug


class WorkingCopyAdmin(SortableAdminBase, VersionedAdmin):
    """The desk of one kind of page."""

    kind: str
    form = WorkingCopyForm
    change_form_template = "admin/editions/working_change_form.html"

    def get_queryset(self, request):
        pages = Prefetch("page", with_editions(Page.objects.all()))
        return super().get_queryset(request).prefetch_related(pages)

    @admin.display(description="where it stands")
    def where_it_stands(self, working):
        return " ".join(Standing.of(working.page).sentences())

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.kind = self.kind
        return form

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None and self._asks_for_address():
            fieldsets.insert(1, ("Its address", {"fields": ["address"]}))
        return fieldsets

    def _asks_for_address(self) -> bool:
        return kinds.kind(self.kind).has_many_pages

    def has_add_permission(self, request):
        may = super().has_add_permission(request)
        return may and (self._asks_for_address() or not self.model.objects.exists())

    def has_delete_permission(self, request, obj=None):
        """A page with editions is withdrawn, in the record; its working copy stays."""
        return super().has_delete_permission(request, obj) and (obj is None or not obj.page.editions.exists())

    def save_model(self, request, obj, form, change):
        if not change:
            slug = form.cleaned_data.get("address") or self.kind
            obj.page = actions.page_for(kind=self.kind, slug=slug)
        super().save_model(request, obj, form, change)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is not None:
            standing = Standing.of(obj.page)
            context |= {
                "standing": standing,
                "offers": offers(PAGE_STEPS, standing.page, request.user),
                "problems": kinds.kind(self.kind).problems(obj),
            }
        return super().render_change_form(request, context, add, change, form_url, obj)
