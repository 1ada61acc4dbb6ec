"""The desk of people. Accounts are made with a one-time password, deactivated, and never deleted."""

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django_otp.plugins.otp_totp.models import TOTPDevice

from basics.admin import FoundByKeyMixin
from staff import second_factor
from staff.models import User, one_time_password
from staff.people import PersonForm
from staff.welcome import invite, send_new_link


class NewPersonForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["username", "email", "public_name", "professional_role", "organisation", "groups"]


class RolesField(forms.ModelMultipleChoiceField):
    """Refuses numbers that no row has, before SQLite falls over those that are too large for it."""

    def clean(self, value):
        for one in value or ():
            if len(str(one)) > 18:
                raise ValidationError(self.error_messages["invalid_pk_value"], "invalid_pk_value", {"pk": one})
        return super().clean(value)


@admin.register(User)
class PersonAdmin(FoundByKeyMixin, UserAdmin):
    form = PersonForm
    add_form = NewPersonForm
    list_display = [
        "username",
        "public_name",
        "professional_role",
        "roles",
        "has_second_factor",
        "is_active",
        "last_login",
    ]
    list_filter = ["groups", "is_active"]
    search_fields = ["username", "public_name", "email", "organisation"]
    ordering = ["username"]
    filter_horizontal: list[str] = []
    actions = None
    add_fieldsets = [
        (
            None,
            {
                "fields": ["username", "email", "public_name", "professional_role", "organisation", "groups"],
                "description": (
                    "They get a letter with a link by which they choose a password. Without an e-mail address, or if the "
                    "letter cannot be sent, a one-time password is shown once you save."
                ),
            },
        )
    ]
    fieldsets = [
        (None, {"fields": ["username", "email", "is_active", "groups"]}),
        ("What readers may know", {"fields": ["public_name", "professional_role", "organisation"]}),
        ("Declared interests", {"fields": ["interests", "interests_declared_on"]}),
        ("Signing in", {"fields": ["last_login", "date_joined", "second_factor_since"]}),
    ]

    def get_readonly_fields(self, request, obj=None):
        # Nobody gives themselves a role: who writes, reviews and publishes is another person's decision.
        own = ["groups", "is_active"] if obj is not None and obj.pk == request.user.pk else []
        # A link to a new password goes to this address: whoever could change it could act as its owner, who keeps it
        # in their profile.
        theirs = ["email"] if obj is not None and obj.last_login is not None else []
        return ["last_login", "date_joined", "second_factor_since", *own, *theirs]

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or not self.has_change_permission(request, obj):
            return fieldsets
        return [*fieldsets, (None, {"fields": ["seen"], "classes": ["form-only"]})]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("groups")

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        kwargs |= {"widget": forms.CheckboxSelectMultiple, "form_class": RolesField}
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    @admin.display(description="roles")
    def roles(self, person):
        return ", ".join(group.name for group in person.groups.all()) or "none"

    @admin.display(description="second factor", boolean=True)
    def has_second_factor(self, person):
        return person.second_factor_since is not None

    def get_urls(self):
        steps = {"second-factor": self.take_second_factor_off, "new-password": self.send_password_link}
        return [
            *(
                path(f"<int:pk>/{address}/", self.admin_site.admin_view(view), name=f"staff_user_{view.__name__}")
                for address, view in steps.items()
            ),
            *super().get_urls(),
        ]

    def take_second_factor_off(self, request, pk):
        """Let somebody whose phone and recovery codes are lost sign in by password, and set up a new second factor."""

        def act(person):
            second_factor.take_off(person, by=request.user)
            return f"{person} signs in by password alone now, was signed out everywhere, and got a letter about it."

        return self._step(
            request,
            pk,
            act,
            title="Take the second factor off",
            about="Do this only once you know that it is they who ask: call them on a number that you know.",
            cannot=lambda person: "" if person.second_factor_since else f"{person} has no second factor.",
        )

    def send_password_link(self, request, pk):
        """Send somebody who forgot their password a link by which they choose a new one."""

        def act(person):
            if not send_new_link(person, by=request.user):
                raise ValidationError("The letter could not be sent. Nothing was changed: try again later.")
            return f"A letter went to {person.email}. Its link works once, within seven days."

        return self._step(
            request,
            pk,
            act,
            title="Send a link to a new password",
            about="The link goes to the address that stands in their account. Their present password works until they use it.",
            cannot=lambda person: "" if person.email else f"{person} has no e-mail address.",
        )

    def _step(self, request, pk, act, *, title, about, cannot):
        person = get_object_or_404(User, pk=pk)
        if not self.has_change_permission(request, person) or person.pk == request.user.pk:
            raise PermissionDenied
        problem = cannot(person) or ("" if person.is_active else f"{person} has left.")
        if request.method == "POST" and not problem:
            try:
                messages.success(request, act(person))
            except ValidationError as error:
                problem = error.message
            else:
                return HttpResponseRedirect(reverse("admin:staff_user_change", args=[pk]))
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "about": about,
            "person": person,
            "problem": problem,
        }
        return render(
            request, "admin/staff/step.html", context, status=409 if problem and request.method == "POST" else 200
        )

    def has_delete_permission(self, request, obj=None):
        return False  # reviews and revisions name the person

    def has_change_permission(self, request, obj=None):
        # Whoever may do everything is not remade by somebody who may not.
        return super().has_change_permission(request, obj) and (
            obj is None or not obj.is_superuser or request.user.is_superuser
        )

    def save_model(self, request, obj, form, change):
        if change:
            # Only what this form is about: a password that its owner changes at this moment is theirs.
            form.save_only_what_it_is_about()
            return
        obj.is_staff = True
        obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        if invite(obj, by=request.user):
            messages.success(
                request,
                f"A letter went to {obj.email}. Its link works once, within seven days; {obj.username} chooses a password "
                "there that nobody else sees.",
            )
            return
        password = one_time_password()
        obj.set_one_time_password(password)
        obj.save()
        messages.warning(
            request,
            f"The one-time password of {obj.username} is {password} – write it down: it is shown only now, and is "
            "changed at the first sign-in.",
        )

    def user_change_password(self, request, id, form_url=""):
        # Whoever set another's password could act as them, and four eyes would be two.
        raise PermissionDenied("Nobody sets another person's password.")


class RoleAdmin(FoundByKeyMixin, GroupAdmin):
    """Roles are kept in step with staff/roles.py after every migrate, so they are read here."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


admin.site.unregister(TOTPDevice)  # its secrets are for nobody's eyes
admin.site.unregister(Group)
admin.site.register(Group, RoleAdmin)
