"""“Is anything wrong or unclear?”: where readers tell the staff. Without an account, a script or a cookie."""

import re

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from basics.limits import seconds_to_wait
from editions import actions
from editions.feedback_form import FeedbackForm, comes_from_here
from editions.published import PublishedPage
from editions.site import PublishedSite

_KEY = re.compile(r"[a-z]{1,20}/[-a-zA-Z0-9_]{1,100}")


# Django's own guard needs a cookie, and readers get none. There is no session here that another site could misuse; what
# it could do is send messages in its visitors' names, and against that stand the origin and the signed token.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def feedback(request: HttpRequest) -> HttpResponse:
    """The form about a page (`?page=drug/imatinib`, by lasting key or by address) or about the site, and its sending.

    A form that is refused comes back with what was typed: 403 if it came from elsewhere, 409 if it was used, 422 if it
    does not hold, 429 after too many.
    """
    site = PublishedSite()
    about = _page_asked_for(request, site)
    key, number = (about.key, about.number) if about else ("", None)
    if request.method != "POST":
        return _shown(request, site, about, FeedbackForm(page_key=key, number=number))
    form = FeedbackForm(request.POST, page_key=key, number=number)
    if not comes_from_here(request):
        form.add_error(
            None,
            "Your browser does not say that this form came from this site. Send it once more; if that does not help, try "
            "another browser, or switch off what hides where you come from.",
        )
        return _shown(request, site, about, form, status=403)
    if not form.is_valid():
        return _shown(request, site, about, form, status=422)
    if wait := seconds_to_wait(request, "feedback"):
        form.add_error(
            None,
            f"Several messages came from your internet address. Please send it in {-(-wait // 60)} minutes; copy your words "
            "if you want to close this page.",
        )
        response = _shown(request, site, about, form, status=429)
        response["Retry-After"] = str(wait)
        return response
    data = form.cleaned_data
    try:
        actions.take_feedback(
            said=data["said"], sort=data["sort"], token=data["token"], page_key=key, number=form.number
        )
    except actions.Refused as refusal:
        form.add_error(None, str(refusal))
        return _shown(request, site, about, form, status=409)
    return redirect(_with_page(reverse("editions:feedback-thanks"), about))


@never_cache
@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    site = PublishedSite()
    return _private(
        render(request, "editions/feedback_thanks.html", {"site": site, "about": _page_asked_for(request, site)})
    )


def _page_asked_for(request: HttpRequest, site: PublishedSite) -> PublishedPage | None:
    """The page in `?page=`, if visitors can read it or could. Raises Http404 for any other."""
    asked = request.GET.get("page", "").strip("/")
    if not asked:
        return None
    kind, _, slug = asked.partition("/")
    page = None
    if _KEY.fullmatch(asked):
        page = site.by_keys([asked]).get(asked) or site.page(kind, slug)
    if page is None:
        raise Http404("There is no such page. You can write about the site as a whole.")
    return page


def _with_page(address: str, about: PublishedPage | None) -> str:
    return f"{address}?page={about.key}" if about else address


def _shown(request, site, about, form: FeedbackForm, *, status: int = 200) -> HttpResponse:
    context = {"site": site, "about": about, "form": form, "action": _with_page(request.path, about)}
    context["months"] = settings.FEEDBACK_KEPT_MONTHS
    return _private(render(request, "editions/feedback.html", context, status=status))


def _private(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex"
    return response
