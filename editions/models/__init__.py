"""The tables of the record and of the desk."""

from editions.models.desk import Invitation, ReviewRequest
from editions.models.feedback import Feedback
from editions.models.flags import CommandRun, Flag, Reminder
from editions.models.listing import Heading, Listing
from editions.models.pages import Contribution, FormerSlug, Page, WorkingCopy
from editions.models.record import Edition, Entry, Mention, Record, Review, Sealed, SealedRow
from editions.models.search import EmptySearch, SearchEntry

__all__ = [
    "CommandRun",
    "Contribution",
    "Edition",
    "EmptySearch",
    "Entry",
    "Feedback",
    "Flag",
    "FormerSlug",
    "Heading",
    "Invitation",
    "Listing",
    "Mention",
    "Page",
    "Record",
    "Reminder",
    "Review",
    "ReviewRequest",
    "Sealed",
    "SealedRow",
    "SearchEntry",
    "WorkingCopy",
]
