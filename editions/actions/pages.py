"""Pages and their addresses, and who changed what stands behind them."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from editions import kinds
from editions import record as the_record
from editions.actions.rules import check, check_seen, tidied
from editions.models import Contribution, FormerSlug, Page
from editions.vocabulary import Act


@transaction.atomic
def move_page(page: Page, *, by, slug: str, reason: str = "", seen_entry: int | None = None) -> Page:
    """Give a page a new address. The old one leads to it for good."""
    check(by, "move_page", "give pages a new address")
    record = the_record.lock()
    page = Page.objects.select_for_update(no_key=True).get(pk=page.pk)
    check_seen(page, seen_entry)
    old = page.slug
    if slug == old:
        raise ValidationError(f"“{slug}” is the page's address already.")
    page.slug = slug
    page.full_clean()
    if FormerSlug.objects.filter(kind=page.kind, slug=slug).exclude(page=page).exists():
        raise ValidationError(f"“{slug}” was the address of another page, and still leads there. Choose another.")
    FormerSlug.objects.filter(page=page, slug=slug).delete()  # back to an address it had before
    FormerSlug.objects.create(page=page, kind=page.kind, slug=old)
    record.add(Act.MOVED, page=page, by=by, details={"from": old, "to": slug, "reason": tidied(reason, "The reason")})
    page._store(slug=slug)
    return page


@transaction.atomic
def care_for(page: Page, *, by, owner=None, stand_in=None, review_interval_months: int | None = None) -> Page:
    """Say who is reminded of a page's review, and how many months after a review the next is due (None: the usual).

    The interval counts from the next edition on: what is live keeps what it was published with. Raises
    PermissionDenied, ValidationError.
    """
    check(by, "care_for_page", "say who looks after a page")
    page = Page.objects.select_for_update(no_key=True).get(pk=page.pk)
    if owner is not None and owner == stand_in:
        raise ValidationError("The stand-in is somebody else than the owner: both are reminded.")
    page.owner, page.stand_in, page.review_interval_months = owner, stand_in, review_interval_months
    page.full_clean()
    page.save()
    return page


_counted_elsewhere: ContextVar[bool] = ContextVar("counted_elsewhere", default=False)


@contextmanager
def counted_elsewhere() -> Iterator[None]:
    """Changes made inside were counted on the site that a record comes from, and are not counted again.

    Only `bring_in` has a reason to: it finds the site empty, and writes down the other site's counts itself.
    """
    token = _counted_elsewhere.set(True)
    try:
        yield
    finally:
        _counted_elsewhere.reset(token)


def count_change(page_id: int, user, *, times: int = 1) -> None:
    """Count a change of a page's working copy, or several of one person, in the transaction that makes them.

    The page's row is held until that transaction ends, so a submission sees either the change and its count, or neither.
    """
    if _counted_elsewhere.get():
        return
    page = Page.objects.select_for_update(no_key=True).get(pk=page_id)
    page._store(changes=page.changes + times)
    if user is not None and user.pk is not None:
        Contribution.objects.update_or_create(page=page, user=user, defaults={"last_change": page.changes})


def check_address(*, kind: str, slug: str) -> Page | None:
    """The page at an address that has lost its working copy, or None if the address is free.

    Raises ValidationError if another page has or had it, or if no address can be made of it.
    """
    taken = Page.objects.filter(key=f"{kind}/{slug}").first() or Page.objects.filter(kind=kind, slug=slug).first()
    if taken is not None:
        if taken.slug != slug or kinds.kind(kind).working_copy(taken) is not None:
            raise ValidationError(
                f"There is a page at “{kind}/{slug}” already, or there was one. Choose another address."
            )
        return taken
    if FormerSlug.objects.filter(kind=kind, slug=slug).exists():
        raise ValidationError(f"“{slug}” was the address of another page, and still leads there. Choose another.")
    Page(kind=kind, slug=slug, key=f"{kind}/{slug}").full_clean()
    return None


def page_for(*, kind: str, slug: str) -> Page:
    """The page for a new working copy: a new one, or one that lost its working copy. Raises ValidationError."""
    return check_address(kind=kind, slug=slug) or open_page(kind=kind, slug=slug)


@transaction.atomic
def open_page(*, kind: str, slug: str) -> Page:
    """A new page under an address that no page has or had. Raises ValidationError otherwise."""
    the_record.lock()  # nobody moves a page to this address, or from it, between the look and the save
    if check_address(kind=kind, slug=slug) is not None:
        raise ValidationError(f"There is a page at “{kind}/{slug}” already. Choose another address.")
    try:
        with transaction.atomic():
            page = Page(kind=kind, slug=slug)
            page.save()
    except IntegrityError:
        raise ValidationError(f"There is a page at “{kind}/{slug}” already. Choose another address.") from None
    return page
