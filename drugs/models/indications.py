from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from basics.fields import KeyField, PlainCharField, PlainTextField, RichTextField
from drugs import vocabulary as words
from drugs.models.conditions import Condition
from drugs.models.drugs import Drug
from drugs.models.parts import CitationRow, Part, permissions


class Indication(Part):
    """A use of a drug: for which condition, when, with what, and how settled that is."""

    page_path = ("drug", "page")
    drug = models.ForeignKey(Drug, models.CASCADE, related_name="indications")
    key = KeyField(help_text="Its place on the page, in links: “advanced-gist”.")
    condition = models.ForeignKey(Condition, models.PROTECT, related_name="indications")
    setting = models.CharField(max_length=20, choices=words.Setting.choices(), blank=True)
    line = models.CharField("line of treatment", max_length=20, choices=words.Line.choices(), blank=True)
    certainty = models.CharField(
        "how settled", max_length=20, choices=words.Certainty.choices(), default=words.Certainty.USED
    )
    where = PlainCharField(max_length=80, blank=True, help_text="If it holds only somewhere: “in the UK”.")
    partners = models.ManyToManyField(Drug, through="IndicationPartner", related_name="partner_in", blank=True)
    text = RichTextField()

    class Meta:
        ordering = ["order", "pk"]
        permissions = permissions("indication", "indications")
        constraints = [
            models.UniqueConstraint(fields=["drug", "key"], name="indication_key_once_per_drug"),
            models.CheckConstraint(condition=~Q(key=""), name="indication_has_key"),
            models.CheckConstraint(
                condition=Q(certainty__in=[str(one) for one in words.Certainty]), name="indication_certainty_is_known"
            ),
        ]

    def __str__(self):
        return f"{self.drug} for {self.condition}"


class IndicationPartner(Part):
    page_path = ("indication", "drug", "page")
    indication = models.ForeignKey(Indication, models.CASCADE, related_name="partner_rows")
    drug = models.ForeignKey(Drug, models.PROTECT, related_name="partner_rows")

    class Meta:
        ordering = ["order", "pk"]
        verbose_name = "partner drug"
        constraints = [models.UniqueConstraint(fields=["indication", "drug"], name="indication_partner_once")]

    def __str__(self):
        return f"with {self.drug}"

    def clean(self):
        if self.indication_id and self.indication.drug_id == self.drug_id:
            raise ValidationError({"drug": "A drug is not its own partner."})


class EligibilityCriterion(Part):
    """One line of who can, or cannot, have the drug."""

    page_path = ("indication", "drug", "page")
    indication = models.ForeignKey(Indication, models.CASCADE, related_name="criteria")
    kind = models.CharField(max_length=20, choices=words.CriterionKind.choices(), default=words.CriterionKind.REQUIRES)
    text = PlainTextField(help_text="Plain words, spoken to the reader: “You have taken imatinib.”")
    prior_treatment = models.CharField(max_length=20, choices=words.PriorKind.choices(), blank=True)
    prior_drug = models.ForeignKey(Drug, models.PROTECT, null=True, blank=True, related_name="criteria_after")
    prior_outcome = models.CharField(max_length=20, choices=words.PriorOutcome.choices(), blank=True)

    class Meta:
        ordering = ["order", "pk"]
        verbose_name_plural = "eligibility criteria"
        permissions = permissions("eligibilitycriterion", "eligibility criteria")
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="criterion_has_text"),
            models.CheckConstraint(
                condition=Q(prior_treatment="drug", prior_drug__isnull=False)
                | (~Q(prior_treatment="drug") & Q(prior_drug__isnull=True)),
                name="criterion_names_drug_when_it_says_so",
                violation_error_message="Name the drug exactly when the prior treatment is “a drug”.",
            ),
            models.CheckConstraint(
                condition=Q(prior_outcome="") | ~Q(prior_treatment=""),
                name="criterion_outcome_of_a_treatment",
                violation_error_message="An outcome needs the prior treatment that it is the outcome of.",
            ),
        ]

    def __str__(self):
        return f"{words.CriterionKind(self.kind).label}: {self.text}"


class IndicationCitation(CitationRow):
    page_path = ("indication", "drug", "page")
    indication = models.ForeignKey(Indication, models.CASCADE, related_name="citations")

    class Meta(CitationRow.Meta):
        constraints = [models.UniqueConstraint(fields=["indication", "reference"], name="indication_cites_once")]


class CriterionCitation(CitationRow):
    page_path = ("criterion", "indication", "drug", "page")
    criterion = models.ForeignKey(EligibilityCriterion, models.CASCADE, related_name="citations")

    class Meta(CitationRow.Meta):
        constraints = [models.UniqueConstraint(fields=["criterion", "reference"], name="criterion_cites_once")]
