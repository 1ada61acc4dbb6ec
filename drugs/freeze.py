"""From working copies to contents. The inverse of drugs/restore.py."""

from drugs import content, models
from drugs import vocabulary as words
from references.content import Source
from references.models import Reference


def freeze_drug(drug: models.Drug) -> content.DrugContent:
    """The content of a drug's page, made from its working copy."""
    return _with_sources(
        content.DrugContent,
        name=drug.name,
        names=[_plain(content.OtherName, row) for row in drug.names.all()],
        summary=drug.summary,
        status=drug.status,
        status_as_of=drug.status_as_of,
        alerts=[_plain(content.Alert, row, citations=_citations(row)) for row in drug.alerts.all()],
        about=drug.about,
        indications=[_indication(row) for row in drug.indications.select_related("condition__page").all()],
        drug_class=drug.drug_class,
        targets=drug.targets,
        mechanisms=[
            _plain(content.Mechanism, row.mechanism) for row in drug.mechanism_rows.select_related("mechanism").all()
        ],
        form=drug.form,
        route=drug.route or None,
        how_you_have_it=drug.how_you_have_it,
        decisions=[_plain(content.Decision, row, citations=_citations(row)) for row in drug.decisions.all()],
        research=drug.research,
        atc_code=drug.atc_code,
        atc_as_of=drug.atc_as_of,
        citations=_citations(drug),
    )


def freeze_condition(condition: models.Condition) -> content.ConditionContent:
    return _with_sources(
        content.ConditionContent,
        name=condition.name,
        abbreviation=condition.abbreviation,
        parent=_link(condition.parent) if condition.parent else None,
        summary=condition.summary,
        about=condition.about,
        citations=_citations(condition),
    )


def freeze_guide(guide: models.Guide) -> content.GuideContent:
    sections = [
        _plain(
            content.GuideSection,
            row,
            drugs=tuple(_link(shown.drug) for shown in row.drug_rows.select_related("drug__page").all()),
        )
        for row in guide.sections.all()
    ]
    return _with_sources(
        content.GuideContent,
        title=guide.title,
        summary=guide.summary,
        sections=sections,
        citations=_citations(guide),
    )


def freeze_glossary(glossary: models.Glossary) -> content.GlossaryContent:
    return _with_sources(
        content.GlossaryContent,
        title=glossary.title,
        intro=glossary.intro,
        terms=[_plain(content.Term, row, citations=_citations(row)) for row in glossary.terms.all()],
        citations=_citations(glossary),
    )


def _indication(row: models.Indication) -> content.Indication:
    return _plain(
        content.Indication,
        row,
        condition=_link(row.condition),
        partners=tuple(_link(partner.drug) for partner in row.partner_rows.select_related("drug__page").all()),
        citations=_citations(row),
        criteria=tuple(_criterion(one) for one in row.criteria.select_related("prior_drug__page").all()),
    )


def _criterion(row: models.EligibilityCriterion) -> content.Criterion:
    prior = None
    if row.prior_treatment:
        prior = content.PriorTreatment(
            kind=words.PriorKind(row.prior_treatment),
            drug=_link(row.prior_drug) if row.prior_drug else None,
            outcome=words.PriorOutcome(row.prior_outcome),
        )
    return _plain(content.Criterion, row, prior=prior, citations=_citations(row))


def _plain(model: type[content.Value], row, **given):
    """A value whose fields are the row's columns of the same name, but for those given."""
    names = [name for name in model.model_fields if name not in given]
    return model(**{name: getattr(row, name) for name in names}, **given)


def _link(row: models.Drug | models.Condition) -> content.Link:
    return content.Link(page=row.page.key, name=row.name)


def _citations(row) -> tuple[content.Citation, ...]:
    return tuple(
        content.Citation(source=one.reference.key, locator=one.locator)
        for one in row.citations.select_related("reference").all()
    )


def _with_sources(model: type[content.Content], **fields):
    """The content with the sources it cites, as the reference library has them now."""
    return content.assemble(model, fields, _library)


def _library(keys: list[str]) -> dict[str, Source]:
    references = Reference.objects.filter(key__in=keys).prefetch_related("authors", "merged")
    return {reference.key: reference.to_source() for reference in references}
