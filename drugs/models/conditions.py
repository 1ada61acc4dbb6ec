from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from basics.fields import PlainCharField, PlainTextField, RichTextField
from drugs.models.parts import CitationRow, permissions
from editions.models import WorkingCopy


class Condition(WorkingCopy):
    """An illness that drugs are given for, in its place under a wider one."""

    name = PlainCharField(max_length=160, unique=True)
    abbreviation = PlainCharField(max_length=30, blank=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="is a kind of"
    )
    summary = PlainTextField(help_text="What it is, in one or two plain sentences.")
    about = RichTextField()

    class Meta:
        ordering = ["name"]
        permissions = permissions("condition", "conditions")
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="condition_has_name"),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                name="condition_is_not_its_own_kind",
                violation_error_message="A condition cannot be a kind of itself.",
            ),
        ]

    def __str__(self):
        return f"{self.name} ({self.abbreviation})" if self.abbreviation else self.name

    def clean(self):
        super().clean()
        seen, wider = {self.pk}, self.parent
        while wider is not None:
            if wider.pk in seen:
                raise ValidationError(
                    {"parent": f"{wider} is itself a kind of {self}: that would go round in a circle."}
                )
            seen.add(wider.pk)
            wider = wider.parent


class ConditionCitation(CitationRow):
    page_path = ("condition", "page")
    condition = models.ForeignKey(Condition, models.CASCADE, related_name="citations")

    class Meta(CitationRow.Meta):
        constraints = [models.UniqueConstraint(fields=["condition", "reference"], name="condition_cites_once")]
