"""From working copy to edition, and back."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from pydantic import ValidationError as ContentError

from basics.revisions import revising
from editions import record as the_record
from editions import seals
from editions.actions.rules import NotReady, Refused, WrongProgress, check, check_seen, held, must_be, words
from editions.derived import write_derived
from editions.kinds import Problem
from editions.models import Edition, Page, WorkingCopy
from editions.vocabulary import ChangeKind, Progress


@transaction.atomic
def submit(
    working: WorkingCopy,
    *,
    by,
    change_note: str,
    change_kind: ChangeKind = ChangeKind.CONTENT,
    changes_eligibility: bool = False,
    seen_changes: int | None = None,
) -> Edition:
    """Freeze a working copy as an edition and put it up for review.

    `change_note` is the public sentence that says why; `seen_changes` the page's count of changes that the person saw:
    if somebody saved since, nothing is submitted. Raises PermissionDenied, WrongProgress, NotReady, ValidationError.
    """
    check(by, "submit_edition", "submit a page for review")
    # The page's row is held: whoever saves the working copy counts a change there, and waits.
    page = Page.objects.select_for_update(no_key=True).get(pk=working.page_id)
    if seen_changes is not None and seen_changes != page.changes:
        raise WrongProgress(
            "Somebody changed this page since you opened this form. Read it again before you submit it."
        )
    for unfinished in page.editions.open():
        if unfinished.progress != Progress.CHANGES_REQUESTED:
            raise WrongProgress(f"{unfinished}. Publish it or take it back before you submit another.")
        unfinished._move(progress=Progress.REPLACED)
    is_first = not page.editions.filter(number__isnull=False).exists()
    if not is_first and change_kind == ChangeKind.NEW:
        raise ValidationError("This page has editions already, so the next is not a new page. Choose another kind.")
    return freeze(
        page,
        by=by,
        change_note=words(change_note, "The change note"),
        change_kind=ChangeKind.NEW if is_first else ChangeKind(change_kind),
        changes_eligibility=changes_eligibility,
    )


def freeze(page: Page, *, by, change_note, change_kind, changes_eligibility) -> Edition:
    kind = page.kind_of_page
    # Read afresh: the caller's instance may be older than the rows under it.
    working = kind.working_copy(page)
    if working is None:
        raise WrongProgress(f"There is no working copy of {page}.")
    if problems := kind.problems(working):
        raise NotReady(page, problems)
    try:
        content = kind.freeze(working)
    except ContentError as problem:
        raise NotReady(page, [_as_problem(error) for error in problem.errors()]) from problem
    edition = Edition(
        page=page,
        content_json=seals.canonical(content.model_dump(mode="json")),
        change_kind=change_kind,
        change_note=change_note,
        changes_eligibility=changes_eligibility,
        review_interval_months=page.due_after_months(),
        changes_at_freeze=page.changes,
        contributors=_contributors(page),
        reviews_needed=settings.REVIEWS_NEEDED[str(change_kind)],
        submitted_by=by,
        submitted_at=the_record.now(),
    )
    edition.save()
    write_derived(edition, content)
    return edition


def _contributors(page: Page) -> list[int]:
    """Whose words a new edition holds that nobody else has reviewed: numbers of people."""
    reviewed = Edition.objects.reviewed_before(page)
    since = reviewed.changes_at_freeze if reviewed else 0
    people = set(page.contributions.filter(last_change__gt=since).values_list("user", flat=True))
    for unread in Edition.objects.unread_since(reviewed, page):
        people |= {*unread.contributors, unread.submitted_by_id, unread.published_by_id}
    return sorted(people)


def _as_problem(error) -> Problem:
    """What the content's type refuses, as a sentence: “indications, 2, where: …”."""
    place = ", ".join(str(part + 1) if isinstance(part, int) else str(part) for part in error["loc"])
    said = error["msg"].removeprefix("Value error, ")
    return Problem(str(error["loc"][0]) if error["loc"] else "", f"{place}: {said}" if place else said)


@transaction.atomic
def take_back(edition: Edition, *, by, seen_entry: int | None = None) -> Edition:
    """Withdraw a submission that is not published. Its author may, and whoever may publish."""
    edition = held(edition)
    check_seen(edition.page, seen_entry)
    if edition.submitted_by_id == by.pk and not by.has_perm("editions.publish_edition"):
        check(by, "submit_edition", "take back a submission")
    else:
        check(by, "publish_edition", "take back what somebody else submitted")
    must_be(edition, "taken back", Progress.IN_REVIEW, Progress.CHANGES_REQUESTED, Progress.APPROVED)
    edition._move(progress=Progress.TAKEN_BACK)
    return edition


@transaction.atomic
def start_draft(edition: Edition, *, by, seen_changes: int | None = None) -> WorkingCopy:
    """Bring a page's working copy back to what one of its editions says.

    A change like any other, in the name of `by`: it goes live only as an edition that somebody else reviewed.
    `seen_changes` is the page's count of changes that the person saw. Raises PermissionDenied, and WrongProgress if
    somebody saved since.
    """
    check(by, "submit_edition", "start a draft from an edition")
    edition = held(edition)
    if seen_changes is not None and seen_changes != edition.page.changes:
        raise WrongProgress("Somebody changed the draft since you opened this form. Look at it before you replace it.")
    try:
        with transaction.atomic(), revising(by=by, because=f"Draft from {edition}"):
            return edition.page.kind_of_page.restore(edition.content, page=edition.page)
    except ValidationError as problem:
        raise Refused(
            f"The draft cannot become what {edition} says: {' '.join(problem.messages)} Something else has that name "
            "or address now. Change it there first."
        ) from problem
