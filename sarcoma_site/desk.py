"""The staff's site: Django's admin with its own policy for scripts, and a first sign-in that changes the password."""

from functools import wraps

from csp.decorators import csp_replace
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_safe

from editions.waiting import months_ahead, regular_commands, waiting_for
from sarcoma_site import catalogue
from sarcoma_site.own_account import OwnAccountSite
from sarcoma_site.words import is_our_form, words_back
from staff.second_factor import is_required_of
from staff.signing_in import IDLE, end_if_over

# Where somebody may be before they have all that they need to sign in safely.
_WHY = {
    "password_change": "Welcome. Please choose a password of your own first.",
    "set_up_second_factor": "Whoever reviews, publishes or keeps accounts signs in with a second factor. Set yours up first.",
}
_FIRST_STEPS = {"password_change", "set_up_second_factor", "logout", "jsi18n"}


class DeskSite(OwnAccountSite):
    site_header = "Editors’ desk"
    site_title = "Editors’ desk"
    index_title = "Editors’ desk"
    enable_nav_sidebar = True

    def get_urls(self):
        # Django's own way from a row to its public address asks for no right, and would tell of unpublished pages.
        ours = [path("components/", self.admin_view(self.components), name="components")]
        return (
            self.account_urls()
            + ours
            + [one for one in super().get_urls() if getattr(one, "name", "") != "view_on_site"]
        )

    def admin_view(self, view, cacheable=False):
        """Wrap a staff view: it is for who signed in safely, and its scripts are those of this site only."""
        inner = self._giving_back(super().admin_view(self._after_first_sign_in(view), cacheable))

        staff = csp_replace(settings.STAFF_CONTENT_SECURITY_POLICY)

        @wraps(inner)
        def with_policy(request, *args, **kwargs):
            response = inner(request, *args, **kwargs)
            # A preview has a policy of its own already: that of the public page.
            return response if hasattr(response, "_csp_replace") else staff(lambda _: response)(request)

        return with_policy

    def _giving_back(self, view):
        """Who typed until their session ended gets their words back, to copy: a way to sign in would lose them."""

        @wraps(view)
        def checked(request, *args, **kwargs):
            over = end_if_over(request) if request.user.is_authenticated else ""
            if request.method == "POST" and not request.user.is_authenticated and is_our_form(request):
                why = f"{over or 'Your session has ended.'} Nothing was saved."
                return words_back(request, why, status=401)
            if over:
                messages.info(request, over)
            return view(request, *args, **kwargs)

        return checked

    def _after_first_sign_in(self, view):
        def checked(request, *args, **kwargs):
            here = request.resolver_match.url_name if request.resolver_match else ""
            first = "" if here in _FIRST_STEPS else self._first_step(request)
            if not first:
                return view(request, *args, **kwargs)
            why = _WHY[first]
            if request.method == "POST" and is_our_form(request):
                return words_back(request, f"{why} Nothing was saved.", status=403)
            messages.info(request, why)
            return HttpResponseRedirect(reverse(f"admin:{first}"))

        return checked

    def _first_step(self, request) -> str:
        """The page on which somebody has to do something before all else; nothing if they may go on."""
        if getattr(request.user, "password_is_one_time", False):
            return "password_change"
        if request.user.is_authenticated and request.user.second_factor_since is None and is_required_of(request.user):
            return "set_up_second_factor"
        return ""

    def each_context(self, request):
        return {**super().each_context(request), "idle_seconds": int(IDLE.total_seconds())}

    @method_decorator(require_safe)
    def components(self, request):
        """What the public site is made of, drawn from made-up values."""
        if not request.user.has_perm("editions.view_edition"):
            raise PermissionDenied("Your account may not open the catalogue of components.")
        return render(request, "admin/components.html", {"examples": list(catalogue.examples())})

    def index(self, request, extra_context=None):
        """What waits for this person, then everything that they may open."""
        may_see = request.user.has_perm("editions.view_edition")
        context = (
            {"waiting": waiting_for(request.user), "regular": regular_commands(), "months": months_ahead()}
            if may_see
            else {}
        )
        return super().index(request, {**context, **(extra_context or {})})
