"""Editable rows for tests. Editions and reviews are made by actions only, so no impossible state gets tested."""

from contextlib import nullcontext

from django.contrib.auth.models import Group

from basics.revisions import revising
from drugs import models
from editions import actions
from editions.vocabulary import Outcome
from references.models import Author, Reference
from staff.models import User


def a_person(username: str, *roles: str, public_name: str = "", **fields) -> User:
    """A member of staff with these roles (names of staff.roles)."""
    person = User(username=username, public_name=public_name or username.capitalize(), is_staff=True, **fields)
    person.set_password("a long pass phrase for tests")
    person.save()
    person.groups.set(Group.objects.filter(name__in=roles))
    return person


def a_condition(name: str = "gastrointestinal stromal tumour", slug: str = "gist", **fields) -> models.Condition:
    page = actions.open_page(kind="condition", slug=slug)
    return _saved(models.Condition, page=page, name=name, **{"summary": f"What {name} is.", **fields})


def a_drug(name: str = "imatinib", *, by=None, **fields) -> models.Drug:
    """A drug with a summary and nothing else."""
    page = actions.open_page(kind="drug", slug=fields.pop("slug", name))
    defaults = {"summary": f"{name} is a drug.", "about": f"<p>About {name}.</p>", "status": "in_use"}
    with revising(by=by, because="Made for a test") if by else nullcontext():
        return _saved(models.Drug, page=page, name=name, **{**defaults, **fields})


def an_indication(drug: models.Drug, condition: models.Condition | None = None, **fields) -> models.Indication:
    condition = condition or models.Condition.objects.first() or a_condition()
    key = fields.pop("key", condition.slug)
    return _saved(models.Indication, drug=drug, condition=condition, key=key, **fields)


def a_criterion(
    indication: models.Indication, text: str = "You are an adult.", **fields
) -> models.EligibilityCriterion:
    return _saved(models.EligibilityCriterion, indication=indication, text=text, **fields)


def an_imatinib(**fields) -> models.Drug:
    """Imatinib for GIST, with one criterion."""
    drug = a_drug("imatinib", **fields)
    a_criterion(an_indication(drug), "There is a high risk that your GIST will return.")
    return drug


def a_guide(title: str = "A guide", slug: str = "a-guide", drugs=(), **fields) -> models.Guide:
    page = actions.open_page(kind="guide", slug=slug)
    guide = _saved(models.Guide, page=page, title=title, **{"summary": "What it is about.", **fields})
    section = _saved(models.GuideSection, guide=guide, key="drugs", heading="The drugs", text="<p>Here they are.</p>")
    for order, drug in enumerate(drugs):
        _saved(models.GuideSectionDrug, section=section, drug=drug, order=order)
    return guide


def a_reference(key: str = "nakano-2018", **fields) -> Reference:
    reference = _saved(Reference, key=key, **{"title": f"The title of {key}", "issued": "2018", **fields})
    _saved(Author, reference=reference, family=key.split("-")[0].capitalize(), given="A")
    return reference


def approved(working, *, author, reviewer, change_note: str = "First description.", **details):
    """An edition of a working copy, submitted by one person and approved by another."""
    edition = actions.submit(working, by=author, change_note=change_note, **details)
    actions.review(edition, by=reviewer, outcome=Outcome.APPROVED)
    edition.refresh_from_db()
    return edition


def published(working, *, author, reviewer, publisher, live_from=None, **details):
    """An edition that has gone the whole way."""
    edition = approved(working, author=author, reviewer=reviewer, **details)
    return actions.publish(edition, by=publisher, live_from=live_from)


def changed(row, **fields):
    """The row as it is stored now, changed and saved."""
    row = type(row).objects.get(pk=row.pk)
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()
    return row


def _saved(model, **fields):
    row = model(**fields)
    row.save()
    return row
