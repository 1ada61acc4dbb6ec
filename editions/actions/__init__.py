"""The verbs: everything that changes what is public, or who stands behind it.

Each is atomic, keyword-only but for what it acts on, checks the permission and the state, and raises with a sentence
for the person: PermissionDenied, WrongProgress, NotReady or FourEyes. `seen_…` is what the person saw when they
decided: if it is not so any more, nothing is done.
"""

from editions.actions.asking import MOST_DAYS, ask_reviewer, could_review, invite_reviewer, may_ask, revoke_invitation
from editions.actions.beside import DoesNotHold
from editions.actions.feedback import (
    flag_feedback,
    forget_old_feedback,
    put_feedback_away,
    remove_words,
    take_feedback,
)
from editions.actions.flags import flag_due, raise_flag, raise_on_pages, resolve_flag
from editions.actions.names import remove_guest_name, remove_name
from editions.actions.notices import mark_source, newest_mark, settle_doubt, tell_doubt
from editions.actions.pages import care_for, check_address, count_change, move_page, open_page, page_for
from editions.actions.people import erase_account, is_erased
from editions.actions.publication import (
    carry_over,
    correct_note,
    publish,
    publish_urgently,
    take_off_schedule,
    withdraw_page,
)
from editions.actions.replay import bring_in, is_empty
from editions.actions.reviews import Verdict, mark_reviewed, review, review_by_invitation
from editions.actions.rules import FourEyes, NotReady, Refused, WrongProgress, newest_entry
from editions.actions.submission import start_draft, submit, take_back

__all__ = [
    "MOST_DAYS",
    "DoesNotHold",
    "FourEyes",
    "NotReady",
    "Refused",
    "Verdict",
    "WrongProgress",
    "ask_reviewer",
    "bring_in",
    "care_for",
    "carry_over",
    "check_address",
    "correct_note",
    "could_review",
    "count_change",
    "erase_account",
    "flag_due",
    "flag_feedback",
    "forget_old_feedback",
    "invite_reviewer",
    "is_empty",
    "is_erased",
    "mark_reviewed",
    "mark_source",
    "may_ask",
    "move_page",
    "newest_entry",
    "newest_mark",
    "open_page",
    "page_for",
    "publish",
    "publish_urgently",
    "put_feedback_away",
    "raise_flag",
    "raise_on_pages",
    "remove_guest_name",
    "remove_name",
    "remove_words",
    "resolve_flag",
    "review",
    "review_by_invitation",
    "revoke_invitation",
    "settle_doubt",
    "start_draft",
    "submit",
    "take_back",
    "take_feedback",
    "take_off_schedule",
    "tell_doubt",
    "withdraw_page",
]
