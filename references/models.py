"""The evidence: every source that our pages cite. Knows nothing of drugs."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length

from basics.fields import KeyField, PartialDateField, PlainCharField, TidyingField
from basics.models import VersionedRow
from references import identifiers
from references.content import LONGEST, LONGEST_NAME, Source, SourceType
from references.content import Author as AuthorContent
from references.watching import LinkCheck, Notice

__all__ = ["Author", "LinkCheck", "Notice", "Reference"]

models.CharField.register_lookup(Length)


class IdentifierField(TidyingField, models.CharField):
    """Text in the one form that its checking function gives it."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)


class DoiField(IdentifierField):
    tidied = staticmethod(identifiers.doi)


class PmidField(IdentifierField):
    tidied = staticmethod(identifiers.pmid)


class PmcidField(IdentifierField):
    tidied = staticmethod(identifiers.pmcid)


class AddressField(IdentifierField):
    tidied = staticmethod(identifiers.url)


class Reference(VersionedRow):
    """A source: a paper, a guideline, a page of a regulator."""

    key = KeyField(unique=True, help_text="How texts cite it, for good: first author and year, “moroncini-2018”.")
    type = models.CharField(max_length=30, choices=SourceType.choices(), default=SourceType.ARTICLE)
    title = PlainCharField(max_length=LONGEST["title"])
    et_al = models.BooleanField("and others", default=False, help_text="There are more authors than are listed here.")
    container = PlainCharField("journal, book or site", max_length=LONGEST["container"], blank=True)
    publisher = PlainCharField(max_length=LONGEST["publisher"], blank=True)
    issued = PartialDateField("published")
    volume = PlainCharField(max_length=LONGEST["volume"], blank=True)
    issue = PlainCharField(max_length=LONGEST["issue"], blank=True)
    pages = PlainCharField(max_length=LONGEST["pages"], blank=True, help_text="E.g. 833-842")
    article_number = PlainCharField(
        max_length=LONGEST["article_number"], blank=True, help_text="Where a journal numbers articles, not pages."
    )
    doi = DoiField("DOI", max_length=LONGEST["doi"])
    pmid = PmidField("PubMed number", max_length=LONGEST["pmid"])
    pmcid = PmcidField("PubMed Central number", max_length=LONGEST["pmcid"])
    url = AddressField("web address", max_length=LONGEST["url"])
    accessed = PartialDateField(help_text="When somebody last read it there: 2018-04-03, 2018-04 or 2018.")
    # A duplicate stays, because past editions cite it; what its texts cite, and its address, is the other one.
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="merged"
    )

    class Meta:
        ordering = ["key"]
        permissions = [("import_reference", "Can import references"), ("export_reference", "Can export references")]
        constraints = [
            models.UniqueConstraint(fields=["doi"], condition=~Q(doi=""), name="reference_doi_once"),
            models.UniqueConstraint(fields=["pmid"], condition=~Q(pmid=""), name="reference_pmid_once"),
            models.UniqueConstraint(fields=["pmcid"], condition=~Q(pmcid=""), name="reference_pmcid_once"),
            models.CheckConstraint(condition=~Q(title=""), name="reference_has_title"),
            models.CheckConstraint(condition=~Q(key=""), name="reference_has_key"),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=models.F("pk")),
                name="reference_merged_into_another",
            ),
            models.CheckConstraint(
                condition=Q(pages="") | Q(article_number=""),
                name="reference_pages_or_article_number",
                violation_error_message="Give the pages or the article number, not both: a journal uses one of them.",
            ),
            models.CheckConstraint(condition=Q(issued__length__in=[0, 4, 7, 10]), name="reference_issued_is_a_date"),
            models.CheckConstraint(
                condition=Q(accessed__length__in=[0, 4, 7, 10]), name="reference_accessed_is_a_date"
            ),
        ]

    _stored_key: tuple[int | None, str | None] = (None, None)  # number and key of the row that was read

    def __str__(self):
        return f"{self.key}: {self.title}"

    @classmethod
    def from_db(cls, *args, **kwargs):
        row = super().from_db(*args, **kwargs)
        row._stored_key = (row.pk, row.__dict__.get("key"))
        return row

    def clean(self):
        super().clean()
        if not self._state.adding:
            self.check_for_good()

    def check_for_good(self) -> None:
        if (self.pk, self.key) == self._stored_key:
            return  # as it was read: no need to ask again
        if not Reference.objects.filter(pk=self.pk, key=self.key).exists():
            raise ValidationError({"key": "Texts cite the source by this key, so it stays as it is."})

    @classmethod
    def after_saving(cls, rows) -> None:
        """What came of another link says nothing of this one."""
        links = {row.pk: row.link for row in rows}
        checks = LinkCheck.objects.filter(reference__in=list(links)).values_list("pk", "reference_id", "address")
        gone = [pk for pk, number, address in checks if address != links[number]]
        if gone:
            LinkCheck.objects.filter(pk__in=gone).delete()

    @property
    def link(self) -> str:
        """Where a reader of our pages is sent to read it: by its DOI, or to its address. Empty if it has neither."""
        return identifiers.doi_address(self.doi) if self.doi else self.url

    @property
    def stands_in(self) -> str:
        """The key of the reference that this one is a duplicate of; nothing if it is none."""
        return self.merged_into.key if self.merged_into else ""

    def to_source(self) -> Source:
        """What a page freezes of this reference."""
        plain = {name: getattr(self, name) for name in Source.model_fields if name not in {"authors", "replaces"}}
        return Source(
            authors=tuple(author.to_content() for author in self.authors.all()),
            replaces=tuple(sorted(other.key for other in self.merged.all())),
            **plain,
        )


class Author(VersionedRow):
    """One author of a reference, in their place: a person, or a body under its whole name."""

    stays_under = ("reference",)

    reference = models.ForeignKey(Reference, models.CASCADE, related_name="authors")
    family = PlainCharField("family name", max_length=LONGEST_NAME["family"], blank=True)
    given = PlainCharField("given names or initials", max_length=LONGEST_NAME["given"], blank=True)
    corporate = PlainCharField("or a body", max_length=LONGEST_NAME["corporate"], blank=True)
    order = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["order", "pk"]
        permissions = [("import_author", "Can import authors"), ("export_author", "Can export authors")]
        constraints = [
            models.CheckConstraint(
                condition=(Q(corporate="") & ~Q(family="")) | (~Q(corporate="") & Q(family="", given="")),
                name="author_is_a_person_or_a_body",
                violation_error_message="An author is a person with a family name, or a body: not both, not neither.",
            )
        ]

    def __str__(self):
        return self.corporate or f"{self.family} {self.given}".strip()

    def to_content(self) -> AuthorContent:
        return AuthorContent(family=self.family, given=self.given, corporate=self.corporate)
