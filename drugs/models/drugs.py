from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from basics.fields import KeyField, PartialDateField, PlainCharField, PlainTextField, RichTextField
from basics.models import VersionedRow
from drugs import vocabulary as words
from drugs.models.parts import CitationRow, Part, permissions
from editions.models import WorkingCopy

# WHO Collaborating Centre for Drug Statistics Methodology: the fifth level of an ATC code names the substance.
atc_code = RegexValidator(
    r"^[A-Z]\d{2}[A-Z]{2}\d{2}\Z", "An ATC code looks like L01EA01: the substance, all 7 characters."
)


class Mechanism(VersionedRow):
    """A way in which drugs work, in words that every drug's page uses."""

    key = KeyField(unique=True)
    name = PlainCharField(max_length=120, unique=True)
    text = PlainTextField(help_text="One plain sentence.")
    order = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["order", "name"]
        permissions = permissions("mechanism", "mechanisms")
        constraints = [models.CheckConstraint(condition=~Q(name="") & ~Q(text=""), name="mechanism_has_words")]

    def __str__(self):
        return self.name


class Drug(WorkingCopy):
    """A medicine under its international nonproprietary name (INN)."""

    name = PlainCharField("INN", max_length=120, unique=True, help_text="The international nonproprietary name.")
    summary = PlainTextField(help_text="What it is, in one plain sentence.")
    status = models.CharField(max_length=20, choices=words.DrugStatus.choices())
    status_as_of = PartialDateField("status as of")
    about = RichTextField(help_text="What a reader should know first.")
    drug_class = PlainCharField("class", max_length=120, blank=True, help_text="E.g. “tyrosine kinase inhibitor”.")
    targets = PlainCharField(max_length=250, blank=True, help_text="E.g. “KIT, PDGFR-alpha”.")
    mechanisms = models.ManyToManyField(Mechanism, through="DrugMechanism", related_name="drugs", blank=True)
    form = PlainCharField(max_length=120, blank=True, help_text="E.g. “tablet or capsule”.")
    route = models.CharField(max_length=20, choices=words.Route.choices(), blank=True)
    how_you_have_it = RichTextField()
    research = RichTextField("what is being studied")
    atc_code = models.CharField("ATC code", max_length=7, blank=True, validators=[atc_code])
    atc_as_of = PartialDateField("ATC code as of")

    class Meta:
        ordering = ["name"]
        permissions = permissions("drug", "drugs")
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="drug_has_name"),
            models.CheckConstraint(
                condition=Q(status__in=[str(one) for one in words.DrugStatus]), name="drug_status_is_known"
            ),
        ]

    def __str__(self):
        return self.name


class DrugName(Part):
    page_path = ("drug", "page")
    drug = models.ForeignKey(Drug, models.CASCADE, related_name="names")
    name = PlainCharField(max_length=120)
    kind = models.CharField(max_length=20, choices=words.NameKind.choices(), default=words.NameKind.BRAND)
    note = PlainCharField(max_length=120, blank=True, help_text="E.g. “in the US”.")

    class Meta:
        ordering = ["order", "pk"]
        verbose_name = "other name"
        permissions = permissions("drugname", "other names")
        constraints = [
            models.UniqueConstraint(fields=["drug", "name"], name="drug_name_once"),
            models.CheckConstraint(condition=~Q(name=""), name="drug_name_has_words"),
        ]

    def __str__(self):
        return f"{self.name} ({words.NameKind(self.kind).label})"


class DrugMechanism(Part):
    page_path = ("drug", "page")
    drug = models.ForeignKey(Drug, models.CASCADE, related_name="mechanism_rows")
    mechanism = models.ForeignKey(Mechanism, models.PROTECT, related_name="drug_rows")

    class Meta:
        ordering = ["order", "pk"]
        verbose_name = "way of working"
        verbose_name_plural = "ways of working"
        constraints = [models.UniqueConstraint(fields=["drug", "mechanism"], name="drug_mechanism_once")]

    def __str__(self):
        return str(self.mechanism)


class Decision(Part):
    """A dated statement of a body on a drug's licence or NHS use."""

    page_path = ("drug", "page")
    drug = models.ForeignKey(Drug, models.CASCADE, related_name="decisions")
    body = models.CharField(max_length=20, choices=words.Body.choices())
    nation = models.CharField(max_length=20, choices=words.Nation.choices())
    number = PlainCharField(max_length=30, blank=True, help_text="E.g. TA86 or 1273/17.")
    subject = PlainCharField("about", max_length=250, help_text="Which use it is about.")
    outcome = models.CharField(max_length=30, choices=words.DecisionOutcome.choices())
    date = PartialDateField()
    note = PlainTextField(blank=True)

    class Meta:
        ordering = ["order", "pk"]
        permissions = permissions("decision", "decisions")
        constraints = [
            models.UniqueConstraint(
                fields=["drug", "body", "number", "subject", "date"], name="decision_once_per_drug"
            ),
            models.CheckConstraint(condition=~Q(subject=""), name="decision_says_what_about"),
        ]

    def __str__(self):
        return f"{words.Body(self.body).label} {self.number}: {words.DecisionOutcome(self.outcome).label}".strip()


class Alert(Part):
    """A dated, urgent notice at the top of a drug's page."""

    page_path = ("drug", "page")
    drug = models.ForeignKey(Drug, models.CASCADE, related_name="alerts")
    date = PartialDateField(blank=False)
    title = PlainCharField(max_length=160)
    text = RichTextField(blank=False)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(title=""), name="alert_has_title")]

    def __str__(self):
        return f"{self.date}: {self.title}"


class DrugCitation(CitationRow):
    page_path = ("drug", "page")
    drug = models.ForeignKey(Drug, models.CASCADE, related_name="citations")

    class Meta(CitationRow.Meta):
        constraints = [models.UniqueConstraint(fields=["drug", "reference"], name="drug_cites_once")]


class DecisionCitation(CitationRow):
    page_path = ("decision", "drug", "page")
    decision = models.ForeignKey(Decision, models.CASCADE, related_name="citations")

    class Meta(CitationRow.Meta):
        constraints = [models.UniqueConstraint(fields=["decision", "reference"], name="decision_cites_once")]


class AlertCitation(CitationRow):
    page_path = ("alert", "drug", "page")
    alert = models.ForeignKey(Alert, models.CASCADE, related_name="citations")

    class Meta(CitationRow.Meta):
        constraints = [models.UniqueConstraint(fields=["alert", "reference"], name="alert_cites_once")]
