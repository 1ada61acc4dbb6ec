"""The tables of the record and of the desk."""

from editions.models.desk import Invitation, ReviewRequest
from editions.models.pages import Contribution, FormerSlug, Page, WorkingCopy
from editions.models.record import Edition, Entry, Mention, Record, Review, Sealed, SealedRow

__all__ = [
    "Contribution",
    "Edition",
    "Entry",
    "FormerSlug",
    "Invitation",
    "Mention",
    "Page",
    "Record",
    "Review",
    "ReviewRequest",
    "Sealed",
    "SealedRow",
    "WorkingCopy",
]
