"""The staff's site: Django's admin with its own policy for scripts, and a first sign-in that changes the password."""

from functools import wraps

from csp.decorators import csp_replace
from django.conf import settings
from django.contrib import admin, messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.decorators import method_decorator

from basics.once import once
from editions.waiting import months_ahead, regular_commands, waiting_for
from sarcoma_site.words import is_our_form, words_back
from staff.models import User
from staff.people import ProfileForm
from staff.signing_in import IDLE, SignInForm, end_if_over


class DeskSite(admin.AdminSite):
    site_header = "Editors’ desk"
    site_title = "Editors’ desk"
    index_title = "Editors’ desk"
    enable_nav_sidebar = True
    login_form = SignInForm

    def get_urls(self):
        # Django's own way from a row to its public address asks for no right, and would tell of unpublished pages.
        ours = [path("profile/", self.admin_view(self.profile), name="profile")]
        return ours + [one for one in super().get_urls() if getattr(one, "name", "") != "view_on_site"]

    def admin_view(self, view, cacheable=False):
        """Wrap a staff view: nobody goes on with a one-time password, and scripts are those of this site only."""
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
            if getattr(request.user, "password_is_one_time", False) and here not in {"password_change", "logout"}:
                messages.info(request, "Welcome. Please choose a password of your own first.")
                return HttpResponseRedirect(reverse("admin:password_change"))
            return view(request, *args, **kwargs)

        return checked

    def each_context(self, request):
        return {**super().each_context(request), "idle_seconds": int(IDLE.total_seconds())}

    def index(self, request, extra_context=None):
        """What waits for this person, then everything that they may open."""
        may_see = request.user.has_perm("editions.view_edition")
        context = (
            {"waiting": waiting_for(request.user), "regular": regular_commands(), "months": months_ahead()}
            if may_see
            else {}
        )
        return super().index(request, {**context, **(extra_context or {})})

    @method_decorator(csp_replace(settings.STAFF_CONTENT_SECURITY_POLICY))
    def login(self, request, extra_context=None):
        answer = super().login(request, extra_context)
        form = (getattr(answer, "context_data", None) or {}).get("form")
        if form is not None and form.has_error("__all__", "locked"):
            answer.status_code = 429
        return answer

    def profile(self, request):
        """What readers may know of the person who is signed in, kept by themselves."""
        return once(request, lambda: self._profile(request))

    def _profile(self, request):
        person = User.objects.get(pk=request.user.pk)
        form = ProfileForm(request.POST if request.method == "POST" else None, instance=person)
        status = 200
        if request.method == "POST":
            if form.is_valid():
                form.save_only_what_it_is_about()
                messages.success(request, "Saved. Reviews that you gave before keep what you said then.")
                return HttpResponseRedirect(reverse("admin:profile"))
            status = 422
        context = {
            **self.each_context(request),
            "title": "Your profile",
            "form": form,
            "sign_ins": person.sign_ins.order_by("-pk")[:20],
        }
        return render(request, "admin/profile.html", context, status=status)
