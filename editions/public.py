"""What public views have in common: they get a PublishedSite, now or as of a day, and answer GET and HEAD only."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import wraps
from hashlib import blake2b

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response, patch_cache_control
from django.views.decorators.http import require_safe

from editions.public_forms import DayForm, kept
from editions.published import PublishedPage
from editions.reading import at_one_moment
from editions.site import PublishedSite

# A browser asks each time whether its copy still holds, and mostly hears 304: an urgent change must not wait for it. A
# cache of ours in front may answer by itself for some seconds (RFC 9213).
KEPT_ELSEWHERE = {"public": True, "max_age": 0, "s_maxage": 10}
KEPT_IN_FRONT = "max-age=10, stale-while-revalidate=30"
LASTING = frozenset({200, 301, 410})  # of these the same holds for everybody until something public changes


class DayConverter:
    """A day in an address: `2018-12-31`. A day that no calendar has is no address."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        return value.isoformat()


def public(view: Callable) -> Callable:
    """Give a view its `site`: as it is now, or as it stood at the end of the address's `day`.

    Such a view promises that its answer follows from its address and the site alone: it is the same for everybody, reads
    and sets no cookie, and is kept until something public changes (sarcoma_site/front). An answer that must not be kept
    says so by `never_cache`. With a query it is kept only if `reading` names what the view reads of it.
    """

    @require_safe
    @wraps(view)
    def with_site(request, *args, day: date | None = None, **kwargs):
        def answer() -> HttpResponse:
            try:
                site = PublishedSite.as_of(day) if day else PublishedSite()
            except ValueError:
                address = request.path.removeprefix(f"/as-of/{day}")
                asks = ask_for_a_day(request, {"day": str(day)}, address, site=PublishedSite(), wrong=404)
                return may_change_at_once(asks)
            return view(request, *args, site=site, **kwargs)

        # A page asks several questions. What is published between two of them must not be in one answer and not in another.
        response = at_one_moment(answer)
        if day:
            response["X-Robots-Tag"] = "noindex"
        if not response.has_header("Cache-Control"):
            if response.status_code in LASTING:
                patch_cache_control(response, **KEPT_ELSEWHERE)
                response["CDN-Cache-Control"] = KEPT_IN_FRONT
            else:
                may_change_at_once(response)
        return response

    with_site.is_public = True  # type: ignore[attr-defined]
    return with_site


class PublicIsReadOnly:
    """A middleware that answers 405 to whatever would change something at the address of a public view.

    It stands before Django's guard of forms, which would say 403: that some other form might be let in, where none is.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, args, kwargs) -> HttpResponse | None:
        if getattr(view, "is_public", False) and request.method not in {"GET", "HEAD"}:
            return require_safe(view)(request, *args, **kwargs)
        return None


def may_change_at_once(response: HttpResponse) -> HttpResponse:
    """Let no cache answer by itself: what is not there can be published in the next second.

    Caches keep a 404 for minutes where nothing is said (RFC 9111, section 4.2.2).
    """
    patch_cache_control(response, no_cache=True)
    return response


def ask_for_a_day(request, asked: Mapping | None, address: str, *, site: PublishedSite, wrong: int) -> HttpResponse:
    """The form for another day, or on to the address on the day that was asked for. `wrong` is the status of a bad one."""
    form = DayForm(asked, site=site)
    address, name, asked_for = kept(address)
    if form.is_valid():
        return redirect(f"/as-of/{form.cleaned_data['day']}{address}")
    kind_name = name.removesuffix("-detail")
    found = site.page(kind_name, asked_for.get("slug", kind_name)) if name.endswith("-detail") else None
    context = {"site": site, "form": form, "address": address, "found": found}
    if found:
        context["days"] = [line for line in site.history(found) if line.url]
    response = render(request, "editions/another_day.html", context, status=wrong if form.is_bound else 200)
    response["X-Robots-Tag"] = "noindex"
    return response


def reading(*names: str) -> Callable:
    """Name the parameters of the query that a public view reads. Stands below `public`."""

    def named(view: Callable) -> Callable:
        view.reads = frozenset(names)  # type: ignore[attr-defined]
        return view

    return named


def for_any_site(view: Callable) -> Callable:
    """Let pages of other sites load an answer: it is made for programs. Stands below `public`."""

    @wraps(view)
    def opened(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        response["Access-Control-Allow-Origin"] = "*"
        response["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response

    return opened


def mark_of(request, site: PublishedSite, version: str = "") -> str:
    """The weak ETag of what an address answers while the same is public, and of no other address.

    Programs that keep one ETag for all addresses would otherwise hear of an old copy of one that it still holds.
    """
    address = blake2b(request.get_full_path().encode(), digest_size=4).hexdigest()
    return f'W/"{site.generation}-{address}{version}"'


def unless_unchanged(request, etag: str, draw: Callable[[], HttpResponse]) -> HttpResponse:
    """304 if the request has the copy of this ETag, or else what `draw` gives.

    `If-None-Match: *` asks for no copy but whether there is anything at all (RFC 9110, section 13.1.2), which is known once it
    is drawn.
    """
    if request.headers.get("If-None-Match", "").strip() == "*":
        drawn = draw()
        return get_conditional_response(request, etag=etag, response=drawn) or drawn
    return get_conditional_response(request, etag=etag) or draw()


def revalidated(view: Callable) -> Callable:
    """Let copies of an answer be kept, and be asked each time whether they still hold: 304 if nothing public changed.

    For views that `public` has given their site. The mark is a weak one: a new version of this software may word the
    same facts otherwise.
    """

    @wraps(view)
    def asked_again(request, *args, site: PublishedSite, **kwargs):
        etag = mark_of(request, site)
        response = unless_unchanged(request, etag, lambda: view(request, *args, site=site, **kwargs))
        if response.status_code in {200, 304}:  # RFC 9110, section 15.4.5
            response["ETag"] = etag
            patch_cache_control(response, public=True, no_cache=True)
        return response

    return asked_again


class Elsewhere(Exception):
    """The page is not to be shown at this address; `response` says what is."""

    def __init__(self, response: HttpResponse):
        self.response = response


def page_or_elsewhere(request, site: PublishedSite, kind: str, slug: str) -> PublishedPage:
    """The live page at an address.

    Raises Http404 if there is none, Elsewhere with a permanent redirect if it moved, with 410 Gone if it was withdrawn,
    and with a 404 that says when it came if a past day is being read on which it was not there yet.
    """
    page = site.page(kind, slug)
    if page is None:
        if address := site.moved_to(kind, slug):
            raise Elsewhere(redirect(address, permanent=True))
        if site.day and (first := PublishedSite().edition(kind, slug, 1)):
            raise Elsewhere(render(request, "editions/not_yet.html", {"site": site, "page": first}, status=404))
        raise Http404("There is no such page.")
    if page.withdrawal:
        raise Elsewhere(render(request, "editions/withdrawn.html", {"site": site, "page": page}, status=410))
    return page


def edition_or_elsewhere(site: PublishedSite, kind: str, slug: str, number: int) -> PublishedPage:
    """An edition that went live, at its address for good.

    Raises Http404 if there is none, Elsewhere with a permanent redirect if its page moved.
    """
    page = site.edition(kind, slug, number)
    if page is None:
        if address := site.moved_to(kind, slug):
            raise Elsewhere(redirect(f"{address}editions/{number}/", permanent=True))
        raise Http404("There is no such edition.")
    return page


def today(site: PublishedSite, page: PublishedPage) -> PublishedPage | None:
    """What became of a page of the past: the page as it is now, if that is another edition or it was withdrawn."""
    now = PublishedSite().outline_by_keys([page.key]).get(page.key)
    if now and (now.number != page.number or now.withdrawal):
        return now
    return None
