"""The screens of import and export on the desk."""

import re
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from import_export.admin import ImportExportModelAdmin
from import_export.forms import ExportForm

from basics.exchange.formats import FORMATS, MOST_BYTES, MOST_ROWS, BadTable, format_of
from basics.exchange.resources import CHANGES, SHOWN, changes, sentences
from basics.exchange.uploads import Upload, sha256
from basics.once import once

GONE = "This preview is no longer there: it is kept for one hour and used once. Upload the file again."


class UploadForm(forms.Form):
    file = forms.FileField(
        label="The table",
        help_text=f"CSV (UTF-8), XLSX or JSON; at most {MOST_BYTES // 1024 // 1024} MB and {MOST_ROWS:,} rows.",
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.json"}),
    )


class TablesAdmin(ImportExportModelAdmin):
    """Import with a preview, all or nothing; export of what the list shows. Both ask for their own permission."""

    import_export_change_list_template = None
    export_form_class = ExportForm
    formats = list(FORMATS.values())
    skip_export_form_from_action = False

    def changelist_view(self, request, extra_context=None):
        rights = {
            "may_import": self.has_import_permission(request),
            "may_export": self.has_export_permission(request),
        }
        return super().changelist_view(request, {**rights, **(extra_context or {})})

    def export_action(self, request):
        try:
            return super().export_action(request)
        except IncorrectLookupParameters:
            messages.error(request, "That list cannot be exported: its address holds a filter that there is not.")
            return HttpResponseRedirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"))
        except BadTable as problem:
            messages.error(request, str(problem))
            return HttpResponseRedirect(request.get_full_path())

    def get_import_resource_kwargs(self, request, **kwargs):
        return {"by": request.user}

    def import_action(self, request, **kwargs):
        """Read an uploaded table, and show what it would do, a page at a time. Nothing is changed."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        if request.method == "GET" and "upload" in request.GET:
            return self._another_page(request)
        form = UploadForm(request.POST or None, request.FILES or None)
        context = {"form": form}
        if request.method == "POST" and form.is_valid():
            context |= self._of_file(request, form.cleaned_data["file"])
        return self._import_page(request, context)

    def _of_file(self, request, file) -> dict:
        if file.size > MOST_BYTES:
            return {"said": [f"The file has {file.size // 1024 // 1024} MB; at most {MOST_BYTES // 1024 // 1024} MB."]}
        content = file.read()
        resource, context = self._previewed(request, content, file.name)
        if context.get("rows"):
            context["upload"] = Upload.keep(
                user=request.user,
                table=self.opts.label_lower,
                file_name=file.name,
                content=content,
                seen=resource.seen,
            )
        return context

    def _another_page(self, request):
        """Another page of a preview, or another choice of its rows: `?upload=…&only=new&p=2`."""
        upload = Upload.waiting(user=request.user, table=self.opts.label_lower, key=request.GET["upload"])
        if upload is None:
            return self._import_page(request, {"form": UploadForm(), "said": [GONE]}, status=409)
        only, page = request.GET.get("only", ""), request.GET.get("p", "1")
        if only not in {"", *CHANGES} or not re.fullmatch(r"[1-9][0-9]{0,3}", page):
            raise Http404("There is no such page of this preview.")
        content = bytes(upload.content)
        _, context = self._previewed(request, content, upload.file_name, only=only, page=int(page))
        return self._import_page(request, {"form": UploadForm(), "upload": upload, **context})

    def _previewed(self, request, content: bytes, name: str, *, only: str = "", page: int = 1) -> tuple[Any, dict]:
        """What a table would do: its resource, and the page of a preview. Rolled back."""
        try:
            dataset = format_of(name).create_dataset(content)
        except BadTable as problem:
            return None, {"said": [str(problem)]}
        kinds = frozenset({only}) if only else CHANGES
        resource = self.get_import_resource_classes(request)[0](
            by=request.user, only=kinds, skipping=(page - 1) * SHOWN
        )
        result = resource.import_data(dataset, dry_run=True, file_name=name, digest=sha256(content))
        if said := sentences(result):
            return resource, {"said": said, "file_name": name}
        totals = result.totals
        of_kind = {"": totals["new"] + totals["update"], "new": totals["new"], "update": totals["update"]}[only]
        return resource, {
            "file_name": name,
            "rows": changes(resource, result),
            "totals": totals,
            "only": only,
            "page": page,
            "pages": max(1, -(-of_kind // SHOWN)),
        }

    def process_import(self, request, **kwargs):
        """Import what was previewed: wholly, or not at all, and once."""
        return once(request, lambda: self._process_import(request))

    def _process_import(self, request):
        if not self.has_import_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseRedirect(self._import_url())
        with transaction.atomic():
            upload = Upload.taken(user=request.user, table=self.opts.label_lower, key=request.POST.get("upload", ""))
            if upload is None:
                return self._import_page(request, {"form": UploadForm(), "said": [GONE]}, status=409)
            content = bytes(upload.content)
            dataset = format_of(upload.file_name).create_dataset(content)
            resource = self.get_import_resource_classes(request)[0](by=request.user, expected=upload.seen)
            result = resource.import_data(dataset, file_name=upload.file_name, digest=upload.digest)
        if said := sentences(result):
            return self._import_page(
                request, {"form": UploadForm(), "said": said, "file_name": upload.file_name}, status=409
            )
        totals = result.totals
        messages.success(
            request,
            f"{upload.file_name} is imported: {totals['new']} new, {totals['update']} changed, {totals['skip']} as they "
            "were. They are drafts until they are submitted, reviewed and published.",
        )
        return HttpResponseRedirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"))

    def _import_url(self) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_import")

    def _import_page(self, request, context: dict, status: int | None = None):
        resource = self.get_import_resource_classes(request)[0](by=request.user)
        context = {
            **self.admin_site.each_context(request),
            "title": f"Import {self.opts.verbose_name_plural}",
            "opts": self.opts,
            "columns": [field.column_name for field in resource.get_import_fields()],
            "keys": resource.keys,
            "kinds": [("", "All that changes"), ("new", "New rows"), ("update", "Changed rows")],
            **context,
        }
        if status is None:
            status = 422 if context.get("said") else 200
        return render(request, "admin/exchange/import.html", context, status=status)
