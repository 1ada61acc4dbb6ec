"""What visitors are told beside the editions: doubts about a page, marks on its sources."""

from django.db import transaction

from editions import record as the_record
from editions.actions.flags import put_away, raise_flag, raise_on_pages
from editions.actions.rules import WrongProgress, check, check_seen, words
from editions.models import Edition, Entry, Flag, Mention, Page
from editions.vocabulary import Act, FlagReason


@transaction.atomic
def mark_source(
    source: str, *, by, standing: str, reason: str, superseded_by: str = "", seen_mark: int | None = None
) -> Entry:
    """Say on every page that cites a source how far it can still be relied on.

    `source` is the key of a reference, `standing` one of references.content.Standing. A mark of `current` lifts it.
    `superseded_by` is the key of the source that took its place. `seen_mark` is the position of the newest mark that the
    person saw, 0 if there was none, None if nobody looked: a command. Raises PermissionDenied, ValidationError,
    WrongProgress.
    """
    check(by, "mark_source", "mark sources")
    reason, standing = words(reason, "The reason"), words(standing, "The standing")
    record = the_record.lock()
    subject = f"reference/{source}"
    if not Mention.objects.filter(relation="cites", target=subject, edition__number__isnull=False).exists():
        raise WrongProgress(f"No published page cites “{source}”, so there is nothing to mark.")
    newest = newest_mark(source)
    if seen_mark is not None and newest > seen_mark:
        raise WrongProgress("Somebody marked this source since you opened this form. Look at it again, then decide.")
    details = {"standing": standing, "reason": reason}
    if superseded_by:
        details["superseded_by"] = superseded_by
    entry = record.add(Act.SOURCE_MARKED, subject=subject, by=by, details=details)
    read = Edition.objects.live(record.now) | Edition.objects.scheduled(record.now)
    citing = read.filter(mentions__relation="cites", mentions__target=subject)
    raise_on_pages(
        citing.values_list("page__key", flat=True),
        reason=FlagReason.SOURCE_CHANGED,
        subject=subject,
        sentence=f"The source “{source}” that it cites is {standing}: {reason}",
        by=by,
    )
    return entry


def newest_mark(source: str) -> int:
    """The position of the newest entry that marked a source, 0 if there is none."""
    marks = Entry.objects.filter(act=Act.SOURCE_MARKED, subject=f"reference/{source}")
    return marks.order_by("-position").values_list("position", flat=True).first() or 0


@transaction.atomic
def tell_doubt(page: Page, *, by, sentence: str, flag: Flag | None = None, seen_entry: int | None = None) -> Entry:
    """Tell visitors of a doubt about a page, in one sentence, until it is settled.

    `flag` is the reason, if there is one on the desk; otherwise a new flag stands there until somebody looked.
    """
    check(by, "tell_doubt", "tell visitors of a doubt")
    sentence = words(sentence, "The sentence")
    record = the_record.lock()
    check_seen(page, seen_entry)
    if not Edition.objects.live(record.now).filter(page=page).exists():
        raise WrongProgress(f"Visitors do not read {page} now, so there is nobody to tell.")
    if flag is not None and (flag.page_id != page.pk or flag.resolved_at or flag.told_id):
        raise WrongProgress("That flag is of another page, resolved, or told already.")
    entry = record.add(Act.DOUBT_TOLD, page=page, by=by, details={"sentence": sentence})
    flag = flag or raise_flag(
        page, reason=FlagReason.DOUBT, subject=f"entry/{entry.position}", sentence=sentence, by=by
    )
    if flag is not None:
        flag.told = entry
        flag.save(update_fields=["told"])
    return entry


@transaction.atomic
def settle_doubt(page: Page, *, by, note: str, seen_entry: int | None = None) -> Entry:
    """Take away the sentence of a doubt, saying how it was settled."""
    check(by, "tell_doubt", "settle a doubt")
    note = words(note, "The note")
    record = the_record.lock()
    check_seen(page, seen_entry)
    told = page.newest_doubt()
    if told is None:
        raise WrongProgress(f"No doubt is told about {page}.")
    entry = record.add(Act.DOUBT_SETTLED, page=page, by=by, details={"note": note})
    for flag in Flag.objects.open().filter(told=told, reason=FlagReason.DOUBT):
        put_away(flag, by=by, note=note)
    return entry
