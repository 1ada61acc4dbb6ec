"""The buttons of the desk: one step each, with the form that it asks for, why it is not there, and the action it calls.

`why_not` only explains: the action itself decides, and is asked again when the form comes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils import timezone

from basics.forms import tidied
from editions import actions, record
from editions.models import Edition, Page
from editions.standing import Standing
from editions.vocabulary import Act, ChangeKind, Check, Outcome, Progress, ReviewKind, Scope


@dataclass(frozen=True)
class Step:
    """Something a person can do to an edition or a page now."""

    name: str  # in addresses: `review`
    label: str  # on the button
    about: str  # what it does, above its form
    form: type[forms.Form]
    why_not: Callable[[Any, Any], str]  # (edition or page, person) → a sentence, or nothing if it can be done
    run: Callable[..., Any]  # (edition or page, by=person, **the form's data)
    done: str
    is_main: bool = False
    is_grave: bool = False


@dataclass(frozen=True)
class Offer:
    """A step beside the reason why this person cannot take it now, if there is one."""

    step: Step
    why_not: str


def offers(steps: dict[str, Step], subject: Edition | Page, user) -> list[Offer]:
    return [Offer(step, step.why_not(subject, user)) for step in steps.values()]


def _text(label: str, help_text: str = "", rows: int = 3, **kwargs) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "class": "vLargeTextField"})
    return forms.CharField(label=label, help_text=help_text, widget=widget, validators=[tidied], **kwargs)


_MOST = 2**31 - 1


def _seen() -> forms.IntegerField:
    return forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=_MOST)


class SeenForm(forms.Form):
    """A form that carries what the person saw, so that nobody decides about what they have not read."""

    def __init__(self, *args, subject: Edition | Page, **kwargs):
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

    seen_entry = _seen()


class SubmitForm(SeenForm):
    change_note = _text("Why does this edition exist?", "One or two sentences for readers. They stand in the history.")
    change_kind = forms.ChoiceField(
        label="What kind of change is it?",
        choices=[(str(kind), kind.label) for kind in (ChangeKind.CONTENT, ChangeKind.CORRECTION, ChangeKind.URGENT)],
        widget=forms.RadioSelect,
        initial=str(ChangeKind.CONTENT),
        help_text="The first edition of a page is always a new page.",
    )
    changes_eligibility = forms.BooleanField(label="It changes who can have the drug", required=False)
    seen_changes = _seen()


_KINDS = ReviewKind.choices()


class ReviewForm(StepForm):
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
    comment = _text(
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
            self.fields[f"on-{part}"] = _text(f"On {label}", rows=2, required=False)

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


class PublishForm(StepForm):
    live_from = forms.DateTimeField(
        label="From",
        required=False,
        help_text="Leave it empty to publish now. Otherwise the moment (London time) from which visitors read it.",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
    )


class ReasonForm(StepForm):
    reason = _text("Why?", "Readers see this sentence.")


class OptionalReasonForm(StepForm):
    reason = _text("Why?", "It stands in the record.", required=False)


class DraftForm(SeenForm):
    seen_changes = _seen()


class ReviewedForm(StepForm):
    seen_edition = _seen()
    kinds = forms.MultipleChoiceField(
        label="You reviewed it as",
        choices=_KINDS,
        widget=forms.CheckboxSelectMultiple,
        help_text="All that you are.",
    )
    comment = _text("Comment", "It stays with staff.", required=False)


class MoveForm(StepForm):
    slug = forms.SlugField(label="New address", max_length=100, help_text="The last part of it: “imatinib”.")
    reason = _text("Why?", "It stands in the record.", required=False)


class DoubtForm(StepForm):
    sentence = _text("What do visitors need to know?", "One sentence: “We are checking this page: …”")


class SettleForm(StepForm):
    note = _text("How was it settled?", "Readers see this sentence in the history.")


def _lacks(user, permission: str, who: str) -> str:
    return "" if user.has_perm(f"editions.{permission}") else f"Only {who} can do this."


def _not(edition: Edition, *progress: Progress) -> str:
    if edition.progress in progress:
        return ""
    return f"This edition is {Progress(edition.progress).label}."


def _may_not_submit(page: Page, user) -> str:
    if said := _lacks(user, "submit_edition", "an author"):
        return said
    standing = Standing.of(page)
    if standing.open and standing.open.progress != Progress.CHANGES_REQUESTED:
        return f"An edition is {Progress(standing.open.progress).label} already. Take it back, or let it be published."
    return ""


def _may_not_review(edition: Edition, user) -> str:
    if said := _lacks(user, "review_edition", "a reviewer"):
        return said
    if edition.progress == Progress.PUBLISHED:
        if not (edition.is_urgent() and Edition.objects.live(record.now()).filter(pk=edition.pk).exists()):
            return "This edition was reviewed before it was published."
    elif said := _not(edition, Progress.IN_REVIEW, Progress.APPROVED):
        return said
    return "You wrote or submitted it, so somebody else has to review it." if edition.is_work_of(user) else ""


def _may_not_publish(edition: Edition, user) -> str:
    return _lacks(user, "publish_edition", "a publisher") or _not(edition, Progress.APPROVED)


def _may_not_publish_urgently(edition: Edition, user) -> str:
    return _lacks(user, "publish_urgently", "a publisher") or _not(
        edition, Progress.IN_REVIEW, Progress.CHANGES_REQUESTED
    )


def _may_not_take_back(edition: Edition, user) -> str:
    if said := _not(edition, Progress.IN_REVIEW, Progress.CHANGES_REQUESTED, Progress.APPROVED):
        return said
    if edition.submitted_by_id == user.pk and user.has_perm("editions.submit_edition"):
        return ""
    return _lacks(user, "publish_edition", "whoever submitted it, or a publisher,")


def _may_not_unschedule(edition: Edition, user) -> str:
    if said := _lacks(user, "publish_edition", "a publisher"):
        return said
    return "" if edition.is_scheduled(timezone.now()) else "This edition is not scheduled."


def _needs_live(permission: str, who: str) -> Callable[[Page, Any], str]:
    def why_not(page: Page, user) -> str:
        if said := _lacks(user, permission, who):
            return said
        return "" if Standing.of(page).live else "Visitors do not read this page now."

    return why_not


def _may_not_mark_reviewed(page: Page, user) -> str:
    if said := _needs_live("review_edition", "a reviewer")(page, user):
        return said
    live = Standing.of(page).live
    return "You wrote or submitted it, so somebody else has to review it." if live and live.is_work_of(user) else ""


def _may_not_settle(page: Page, user) -> str:
    if said := _lacks(user, "tell_doubt", "a publisher"):
        return said
    newest = page.entries.filter(act__in=[Act.DOUBT_TOLD, Act.DOUBT_SETTLED]).last()
    return "" if newest and newest.act == Act.DOUBT_TOLD else "No doubt is told about this page."


def _submit(page: Page, *, by, **data) -> Edition:
    working = page.kind_of_page.working_copy(page)
    if working is None:
        raise actions.WrongProgress(f"There is no working copy of {page}.")
    return actions.submit(working, by=by, **data)


def _by_name(*steps: Step) -> dict[str, Step]:
    return {step.name: step for step in steps}


EDITION_STEPS = _by_name(
    Step(
        "review",
        "Review",
        "You read the edition below, and say whether it can be published. Your name, role and declared interests stand "
        "on the page.",
        ReviewForm,
        _may_not_review,
        actions.review,
        "Your review is recorded.",
        is_main=True,
    ),
    Step(
        "publish",
        "Publish",
        "Visitors read this edition from now on, or from a moment that you choose.",
        PublishForm,
        _may_not_publish,
        actions.publish,
        "Published.",
        is_main=True,
    ),
    Step(
        "publish-urgently",
        "Publish before review",
        "Only when waiting would harm somebody. The page says “published before review” until another person has "
        "reviewed it.",
        ReasonForm,
        _may_not_publish_urgently,
        actions.publish_urgently,
        "Published before review. Ask somebody to review it now.",
        is_grave=True,
    ),
    Step(
        "unschedule",
        "Take off the schedule",
        "It does not go live by itself any more. It stays approved, and its number is free again.",
        OptionalReasonForm,
        _may_not_unschedule,
        actions.take_off_schedule,
        "Taken off the schedule.",
    ),
    Step(
        "start-draft",
        "Start a draft from it",
        "The draft becomes what this edition says. What stands in the draft now and in no edition goes from it; the "
        "history keeps it. Nothing goes live by this.",
        DraftForm,
        lambda edition, user: _lacks(user, "submit_edition", "an author"),
        actions.start_draft,
        "The draft says what this edition says.",
    ),
    Step(
        "take-back",
        "Take back",
        "Nobody reviews or publishes this edition any more. The working copy stays as it is.",
        StepForm,
        _may_not_take_back,
        actions.take_back,
        "Taken back.",
    ),
)

PAGE_STEPS = _by_name(
    Step(
        "submit",
        "Submit for review",
        "The whole page is frozen as an edition. What you change afterwards is not part of it.",
        SubmitForm,
        _may_not_submit,
        _submit,
        "Submitted. Somebody else can review it now.",
        is_main=True,
    ),
    Step(
        "mark-reviewed",
        "Reviewed, no change needed",
        "You read the whole live page and it still holds. “Last reviewed” moves to today.",
        ReviewedForm,
        _may_not_mark_reviewed,
        actions.mark_reviewed,
        "Recorded: last reviewed today.",
    ),
    Step(
        "tell-doubt",
        "Tell visitors of a doubt",
        "Your sentence stands on the page, and wherever the page is shown, until the doubt is settled.",
        DoubtForm,
        _needs_live("tell_doubt", "a publisher"),
        actions.tell_doubt,
        "Told.",
    ),
    Step(
        "settle-doubt",
        "Settle the doubt",
        "The sentence goes from the page. It stays in the history.",
        SettleForm,
        _may_not_settle,
        actions.settle_doubt,
        "Settled.",
    ),
    Step(
        "move",
        "Give it a new address",
        "The old address leads to the new one for good.",
        MoveForm,
        lambda page, user: _lacks(user, "move_page", "a publisher"),
        actions.move_page,
        "Moved.",
    ),
    Step(
        "withdraw",
        "Withdraw the page",
        "Visitors see only your reason and the history. Other pages say that it was withdrawn.",
        ReasonForm,
        _needs_live("withdraw_page", "a publisher"),
        actions.withdraw_page,
        "Withdrawn.",
        is_grave=True,
    ),
)
