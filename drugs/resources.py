"""The tables of this subject that staff import and export. Rows are told by names that people know, never by numbers."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from import_export import fields

from basics.exchange.columns import ByName, Plain, Rows, split
from basics.exchange.resources import TableResource
from drugs import models
from drugs.restore import sync
from editions import actions
from references.models import Reference


def drug_named(slug: str) -> models.Drug | None:
    return models.Drug.objects.filter(page__slug=slug).first()


def condition_named(slug: str) -> models.Condition | None:
    return models.Condition.objects.filter(page__slug=slug).first()


def the_drug(slug: str) -> models.Drug:
    """The drug with this address. Raises ValueError if there is none."""
    return _found(drug_named(slug), "drug", slug)


def _found(row, what: str, name: str):
    if row is None:
        raise ValueError(f"There is no {what} “{name}” here. Add it first, or correct the name.")
    return row


def _column(name: str, widget=None, **kwargs) -> fields.Field:
    return fields.Field(column_name=name, attribute=name, widget=widget or Plain(), **kwargs)


def drug_column(name: str, **kwargs) -> fields.Field:
    return _column(name, ByName(drug_named, lambda drug: drug.slug, "drug"), **kwargs)


def condition_column(name: str) -> fields.Field:
    return _column(name, ByName(condition_named, lambda condition: condition.slug, "condition"))


_SOURCE = re.compile(r"(?P<key>[a-z0-9-]+)(?:\s*\[(?P<locator>[^\[\]]{1,80})\])?")


def _parse_sources(text: str) -> list[tuple[Reference, str]]:
    found = []
    for part in split(text):
        one = _SOURCE.fullmatch(part)
        if one is None:
            raise ValueError(
                f"“{part}” is not a source. Write the reference's key, with the place in it in square brackets: "
                "“nakano-2018 [table 2]”."
            )
        reference = _found(Reference.objects.filter(key=one["key"]).first(), "reference", one["key"])
        if reference.merged_into:
            raise ValueError(f"“{reference.key}” was merged into “{reference.stands_in}”. Cite that one.")
        found.append((reference, one["locator"] or ""))
    return found


def sources_column() -> Rows:
    """The sources behind a row, in one cell: `nakano-2018 [table 2]; berry-2017`."""
    return Rows(
        column_name="sources",
        attribute="sources",
        read=lambda row: [(one.reference, one.locator) for one in row.citations.select_related("reference")],
        parse=_parse_sources,
        write=lambda row, wanted: sync(
            row.citations, wanted, "reference", lambda one: {"reference": one[0], "locator": one[1]}
        ),
        shown=lambda found: "; ".join(
            f"{reference.key} [{locator}]" if locator else reference.key for reference, locator in found
        ),
    )


def _named_rows(column: str, manager: str, field: str, find: Callable[[str], Any], name: Callable, what: str) -> Rows:
    """Rows that only name another row, in one cell: `doxorubicin; imatinib`."""
    return Rows(
        column_name=column,
        attribute=column,
        read=lambda row: [getattr(one, field) for one in getattr(row, manager).select_related(field)],
        parse=lambda text: [_found(find(part), what, part) for part in split(text)],
        write=lambda row, wanted: sync(getattr(row, manager), wanted, field, lambda one: {field: one}),
        shown=lambda found: "; ".join(name(one) for one in found),
    )


class _PageTable(TableResource):
    """A table whose rows are pages, told by the last part of their address."""

    kind: str
    keys = ("slug",)
    key_paths = ("page__slug",)

    class Meta(TableResource.Meta):
        pass

    def begin(self, row):
        try:
            page = actions.page_for(kind=self.kind, slug=self.key(row)[0])
        except ValidationError as problem:
            raise ValueError(" ".join(problem.messages)) from problem
        return self._meta.model(page=page)


class _PartTable(TableResource):
    """A table whose rows stand under a drug."""

    place_in = "drug"

    class Meta(TableResource.Meta):
        pass

    def begin(self, row):
        return self._meta.model(drug=the_drug(self.key(row)[0]))


def _slug_column() -> fields.Field:
    return fields.Field(column_name="slug", attribute="slug", readonly=True, widget=Plain())


class DrugResource(_PageTable):
    kind = "drug"
    slug = _slug_column()
    mechanisms = _named_rows(
        "mechanisms",
        "mechanism_rows",
        "mechanism",
        lambda key: models.Mechanism.objects.filter(key=key).first(),
        lambda one: one.key,
        "way of working",
    )
    sources = sources_column()

    class Meta(_PageTable.Meta):
        model = models.Drug
        fields = import_order = export_order = [
            "slug",
            "name",
            "summary",
            "status",
            "status_as_of",
            "about",
            "drug_class",
            "targets",
            "mechanisms",
            "form",
            "route",
            "how_you_have_it",
            "research",
            "atc_code",
            "atc_as_of",
            "sources",
        ]


class ConditionResource(_PageTable):
    kind = "condition"
    slug = _slug_column()
    parent = condition_column("parent")
    sources = sources_column()

    class Meta(_PageTable.Meta):
        model = models.Condition
        fields = import_order = export_order = [
            "slug",
            "name",
            "abbreviation",
            "parent",
            "summary",
            "about",
            "sources",
        ]


class GuideResource(_PageTable):
    """Guides without their sections, which are written in their own forms."""

    kind = "guide"
    slug = _slug_column()
    sources = sources_column()

    class Meta(_PageTable.Meta):
        model = models.Guide
        fields = import_order = export_order = ["slug", "title", "summary", "sources"]


class MechanismResource(TableResource):
    keys = key_paths = ("key",)

    class Meta(TableResource.Meta):
        model = models.Mechanism
        fields = import_order = export_order = ["key", "name", "text", "order"]


class DrugNameResource(_PartTable):
    keys = ("drug", "name")
    key_paths = ("drug__page__slug", "name")
    drug = drug_column("drug")

    class Meta(_PartTable.Meta):
        model = models.DrugName
        fields = import_order = export_order = ["drug", "name", "kind", "note", "order"]


class IndicationResource(_PartTable):
    keys = ("drug", "key")
    key_paths = ("drug__page__slug", "key")
    drug = drug_column("drug")
    condition = condition_column("condition")
    partners = _named_rows("partners", "partner_rows", "drug", drug_named, lambda one: one.slug, "drug")
    sources = sources_column()

    class Meta(_PartTable.Meta):
        model = models.Indication
        fields = import_order = export_order = [
            "drug",
            "key",
            "condition",
            "setting",
            "line",
            "certainty",
            "where",
            "partners",
            "text",
            "sources",
            "order",
        ]


def _the_indication(drug: str, key: str) -> models.Indication:
    found = models.Indication.objects.filter(drug=the_drug(drug), key=key).first()
    return _found(found, f"indication of {drug}", key)


class CriterionResource(TableResource):
    """Criteria by their place under an indication: 1 is the first, one more than the last adds one."""

    keys = ("drug", "indication", "number")
    drug = fields.Field(column_name="drug", attribute="indication__drug__slug", readonly=True, widget=Plain())
    indication = fields.Field(column_name="indication", attribute="indication__key", readonly=True, widget=Plain())
    number = fields.Field(column_name="number", readonly=True)
    prior_drug = drug_column("prior_drug")
    sources = sources_column()

    class Meta(TableResource.Meta):
        model = models.EligibilityCriterion
        fields = import_order = export_order = [
            "drug",
            "indication",
            "number",
            "kind",
            "text",
            "prior_treatment",
            "prior_drug",
            "prior_outcome",
            "sources",
        ]

    def dehydrate_number(self, row) -> str:
        before = row.indication.criteria.values_list("pk", flat=True)
        return str(list(before).index(row.pk) + 1) if row.pk else ""

    def find(self, row):
        _, rows, number = self._place(row)
        return rows[number - 1] if number <= len(rows) else None

    def begin(self, row):
        above, rows, number = self._place(row)
        if number != len(rows) + 1:
            raise ValueError(f"{above} has {len(rows)} criteria, so the next is number {len(rows) + 1}, not {number}.")
        return models.EligibilityCriterion(indication=above, order=max((one.order for one in rows), default=-1) + 1)

    def _place(self, row) -> tuple[models.Indication, Sequence[models.EligibilityCriterion], int]:
        drug, key, number = self.key(row)
        if not (number.isascii() and number.isdigit()) or number.startswith("0"):
            raise ValidationError({"number": f"“{number}” is not a place. The first criterion is number 1."})
        above = _the_indication(drug, key)
        return above, list(above.criteria.all()), int(number)


class DecisionResource(_PartTable):
    keys = ("drug", "body", "number", "subject", "date")
    key_paths = ("drug__page__slug", "body", "number", "subject", "date")
    drug = drug_column("drug")
    sources = sources_column()

    class Meta(_PartTable.Meta):
        model = models.Decision
        fields = import_order = export_order = [
            "drug",
            "body",
            "nation",
            "number",
            "subject",
            "outcome",
            "date",
            "note",
            "sources",
            "order",
        ]

    @property
    def always_named(self) -> tuple[str, ...]:
        return ("drug", "body", "subject")


class TermResource(TableResource):
    keys = key_paths = ("key",)
    sources = sources_column()

    class Meta(TableResource.Meta):
        model = models.Term
        fields = import_order = export_order = ["key", "name", "abbreviation", "definition", "sources", "order"]

    def begin(self, row):
        return models.Term(glossary=_found(models.Glossary.objects.first(), "glossary", "glossary"))
