"""What every form on the desk of a VersionedRow has: its history, a reason, and a lock against saving over others."""

import hashlib
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import NestedObjects, unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.forms import Textarea
from django.http import Http404, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.template.response import TemplateResponse
from js_asset import Media
from simple_history.admin import SimpleHistoryAdmin

from basics import opened
from basics.fields import PlainTextField
from basics.forms import LockedForm, ReasonedForm, hold_for_deletion, who_saved
from basics.history import Others, before_each, differences, said
from basics.models import SavedMeanwhile
from basics.once import once
from basics.revisions import revising
from basics.text import is_forbidden

NO_REASON = "No reason given"


class FoundByKeyMixin:
    """Finds rows by their key where an address names no field: Django takes `?_to_field=` for a name, and falls over."""

    def get_object(self, request, object_id, from_field=None):
        return super().get_object(request, object_id, from_field or None)


class NonceMixin:
    """Gives the editor's import map, an inline script, the nonce of this response."""

    def render_change_form(self, request, context, *args, **kwargs):
        if hasattr(context.get("media"), "_js_lists"):
            context["media"] = Media.from_media(context["media"], nonce=str(request.csp_nonce))
        return super().render_change_form(request, context, *args, **kwargs)


_TEXTS = {PlainTextField: {"widget": Textarea(attrs={"rows": 3, "class": "vLargeTextField"})}}


class LockedInline:
    """Rows under a row, each with its version."""

    form = LockedForm
    formfield_overrides = _TEXTS
    extra = 0

    def get_fields(self, request, obj=None):
        fields = [name for name in super().get_fields(request, obj) if name != "lock_version"]
        return [*fields, "lock_version"] if self.has_change_permission(request, obj) else fields


class VersionedAdmin(FoundByKeyMixin, NonceMixin, SimpleHistoryAdmin):
    """The desk of one kind of row."""

    form = ReasonedForm
    change_form_template = "admin/versioned_change_form.html"
    change_list_template = "admin/versioned_change_list.html"
    formfield_overrides = _TEXTS
    delete_confirmation_template = "admin/versioned_delete_confirmation.html"
    object_history_template = "admin/versioned_history.html"

    def get_fieldsets(self, request, obj=None):
        fieldsets = [
            (title, {**options, "fields": [name for name in options["fields"] if name not in _FORM_ONLY]})
            for title, options in super().get_fieldsets(request, obj)
        ]
        may_save = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        # The reason is asked for by the template, beside the buttons that save.
        return [*fieldsets, (None, {"fields": list(_FORM_ONLY), "classes": ["form-only"]})] if may_save else fieldsets

    def get_actions(self, request):
        # Rows are deleted one by one, where each is seen, and with a reason.
        return {name: action for name, action in super().get_actions(request).items() if name != "delete_selected"}

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """The form. Whatever it saves or deletes, inlines included, carries one person and one reason."""
        request.POST = _with_line_feeds(request.POST)

        def act():
            return once(request, lambda: self._changeform(request, object_id, form_url, extra_context))

        try:
            return act()
        except (IntegrityError, SavedMeanwhile, ValidationError):
            # Two at the same moment: the second look finds what the other has stored by now, and says so in the form.
            return act()

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        """The form, with who else has it open."""
        if obj is not None and self.has_change_permission(request, obj):
            context["opened_by_others"] = opened.opened_by_others(request.user, obj)
            opened.note_opened(request.user, obj)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def response_change(self, request, obj):
        opened.note_closed(request.user, obj)
        return super().response_change(request, obj)

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        if request.method == "POST":
            return self._deleted_meanwhile(request)
        return super()._get_obj_does_not_exist_redirect(request, opts, object_id)

    def _changeform(self, request, object_id, form_url, extra_context):
        with revising(by=request.user, because=_reason(request)):
            response = super().changeform_view(request, object_id, form_url, extra_context)
        if isinstance(response, TemplateResponse) and request.method == "POST" and _is_stale(response.context_data):
            response.status_code = 409
        return response

    def get_changeform_initial_data(self, request):
        """What an address fills in: rows by their numbers, and text that can be stored."""
        given = super().get_changeform_initial_data(request)
        for name in list(given):
            field = next((one for one in self.opts.get_fields() if one.name == name), None)
            is_row = field is not None and field.is_relation
            if (is_row and not _is_number(given[name])) or any(map(is_forbidden, str(given[name]))):
                del given[name]
        return given

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.sent_before = getattr(request, "sent_before", None)
        return form

    def _deleted_meanwhile(self, request):
        """What somebody typed into the form of a row that is not there any more: they get it back, to copy."""
        typed = [
            (name.replace("_", " "), value)
            for name, values in request.POST.lists()
            for value in values
            if value.strip() and not value.isdigit() and not name.startswith(("_", "csrf", "form_token"))
        ]
        context = {
            **self.admin_site.each_context(request),
            "title": f"This {self.opts.verbose_name} is not there any more",
            "opts": self.opts,
            "typed": typed,
        }
        return render(request, "admin/versioned_deleted.html", context, status=409)

    def save_model(self, request, obj, form, change):
        if change and not form.changed_data:
            return  # an unchanged row gets no revision
        super().save_model(request, obj, form, change)

    def delete_view(self, request, object_id, extra_context=None):
        """Delete one row, if it still is what the person saw."""
        with transaction.atomic():
            try:
                return self._delete(request, object_id, extra_context)
            except ProtectedError as refusal:
                messages.error(request, str(refusal.args[0]))
                return HttpResponseRedirect(request.path)

    def _delete(self, request, object_id, extra_context):
        row = self.get_object(request, unquote(object_id))
        if row and request.method == "POST":
            hold_for_deletion(row)
            row = self.get_object(request, unquote(object_id))
        if row and not self.has_delete_permission(request, row):
            raise PermissionDenied
        lock = _all_that_goes(row) if row else ""
        context = {"lock_version": lock, **(extra_context or {})}
        if request.method == "POST" and row and request.POST.get("lock_version") != lock:
            messages.error(request, f"Nothing was deleted: {who_saved(row)} meanwhile. Look at it again.")
            return HttpResponseRedirect(request.path)
        with revising(by=request.user, because=_reason(request)):
            return super().delete_view(request, object_id, context)

    # History

    def history_view(self, request, object_id, extra_context=None):
        """All revisions of a row, newest first, with what each changed. Rows that a person may not see have none."""
        self._seen_row(request, object_id)
        return super().history_view(request, object_id, extra_context)

    def set_history_delta_changes(self, request, historical_records, foreign_keys_are_objs=True):
        records = list(historical_records)
        # The page's oldest line may have a revision before it that stands on the next page.
        last = before_each(records[-1:])
        others = Others([*records, *last.values()])
        for record, before in zip(records, [*records[1:], next(iter(last.values()), None)], strict=False):
            record.differences = differences(record, before, others)

    def history_form_view(self, request, object_id, version_id, extra_context=None):
        """A row as one revision left it: to be read. The library's own view writes, for whoever may look."""
        return self._revision_view(request, object_id, version_id)

    def _revision_view(self, request, object_id, version_id):
        if request.method not in {"GET", "HEAD"}:
            raise PermissionDenied("A revision is read, never written. Start a draft from an edition instead.")
        self._seen_row(request, object_id)
        known = {self.opts.pk.attname: unquote(object_id), "history_id": version_id}
        record = None
        if version_id.isdecimal():
            record = self.model.history.filter(**known).select_related("history_user").first()
        if record is None:
            raise Http404("There is no such revision.")
        if not self.has_view_history_permission(request, record.instance):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": f"{record.instance} as it was",
            "opts": self.opts,
            "record": record,
            "object_id": object_id,
            "values": [(label, text) for _, label, text in said(record)],
        }
        return render(request, "admin/versioned_revision.html", context)

    def _seen_row(self, request, object_id) -> None:
        """Raises Http404 for a row that is there but not for this person's eyes. A deleted row keeps its history."""
        pk = unquote(object_id)
        try:
            exists = self.model._base_manager.filter(pk=pk).exists()
        except (ValueError, TypeError):
            raise Http404("There is no such row.") from None
        if exists and self.get_object(request, pk) is None:
            raise Http404("There is no such row.")


_FORM_ONLY = ("lock_version",)


def _is_number(value) -> bool:
    return str(value).isascii() and str(value).isdecimal() and len(str(value)) < 19


def _reason(request) -> str:
    """Why something is changed, as a revision can hold it."""
    said = "".join(one for one in request.POST.get("change_reason", "") if not is_forbidden(one))
    return said.strip() or NO_REASON


def _with_line_feeds(posted: QueryDict) -> QueryDict:
    """What was posted with line ends as they are stored: browsers send CRLF, which would make each text a changed one."""
    posted = posted.copy()
    for name, values in posted.lists():
        posted.setlist(name, [value.replace("\r\n", "\n") for value in values])
    return posted


def _all_that_goes(row) -> str:
    """A mark of a row and of every row that its deletion takes along, each in its version."""
    collector = NestedObjects(using=row._state.db)
    collector.collect([row])
    gone = sorted(
        (one._meta.label, one.pk, getattr(one, "version", 0)) for rows in collector.data.values() for one in rows
    )
    return hashlib.sha256(repr(gone).encode()).hexdigest()


def _is_stale(context: dict[str, Any]) -> bool:
    if "adminform" not in context:  # a popup that is done
        return False
    forms = [context["adminform"].form, *(inline.formset for inline in context["inline_admin_formsets"])]
    return any(getattr(form, "is_stale", False) for form in forms)
