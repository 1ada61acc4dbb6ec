"""What the working copies of this app share: parts in an order, and citations."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from basics.fields import PlainCharField
from basics.models import VersionedRow
from editions.models import Page
from references.models import Reference

LONGEST_LOCATOR = 80


class Part(VersionedRow):
    """A row under a page's working copy. `page_path` leads from it to the page: `drug.page`."""

    page_path: tuple[str, ...]

    order = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        if "page_path" in vars(cls):
            cls.stays_under = cls.page_path[:1]

    def hold(self) -> None:
        Page.objects.select_for_update(no_key=True).filter(pk=self.page_id_above()).first()

    def page_id_above(self) -> int:
        """The number of the page whose working copy this row is part of."""
        thing: Any = self
        for name in self.page_path[:-1]:
            thing = getattr(thing, name)
        return thing.page_id


class CitationRow(Part):
    """A source behind a row, in its place in the row's list."""

    reference = models.ForeignKey(Reference, models.PROTECT, related_name="+")
    locator = PlainCharField(
        "where in it", max_length=LONGEST_LOCATOR, blank=True, help_text="Page, table or section, e.g. “table 2”."
    )

    class Meta:
        abstract = True
        ordering = ["order", "pk"]

    def __str__(self):
        return f"{self.reference.key} {self.locator}".strip()

    def clean(self):
        super().clean()
        if not self.reference_id or not (other := self.reference.stands_in):
            return
        if not type(self)._default_manager.filter(pk=self.pk, reference=self.reference).exists():
            raise ValidationError({"reference": f"“{self.reference.key}” was merged into “{other}”. Cite that one."})


def permissions(name: str, plural: str) -> list[tuple[str, Any]]:
    """The rights to import and to export, which django-import-export asks for by name."""
    code = name.replace(" ", "")
    return [(f"import_{code}", f"Can import {plural}"), (f"export_{code}", f"Can export {plural}")]
