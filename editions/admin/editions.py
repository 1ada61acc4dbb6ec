"""The desk of editions. Nothing is edited here: an edition is read, and steps are taken."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone

from basics.admin import FoundByKeyMixin
from editions import actions, preview, record
from editions.admin.steps import step_page
from editions.compare import side_by_side
from editions.models import Edition, Page
from editions.standing import Standing, with_editions
from editions.steps import EDITION_STEPS, offers
from editions.vocabulary import ChangeKind, Progress


class ReadOnlyAdmin(FoundByKeyMixin, admin.ModelAdmin):
    """Rows of the record are read here. Whatever changes them is an action."""

    actions = None
    view_on_site = False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def history_view(self, request, object_id, extra_context=None):
        raise Http404("The record is its own history.")


class ProgressFilter(admin.SimpleListFilter):
    title = "where it stands"
    parameter_name = "at"

    def lookups(self, request, model_admin):
        return [
            ("review", "waits for a review"),
            ("publication", "waits for publication"),
            ("changes", "sent back"),
            ("scheduled", "scheduled"),
            ("live", "live"),
        ]

    def queryset(self, request, queryset):
        now = record.now()
        return {
            "review": lambda: queryset.filter(pk__in=Edition.objects.awaiting_review().values("pk")),
            "publication": lambda: queryset.filter(progress=Progress.APPROVED),
            "changes": lambda: queryset.filter(progress=Progress.CHANGES_REQUESTED),
            "scheduled": lambda: queryset.scheduled(now),
            "live": lambda: queryset.live(now),
        }.get(self.value(), lambda: queryset)()


@admin.register(Edition)
class EditionAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "state", "kind_of_change", "change_note", "submitted_by", "submitted_at"]
    list_filter = [ProgressFilter, "submitted_at", "page__kind", "change_kind", "changes_eligibility"]
    list_select_related = ["submitted_by"]
    search_fields = ["page__slug", "change_note"]
    show_full_result_count = False

    def get_queryset(self, request):
        pages = Prefetch("page", with_editions(Page.objects.all()))  # where an edition stands is asked of its page
        return super().get_queryset(request).defer("content_json").prefetch_related(pages)

    @admin.display(description="where it stands", ordering="progress")
    def state(self, edition):
        return state_of(edition)

    @admin.display(description="kind of change", ordering="change_kind")
    def kind_of_change(self, edition):
        return ChangeKind(edition.change_kind).label

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/preview/", view(self.preview), name="editions_edition_preview"),
            path("<int:pk>/step/<slug:step>/", view(self.step), name="editions_edition_step"),
            path("<int:pk>/invitations/<int:invitation>/revoke/", view(self.revoke), name="editions_edition_revoke"),
            *super().get_urls(),
        ]

    def _edition(self, request, pk) -> Edition:
        if not self.has_view_permission(request):
            raise PermissionDenied
        edition = Edition.objects.select_related("page", "submitted_by", "published_by").filter(pk=pk).first()
        if edition is None:
            raise Http404("There is no such edition.")
        return edition

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """One edition: where it stands, what this person can do, the page as visitors would read it."""
        pk = unquote(object_id)
        edition = self._edition(request, pk if pk.isdecimal() else None)
        standing = Standing.of(edition.page)
        context = {
            **self.admin_site.each_context(request),
            **_against_live(edition, standing),
            "title": str(edition),
            "opts": self.opts,
            "edition": edition,
            "state": state_of(edition),
            "kind_of_change": ChangeKind(edition.change_kind).label,
            "is_live": standing.live is not None and standing.live.pk == edition.pk,
            "offers": offers(EDITION_STEPS, edition, request.user),
            "note": edition.current_note(),
            "requests": edition.requests.select_related("reviewer", "asked_by"),
            "invitations": edition.invitations.select_related("invited_by"),
            "reviews": edition.reviews.select_related("invited_by"),
            "entries": edition.entries.all(),
            "working": edition.page.kind_of_page.working_copy(edition.page),
        }
        return render(request, "admin/editions/edition.html", context)

    def step(self, request, pk: int, step: str):
        edition = self._edition(request, pk)
        if step not in EDITION_STEPS:
            raise Http404("There is no such step.")
        back = reverse("admin:editions_edition_change", args=[pk])
        return step_page(
            request,
            edition,
            EDITION_STEPS[step],
            back=back,
            initial={"seen_changes": edition.page.changes, "seen_entry": actions.newest_entry(edition.page)},
            extra={
                "opts": self.opts,
                "edition": edition,
                **(_against_live(edition, Standing.of(edition.page)) if step == "review" else {}),
            },
        )

    def revoke(self, request, pk: int, invitation: int):
        """Make an invitation's link open nothing."""
        edition = self._edition(request, pk)
        found = edition.invitations.filter(pk=invitation).first()
        if found is None:
            raise Http404("There is no such invitation.")
        if request.method == "POST":
            try:
                actions.revoke_invitation(found, by=request.user)
            except actions.Refused as refusal:
                messages.error(request, str(refusal))
            else:
                messages.success(request, f"The link of {found.name} opens nothing any more.")
        return HttpResponseRedirect(reverse("admin:editions_edition_change", args=[pk]))

    def preview(self, request, pk: int):
        """The edition as the public page, marked as a draft unless it is live."""
        edition = self._edition(request, pk)
        is_public = edition.progress == Progress.PUBLISHED and not edition.is_scheduled(record.now())
        note = "" if is_public else f"This edition is {state_of(edition)}."
        return preview.draw(request, edition.page, edition.content_json, edition=edition, note=note)


def _against_live(edition: Edition, standing: Standing) -> dict[str, Any]:
    """What the edition changes of the one that visitors read now, if they read another."""
    live = standing.live
    if live is None or live.pk == edition.pk:
        return {}
    return {"compared": live, "comparison": side_by_side(live.content, edition.content)}


def state_of(edition: Edition) -> str:
    """Where an edition stands, in a word: scheduled, live and past follow from the moment."""
    if edition.progress != Progress.PUBLISHED:
        return Progress(edition.progress).label
    standing = Standing.of(edition.page)
    if edition.is_scheduled(standing.now):
        return f"scheduled for {timezone.localtime(edition.live_from):%d %B %Y, %H:%M}"
    if standing.newest and standing.newest.pk == edition.pk:
        return "withdrawn" if standing.is_withdrawn else "live"
    return "past"
