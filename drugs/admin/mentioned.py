"""What the desks of references, drugs, conditions and terms share: a page that says where the row is used."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.text import Truncator

from drugs.where_used import where_used


class MentionedAdmin:
    """A part of a desk. Its rows are mentioned by pages, and what is mentioned is not deleted."""

    refuses_deletion = True

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_where_used"
        view = self.admin_site.admin_view(self.where_used)
        return [path("<int:pk>/where-used/", view, name=name), *super().get_urls()]

    def render_change_form(self, request, context, *args, **kwargs):
        if (row := kwargs.get("obj")) is not None:
            name = f"admin:{self.opts.app_label}_{self.opts.model_name}_where_used"
            context["where_used"] = reverse(name, args=[row.pk])
        return super().render_change_form(request, context, *args, **kwargs)

    def where_used(self, request, pk: int):
        """Every page that mentions the row, with the states in which it does."""
        row = self._row(request, pk)
        return self._where_used(request, row, f"Where it is used: {Truncator(row).chars(70)}")

    def delete_view(self, request, object_id, extra_context=None):
        row = self.get_object(request, object_id)
        if row is not None and self.refuses_deletion and self.has_delete_permission(request, row):
            refused = f"“{row}” cannot be deleted, because it is used. Take it out there first."
            if uses := where_used(row):
                return self._where_used(
                    request,
                    row,
                    f"It stays: {Truncator(row).chars(70)}",
                    refused=refused,
                    uses=uses,
                    status=409 if request.method == "POST" else 200,
                )
        return super().delete_view(request, object_id, extra_context)

    def _row(self, request, pk: int):
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = self.get_object(request, str(pk))
        if row is None:
            raise Http404("There is no such row.")
        return row

    def _where_used(self, request, row, title: str, *, refused: str = "", uses=None, status: int = 200):
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "row": row,
            "refused": refused,
            "uses": where_used(row) if uses is None else uses,
        }
        return render(request, "admin/drugs/where_used.html", context, status=status)
