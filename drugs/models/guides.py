from django.db import models
from django.db.models import Q

from basics.fields import KeyField, PlainCharField, PlainTextField, RichTextField
from drugs.models.drugs import Drug
from drugs.models.parts import CitationRow, Part, permissions
from editions.models import WorkingCopy


class Guide(WorkingCopy):
    """A page that leads through a subject: its own words, and drugs shown from their own live editions."""

    title = PlainCharField(max_length=160, unique=True)
    summary = PlainTextField(help_text="What the guide is about, in one or two plain sentences.")

    class Meta:
        ordering = ["title"]
        permissions = permissions("guide", "guides")
        constraints = [models.CheckConstraint(condition=~Q(title=""), name="guide_has_title")]

    def __str__(self):
        return self.title


class GuideSection(Part):
    page_path = ("guide", "page")
    guide = models.ForeignKey(Guide, models.CASCADE, related_name="sections")
    key = KeyField(help_text="Its place on the page, in links.")
    heading = PlainCharField(max_length=160)
    text = RichTextField()
    drugs = models.ManyToManyField(Drug, through="GuideSectionDrug", related_name="guide_sections", blank=True)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["guide", "key"], name="guide_section_key_once"),
            models.CheckConstraint(condition=~Q(heading=""), name="guide_section_has_heading"),
        ]

    def __str__(self):
        return self.heading


class GuideSectionDrug(Part):
    page_path = ("section", "guide", "page")
    section = models.ForeignKey(GuideSection, models.CASCADE, related_name="drug_rows")
    drug = models.ForeignKey(Drug, models.PROTECT, related_name="guide_rows")

    class Meta:
        ordering = ["order", "pk"]
        verbose_name = "drug shown"
        verbose_name_plural = "drugs shown"
        constraints = [models.UniqueConstraint(fields=["section", "drug"], name="guide_section_drug_once")]

    def __str__(self):
        return str(self.drug)


class GuideCitation(CitationRow):
    page_path = ("guide", "page")
    guide = models.ForeignKey(Guide, models.CASCADE, related_name="citations")

    class Meta(CitationRow.Meta):
        constraints = [models.UniqueConstraint(fields=["guide", "reference"], name="guide_cites_once")]


class Glossary(WorkingCopy):
    """The page of terms."""

    title = PlainCharField(max_length=160, default="Glossary")
    intro = RichTextField()

    class Meta:
        verbose_name_plural = "glossaries"

    def __str__(self):
        return self.title


class Term(Part):
    page_path = ("glossary", "page")
    glossary = models.ForeignKey(Glossary, models.CASCADE, related_name="terms")
    key = KeyField()
    name = PlainCharField(max_length=120)
    abbreviation = PlainCharField(max_length=30, blank=True)
    definition = PlainTextField()

    class Meta:
        ordering = ["order", "name", "pk"]
        permissions = permissions("term", "terms")
        constraints = [
            models.UniqueConstraint(fields=["glossary", "key"], name="term_key_once"),
            models.UniqueConstraint(fields=["glossary", "name"], name="term_name_once"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(definition=""), name="term_has_words"),
        ]

    def __str__(self):
        return self.name


class TermCitation(CitationRow):
    page_path = ("term", "glossary", "page")
    term = models.ForeignKey(Term, models.CASCADE, related_name="citations")

    class Meta(CitationRow.Meta):
        constraints = [models.UniqueConstraint(fields=["term", "reference"], name="term_cites_once")]


class GlossaryCitation(CitationRow):
    page_path = ("glossary", "page")
    glossary = models.ForeignKey(Glossary, models.CASCADE, related_name="citations")

    class Meta(CitationRow.Meta):
        constraints = [models.UniqueConstraint(fields=["glossary", "reference"], name="glossary_cites_once")]
