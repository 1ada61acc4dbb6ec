"""The desk of references, with what only those can do who know the pages: where a source is used, marks, mergers."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import formats, timezone

from basics.models import SavedMeanwhile
from basics.once import once
from drugs import rests_on
from drugs.admin.mentioned import MentionedAdmin
from drugs.merging import merge
from drugs.where_used import where_used
from editions import actions
from editions.step_forms import SeenForm, seen_number, text_field
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
            offered = [("Mark this source", "mark", "editions.mark_source")]
            if row.merged_into is None:
                offered.append(("It is a duplicate", "merge", "references.change_reference"))
            context["row_steps"] = [
                (label, reverse(f"admin:references_reference_{name}", args=[row.pk]))
                for label, name, permission in offered
                if request.user.has_perm(permission)
            ]
        return super().render_change_form(request, context, *args, **kwargs)

    def mark(self, request, pk: int):
        """Say on every page that cites a source how far it can be relied on."""
        reference = self._row(request, pk)
        if not request.user.has_perm("editions.mark_source"):
            raise PermissionDenied
        initial = {"seen_mark": actions.newest_mark(reference.key), **_proposed(reference)}

        def act(data):
            rests_on.mark(reference, by=request.user, **data)
            return "Marked. Every page that cites it says so from now on."

        return self._step(
            request,
            reference,
            MarkForm,
            act,
            initial=initial,
            title=f"Mark a source: {reference.key}",
            send="Mark this source",
            about="What you say here stands beside the source on every page and edition that cites it, from now on. "
            "Each of these pages is flagged, to be looked at again.",
        )

    def merge(self, request, pk: int):
        """Make a duplicate the same as another reference."""
        reference = self._row(request, pk)
        if not self.has_change_permission(request, reference):
            raise PermissionDenied

        def act(data):
            if data.pop("seen_version") != reference.version:
                raise actions.WrongProgress(
                    "Somebody changed this reference since you opened this form. Look at it again, then decide."
                )
            done = merge(reference, by=request.user, **data)
            places = done.citations + done.texts
            return (
                f"“{reference.key}” is a duplicate of “{data['into'].key}” now: {places} "
                f"{'place cites' if places == 1 else 'places cite'} that one instead. These drafts wait to be submitted."
            )

        return self._step(
            request,
            reference,
            MergeForm,
            act,
            initial={"seen_version": reference.version},
            title=f"A duplicate: {reference.key}",
            send="Merge it into the other",
            about="Every draft that cites it will cite the other one. Editions stay as they are. The duplicate is "
            "kept, because past editions cite it; nobody can cite it anew, and its address leads to the other.",
        )

    def _step(self, request, reference, form_class, act, *, initial, title, send, about):
        def answer():
            form = form_class(request.POST if request.method == "POST" else None, initial=initial, subject=reference)
            status = 200
            if request.method == "POST":
                status = 422
                if form.is_valid():
                    try:
                        messages.success(request, act(form.said()))
                    except (actions.Refused, SavedMeanwhile) as refusal:
                        status = 409
                        form.add_error(None, str(refusal))
                    except ValidationError as refusal:
                        form.add_error(None, refusal.messages)
                    else:
                        return HttpResponseRedirect(reverse("admin:references_reference_change", args=[reference.pk]))
            context = {
                **self.admin_site.each_context(request),
                "title": title,
                "about": about,
                "send": send,
                "opts": self.opts,
                "reference": reference,
                "form": form,
                "uses": where_used(reference),
                "keys": Reference.objects.filter(merged_into=None).exclude(pk=reference.pk).values_list("key", "title"),
            }
            return render(request, "admin/drugs/reference_step.html", context, status=status)

        return once(request, answer)
