"""The record in a bundle, as typed values: what an import accepts, and nothing else. Plain Python.

What was sealed stands here as the text that was sealed. Whatever follows from it (positions, moments, addresses) is not
repeated, or stands beside it for readers and has to agree.
"""

import re
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints, model_validator

from basics.content import Key, PageKey, Value
from basics.text import ForbiddenCharacter, is_forbidden
from editions.vocabulary import ChangeKind, Check, FlagReason, Outcome, Progress, ReviewKind, Scope

_MOMENT = r"^[12]\d{3}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z$"
_LARGEST = 2**63 - 1  # of a whole number in the database


def _kept(text: str) -> str:
    """Text as it stands, because its bytes were sealed. Raises ForbiddenCharacter for what could never be published."""
    for position, character in enumerate(text):
        if is_forbidden(character):
            raise ForbiddenCharacter(text, position)
    return text


def _moment(text: str) -> str:
    if not re.match(_MOMENT, text):
        raise ValueError("A moment looks like 2018-04-03T00:00:00.000000Z.")
    date.fromisoformat(text[:10])
    if not (text[11:13] < "24" and text[14:16] < "60" and text[17:19] < "60"):
        raise ValueError("There is no such time of day.")
    return text


Kept = Annotated[str, AfterValidator(_kept)]
Moment = Annotated[str, AfterValidator(_moment)]
Uid = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Number = Annotated[int, Field(gt=0, le=_LARGEST)]
Count = Annotated[int, Field(ge=0, le=_LARGEST)]
Months = Annotated[int, Field(ge=1, le=60)]


Name = Annotated[Kept, StringConstraints(max_length=160)]
Salt = Annotated[Kept, StringConstraints(max_length=64)]


class Row(Value):
    """A value that takes no number for text and no text for a number."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Person(Row):
    """Somebody whom the record or a page names by number. Nothing here lets anybody sign in."""

    number: Number
    public_name: Annotated[Kept, StringConstraints(max_length=120)] = ""


class Contributor(Row):
    """That a person changed a page's working copy, and the page's count of changes when they last did."""

    person: Number
    last_change: Count


class PageRow(Row):
    key: PageKey
    slug: Key
    former_slugs: tuple[Key, ...] = ()
    review_interval_months: Months | None = None
    changes: Count
    contributors: tuple[Contributor, ...] = ()


class EditionRow(Row):
    """An edition: all that is frozen of it, its digest, and where it stands."""

    uid: Uid
    page: PageKey
    content: Kept  # the text that was sealed, byte for byte
    change_kind: ChangeKind
    change_note: Kept
    changes_eligibility: bool
    review_interval_months: Months
    changes_at_freeze: Count
    contributors: tuple[Number, ...]
    reviews_needed: tuple[ReviewKind, ...]
    submitted_by: Number
    submitted_at: Moment
    digest: Hash
    progress: Progress
    number: Annotated[int, Field(gt=0, lt=2**31)] | None = None


class Remark(Row):
    part: Kept
    label: Kept
    text: Kept


class ReviewRow(Row):
    uid: Uid
    edition: Uid
    kinds: tuple[ReviewKind, ...]
    scope: Scope
    outcome: Outcome
    comment: Kept
    remarks: tuple[Remark, ...]
    checked: tuple[Check, ...]
    made_at: Moment
    reviewer: Number | None
    invited_by: Number | None
    reviewer_name: Name
    name_salt: Salt
    name_hash: Hash
    reviewer_role: Annotated[Kept, StringConstraints(max_length=330)]
    reviewer_interests: Kept

    @model_validator(mode="after")
    def _by_staff_or_by_invitation(self):
        if (self.reviewer is None) == (self.invited_by is None):
            raise ValueError("A review is by a member of staff or by somebody whom one invited: not both, not neither.")
        return self


class EntryRow(Row):
    """An entry: the statement, its seal, and the name and the salt beside it (both empty if removed on request)."""

    statement: Kept
    seal: Hash
    name: Name
    salt: Salt


class FlagRow(Row):
    """A reason to look at a page again, open or put away."""

    page: PageKey
    reason: FlagReason
    subject: Annotated[Kept, StringConstraints(max_length=140)]
    sentence: Kept
    raised_at: Moment
    raised_by: Number | None
    told: Number | None  # the position of the entry by which visitors were told
    resolved_at: Moment | None
    resolved_by: Number | None
    note: Kept


class RecordPart(Row):
    """The whole record with all that it rests on, each list in the order in which its rows were made."""

    people: tuple[Person, ...]
    pages: tuple[PageRow, ...]
    editions: tuple[EditionRow, ...]
    reviews: tuple[ReviewRow, ...]
    entries: tuple[EntryRow, ...]
    flags: tuple[FlagRow, ...]
    newest_seal: Hash
