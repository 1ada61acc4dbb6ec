"""What readers wrote: taking it in, and what becomes of it. It is never public, so nothing of it is in the record."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from basics.days import add_months
from editions import seals
from editions.actions.flags import raise_flag
from editions.actions.rules import Refused, WrongProgress, check, words
from editions.models import Feedback, Flag, Page
from editions.vocabulary import FeedbackSort, FeedbackState, FlagReason


def take_feedback(
    *, said: str, sort: FeedbackSort, token: str, page_key: str = "", number: int | None = None
) -> Feedback:
    """Keep what a reader wrote. The same words by the same form once more are the same message, as after a double click.

    Raises Refused if the form was used for other words.
    """
    page = Page.objects.filter(key=page_key).first() if page_key else None
    feedback, is_new = Feedback.objects.get_or_create(
        token=seals.sha256(token), defaults={"page": page, "number": number, "sort": FeedbackSort(sort), "words": said}
    )
    if not is_new and feedback.words != said:
        raise Refused(
            "This form was sent already, and we have what you wrote then. What you wrote now still stands below. If you "
            "want to send it as well, wait a few seconds and send it once more."
        )
    return feedback


@transaction.atomic
def flag_feedback(feedback: Feedback, *, by, sentence: str, page: Page | None = None) -> Flag:
    """Make what a reader wrote a reason to look at its page again, in a sentence of one's own.

    `page` is asked for if the reader named none. Raises PermissionDenied, WrongProgress, ValidationError.
    """
    feedback = _to_settle(feedback, by)
    page = feedback.page or page
    if page is None:
        raise ValidationError("The reader named no page. Say which page has to be looked at again.")
    flag = raise_flag(page, reason=FlagReason.FEEDBACK, sentence=sentence, subject=f"feedback/{feedback.pk}", by=by)
    if flag is None:
        raise WrongProgress("A flag for this message is open already.")
    feedback.flag = flag
    _settle(feedback, FeedbackState.FLAGGED, by=by, reason=flag.sentence)
    return flag


@transaction.atomic
def put_feedback_away(feedback: Feedback, *, by, reason: str) -> Feedback:
    """Say that nothing has to be done about what a reader wrote, and why.

    Raises PermissionDenied, WrongProgress, ValidationError.
    """
    feedback = _to_settle(feedback, by)
    return _settle(feedback, FeedbackState.PUT_AWAY, by=by, reason=words(reason, "The reason"))


@transaction.atomic
def remove_words(feedback: Feedback, *, by) -> Feedback:
    """Blank the words of a reader who told something of a person. That somebody wrote, of which page and when, stays."""
    check(by, "triage_feedback", "remove the words of readers")
    feedback = Feedback.objects.select_for_update(no_key=True, of=("self",)).get(pk=feedback.pk)
    if feedback.words_removed_at:
        raise WrongProgress("The words are removed already.")
    feedback.words, feedback.words_removed_at = "", timezone.now()
    feedback.save(update_fields=["words", "words_removed_at"])
    return feedback


def forget_old_feedback(*, dry_run: bool = False) -> int:
    """Delete what readers wrote more than FEEDBACK_KEPT_MONTHS ago, whatever became of it. Returns how many messages."""
    first_kept = add_months(timezone.localdate(), -settings.FEEDBACK_KEPT_MONTHS)
    old = Feedback.objects.filter(day__lt=first_kept)
    return old.count() if dry_run else old.delete()[0]


def _to_settle(feedback: Feedback, by) -> Feedback:
    check(by, "triage_feedback", "triage what readers wrote")
    feedback = Feedback.objects.select_for_update(no_key=True, of=("self",)).select_related("page").get(pk=feedback.pk)
    if feedback.state != FeedbackState.NEW:
        raise WrongProgress(f"Somebody else was quicker: this message {FeedbackState(feedback.state).label}.")
    return feedback


def _settle(feedback: Feedback, state: FeedbackState, *, by, reason: str) -> Feedback:
    feedback.state, feedback.reason = state, reason
    feedback.settled_by, feedback.settled_at = by, timezone.now()
    feedback.save(update_fields=["state", "reason", "flag", "settled_by", "settled_at"])
    return feedback
