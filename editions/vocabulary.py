"""The words of editions and reviews. Each value is stored; its label is read."""

from basics.vocabulary import Vocabulary


class Progress(Vocabulary):
    """What is stored of where an edition stands. Scheduled, live and past follow from `published` and a moment."""

    IN_REVIEW = "in_review", "in review"
    CHANGES_REQUESTED = "changes_requested", "changes requested"
    APPROVED = "approved", "approved"
    PUBLISHED = "published", "published"
    TAKEN_BACK = "taken_back", "taken back"
    REPLACED = "replaced", "replaced by another edition"


OPEN = (Progress.IN_REVIEW, Progress.CHANGES_REQUESTED, Progress.APPROVED)
# Before publication: a later reviewer may still object to what others approved.
REVIEWABLE = (Progress.IN_REVIEW, Progress.APPROVED)


class ChangeKind(Vocabulary):
    NEW = "new", "new page"
    CONTENT = "content", "content change"
    CORRECTION = "correction", "correction"
    URGENT = "urgent", "urgent safety change"
    WITHDRAWAL = "withdrawal", "withdrawal"


class ReviewKind(Vocabulary):
    CLINICAL = "clinical", "clinical"
    PLAIN_ENGLISH = "plain_english", "plain English"
    LAY = "lay", "lay"


class Check(Vocabulary):
    """What a reviewer says that they looked at."""

    SOURCES = "sources", "I checked the sources behind what the page says"
    ELIGIBILITY = "eligibility", "I checked who can have the drug, and who cannot"
    PLAIN_ENGLISH = "plain_english", "Somebody without training can follow it"
    RISKS = "risks", "It words risks so that they neither frighten nor soothe"


class Scope(Vocabulary):
    WHOLE_PAGE = "whole_page", "the whole page"
    CHANGE = "change", "the change only"


class Outcome(Vocabulary):
    APPROVED = "approved", "approved"
    CHANGES_REQUESTED = "changes_requested", "asks for changes"


class Act(Vocabulary):
    """The public acts, each one entry of the record."""

    CARRIED_OVER = "carried_over", "carried over"
    PUBLISHED = "published", "published"
    PUBLISHED_URGENTLY = "published_urgently", "published before review"
    UNSCHEDULED = "unscheduled", "taken off the schedule"
    REVIEWED = "reviewed", "reviewed"
    WITHDRAWN = "withdrawn", "withdrawn"
    SOURCE_MARKED = "source_marked", "source marked"
    DOUBT_TOLD = "doubt_told", "doubt told"
    DOUBT_SETTLED = "doubt_settled", "doubt settled"
    MOVED = "moved", "moved to a new address"
    NOTE_CORRECTED = "note_corrected", "change note corrected"
    NAME_REMOVED = "name_removed", "name removed on request"


class FlagReason(Vocabulary):
    """Why a page has to be looked at again."""

    REVIEW_DUE = "review_due", "review is due"
    MENTIONED_CHANGED = "mentioned_changed", "something that it mentions changed"
    SOURCE_CHANGED = "source_changed", "a source changed its standing"
    LINK_DEAD = "link_dead", "a link is dead"
    FEEDBACK = "feedback", "a reader wrote"
    DOUBT = "doubt", "somebody doubts it"


class FeedbackSort(Vocabulary):
    """What sort of thing a reader found."""

    WRONG = "wrong", "Something is wrong"
    UNCLEAR = "unclear", "I do not understand something"
    OLD = "old", "Something is out of date"
    MISSING = "missing", "Something is missing"
    USE = "use", "The page does not work for me"


class FeedbackState(Vocabulary):
    """What became of what a reader wrote."""

    NEW = "new", "is new"
    FLAGGED = "flagged", "became a flag"
    PUT_AWAY = "put_away", "was put away"


# The acts that make an edition what visitors read.
PUBLISHING = (Act.CARRIED_OVER, Act.PUBLISHED, Act.PUBLISHED_URGENTLY)
