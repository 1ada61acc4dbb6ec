"""A whole site from a bundle: into an empty database, all of it or nothing."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from basics.revisions import revising
from drugs import restore
from drugs.bundles.library import refused_sources
from drugs.bundles.reading import PageValue, Read
from drugs.bundles.rows import rows_of, unfit
from drugs.bundles.writing import Watch
from drugs.models import Mechanism
from editions import actions
from editions.bundles.faults import BadBundle
from editions.models import Page
from references.models import Reference


@dataclass(frozen=True)
class Founded:
    """What was made."""

    pages: int
    drafts: int
    editions: int
    entries: int
    references: int
    people: int
    newest_seal: str


def is_empty() -> bool:
    """Whether this site has nothing that a bundle holds, and nothing that stands in its way."""
    return actions.is_empty() and not Reference.objects.exists() and not Mechanism.objects.exists()


@transaction.atomic
def found(read: Read, *, expected_seal: str = "", dry_run: bool = False, watch: Watch = lambda items: items) -> Founded:
    """Make a site from a bundle with a record, and verify it. Raises BadBundle, editions.actions.Refused."""
    bundle = read.bundle
    part = bundle.record
    if part is None or not is_empty():
        raise actions.Refused("A site is made from a bundle of a whole site, and only where there is none yet.")

    def make_drafts() -> None:
        _library(read)
        for one in watch(read.drafts):
            _draft(one)

    with revising(by=None, because=read.name):
        try:
            actions.bring_in(
                part, read.statements, drafts=make_drafts, expected_seal=expected_seal.strip().lower(), watch=watch
            )
        except actions.DoesNotHold as problem:
            raise BadBundle(problem.sentences) from problem
    transaction.set_rollback(dry_run)
    return Founded(
        pages=len(part.pages),
        drafts=len(read.drafts),
        editions=len(part.editions),
        entries=len(part.entries),
        references=len(bundle.references),
        people=len(part.people),
        newest_seal=part.newest_seal,
    )


def _library(read: Read) -> None:
    if problems := refused_sources(read.bundle.references):
        raise BadBundle(problems)
    try:
        restore.ensure_sources(read.bundle.references)
        restore.ensure_mechanisms(read.bundle.mechanisms)
    except ValidationError as problem:
        raise BadBundle(problem.messages) from problem
    except DatabaseError as problem:
        raise BadBundle([f"references, mechanisms: The database refuses one: {problem}"]) from problem


def _draft(one: PageValue) -> None:
    page = Page.objects.filter(key=one.page).first()
    if page is None:
        raise BadBundle([f"{one.place}: The record has no page {one.page}."])
    try:
        working = page.kind_of_page.restore(one.value, page=page)
    except ValidationError as problem:
        raise BadBundle(f"{one.place}: {sentence}" for sentence in problem.messages) from problem
    except DatabaseError as problem:
        raise BadBundle([f"{one.place}: The database refuses it: {problem}"]) from problem
    if problems := [sentence for row in rows_of(page, working) for sentence in unfit(row)]:
        raise BadBundle([f"{one.place}: {sentence}" for sentence in problems])
