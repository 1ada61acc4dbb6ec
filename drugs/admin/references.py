"""The desk of references, with what only those can do who know the pages: where a source is used, marks, mergers."""

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.urls import path, reverse
from django.utils import formats, timezone

from basics.models import SavedMeanwhile
from drugs import rests_on
from drugs.admin.mentioned import MentionedAdmin
from drugs.merging import Merged, merge
from drugs.where_used import where_used
from editions import actions
from editions.admin.steps import step_page
from editions.step_forms import SeenForm, seen_number, text_field
from editions.steps import Step
from references.admin import ReferenceAdmin
from references.content import Standing
from references.models import LinkCheck, Notice, Reference


def _proposed(reference: Reference) -> dict[str, str]:
    """What a publisher could say of a source, after what the list of retractions or its link tells."""
    notice = Notice.holding_for(reference)
    if notice is not None and notice.standing:
        return {"standing": str(notice.standing), "reason": notice.for_readers}
    dead = LinkCheck.objects.dead().filter(reference=reference).first()
    if dead is not None:
        since = formats.date_format(timezone.localtime(dead.failing_since), "j F Y")
        return {"standing": str(Standing.UNREACHABLE), "reason": f"Its address has not opened since {since}."}
    return {}


class OtherReferenceField(forms.ModelChoiceField):
    """Another reference, by its key: typed, with the keys of the library to choose from."""

    def __init__(self, **kwargs):
        super().__init__(Reference.objects.filter(merged_into=None), to_field_name="key", **kwargs)
        self.widget = forms.TextInput(attrs={"list": "reference-keys", "autocomplete": "off", "class": "vTextField"})
        self.error_messages["invalid_choice"] = "No reference has this key. Choose one of the list."

    def to_python(self, value):
        if value and not str(value).isprintable():  # PostgreSQL answers NUL with an error
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return super().to_python(value)


class MarkForm(SeenForm):
    """How far a source can still be relied on, for every page that cites it."""

    seen_mark = seen_number()
    standing = forms.ChoiceField(
        label="The source is",
        choices=[(str(one), one.label) for one in Standing],
        widget=forms.RadioSelect,
        help_text="“Current” takes a mark away.",
    )
    superseded_by = OtherReferenceField(
        label="Superseded by", required=False, help_text="The key of the source that took its place, if one did."
    )
    reason = text_field("Why?", "Readers see this sentence beside the source: what happened, when, and who says so.")

    def clean(self):
        super().clean()
        standing, successor = self.cleaned_data.get("standing"), self.cleaned_data.get("superseded_by")
        if successor and standing != Standing.SUPERSEDED:
            self.add_error("superseded_by", "Only a superseded source has one that took its place.")
        if successor and successor.pk == self.subject.pk:
            self.add_error("superseded_by", "A source does not take its own place.")

    def said(self):
        successor = self.cleaned_data["superseded_by"]
        return {**self.cleaned_data, "superseded_by": successor.key if successor else ""}


class MergeForm(SeenForm):
    seen_version = seen_number()
    into = OtherReferenceField(
        label="The reference that stays", help_text="Its key. Every draft that cites the duplicate cites this one."
    )
    reason = forms.CharField(label="Why?", required=False, max_length=500, help_text="For your colleagues.")


def _merge(reference: Reference, *, by, into: Reference, reason: str, seen_version: int) -> Merged:
    if seen_version != reference.version:
        raise actions.WrongProgress(
            "Somebody changed this reference since you opened this form. Look at it again, then decide."
        )
    try:
        return merge(reference, into, by=by, reason=reason)
    except SavedMeanwhile as problem:
        raise actions.WrongProgress(str(problem)) from problem


def _merged(done: Merged) -> str:
    places = done.citations + done.texts
    return (
        f"It is a duplicate of the other now: {places} {'place cites' if places == 1 else 'places cite'} that one instead. "
        "These drafts wait to be submitted."
    )


# Who may is asked before: these say nothing of it.
MARK = Step(
    "mark",
    "Mark this source",
    "What you say here stands beside the source on every page and edition that cites it, from now on. Each of these pages "
    "is flagged, to be looked at again.",
    MarkForm,
    lambda reference, user: "",
    rests_on.mark,
    "Marked. Every page that cites it says so from now on.",
)
MERGE = Step(
    "merge",
    "It is a duplicate",
    "Every draft that cites it will cite the other one. Editions stay as they are. The duplicate is kept, because past "
    "editions cite it; nobody can cite it anew, and its address leads to the other.",
    MergeForm,
    lambda reference, user: "",
    _merge,
    _merged,
)

admin.site.unregister(Reference)


@admin.register(Reference)
class CitedReferenceAdmin(MentionedAdmin, ReferenceAdmin):
    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/mark/", view(self.mark), name="references_reference_mark"),
            path("<int:pk>/merge/", view(self.merge), name="references_reference_merge"),
            *super().get_urls(),
        ]

    def render_change_form(self, request, context, *args, **kwargs):
        if (row := kwargs.get("obj")) is not None:
            offered = [(MARK, "editions.mark_source")]
            if row.merged_into is None:
                offered.append((MERGE, "references.change_reference"))
            context["row_steps"] = [
                (step.label, reverse(f"admin:references_reference_{step.name}", args=[row.pk]))
                for step, permission in offered
                if request.user.has_perm(permission)
            ]
        return super().render_change_form(request, context, *args, **kwargs)

    def mark(self, request, pk: int):
        """Say on every page that cites a source how far it can be relied on."""
        reference = self._row(request, pk)
        if not request.user.has_perm("editions.mark_source"):
            raise PermissionDenied
        initial = {"seen_mark": actions.newest_mark(reference.key), **_proposed(reference)}
        return self._step(request, reference, MARK, initial)

    def merge(self, request, pk: int):
        """Make a duplicate the same as another reference."""
        reference = self._row(request, pk)
        if not self.has_change_permission(request, reference):
            raise PermissionDenied
        return self._step(request, reference, MERGE, {"seen_version": reference.version})

    def _step(self, request, reference: Reference, step: Step, initial: dict):
        return step_page(
            request,
            reference,
            step,
            back=reverse("admin:references_reference_change", args=[reference.pk]),
            initial=initial,
            extra={
                "opts": self.opts,
                "reference": reference,
                "uses": where_used(reference),
                "keys": Reference.objects.filter(merged_into=None).exclude(pk=reference.pk).values_list("key", "title"),
            },
            template="admin/drugs/reference_step.html",
        )
