"""The desk of people, with the step that reaches into the record: erasing an account."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse

from basics.once import once
from editions import actions
from staff.admin import PersonAdmin
from staff.models import User

admin.site.unregister(User)


@admin.register(User)
class ErasablePersonAdmin(PersonAdmin):
    def get_urls(self):
        erase = path("<int:pk>/erase/", self.admin_site.admin_view(self.erase), name="staff_user_erase")
        return [erase, *super().get_urls()]

    def render_change_form(self, request, context, *args, **kwargs):
        person = kwargs.get("obj")
        context["may_erase"] = person is not None and not self._why_not(request, person)
        return super().render_change_form(request, context, *args, **kwargs)

    def erase(self, request, pk: int):
        """Empty somebody's account and take their name from the record, after a page that says what goes and what stays."""
        person = get_object_or_404(User, pk=pk)
        if not self.has_change_permission(request, person) or not request.user.has_perm("editions.remove_name"):
            raise PermissionDenied
        return once(request, lambda: self._erase(request, person))

    def _erase(self, request, person: User):
        problem = self._why_not(request, person)
        if request.method == "POST" and not problem:
            if "asked" not in request.POST:
                problem = "Nothing was erased. Tick the box, if they asked for it and you told them what stays."
            else:
                actions.erase_account(person, by=request.user)
                messages.success(
                    request, "The account is erased. What this person did stays in the record without their name."
                )
                return HttpResponseRedirect(reverse("admin:staff_user_changelist"))
        context = {
            **self.admin_site.each_context(request),
            "title": "Erase this account",
            "person": person,
            "problem": problem,
            "can_be_done": not self._why_not(request, person),
        }
        status = 409 if problem and request.method == "POST" else 200
        return render(request, "admin/staff/erase.html", context, status=status)

    def _why_not(self, request, person: User) -> str:
        """Why this account cannot be erased by whoever asks, in a sentence; nothing if it can."""
        if person.pk == request.user.pk:
            return "Nobody erases their own account. Ask another administrator."
        if actions.is_erased(person):
            return "This account was erased already."
        if not self.has_change_permission(request, person) or not request.user.has_perm("editions.remove_name"):
            return "Only an administrator can do this."
        return ""
