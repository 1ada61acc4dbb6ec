"""What an entry says, read from its sealed text, with the facts that the public site relies on. Plain Python."""

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints, model_validator

from basics.content import Key, PageKey
from editions.bundles.schema import Hash, Kept, Moment, Number, Row, Uid
from editions.vocabulary import PUBLISHING, Act


class Sealed(Row):
    """An edition or a review as a statement knows it."""

    uid: Uid
    digest: Hash


def _day(text: str) -> str:
    if not 1000 <= date.fromisoformat(text).year < 3000 or str(date.fromisoformat(text)) != text:
        raise ValueError("A day looks like 2018-04-03.")
    return text


class _Facts(Row):
    """The facts of an act that the public site relies on; an act may have more of them."""

    model_config = ConfigDict(frozen=True, extra="allow", strict=True)


class _Numbered(_Facts):
    number: Annotated[int, Field(gt=0, lt=2**31)]


class _CarriedOver(_Numbered):
    source: Kept
    reviewed_on: Annotated[str, AfterValidator(_day)] | None = None  # left out: nobody reviewed it there
    url: Annotated[Kept, StringConstraints(pattern=r"^((?i:https?)://.*)?$")] = ""


class _Withdrawn(_Facts):
    reason: Kept


class _Marked(_Withdrawn):
    standing: Kept


class _Told(_Facts):
    sentence: Kept


class _Noted(_Facts):
    note: Kept


class _Moved(_Facts):
    from_: Key = Field(alias="from")
    to: Key


class _NamesRemoved(_Facts):
    reviews: tuple[Uid, ...]
    entries: tuple[Number, ...]


_FACTS: dict[Act, type[_Facts]] = {
    Act.CARRIED_OVER: _CarriedOver,
    Act.PUBLISHED: _Numbered,
    Act.PUBLISHED_URGENTLY: _Numbered,
    Act.UNSCHEDULED: _Numbered,
    Act.REVIEWED: _Facts,
    Act.WITHDRAWN: _Withdrawn,
    Act.SOURCE_MARKED: _Marked,
    Act.DOUBT_TOLD: _Told,
    Act.DOUBT_SETTLED: _Noted,
    Act.MOVED: _Moved,
    Act.NOTE_CORRECTED: _Noted,
    Act.NAME_REMOVED: _NamesRemoved,
}
_OF_AN_EDITION = {*PUBLISHING, Act.UNSCHEDULED, Act.REVIEWED, Act.NOTE_CORRECTED}
_OF_A_PAGE = {Act.WITHDRAWN, Act.DOUBT_TOLD, Act.DOUBT_SETTLED, Act.MOVED}
Fact = Kept | bool | int | tuple[Kept | int, ...]


class Statement(Row):
    """What an entry says: the sealed text, read."""

    position: Number
    act: Act
    page: PageKey | None
    edition: Sealed | None
    review: Sealed | None
    subject: Annotated[Kept, StringConstraints(max_length=140)]
    at: Moment
    holds_from: Moment
    by: Hash
    person: Number | None
    details: dict[Kept, Fact]

    @model_validator(mode="after")
    def _says_all_that_its_act_needs(self):
        _FACTS[self.act].model_validate(self.details)
        if (self.edition is not None) != (self.act in _OF_AN_EDITION):
            raise ValueError(f"“{self.act.label}” speaks of an edition, or must not.")
        if (self.review is not None) != (self.act == Act.REVIEWED):
            raise ValueError(f"“{self.act.label}” speaks of a review, or must not.")
        if (self.page is not None) != (self.act in _OF_AN_EDITION | _OF_A_PAGE):
            raise ValueError(f"“{self.act.label}” speaks of a page, or must not.")
        return self
