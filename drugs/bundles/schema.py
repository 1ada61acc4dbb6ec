"""A bundle as a typed value: the file that `export_bundle` writes and `import_bundle` reads. Plain Python."""

from collections import Counter
from typing import Annotated, Any, Final, Literal

from pydantic import Field, model_validator

from basics.content import PageKey, Value
from drugs.content import Mechanism
from editions.bundles.schema import RecordPart
from references.content import Source

FORMAT: Final = "patient-information-bundle"
VERSION: Final = 1

# A content in whatever format it was frozen in: drugs.content reads it, and says what is wrong with it.
FrozenContent = Annotated[
    dict[str, Any], Field(description="A content: `kind`, `format`, and the fields of that kind.")
]


class PageContents(Value):
    """What a page says: to visitors (only where the bundle has no record, which says it), and in its draft."""

    page: PageKey
    live: FrozenContent | None = None
    draft: FrozenContent | None = None


class Bundle(Value):
    """Whole pages. With `record`: the whole site, from which an empty site can be made. Without: contents only."""

    format: Literal["patient-information-bundle"]
    version: Literal[1]
    references: tuple[Source, ...]
    mechanisms: tuple[Mechanism, ...]
    contents: tuple[PageContents, ...]
    record: RecordPart | None = None

    @model_validator(mode="after")
    def _each_once(self):
        lists: dict[str, list[str]] = {
            "references": [one.key for one in self.references],
            "mechanisms": [one.key for one in self.mechanisms],
            "contents": [one.page for one in self.contents],
        }
        for name, keys in lists.items():
            key, times = next(iter(Counter(keys).most_common(1)), ("", 0))
            if times > 1:
                raise ValueError(f"{name} holds {key} twice. Keep one of them.")
        return self
