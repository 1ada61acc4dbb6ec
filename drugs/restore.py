"""From contents back to working copies. The inverse of drugs/freeze.py.

Serves the starter content, drafts from an older edition, and bundles. A row that is there already is changed, not
replaced, so that its revisions go on. Shared rows (references, ways of working, other pages' names) are made where they
are missing, and otherwise left as the library has them.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import ValidationError

from basics.models import VersionedRow
from drugs import content, models
from drugs.vocabulary import DrugStatus
from editions import actions
from editions.models import Page
from references.content import Source
from references.models import Author, Reference


def restore_drug(value: content.DrugContent, *, page: Page) -> models.Drug:
    """Bring a drug's working copy to a content. Call inside a transaction and `basics.revisions.revising`."""
    ensure_sources(value.sources)
    drug = models.Drug.objects.filter(page=page).first() or models.Drug(page=page)
    _set(
        drug,
        **_columns(
            value,
            [
                "name",
                "summary",
                "status",
                "status_as_of",
                "about",
                "drug_class",
                "targets",
                "form",
                "how_you_have_it",
                "research",
            ],
        ),
        route=value.route or "",
        atc_code=value.atc_code,
        atc_as_of=value.atc_as_of,
    )
    sync(drug.names, value.names, "name", lambda one: _columns(one, ["name", "kind", "note"]))
    sync(drug.mechanism_rows, value.mechanisms, "mechanism", lambda one: {"mechanism": _mechanism(one)})
    _sync_cited(drug.alerts, value.alerts, None, lambda one: _columns(one, ["date", "title", "text"]))
    decision = ["body", "nation", "number", "subject", "outcome", "date", "note"]
    _sync_cited(
        drug.decisions,
        value.decisions,
        ("body", "number", "subject", "date"),
        lambda one: _columns(one, decision),
    )
    for row, one in _sync_cited(drug.indications, value.indications, "key", _indication):
        sync(row.partner_rows, one.partners, "drug", lambda link: {"drug": _drug(link)})
        _sync_cited(row.criteria, one.criteria, None, _criterion)
    _cite(drug, value.citations)
    return drug


def restore_condition(value: content.ConditionContent, *, page: Page) -> models.Condition:
    ensure_sources(value.sources)
    condition = models.Condition.objects.filter(page=page).first() or models.Condition(page=page)
    _set(
        condition,
        **_columns(value, ["name", "abbreviation", "summary", "about"]),
        parent=_condition(value.parent) if value.parent else None,
    )
    _cite(condition, value.citations)
    return condition


def restore_guide(value: content.GuideContent, *, page: Page) -> models.Guide:
    ensure_sources(value.sources)
    guide = models.Guide.objects.filter(page=page).first() or models.Guide(page=page)
    _set(guide, **_columns(value, ["title", "summary"]))
    sections = sync(guide.sections, value.sections, "key", lambda one: _columns(one, ["key", "heading", "text"]))
    for row, one in sections:
        sync(row.drug_rows, one.drugs, "drug", lambda link: {"drug": _drug(link)})
    _cite(guide, value.citations)
    return guide


def restore_glossary(value: content.GlossaryContent, *, page: Page) -> models.Glossary:
    ensure_sources(value.sources)
    glossary = models.Glossary.objects.filter(page=page).first() or models.Glossary(page=page)
    _set(glossary, **_columns(value, ["title", "intro"]))
    _sync_cited(
        glossary.terms,
        value.terms,
        "key",
        lambda one: _columns(one, ["key", "name", "abbreviation", "definition"]),
        once="name",
    )
    _cite(glossary, value.citations)
    return glossary


def ensure_sources(sources: Iterable[Source]) -> None:
    """Make the references that the library does not have. Those it has stay as they are: others cite them too.

    A duplicate that comes together with the source that it was merged into is one here as well.
    """
    made: dict[str, Reference] = {}
    merged: dict[str, str] = {}  # key of a duplicate → key of the other
    for source in sources:
        merged |= dict.fromkeys(source.replaces, source.key)
        if Reference.objects.filter(key=source.key).exists():
            continue
        made[source.key], authors = reference_rows(source)
        made[source.key].save()
        for author in authors:
            author.save()
    for duplicate in made.keys() & merged.keys():
        made[duplicate].merged_into = made.get(merged[duplicate])
        made[duplicate].save()


def reference_rows(source: Source) -> tuple[Reference, list[Author]]:
    """The rows of a source, not saved yet."""
    plain = {name: getattr(source, name) for name in Source.model_fields if name not in {"authors", "replaces"}}
    reference = Reference(**_values(plain))
    authors = enumerate(source.authors)
    return reference, [Author(reference=reference, order=order, **author.model_dump()) for order, author in authors]


def ensure_mechanisms(mechanisms: Iterable[content.Mechanism]) -> None:
    """Make the ways of working that the library does not have, in their order. Raises ValidationError."""
    for one in mechanisms:
        _mechanism(one)


def _indication(one: content.Indication) -> dict[str, Any]:
    plain = _columns(one, ["key", "setting", "line", "certainty", "where", "text"])
    return {**plain, "condition": _condition(one.condition)}


def _criterion(one: content.Criterion) -> dict[str, Any]:
    prior = one.prior
    return {
        **_columns(one, ["kind", "text"]),
        "prior_treatment": str(prior.kind) if prior else "",
        "prior_drug": _drug(prior.drug) if prior and prior.drug else None,
        "prior_outcome": str(prior.outcome) if prior else "",
    }


def _mechanism(one: content.Mechanism) -> models.Mechanism:
    row = models.Mechanism.objects.filter(key=one.key).first()
    if row is None and (other := models.Mechanism.objects.filter(name=one.name).first()):
        raise ValidationError(f"The way of working “{one.name}” is here under the key {other.key}, not {one.key}.")
    return row or _saved(models.Mechanism(**one.model_dump(), order=models.Mechanism.objects.count()))


def _drug(link: content.Link) -> models.Drug:
    return models.Drug.objects.filter(page__key=link.page).first() or _saved(
        models.Drug(page=_page(link.page), name=link.name, status=str(DrugStatus.IN_USE))
    )


def _condition(link: content.Link) -> models.Condition:
    return models.Condition.objects.filter(page__key=link.page).first() or _saved(
        models.Condition(page=_page(link.page), name=link.name)
    )


def _page(key: str) -> Page:
    kind, slug = key.split("/", 1)
    return Page.objects.filter(key=key).first() or actions.open_page(kind=kind, slug=slug)


# Rows


def _columns(value: content.Value, names: list[str]) -> dict[str, Any]:
    return _values({name: getattr(value, name) for name in names})


def _values(named: dict[str, Any]) -> dict[str, Any]:
    # A vocabulary's member is stored as its plain value.
    return {name: str(value) if isinstance(value, str) else value for name, value in named.items()}


def _saved(row):
    row.validate_unique()
    row.save()
    return row


def _set(row: VersionedRow, **values) -> None:
    """Save a row if it is new or any of these values differs: an unchanged row gets no revision.

    Raises ValidationError if another row has a name of it that only one may have.
    """
    changed = row._state.adding or any(getattr(row, name) != value for name, value in values.items())
    for name, value in values.items():
        setattr(row, name, value)
    if changed:
        row.validate_unique()
        row.save()


def sync(
    manager, wanted: Iterable, known_by: str | tuple | None, columns: Callable[[Any], dict], once: str = ""
) -> list[tuple]:
    """Make the rows under a parent those wanted, in their order; return each with the value it was made from.

    Rows are recognised by the columns `known_by`, or by their place if it is None. What is not wanted goes. `once` is
    a column that no two rows under the parent share.
    """
    names = (known_by,) if isinstance(known_by, str) else known_by
    old = {
        (place if names is None else tuple(getattr(row, name) for name in names)): row
        for place, row in enumerate(manager.all())
    }
    planned = []
    for place, one in enumerate(wanted):
        values = columns(one)
        known = place if names is None else tuple(values[name] for name in names)
        planned.append((old.pop(known, None), values, one))
    for surplus in old.values():
        surplus.delete()
    if once:
        _step_aside(planned, once)
    made = []
    for place, (row, values, one) in enumerate(planned):
        row = row or manager.model(**{manager.field.name: manager.instance})
        _set(row, **values, order=place)
        made.append((row, one))
    return made


def _step_aside(planned: list[tuple], once: str) -> None:
    """Rows that give a name to each other need another for a moment: the database allows no name twice."""
    there = {getattr(row, once): row for row, *_ in planned if row}
    for row, values, _ in planned:
        holder = there.get(values[once])
        if row and holder and holder.pk != row.pk:
            _set(row, **{once: f"{getattr(row, once)[:80]} ({row.pk})"})


def _sync_cited(manager, wanted, known_by, columns, once: str = "") -> list[tuple]:
    rows = sync(manager, wanted, known_by, columns, once)
    for row, one in rows:
        _cite(row, one.citations)
    return rows


def _cite(row, citations: Iterable[content.Citation]) -> None:
    def columns(one: content.Citation) -> dict:
        return {"reference": Reference.objects.get(key=one.source), "locator": one.locator}

    sync(row.citations, citations, "reference", columns)
