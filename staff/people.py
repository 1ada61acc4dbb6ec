"""The forms in which people are kept: by an administrator, and by themselves."""

import json
from typing import Any

from django import forms
from django.core import signing
from django.forms import model_to_dict
from django.http import QueryDict

from staff.models import User

_SALT = "staff.person"


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
        data = super().clean() or {}
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
        posted = QueryDict(mutable=True)
        posted.update(self.data)
        for name in now:
            if now[name] == seen.get(name):
                continue
            field = self.fields[name]
            mine = field.has_changed(seen.get(name), field.widget.value_from_datadict(self.data, {}, name))
            said.append(f"{field.label}: {self._in_words(stored, name)}{' (you typed something else)' if mine else ''}")
            if not mine:
                posted.setlist(name, [str(one) for one in now[name]] if isinstance(now[name], list) else [now[name]])
                if isinstance(field, forms.BooleanField) and not now[name]:
                    posted.pop(name)
        posted["seen"] = signing.dumps(now, salt=_SALT)
        self.data = posted
        raise forms.ValidationError(
            "Somebody changed this account while you were working on it, so nothing was saved. Now stored: "
            f"{'; '.join(said)}. Read it, and save again if it should be as it stands below."
        )

    def save_only_what_it_is_about(self) -> None:
        """Store the fields of this form, and no other: a password that is changed at this moment is its owner's."""
        self.instance.save(update_fields=[name for name in self.fields if name not in {"seen", "groups"}])

    @staticmethod
    def _in_words(stored: User, name: str) -> str:
        value = getattr(stored, name)
        if name == "groups":
            return ", ".join(value.values_list("name", flat=True)) or "none"
        return {True: "yes", False: "no"}.get(value, str(value or "nothing"))


class ProfileForm(PersonForm):
    """What readers may know of somebody, kept by themselves."""

    class Meta(PersonForm.Meta):
        fields = ["public_name", "professional_role", "organisation", "email", "interests", "interests_declared_on"]
        widgets = {
            "interests": forms.Textarea(attrs={"rows": 3}),
            "interests_declared_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
