"""The desk of pages: where each stands, and what can be done to it as a whole."""

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from pydantic import ValidationError as ContentError

from editions import preview, seals, timeline, waiting
from editions.actions import newest_entry
from editions.admin.editions import ReadOnlyAdmin
from editions.admin.steps import step_page
from editions.compare import side_by_side
from editions.models import Edition, Page
from editions.site import PublishedSite
from editions.standing import Standing, with_editions
from editions.steps import PAGE_STEPS, offers
from editions.vocabulary import Progress

DRAFT = "draft"


@admin.register(Page)
class PageAdmin(ReadOnlyAdmin):
    list_display = ["key", "kind", "where_it_stands", "last_reviewed", "review_due"]
    list_filter = ["kind"]
    search_fields = ["key", "slug"]
    ordering = ["kind", "slug"]

    def get_queryset(self, request):
        return with_editions(super().get_queryset(request))

    def get_changelist_instance(self, request):
        """The list, with what visitors read of its pages asked once for all of them."""
        changelist = super().get_changelist_instance(request)
        public = PublishedSite().outline_by_keys(page.key for page in changelist.result_list)
        for page in changelist.result_list:
            page.public = public.get(page.key)
        return changelist

    @admin.display(description="where it stands")
    def where_it_stands(self, page):
        return " ".join(Standing.of(page).sentences())

    @admin.display(description="last reviewed")
    def last_reviewed(self, page):
        return page.public.last_reviewed if page.public else None

    @admin.display(description="review due")
    def review_due(self, page):
        if page.public is None or page.public.review_due is None:
            return None
        return f"{page.public.review_due:%d %B %Y}{', late' if page.public.is_late else ''}"

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("calendar/", view(self.calendar), name="editions_page_calendar"),
            path("<int:pk>/compare/", view(self.compare), name="editions_page_compare"),
            path("<int:pk>/preview/", view(self.preview), name="editions_page_preview"),
            path("<int:pk>/step/<slug:step>/", view(self.step), name="editions_page_step"),
            *super().get_urls(),
        ]

    def _page(self, request, pk) -> Page:
        if not self.has_view_permission(request):
            raise PermissionDenied
        page = with_editions(Page.objects.filter(pk=pk)).first()
        if page is None:
            raise Http404("There is no such page.")
        return page

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """One page: where it stands, all its editions, and what this person can do."""
        pk = unquote(object_id)
        page = self._page(request, pk if pk.isdecimal() else None)
        context = {
            **self.admin_site.each_context(request),
            "title": str(page),
            "opts": self.opts,
            "page": page,
            "standing": Standing.of(page),
            "offers": offers(PAGE_STEPS, page, request.user),
            "working": page.kind_of_page.working_copy(page),
        }
        return render(request, "admin/editions/page.html", context)

    def calendar(self, request):
        """What goes live by itself, and when reviews fall due."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        shown = Paginator(waiting.due(), 50).get_page(request.GET.get("p", "1"))
        context = {
            **self.admin_site.each_context(request),
            "title": "What is scheduled, and what falls due",
            "opts": self.opts,
            "scheduled": waiting.scheduled(),
            "months": waiting.months(),
            "shown": shown,
            "pages": waiting.pages(list(shown)),
        }
        return render(request, "admin/editions/calendar.html", context)

    def history_view(self, request, object_id, extra_context=None):
        """The whole page's history: its working copy with everything under it, editions, reviews and flags."""
        pk = unquote(object_id)
        page = self._page(request, pk if pk.isdecimal() else None)
        kind, person = request.GET.get("kind", ""), request.GET.get("person", "")
        if not (person.isascii() and person.isdecimal() and len(person) < 19):
            person = ""
        context = {
            **self.admin_site.each_context(request),
            "title": f"History of {page}",
            "opts": self.opts,
            "page": page,
            "kinds": timeline.KINDS,
            "kind": kind if kind in timeline.KINDS else "",
            "person": int(person) if person else None,
        }
        context["shown"], context["people"] = timeline.timeline(
            page, kind=context["kind"], person=context["person"], number=request.GET.get("p", "1")
        )
        return render(request, "admin/editions/timeline.html", context)

    def compare(self, request, pk: int):
        """What differs between any two of the page's draft and its editions: `?old=3&new=draft`."""
        page = self._page(request, pk)
        standing = Standing.of(page)
        editions = {str(one.pk): one for one in page.known_editions}
        usual = str(standing.newest.pk) if standing.newest else next(iter(editions), DRAFT)
        old, new = request.GET.get("old") or usual, request.GET.get("new") or DRAFT
        choices = [(DRAFT, "the draft"), *((key, _name_of(one, standing)) for key, one in editions.items())]
        names = dict(choices)
        if old not in names or new not in names:
            raise Http404("There is no such edition of this page.")
        try:
            contents = [self._content(page, editions, which) for which in (old, new)]
        except ContentError as problem:
            return self._not_drawn(request, page, problem)
        context = {
            **self.admin_site.each_context(request),
            "title": f"What differs in {page}",
            "opts": self.opts,
            "page": page,
            "choices": choices,
            "old": old,
            "new": new,
            "comparison": side_by_side(*contents),
        }
        return render(request, "admin/editions/compare.html", context)

    def _content(self, page: Page, editions: dict, which: str):
        if which != DRAFT:
            return editions[which].content
        working = page.kind_of_page.working_copy(page)
        if working is None:
            raise Http404("There is no working copy of this page.")
        return page.kind_of_page.freeze(working)

    def _not_drawn(self, request, page: Page, problem: ContentError) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": "This draft cannot be drawn yet",
            "problems": [
                f"{', '.join(str(part) for part in error['loc'])}: {error['msg'].removeprefix('Value error, ')}"
                for error in problem.errors()
            ],
            "back": back_to(page),
        }
        return render(request, "admin/editions/not_drawn.html", context, status=409)

    def step(self, request, pk: int, step: str):
        page = self._page(request, pk)
        if step not in PAGE_STEPS:
            raise Http404("There is no such step.")
        live = Standing.of(page).live
        extra = {"opts": self.opts, "page": page}
        if step == "submit":
            working = page.kind_of_page.working_copy(page)
            extra["problems"] = page.kind_of_page.problems(working) if working else []
            extra["working"] = working
        return step_page(
            request,
            page,
            PAGE_STEPS[step],
            back=back_to(page),
            initial={
                "seen_changes": page.changes,
                "seen_entry": newest_entry(page),
                "seen_edition": live.pk if live else None,
                "slug": page.slug,
            },
            extra=extra,
        )

    def preview(self, request, pk: int) -> HttpResponse:
        """The working copy as the public page would show it."""
        page = self._page(request, pk)
        kind = page.kind_of_page
        working = kind.working_copy(page)
        if working is None:
            raise Http404("There is no working copy of this page.")
        try:
            content = seals.canonical(kind.freeze(working).model_dump(mode="json"))
        except ContentError as problem:
            return self._not_drawn(request, page, problem)
        return preview.draw(request, page, content, edition=None, note="This is the draft as it is now.")


def _name_of(edition: Edition, standing: Standing) -> str:
    if not edition.number:
        day = f"{timezone.localtime(edition.submitted_at):%d %B %Y}"
        return f"the edition that is {Progress(edition.progress).label}, submitted {day}"
    is_live = standing.live is not None and standing.live.pk == edition.pk
    return f"edition {edition.number}{', which visitors read now' if is_live else ''}"


def back_to(page: Page) -> str:
    """The form of the page's working copy; the page's own desk if it has none."""
    working = page.kind_of_page.working_copy(page)
    if working is None:
        return reverse("admin:editions_page_change", args=[page.pk])
    return reverse(f"admin:{working._meta.app_label}_{working._meta.model_name}_change", args=[working.pk])
