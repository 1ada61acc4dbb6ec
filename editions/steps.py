"""The buttons of the desk: one step each, with the form that it asks for, why it is not there, and the action it calls.

`why_not` only explains: the action itself decides, and is asked again when the form comes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms

from editions import actions, record, step_forms
from editions.models import Edition, Entry, Feedback, Page, Review
from editions.standing import Standing
from editions.vocabulary import REVIEWABLE, FeedbackState, Progress


@dataclass(frozen=True)
class Step:
    """Something a person can do to an edition, a page, or another thing of the desk now."""

    name: str  # in addresses: `review`
    label: str  # on the button
    about: str  # what it does, above its form
    form: type[forms.Form]
    why_not: Callable[[Any, Any], str]  # (edition or page, person) → a sentence, or nothing if it can be done
    run: Callable[..., Any]  # (edition or page, by=person, **the form's data)
    done: str | Callable[[Any], str]  # said when it is taken; a function gets what `run` returned
    is_main: bool = False
    is_grave: bool = False


@dataclass(frozen=True)
class Offer:
    """A step beside the reason why this person cannot take it now, if there is one."""

    step: Step
    why_not: str


def offers(steps: dict[str, Step], subject: Edition | Page | Feedback, user) -> list[Offer]:
    return [Offer(step, step.why_not(subject, user)) for step in steps.values()]


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
    elif said := _not(edition, *REVIEWABLE):
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
    return "" if edition.is_scheduled(record.now()) else "This edition is not scheduled."


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


def _may_not_ask(edition: Edition, user) -> str:
    if not actions.may_ask(user):
        return "Only an author or a publisher can do this."
    return _not(edition, *REVIEWABLE)


def _may_not_invite(edition: Edition, user) -> str:
    if said := _lacks(user, "invite_reviewer", "a reviewer or a publisher") or _not(edition, *REVIEWABLE):
        return said
    return "You wrote or submitted it, so somebody else chooses who reviews it." if edition.is_work_of(user) else ""


def _may_not_settle(page: Page, user) -> str:
    if said := _lacks(user, "tell_doubt", "a publisher"):
        return said
    return "" if page.newest_doubt() else "No doubt is told about this page."


def _may_not_resolve(page: Page, user) -> str:
    if said := _lacks(user, "resolve_flag", "a reviewer or a publisher"):
        return said
    return "" if page.flags.open().exists() else "No flag is open on this page."


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
        step_forms.ReviewForm,
        _may_not_review,
        actions.review,
        "Your review is recorded.",
        is_main=True,
    ),
    Step(
        "ask",
        "Ask a colleague to review it",
        "They find it first on their desk, and get a letter.",
        step_forms.AskForm,
        _may_not_ask,
        actions.ask_reviewer,
        "Asked.",
    ),
    Step(
        "invite",
        "Invite a reviewer from outside",
        "They need no account: a link opens this edition for them, once. Their name, role and interests stand beside the "
        "page, and that you invited them.",
        step_forms.InviteForm,
        _may_not_invite,
        actions.invite_reviewer,
        "Invited. They get a letter with the link.",
    ),
    Step(
        "publish",
        "Publish",
        "Visitors read this edition from now on, or from a moment that you choose.",
        step_forms.PublishForm,
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
        step_forms.ReasonForm,
        _may_not_publish_urgently,
        actions.publish_urgently,
        "Published before review. Ask somebody to review it now.",
        is_grave=True,
    ),
    Step(
        "unschedule",
        "Take off the schedule",
        "It does not go live by itself any more. It stays approved, and its number is free again.",
        step_forms.OptionalReasonForm,
        _may_not_unschedule,
        actions.take_off_schedule,
        "Taken off the schedule.",
    ),
    Step(
        "correct-note",
        "Put its change note right",
        "The edition stays as it is. The record says what its note says now, and why.",
        step_forms.CorrectNoteForm,
        lambda edition, user: _lacks(user, "correct_note", "a publisher") or _not(edition, Progress.PUBLISHED),
        actions.correct_note,
        "The note is put right.",
    ),
    Step(
        "start-draft",
        "Start a draft from it",
        "The draft becomes what this edition says. What stands in the draft now and in no edition goes from it; the "
        "history keeps it. Nothing goes live by this.",
        step_forms.DraftForm,
        lambda edition, user: _lacks(user, "submit_edition", "an author"),
        actions.start_draft,
        "The draft says what this edition says.",
    ),
    Step(
        "take-back",
        "Take back",
        "Nobody reviews or publishes this edition any more. The working copy stays as it is.",
        step_forms.StepForm,
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
        step_forms.SubmitForm,
        _may_not_submit,
        _submit,
        "Submitted. Somebody else can review it now.",
        is_main=True,
    ),
    Step(
        "mark-reviewed",
        "Reviewed, no change needed",
        "You read the whole live page and it still holds. “Last reviewed” moves to today.",
        step_forms.ReviewedForm,
        _may_not_mark_reviewed,
        actions.mark_reviewed,
        "Recorded: last reviewed today.",
    ),
    Step(
        "tell-doubt",
        "Tell visitors of a doubt",
        "Your sentence stands on the page, and wherever the page is shown, until the doubt is settled.",
        step_forms.DoubtForm,
        _needs_live("tell_doubt", "a publisher"),
        actions.tell_doubt,
        "Told.",
    ),
    Step(
        "settle-doubt",
        "Settle the doubt",
        "The sentence goes from the page. It stays in the history.",
        step_forms.SettleForm,
        _may_not_settle,
        actions.settle_doubt,
        "Settled.",
    ),
    Step(
        "resolve-flag",
        "Resolve a flag",
        "The page was reviewed, or a new edition is live, since the flag was raised. If visitors were told of it, they are "
        "told no more.",
        step_forms.ResolveForm,
        _may_not_resolve,
        lambda page, *, by, flag, note, seen_entry: actions.resolve_flag(flag, by=by, note=note),
        "Resolved.",
    ),
    Step(
        "care",
        "Who looks after it",
        "They are reminded a month before its review is due, on the day, and every week after.",
        step_forms.CareForm,
        lambda page, user: _lacks(user, "care_for_page", "a publisher"),
        actions.care_for,
        "Noted.",
    ),
    Step(
        "move",
        "Give it a new address",
        "The old address leads to the new one for good.",
        step_forms.MoveForm,
        lambda page, user: _lacks(user, "move_page", "a publisher"),
        actions.move_page,
        "Moved.",
    ),
    Step(
        "withdraw",
        "Withdraw the page",
        "Visitors see only your reason and the history. Other pages say that it was withdrawn.",
        step_forms.ReasonForm,
        _needs_live("withdraw_page", "a publisher"),
        actions.withdraw_page,
        "Withdrawn.",
        is_grave=True,
    ),
)


def _remove_name(given: Review | Entry, *, by) -> Entry:
    person, review = (given.reviewer, given) if isinstance(given, Review) else (given.by, given.review)
    if person is None and review is not None:
        return actions.remove_guest_name(review, by=by)
    return actions.remove_name(person, by=by)


def _may_not_remove_name(given: Review | Entry, user) -> str:
    if said := _lacks(user, "remove_name", "an administrator"):
        return said
    name = given.reviewer_name if isinstance(given, Review) else given.by_name
    return "" if name else "The name was removed already."


# Of a review or of an entry: whose name stands there.
NAME_STEPS = _by_name(
    Step(
        "remove-name",
        "Remove this name on request",
        "The name goes from every review and entry of a member of staff, or from the one review of somebody from outside. "
        "“Name removed on request” stands there instead, and the record still holds.",
        step_forms.RemoveNameForm,
        _may_not_remove_name,
        _remove_name,
        "The name is removed.",
        is_grave=True,
    ),
)


def _may_not_triage(feedback: Feedback, user) -> str:
    if said := _lacks(user, "triage_feedback", "a reviewer or a publisher"):
        return said
    return "" if feedback.state == FeedbackState.NEW else f"It {FeedbackState(feedback.state).label} already."


def _may_not_remove_words(feedback: Feedback, user) -> str:
    if said := _lacks(user, "triage_feedback", "a reviewer or a publisher"):
        return said
    return "The words were removed already." if feedback.words_removed_at else ""


# Of what a reader wrote.
FEEDBACK_STEPS = _by_name(
    Step(
        "flag",
        "Raise a flag",
        "Its page has to be looked at again. The flag stands on the desk until the page was reviewed, or a new edition is "
        "live.",
        step_forms.FlagFeedbackForm,
        _may_not_triage,
        actions.flag_feedback,
        "The flag is raised.",
        is_main=True,
    ),
    Step(
        "put-away",
        "Put away",
        "Nothing has to be done about it.",
        step_forms.PutFeedbackAwayForm,
        _may_not_triage,
        actions.put_feedback_away,
        "Put away.",
    ),
    Step(
        "remove-words",
        "Remove the words",
        "For a message that tells who somebody is, how to reach them, or of their illness. That somebody wrote, of which page "
        "and when, stays.",
        step_forms.RemoveWordsForm,
        _may_not_remove_words,
        actions.remove_words,
        "The words are removed.",
        is_grave=True,
    ),
)
