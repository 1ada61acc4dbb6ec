"""Forms that nobody saves over what somebody else saved meanwhile.

A form carries the version of each row that it was made from. If the stored row is newer, nothing is saved: the form
comes back with everything that was typed, with what the other person changed elsewhere brought in, and says for each
field what was saved meanwhile. Saving once more is then a decision.
"""

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from django import forms
from django.contrib.admin.utils import NestedObjects
from django.core.exceptions import ValidationError
from django.db.models import UniqueConstraint
from django.forms.models import InlineForeignKeyField, model_to_dict
from django.utils import timezone

from basics.models import VersionedRow
from basics.text import tidy

STALE = "stale"
_OURS = {"lock_version", "change_reason"}  # of the form, not of the row


def tidied(text: str) -> None:
    """A validator for text that is not a model's. Raises ValidationError for what cannot be stored."""
    try:
        tidy(text)
    except ValueError as problem:
        raise ValidationError(str(problem)) from problem


def who_saved(row: VersionedRow) -> str:
    """“Edith Ames saved this at 10:32”, from the newest revision of a row."""
    revision = row.history.select_related("history_user").order_by("-history_id").first()
    name = str(revision.history_user) if revision and revision.history_user else "Somebody"
    at = f" at {timezone.localtime(revision.history_date):%H:%M on %d %B}" if revision else ""
    return f"{name} saved this{at}"


class LockedForm(forms.ModelForm):
    """A form of a VersionedRow, also as one row of an inline."""

    lock_version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding:
            self.initial["lock_version"] = self.instance.version
        _ = self.seen_version  # read before anything is filled in

    @property
    def is_stale(self) -> bool:
        return self.has_error(forms.forms.NON_FIELD_ERRORS, STALE)

    @cached_property
    def _base(self) -> VersionedRow | None:
        """The row as it was when the form was made, if it was saved since; told by its revisions, one a version."""
        seen = self.seen_version
        if self.instance._state.adding or seen is None or not 0 < seen < self.instance.version:
            return None
        revision = self.instance.history.order_by("history_id")[seen - 1 : seen].first()
        return revision.instance if revision else None

    @cached_property
    def seen_version(self) -> int | None:
        """The version that the form came with, whatever is filled in since; None if it came with none."""
        try:
            return int(self.data.get(self.add_prefix("lock_version"), ""))
        except ValueError:
            return None

    @cached_property
    def changed_data(self) -> list[str]:
        """What this person changed, against what they saw: not what somebody else saved meanwhile."""
        names = [name for name, bound in self._bound_items() if name not in _OURS and bound._has_changed()]
        if names and self._base is not None:
            seen = model_to_dict(self._base)
            names = [
                name for name in names if name not in seen or self.fields[name].has_changed(seen[name], self[name].data)
            ]
        return names

    def validate_unique(self):
        """As Django does, and for a row under a row also what only one such row may be under the same parent.

        Django leaves a parent that nobody chooses out of the constraints that it checks: in an inline, and where the form
        shows it only. So the database would refuse them.
        """
        super().validate_unique()
        parents = set(self.instance.stays_under) - self.fields.keys() if not self.instance._state.adding else set()
        is_inline = any(isinstance(field, InlineForeignKeyField) for field in self.fields.values())
        for constraint in self.instance._meta.constraints:
            if isinstance(constraint, UniqueConstraint) and (is_inline or parents.intersection(constraint.fields)):
                left_out = self._get_validation_exclusions() - parents
                try:
                    constraint.validate(type(self.instance), self.instance, exclude=left_out)
                except ValidationError as problem:
                    self._update_errors(problem)

    def full_clean(self):
        super().full_clean()
        # A searchable list draws whatever it was sent, and falls over what is no number of a row.
        for name, field in self.fields.items():
            if isinstance(field, forms.ModelChoiceField) and self.is_bound and name in self.errors:
                self._fill_in(name, None)

    def clean(self):
        data = super().clean()
        if self.instance._state.adding:
            return data
        # Held until the save: between this look and the save nobody else gets in.
        stored = type(self.instance)._base_manager.select_for_update(no_key=True).filter(pk=self.instance.pk).first()
        seen = self.seen_version
        if stored is None:
            raise ValidationError(
                "Somebody deleted this meanwhile. Copy what you want to keep, then add it anew.", code=STALE
            )
        if seen is None:
            raise ValidationError(
                "This form came without the version of what it changes, so nothing was saved. Load the page again.",
                code=STALE,
            )
        if seen != stored.version or self.instance.version != stored.version:
            self._take_in(stored, data)
        return data

    def _take_in(self, stored: VersionedRow, data: dict[str, Any]) -> None:
        """Bring in what was saved meanwhile; add an error if this person changed anything themselves."""
        now, before = model_to_dict(stored), model_to_dict(self._base or self.instance)
        theirs = [name for name in self.fields if name in now and now[name] != before.get(name)]
        mine = self.changed_data
        for name in theirs:
            if name not in mine:
                self._fill_in(name, now[name])
                data[name] = self.fields[name].clean(self.fields[name].prepare_value(now[name]))
        self._fill_in("lock_version", stored.version)
        if not mine:
            return
        said = [
            ValidationError(
                f"{who_saved(stored)} while you were working on it. Nothing was overwritten, and all that you typed "
                "stands below. Read what was saved, put together what should stay, and save again.",
                code=STALE,
            )
        ]
        for name in theirs:
            kept = "You changed it too: the field holds your words." if name in mine else "The field now holds this."
            said.append(
                ValidationError(
                    f"{self.fields[name].label or name} was saved as: “{self._in_words(name, now[name])}”. {kept}",
                    code=STALE,
                )
            )
        self.add_error(None, said)

    def _fill_in(self, name: str, value: Any) -> None:
        self.data = self.data.copy()
        key = self.add_prefix(name)
        value = self.fields[name].prepare_value(value)
        if isinstance(self.fields[name], forms.BooleanField) and not value:
            self.data.pop(key, None)
        else:
            self.data[key] = "" if value is None else str(value)

    def _in_words(self, name: str, value: Any) -> str:
        field = self.fields[name]
        if isinstance(field, forms.ModelChoiceField):
            found = field.queryset.filter(pk=value).first() if value else None
            return str(found) if found else "nothing"
        return str(dict(getattr(field, "choices", ()) or ()).get(value, value) or "nothing")


class ReasonedForm(LockedForm):
    """The form of a whole row, which also asks for the reason that its revision carries."""

    sent_before = None  # the moment at which this form took effect already

    change_reason = forms.CharField(
        label="Why this change?",
        required=False,
        max_length=500,
        validators=[tidied],
        widget=forms.TextInput(attrs={"class": "vTextField", "autocomplete": "off"}),
        help_text="For your colleagues: it stands in the history. Readers see the change note, asked when you submit.",
    )

    def clean(self):
        data = super().clean()
        if self.sent_before is not None:
            raise ValidationError(
                f"You saved this form at {timezone.localtime(self.sent_before):%H:%M} and went back to it, so nothing "
                "was saved now. A row that you added then is here twice if you save again: compare with what is stored.",
                code=STALE,
            )
        return data


def hold_for_deletion(row: VersionedRow) -> None:
    """Hold a row, and whatever could be put under it, until the transaction ends: nothing comes that nobody saw."""
    row.hold()
    type(row)._base_manager.select_for_update().filter(pk=row.pk).first()


def _goes_along(row: VersionedRow) -> str:
    """The kinds of rows that a deletion would take along, in words; nothing if it takes none."""
    collector = NestedObjects(using=row._state.db)
    collector.collect([row])
    return " and ".join(
        sorted(str(model._meta.verbose_name_plural) for model in collector.data if model is not type(row))
    )


class LockedFormSet(forms.models.BaseInlineFormSet):
    """Rows under a row: one that somebody else saved or deleted meanwhile is not overwritten, nor deleted unseen."""

    def clean(self):
        super().clean()
        said = [*self._deleted_meanwhile(), *self._saved_before_deletion()]
        if said:
            raise ValidationError(said)

    def _deleted_meanwhile(self) -> Iterator[ValidationError]:
        for form in self.initial_forms:
            if self._pk_field.name not in form.errors:
                continue
            typed = [str(bound.data) for name, bound in form._bound_items() if name not in _OURS and bound.data]
            words = "; ".join(one for one in typed if not one.isdigit())
            yield ValidationError(
                f"Somebody deleted a row of {self.model._meta.verbose_name_plural} meanwhile, so nothing was saved. You had "
                f"in it: “{words}”. Copy what you want to keep, load the page again, and add it as a new row.",
                code=STALE,
            )

    def _saved_before_deletion(self) -> Iterator[ValidationError]:
        for form in self.deleted_forms:
            row = form.instance
            if row._state.adding:
                continue
            stored = type(row)._base_manager.select_for_update(no_key=True).filter(pk=row.pk).first()
            hold_for_deletion(row)
            if goes_along := _goes_along(row):
                yield ValidationError(
                    f"“{row}” cannot be deleted here, because {goes_along} under it would go unseen. Open it, and "
                    "delete it there."
                )
            elif stored is not None and form.seen_version != stored.version:
                form._fill_in("lock_version", stored.version)
                yield ValidationError(
                    f"“{stored}” is to be deleted, but {who_saved(stored)} meanwhile. Nothing was saved. Read it again; "
                    "if it should still go, save once more.",
                    code=STALE,
                )

    @property
    def is_stale(self) -> bool:
        non_form = any(error.code == STALE for error in self.non_form_errors().as_data())
        return non_form or any(form.is_stale for form in self.forms if form.is_bound)
