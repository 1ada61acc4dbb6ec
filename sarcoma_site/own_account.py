"""The pages on which staff keep their own account: signing in, profile, sessions, second factor, forgotten password."""

from functools import partial

from csp.decorators import csp_replace
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth import HASH_SESSION_KEY, REDIRECT_FIELD_NAME
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from basics import letters
from basics.once import once
from staff import second_factor
from staff.kept import kept_about
from staff.models import User
from staff.people import ProfileForm
from staff.second_factor_forms import CodesAnewForm, SetUpForm, forget_pending, pending
from staff.second_step import CodeForm, SignInView, sign_in, waiting
from staff.sign_ins import SignInOutcome
from staff.signing_in import IDLE, PASSED, note

staff_policy = csp_replace(settings.STAFF_CONTENT_SECURITY_POLICY)


def _is_locked_out(form) -> bool:
    return any(error.code == "locked" for errors in form.errors.as_data().values() for error in errors)


def _answer(request, template: str, context: dict, form):
    """The page of a form: 200 before it is sent, 422 if something in it is wrong, 429 after too many tries."""
    status = 200 if not form.errors else 429 if _is_locked_out(form) else 422
    return render(request, template, {**context, "form": form}, status=status)


class OwnAccountSite(admin.AdminSite):
    """A part of the staff's site: pages about the person who opens them, and about nobody else."""

    def account_urls(self):
        mine = {
            "profile": self.profile,
            "profile/kept": self.kept,
            "sessions": self.end_sessions,
            "second-factor/set-up": self.set_up_second_factor,
            "second-factor/codes": self.change_recovery_codes,
            "second-factor/off": self.take_second_factor_off,
        }
        return [
            path("login/code/", self.second_step, name="second_step"),
            *(path(f"{address}/", self.admin_view(view), name=view.__name__) for address, view in mine.items()),
        ]

    @method_decorator(staff_policy)
    @method_decorator(never_cache)
    def login(self, request, extra_context=None):
        if request.method == "GET" and self.has_permission(request):
            return HttpResponseRedirect(reverse("admin:index"))
        context = {
            **self.each_context(request),
            "title": "Sign in",
            "subtitle": None,
            "app_path": request.get_full_path(),
            "username": request.user.get_username(),
        }
        if not {REDIRECT_FIELD_NAME} & {*request.GET, *request.POST}:
            context[REDIRECT_FIELD_NAME] = reverse("admin:index")
        request.current_app = self.name
        answer = SignInView.as_view(extra_context={**context, **(extra_context or {})})(request)
        form = (getattr(answer, "context_data", None) or {}).get("form")
        if form is not None and _is_locked_out(form):
            answer.status_code = 429
        return answer

    @method_decorator(staff_policy)
    @method_decorator(never_cache)
    def second_step(self, request):
        """Ask whoever gave the right password for their code."""
        found = waiting(request)
        if found is None:
            messages.info(request, "Sign in with your name and password first.")
            return HttpResponseRedirect(reverse("admin:login"))
        person, then = found
        form = CodeForm(request.POST if request.method == "POST" else None, request=request, person=person)
        if form.is_valid():
            sign_in(request, person, form.outcome)
            if form.outcome == SignInOutcome.RECOVERED:
                messages.warning(request, f"That was a recovery code. You have {second_factor.left(person)} left.")
            return HttpResponseRedirect(then)
        context = {**self.each_context(request), "title": "Sign in: second step", "has_permission": False}
        return _answer(request, "admin/second_step.html", context, form)

    def profile(self, request):
        """What readers may know of the person who is signed in, kept by themselves."""
        return once(request, lambda: self._profile(request))

    def _profile(self, request):
        person = User.objects.get(pk=request.user.pk)
        address = person.email
        form = ProfileForm(request.POST if request.method == "POST" else None, instance=person)
        if form.is_valid():
            form.save_only_what_it_is_about()
            if person.email != address:
                tell = partial(
                    letters.send, "new_address", to=[address], subject="Your address was changed", person=person
                )
                transaction.on_commit(tell, robust=True)
            messages.success(request, "Saved. Reviews that you gave before keep what you said then.")
            return HttpResponseRedirect(reverse("admin:profile"))
        context = {
            **self.each_context(request),
            "title": "Your profile",
            "sign_ins": person.sign_ins.select_related("by").order_by("-pk")[:20],
            "sessions": person.sessions.filter(expire_date__gt=timezone.now(), seen_at__gt=timezone.now() - IDLE),
            "this_session": request.session.session_key,
            "codes_left": second_factor.left(person),
            "must_have_second_factor": second_factor.is_required_of(person),
        }
        return _answer(request, "admin/profile.html", context, form)

    @method_decorator(require_safe)
    def kept(self, request):
        """All that is kept about the person who is signed in, as a file of JSON."""
        answer = JsonResponse(kept_about(User.objects.get(pk=request.user.pk)), json_dumps_params={"indent": 2})
        answer["Content-Disposition"] = 'attachment; filename="what-is-kept-about-you.json"'
        answer["Cache-Control"] = "no-store"
        return answer

    def end_sessions(self, request):
        """Sign the person out in every other browser, or in this one too."""
        if request.method != "POST":
            return HttpResponseRedirect(reverse("admin:profile"))
        note(request, request.user, SignInOutcome.ENDED)
        if "here" in request.POST:
            request.user.sessions.all().delete()
            request.session.flush()
            return HttpResponseRedirect(reverse("admin:login"))
        ended, _ = request.user.sessions.exclude(pk=request.session.session_key).delete()
        messages.success(request, f"Signed out in {ended} other browser{'' if ended == 1 else 's'}.")
        return HttpResponseRedirect(reverse("admin:profile"))

    # The second factor

    def set_up_second_factor(self, request):
        return once(request, lambda: self._set_up(request))

    def _set_up(self, request):
        person = User.objects.get(pk=request.user.pk)
        form = SetUpForm(request.POST if request.method == "POST" else None, request=request, person=person)
        new = pending(request)
        if form.is_valid() and self._holds(form, person, new):
            self._go_on(request, person)
            messages.success(request, "Your second factor is set up. You are asked for a code whenever you sign in.")
            return HttpResponseRedirect(reverse("admin:profile"))
        context = {
            **self.each_context(request),
            "title": "Set up your second factor",
            "picture": second_factor.picture(person, new["key"]),
            "key": second_factor.key_in_words(new["key"]),
            "recovery_codes": new["recovery_codes"],
        }
        return _answer(request, "admin/second_factor_set_up.html", context, form)

    @staticmethod
    def _holds(form: SetUpForm, person: User, new: dict) -> bool:
        """Set the new one up. False, with an error in the form, if the code's half minute ended just now."""
        try:
            second_factor.set_up(person, code=form.cleaned_data["code"], **new)
        except second_factor.WrongCode as problem:
            form.add_error("code", str(problem))
            return False
        return True

    def change_recovery_codes(self, request):
        return once(request, lambda: self._change_codes(request))

    def _change_codes(self, request):
        person = User.objects.get(pk=request.user.pk)
        if person.second_factor_since is None:
            return HttpResponseRedirect(reverse("admin:set_up_second_factor"))
        form = CodesAnewForm(request.POST if request.method == "POST" else None, request=request, person=person)
        new = pending(request)
        if form.is_valid():
            second_factor.change_recovery_codes(person, new["recovery_codes"])
            forget_pending(request)
            messages.success(request, "From now on the new recovery codes open, and the old ones do not.")
            return HttpResponseRedirect(reverse("admin:profile"))
        context = {
            **self.each_context(request),
            "title": "New recovery codes",
            "recovery_codes": new["recovery_codes"],
        }
        return _answer(request, "admin/recovery_codes.html", context, form)

    def take_second_factor_off(self, request):
        return once(request, lambda: self._take_off(request))

    def _take_off(self, request):
        person = User.objects.get(pk=request.user.pk)
        if person.second_factor_since is None:
            return HttpResponseRedirect(reverse("admin:profile"))
        if second_factor.is_required_of(person):
            raise PermissionDenied("Whoever reviews, publishes or keeps accounts needs a second factor.")
        form = CodeForm(request.POST if request.method == "POST" else None, request=request, person=person)
        if form.is_valid():
            second_factor.take_off(person, by=person)
            self._go_on(request, person)
            messages.success(request, "Your second factor is off. Your password alone signs you in.")
            return HttpResponseRedirect(reverse("admin:profile"))
        context = {**self.each_context(request), "title": "Take your second factor off"}
        return _answer(request, "admin/second_factor_off.html", context, form)

    @staticmethod
    def _go_on(request, person: User) -> None:
        """Stay signed in here, and only here, after how one signs in has changed.

        The session keeps its key: a double click would otherwise come with one that is gone, and lose its answer.
        """
        person.sessions.exclude(pk=request.session.session_key).delete()
        forget_pending(request)
        request.session[HASH_SESSION_KEY] = person.get_session_auth_hash()
        request.session[PASSED] = person.second_factor_since is not None
