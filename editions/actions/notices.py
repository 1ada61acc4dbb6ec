"""What visitors are told beside the editions: doubts about a page, marks on its sources."""

from django.db import transaction

from editions import record as the_record
from editions.actions.rules import WrongProgress, check, check_seen, words
from editions.models import Edition, Entry, Mention, Page
from editions.vocabulary import Act


@transaction.atomic
def mark_source(source: str, *, by, standing: str, reason: str) -> Entry:
    """Say on every page that cites a source how far it can still be relied on.

    `source` is the key of a reference, `standing` one of references.content.Standing. A mark of `current` lifts it.
    """
    check(by, "mark_source", "mark sources")
    reason, standing = words(reason, "The reason"), words(standing, "The standing")
    record = the_record.lock()
    subject = f"reference/{source}"
    if not Mention.objects.filter(relation="cites", target=subject, edition__number__isnull=False).exists():
        raise WrongProgress(f"No published page cites “{source}”, so there is nothing to mark.")
    return record.add(Act.SOURCE_MARKED, subject=subject, by=by, details={"standing": standing, "reason": reason})


@transaction.atomic
def tell_doubt(page: Page, *, by, sentence: str, seen_entry: int | None = None) -> Entry:
    """Tell visitors of a doubt about a page, in one sentence, until it is settled."""
    check(by, "tell_doubt", "tell visitors of a doubt")
    sentence = words(sentence, "The sentence")
    record = the_record.lock()
    check_seen(page, seen_entry)
    if not Edition.objects.live(record.now).filter(page=page).exists():
        raise WrongProgress(f"Visitors do not read {page} now, so there is nobody to tell.")
    return record.add(Act.DOUBT_TOLD, page=page, by=by, details={"sentence": sentence})


@transaction.atomic
def settle_doubt(page: Page, *, by, note: str, seen_entry: int | None = None) -> Entry:
    """Take away the sentence of a doubt, saying how it was settled."""
    check(by, "tell_doubt", "settle a doubt")
    note = words(note, "The note")
    record = the_record.lock()
    check_seen(page, seen_entry)
    newest = page.entries.filter(act__in=[Act.DOUBT_TOLD, Act.DOUBT_SETTLED]).last()
    if newest is None or newest.act != Act.DOUBT_TOLD:
        raise WrongProgress(f"No doubt is told about {page}.")
    return record.add(Act.DOUBT_SETTLED, page=page, by=by, details={"note": note})
