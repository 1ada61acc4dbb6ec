"""Fixed words with a label for people. Plain Python, so that content can use them without Django."""

from enum import StrEnum


class Vocabulary(StrEnum):
    """An enumeration whose members carry the words that people read: `GIST = "gist", "GIST"`."""

    label: str

    def __new__(cls, value: str, label: str = ""):  # a default, because Progress("live") looks a member up
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """The members as Django's `choices`: value and label."""
        return [(member.value, member.label) for member in cls]
