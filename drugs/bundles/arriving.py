"""Contents of a bundle become drafts of a site that has pages already. Nothing is published, the record is not touched."""

from dataclasses import dataclass, field
from functools import partial

from django.core.exceptions import PermissionDenied
from django.db import transaction

from basics.revisions import revising
from drugs import restore
from drugs.bundles import Watch
from drugs.bundles.library import other_words, refused_sources
from drugs.bundles.reading import PageValue, Read
from drugs.bundles.rows import attempt, rows_of, unfit
from editions import actions, kinds, record
from editions.bundles.faults import BadBundle
from editions.models import Page
from editions.vocabulary import Progress
from references.models import Reference


@dataclass
class Arrived:
    """How many drafts were made, changed and left, and which shared rows were kept though the bundle has other words."""

    made: int = 0
    changed: int = 0
    unchanged: int = 0
    references: int = 0
    kept: list[str] = field(default_factory=list)


@transaction.atomic
def arrive(
    read: Read, *, by, keep_ours: bool = False, dry_run: bool = False, watch: Watch = lambda items: items
) -> Arrived:
    """Bring the drafts of this site to what a bundle says, as one change set in the name of `by`.

    Raises PermissionDenied, and BadBundle with everything that stands against it: then nothing was changed.
    """
    _check(by, read)
    record.lock()  # before any page: the order in which publishing takes its locks
    pages = Page.objects.select_for_update(no_key=True).filter(key__in=[one.page for one in read.drafts])
    # As it is before this import writes anything: a link in one draft brings the page that it names into being.
    there = {page.key: _unpublished(page) for page in pages if page.kind_of_page.working_copy(page)}
    arrived = Arrived()
    problems = _library(read, arrived, keep_ours=keep_ours)
    with revising(by=by, because=read.name):
        if not problems:
            restore.ensure_mechanisms(read.bundle.mechanisms)
            restore.ensure_sources(read.bundle.references)
        for one in watch(read.drafts):
            problems += attempt(one.place, partial(_draft, one, there, arrived))
    if problems:
        raise BadBundle(problems)
    transaction.set_rollback(dry_run)
    return arrived


def _check(by, read: Read) -> None:
    """Whoever imports has to be somebody who may write what the bundle says."""
    models = {kinds.kind(one.page.partition("/")[0]).model for one in read.drafts}
    wanted = {
        f"{model._meta.app_label}.{verb}_{model._meta.model_name}" for model in models for verb in ("add", "change")
    }
    if not by.has_perms(["editions.submit_edition", "references.add_reference", *sorted(wanted)]):
        raise PermissionDenied(f"{by} may not change drafts. An administrator can give the role that may.")


def _unpublished(page: Page) -> str:
    """Why the draft of a page must not be replaced; empty if visitors read, or will read, all that it says."""
    if page.editions.open().exists():
        return f"An edition of {page} waits for review or publication. Publish it or take it back first."
    newest = page.editions.filter(progress=Progress.PUBLISHED).order_by("-number").first()
    if newest is None or page.changes > newest.changes_at_freeze:
        return (
            f"The draft of {page} has changes that are in no edition yet. Submit and publish it, or delete it, first."
        )
    return ""


def _library(read: Read, arrived: Arrived, *, keep_ours: bool) -> list[str]:
    """What stands against the shared rows of the bundle."""
    sources, mechanisms = read.bundle.references, read.bundle.mechanisms
    known = set(Reference.objects.values_list("key", flat=True))
    arrived.references = sum(source.key not in known for source in sources)
    differing = list(other_words(sources, mechanisms))
    if keep_ours:
        arrived.kept, differing = [one.key for one in differing], []
    return [*refused_sources(sources), *map(str, differing)]


def _draft(one: PageValue, there: dict[str, str], arrived: Arrived) -> list[str]:
    """Bring one draft to what the bundle says, and return what stands against it."""
    kind, slug = one.page.split("/", 1)
    page = Page.objects.filter(key=one.page).first() or actions.page_for(kind=kind, slug=slug)
    working = page.kind_of_page.restore(one.value, page=page)
    if one.page not in there:
        arrived.made += 1
    elif Page.objects.get(pk=page.pk).changes == page.changes:
        arrived.unchanged += 1  # it says so already
    elif there[one.page]:
        return [there[one.page]]
    else:
        arrived.changed += 1
    return [sentence for row in rows_of(page, working) for sentence in unfit(row)]
