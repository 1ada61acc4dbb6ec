"""The desk of people. Accounts are made with a one-time password, deactivated, and never deleted."""

import json
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.forms import model_to_dict

from staff.models import User, one_time_password

_SALT = "staff.person"


class NewPersonForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["username", "email", "public_name", "professional_role", "organisation", "groups"]


class PersonForm(forms.ModelForm):
    """What an administrator keeps of a person. Saved only over what they saw."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = User
        fields = [
            "username",
            "email",
            "is_active",
            "groups",
            "public_name",
            "professional_role",
            "organisation",
            "interests",
            "interests_declared_on",
        ]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["seen"] = signing.dumps(self._values(self.instance), salt=_SALT)

    def _values(self, person: User) -> dict[str, Any]:
        """What is stored of a person, by the fields of this form, as JSON can hold it."""
        values = model_to_dict(person, [name for name in self.fields if name != "seen"])
        return json.loads(json.dumps(values, default=lambda one: getattr(one, "pk", None) or str(one)))

    def clean(self):
        data = super().clean()
        # Held until the save: between this look and the save nobody else gets in.
        stored = User.objects.select_for_update(no_key=True).get(pk=self.instance.pk)
        try:
            seen = signing.loads(data.get("seen", ""), salt=_SALT)
        except signing.BadSignature:
            raise forms.ValidationError(
                "This form came without what it was made from, so nothing was saved. Load the page again."
            ) from None
        now = self._values(stored)
        if seen != now:
            self._take_in(stored, seen, now)
        return data

    def _take_in(self, stored: User, seen: dict[str, Any], now: dict[str, Any]) -> None:
        """Bring in what was saved meanwhile where this person typed nothing, and say what it is."""
        said = []
        self.data = self.data.copy()
        for name in now:
            if now[name] == seen.get(name):
                continue
            field = self.fields[name]
            mine = field.has_changed(seen.get(name), field.widget.value_from_datadict(self.data, {}, name))
            said.append(f"{field.label}: {self._in_words(stored, name)}{' (you typed something else)' if mine else ''}")
            if not mine:
                self.data.setlist(name, [str(one) for one in now[name]] if isinstance(now[name], list) else [now[name]])
                if isinstance(field, forms.BooleanField) and not now[name]:
                    self.data.pop(name)
        self.data["seen"] = signing.dumps(now, salt=_SALT)
        raise forms.ValidationError(
            "Somebody changed this account while you were working on it, so nothing was saved. Now stored: "
            f"{'; '.join(said)}. Read it, and save again if it should be as it stands below."
        )

    @staticmethod
    def _in_words(stored: User, name: str) -> str:
        value = getattr(stored, name)
        if name == "groups":
            return ", ".join(value.values_list("name", flat=True)) or "none"
        return {True: "yes", False: "no"}.get(value, str(value or "nothing"))


@admin.register(User)
class PersonAdmin(UserAdmin):
    form = PersonForm
    add_form = NewPersonForm
    list_display = ["username", "public_name", "professional_role", "roles", "is_active", "last_login"]
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
                "description": "A one-time password is shown once you save. It is changed at the first sign-in.",
            },
        )
    ]
    fieldsets = [
        (None, {"fields": ["username", "email", "is_active", "groups"]}),
        ("What readers may know", {"fields": ["public_name", "professional_role", "organisation"]}),
        ("Declared interests", {"fields": ["interests", "interests_declared_on"]}),
        ("Seen", {"fields": ["last_login", "date_joined"]}),
    ]

    def get_readonly_fields(self, request, obj=None):
        # Nobody gives themselves a role: who writes, reviews and publishes is another person's decision.
        own = ["groups", "is_active"] if obj is not None and obj.pk == request.user.pk else []
        return ["last_login", "date_joined", *own]

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or not self.has_change_permission(request, obj):
            return fieldsets
        return [*fieldsets, (None, {"fields": ["seen"], "classes": ["form-only"]})]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("groups")

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        kwargs["widget"] = forms.CheckboxSelectMultiple
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    @admin.display(description="roles")
    def roles(self, person):
        return ", ".join(group.name for group in person.groups.all()) or "none"

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
            obj.save(update_fields=[name for name in form.fields if name not in {"seen", "groups"}])
            return
        password = one_time_password()
        obj.is_staff = True
        obj.set_one_time_password(password)
        super().save_model(request, obj, form, change)
        messages.warning(
            request,
            f"The one-time password of {obj.username} is {password} – write it down: it is shown only now, and is "
            "changed at the first sign-in.",
        )

    def user_change_password(self, request, id, form_url=""):
        # Whoever set another's password could act as them, and four eyes would be two.
        raise PermissionDenied("Nobody sets another person's password.")


class RoleAdmin(GroupAdmin):
    """Roles are kept in step with staff/roles.py after every migrate, so they are read here."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


admin.site.unregister(Group)
admin.site.register(Group, RoleAdmin)
