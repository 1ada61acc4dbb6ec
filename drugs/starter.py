"""Loading the starter content, through the same actions that people use. See drugs/starter/README.md."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, time

from django.contrib.auth.models import Group
from django.db import transaction

from basics.days import LONDON
from basics.revisions import revising
from drugs import restore
from drugs.starter_files import Starter
from editions import actions, record
from editions.kinds import kind
from editions.models import Page
from editions.vocabulary import ChangeKind
from staff.models import User

SOURCE = "Cancer Research UK, About targeted cancer drugs (soft tissue sarcoma)"
SOURCE_URL = "https://www.cancerresearchuk.org/about-cancer/soft-tissue-sarcoma/treatment/biological-therapy/about"
REVIEWED_ON = "2018-04-03"
CHANGE_NOTE = "Carried over, in our own words, from the page that was last reviewed on 3 April 2018."
# The pages about the site were written for it, and nobody has read them but who wrote them.
ABOUT_SOURCE = "the texts that come with this software"
ABOUT_CHANGE_NOTE = "This text came with the software of this site. It says how the site works as it comes."
BECAUSE = "Starter content"
# What the page of 2018 left out, told until the drafts that mend it are reviewed and live.
DOUBTS = {
    "drug/imatinib": (
        "We are checking this page: imatinib is also used for GIST that an operation cannot remove or that has spread, "
        "as NICE recommends, which the page does not say yet."
    ),
    "drug/pazopanib": (
        "We are checking this page: it speaks of pazopanib as research only, but the European Medicines Agency lists a "
        "licence for some kinds of advanced soft tissue sarcoma after chemotherapy."
    ),
}


class InTheWay(Exception):
    """Somebody made a page by hand at an address of the starter content."""


@dataclass
class Loaded:
    """How many of each were made; zero when all of it was there already."""

    references: int = 0
    pages: int = 0
    editions: int = 0
    drafts: int = 0


@transaction.atomic
def load(starter: Starter, watch: Callable[[Iterable], Iterable] = lambda items: items) -> Loaded:
    """Load what is not there yet, wholly or not at all. What staff changed since an earlier load stays.

    Raises InTheWay if a page of the starter content exists without ever having been published.
    """
    record.lock()  # before any page: the order in which publishing takes its locks
    firsts = [*starter.first_editions, *starter.about]
    missing = [one for one in firsts if not _has_editions(one.kind, one.slug)]
    _nothing_in_the_way(missing)
    loaded = Loaded()
    person = _account()
    try:
        with revising(by=person, because=BECAUSE):
            loaded.references = _references(starter)
            new = set()
            for one in watch(missing):
                _first_edition(one, person, is_about_site=one in starter.about)
                new.add((one.kind, one.slug))
            loaded.pages = loaded.editions = len(new)
            for later in starter.later_editions:
                if (later.kind, later.slug) in new:
                    _later_edition(later, person)
                    loaded.editions += 1
            for key, sentence in DOUBTS.items():
                if tuple(key.split("/")) in new:
                    actions.tell_doubt(Page.objects.get(key=key), by=person, sentence=sentence)
            for draft in starter.drafts:
                if (draft.kind, draft.slug) in new:
                    kind(draft.kind).restore(draft.content, page=Page.objects.get(key=f"{draft.kind}/{draft.slug}"))
                    loaded.drafts += 1
    finally:
        person.is_active = False  # nobody can act as the account between two loads
        person.save()
    return loaded


def _has_editions(kind_name: str, slug: str) -> bool:
    return Page.objects.filter(key=f"{kind_name}/{slug}", editions__isnull=False).exists()


def _nothing_in_the_way(missing) -> None:
    for one in missing:
        page = Page.objects.filter(key=f"{one.kind}/{one.slug}").first()
        if page and kind(one.kind).working_copy(page):
            raise InTheWay(
                f"There is a working copy of {page.key} already that was never published. Publish it or delete it, then "
                "load the starter content again."
            )


def _account() -> User:
    """The account that the record names for what was loaded. It has no password and cannot sign in."""
    person = User.objects.filter(username="starter-content").first() or User(username="starter-content")
    person.public_name = "Starter content"
    person.is_active = True
    if person._state.adding:
        person.set_unusable_password()
    person.save()
    person.groups.set(Group.objects.filter(name__in=["Author", "Publisher", "Administrator"]))
    return User.objects.get(pk=person.pk)  # without the rights that the instance remembers


def _references(starter: Starter) -> int:
    from references.models import Reference

    before = Reference.objects.count()
    restore.ensure_sources(starter.sources)
    return Reference.objects.count() - before


def _first_edition(one, person: User, *, is_about_site: bool) -> None:
    page = Page.objects.filter(key=f"{one.kind}/{one.slug}").first() or actions.open_page(kind=one.kind, slug=one.slug)
    working = kind(one.kind).restore(one.content, page=page)
    if is_about_site:  # live from now on, with no day of a review: there was none
        actions.carry_over(working, by=person, source=ABOUT_SOURCE, change_note=ABOUT_CHANGE_NOTE)
        return
    actions.carry_over(
        working,
        by=person,
        source=SOURCE,
        url=SOURCE_URL,
        reviewed_on=REVIEWED_ON,
        live_from=datetime.combine(datetime.fromisoformat(REVIEWED_ON), time.min, LONDON),
        change_note=CHANGE_NOTE,
    )


def _later_edition(later, person: User) -> None:
    working = kind(later.kind).restore(later.content, page=Page.objects.get(key=f"{later.kind}/{later.slug}"))
    edition = actions.submit(
        working,
        by=person,
        change_note=later.change_note,
        change_kind=ChangeKind.URGENT,
        changes_eligibility=later.changes_eligibility,
    )
    actions.publish_urgently(edition, by=person, reason=later.reason)
