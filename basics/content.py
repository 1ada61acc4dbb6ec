"""The building blocks of a page's content: immutable values with text that is safe to publish."""

from functools import cache
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

from basics import richtext
from basics.dates import PartialDate
from basics.text import tidy


class Value(BaseModel):
    """An immutable value that refuses fields it does not know, so that a misspelt one is never lost in silence."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _partial_date(text: str) -> str:
    return str(PartialDate.parse(text)) if text else ""


# Plain words: no markup, no character that cannot be published.
Plain = Annotated[str, AfterValidator(tidy)]
# Plain words that must be there.
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1), AfterValidator(tidy)]
# Cleaned HTML of basics.richtext, or empty.
Rich = Annotated[str, AfterValidator(richtext.clean)]
# `2018`, `2018-04`, `2018-04-03` or empty when the date is not known.
When = Annotated[str, AfterValidator(_partial_date)]
# What deep links, natural keys and addresses are made of.
Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=100)]
# A page for good, whatever its address becomes: the kind and the slug it was born with, e.g. `drug/imatinib`.
PageKey = Annotated[str, StringConstraints(pattern=r"^[a-z]+/[a-z0-9]+(-[a-z0-9]+)*$", max_length=120)]


@cache
def rich_fields(model: type[Value]) -> frozenset[str]:
    """The names of a value's fields that hold rich text. In any other, what looks like markup is words."""
    return frozenset(
        name
        for name, field in model.model_fields.items()
        if any(isinstance(one, AfterValidator) and one.func is richtext.clean for one in field.metadata)
    )
