"""The forms of the desk's steps. Each carries what the person saw when they opened it."""

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.db import models

from basics.forms import tidied
from editions import actions
from editions.models import Edition, Feedback, Page
from editions.vocabulary import ChangeKind, Check, Outcome, ReviewKind, Scope


def text_field(label: str, help_text: str = "", rows: int = 3, **kwargs) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "class": "vLargeTextField"})
    return forms.CharField(label=label, help_text=help_text, widget=widget, validators=[tidied], **kwargs)


_MOST = 2**31 - 1  # the largest number that PostgreSQL's integers hold


def seen_number() -> forms.IntegerField:
    return forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=_MOST)


class SeenForm(forms.Form):
    """A form that carries what the person saw, so that nobody decides about what they have not read."""

    def __init__(self, *args, subject: models.Model, **kwargs):
        super().__init__(*args, **kwargs)
        self.subject = subject

    def said(self) -> dict[str, Any]:
        """What the action is told, once the form holds."""
        return self.cleaned_data

    def clean(self):
        super().clean()
        if any(self.cleaned_data.get(field.name) is None for field in self.hidden_fields()):
            raise forms.ValidationError(
                "This form came without what you saw when you opened it, so nothing was done. Load the page again."
            )


class StepForm(SeenForm):
    """The form of a step that the record holds, or that depends on what it holds."""

    seen_entry = seen_number()


class SubmitForm(SeenForm):
    change_note = text_field(
        "Why does this edition exist?", "One or two sentences for readers. They stand in the history."
    )
    change_kind = forms.ChoiceField(
        label="What kind of change is it?",
        choices=[(str(kind), kind.label) for kind in (ChangeKind.CONTENT, ChangeKind.CORRECTION, ChangeKind.URGENT)],
        widget=forms.RadioSelect,
        initial=str(ChangeKind.CONTENT),
        help_text="The first edition of a page is always a new page.",
    )
    changes_eligibility = forms.BooleanField(label="It changes who can have the drug", required=False)
    seen_changes = seen_number()


_KINDS = ReviewKind.choices()


class VerdictForm(SeenForm):
    """What a reviewer says of an edition, on the whole and on parts of the page."""

    subject: Edition
    outcome = forms.ChoiceField(
        label="Your verdict",
        choices=[(str(Outcome.APPROVED), "I approve it"), (str(Outcome.CHANGES_REQUESTED), "It needs changes")],
        widget=forms.RadioSelect,
    )
    kinds = forms.MultipleChoiceField(
        label="You review it as", choices=_KINDS, widget=forms.CheckboxSelectMultiple, help_text="All that you are."
    )
    scope = forms.ChoiceField(
        label="You read",
        choices=Scope.choices(),
        widget=forms.RadioSelect,
        help_text="Only a review of the whole page moves “last reviewed”.",
    )
    checked = forms.MultipleChoiceField(
        label="What you looked at", choices=Check.choices(), widget=forms.CheckboxSelectMultiple, required=False
    )
    comment = text_field(
        "Comment",
        "Needed if you ask for changes, here or on a part below: say which. It stays with staff.",
        required=False,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        edition = self.subject
        self.initial.setdefault("kinds", edition.kinds_missing() or edition.reviews_needed)
        self.parts = list(edition.page.kind_of_page.parts(edition.content))
        for part, label in self.parts:
            self.fields[f"on-{part}"] = text_field(f"On {label}", rows=2, required=False)

    def remarks(self) -> list[forms.BoundField]:
        """The boxes for comments on parts of the page."""
        return [self[f"on-{part}"] for part, _ in self.parts]

    def has_remarks(self) -> bool:
        return any(field.value() or field.errors for field in self.remarks())

    def visible_fields(self):
        return [field for field in super().visible_fields() if not field.name.startswith("on-")]

    def said(self):
        data = {name: value for name, value in self.cleaned_data.items() if not name.startswith("on-")}
        return {**data, "remarks": {part: self.cleaned_data[f"on-{part}"] for part, _ in self.parts}}


class ReviewForm(VerdictForm, StepForm):
    pass


class PublishForm(StepForm):
    live_from = forms.DateTimeField(
        label="From",
        required=False,
        help_text="Leave it empty to publish now. Otherwise the moment (London time) from which visitors read it.",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
    )


class ReasonForm(StepForm):
    reason = text_field("Why?", "Readers see this sentence.")


class OptionalReasonForm(StepForm):
    reason = text_field("Why?", "It stands in the record.", required=False)


class DraftForm(SeenForm):
    seen_changes = seen_number()


class ReviewedForm(StepForm):
    seen_edition = seen_number()
    kinds = forms.MultipleChoiceField(
        label="You reviewed it as",
        choices=_KINDS,
        widget=forms.CheckboxSelectMultiple,
        help_text="All that you are.",
    )
    comment = text_field("Comment", "It stays with staff.", required=False)


class MoveForm(StepForm):
    slug = forms.SlugField(label="New address", max_length=100, help_text="The last part of it: “imatinib”.")
    reason = text_field("Why?", "It stands in the record.", required=False)


class DoubtForm(StepForm):
    subject: Page
    sentence = text_field("What do visitors need to know?", "One sentence: “We are checking this page: …”")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        flags = self.subject.flags.open().filter(told=None)
        if flags.exists():
            self.fields["flag"] = forms.ModelChoiceField(
                flags, label="Because of which flag?", required=False, empty_label="another reason"
            )


class CareForm(SeenForm):
    subject: Page
    review_interval_months = forms.IntegerField(
        label="A review is due after how many months?",
        min_value=1,
        max_value=60,
        required=False,
        help_text="Empty: the usual for its kind. It counts from the next edition on.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        people = get_user_model().objects.filter(is_active=True, is_staff=True).order_by("public_name", "username")
        page = self.subject
        who = {
            "owner": forms.ModelChoiceField(people, required=False, label="Who looks after it?"),
            "stand_in": forms.ModelChoiceField(people, required=False, label="And who stands in?"),
        }
        self.fields = {**who, **self.fields}
        for name in self.fields:
            self.initial.setdefault(name, getattr(page, name))


class ResolveForm(StepForm):
    subject: Page
    note = text_field("How?", "What was found, and what was done about it.")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        flag = forms.ModelChoiceField(
            self.subject.flags.open(), label="Which?", widget=forms.RadioSelect, empty_label=None
        )
        self.fields = {"flag": flag, **self.fields}


class SettleForm(StepForm):
    note = text_field("How was it settled?", "Readers see this sentence in the history.")


class AskForm(SeenForm):
    subject: Edition
    wanted_by = forms.DateField(
        label="Until when, if you can say",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
    )
    note = text_field("A word to them", required=False, rows=2)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        reviewer = forms.ModelChoiceField(
            actions.could_review(self.subject),
            label="Whom do you ask?",
            help_text="Reviewers who wrote nothing of it. They get a letter by e-mail.",
        )
        self.fields = {"reviewer": reviewer, **self.fields}


class InviteForm(SeenForm):
    name = forms.CharField(label="Their name", max_length=120, validators=[tidied])
    email = forms.EmailField(label="Their e-mail address")
    days = forms.IntegerField(
        label="The link opens for how many days?", min_value=1, max_value=actions.MOST_DAYS, initial=21
    )
    note = text_field("A word to them", "It stands in the letter.", required=False, rows=2)


class CorrectNoteForm(StepForm):
    subject: Edition
    note = text_field(
        "The change note, put right", "Readers see it in place of the old one, and that it was put right."
    )
    reason = text_field("Why?", "Readers see this sentence.", rows=2)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("note", self.subject.current_note())


class FlagFeedbackForm(SeenForm):
    subject: Feedback
    sentence = text_field(
        "What has to be looked at?",
        "In your own words, for your colleagues. Repeat nothing that tells of a person.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.subject.page is None:
            pages = Page.objects.order_by("key")
            self.fields = {"page": forms.ModelChoiceField(pages, label="On which page?"), **self.fields}


class PutFeedbackAwayForm(SeenForm):
    reason = text_field("Why does nothing have to be done?", "For your colleagues.", rows=2)


class RemoveWordsForm(SeenForm):
    sure = forms.BooleanField(label="Remove all the words of this message. It cannot be undone.")

    def said(self) -> dict[str, Any]:
        return {}


class RemoveNameForm(SeenForm):
    asked = forms.BooleanField(label="This person asked for it. It cannot be undone.")

    def said(self) -> dict[str, Any]:
        return {}
