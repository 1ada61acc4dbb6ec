"""A whole site from a bundle: into an empty database, all of it or nothing."""

from dataclasses import dataclass
from functools import partial

from django.db import transaction

from basics.revisions import revising
from drugs import restore
from drugs.bundles import Watch
from drugs.bundles.library import refused_sources
from drugs.bundles.reading import PageValue, Read
from drugs.bundles.rows import attempt, rows_of, unfit
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
        problems = attempt("references, mechanisms", partial(_library, read))
        for one in [] if problems else watch(read.drafts):
            problems += attempt(one.place, partial(_draft, one))
        if problems:
            raise BadBundle(problems)

    with revising(by=None, because=read.name):
        try:
            actions.bring_in(part, read.statements, drafts=make_drafts, expected_seal=expected_seal, watch=watch)
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


def _library(read: Read) -> list[str]:
    """Make the shared rows, and return what stands against them."""
    bundle = read.bundle
    if problems := refused_sources(bundle.references):
        return problems
    restore.ensure_sources(bundle.references)
    restore.ensure_mechanisms(bundle.mechanisms)
    return []


def _draft(one: PageValue) -> list[str]:
    """Make one draft, and return what stands against it."""
    page = Page.objects.filter(key=one.page).first()
    if page is None:
        return [f"The record has no page {one.page}."]
    working = page.kind_of_page.restore(one.value, page=page)
    return [sentence for row in rows_of(page, working) for sentence in unfit(row)]
