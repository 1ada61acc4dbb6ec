"""Checking the record: recompute every seal and all that is derived from it, and name what does not fit.

Reads bare rows and follows no foreign key, because whoever altered the database may have cut them.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from math import inf
from typing import Any

from django.db import connection

from basics.days import london_day
from basics.snapshots import one_moment
from editions import kinds, seals, triggers
from editions.models import Contribution, Edition, Entry, FormerSlug, Listing, Mention, Page, Record, Review
from editions.site import PublishedSite
from editions.vocabulary import PUBLISHING, Act, Outcome, Progress, ReviewKind, Scope


@dataclass(frozen=True, order=True)
class Finding:
    """Something that does not fit: at which entry of the record it first shows (or at none), and a sentence."""

    position: float
    sentence: str


@dataclass
class Replay:
    """What the entries say, read in their order."""

    reviews: dict[str, int] = field(default_factory=dict)  # review uid → position of its entry
    review_digests: dict[str, str] = field(default_factory=dict)
    editions: dict[str, int] = field(default_factory=dict)  # edition uid → position of its first entry
    edition_digests: dict[str, str] = field(default_factory=dict)
    placed: dict[str, dict] = field(default_factory=dict)  # edition uid → number, live_from, published_at, by
    verdicts: dict[str, str] = field(default_factory=dict)  # edition uid → the newest outcome of its reviews
    persons: dict[str, int] = field(default_factory=dict)  # review uid → number of the person
    numbers: dict[str, int] = field(default_factory=dict)  # page key → its last number
    slugs: dict[str, str] = field(default_factory=dict)  # page key → slug it moved to
    former: set[tuple[str, str]] = field(default_factory=set)  # page key and a slug it had
    carried: dict[str, str] = field(default_factory=dict)  # page key → ISO day of the review it came with, if any
    removed_names: set[str | int] = field(default_factory=set)  # review uids and entry positions
    unapproved: dict[int, str] = field(
        default_factory=dict
    )  # entry that publishes → edition its reviews do not approve
    newest: str = seals.GENESIS
    entries: int = 0


def verify(expected_seal: str = "", watch: Callable[[Iterable], Iterable] = lambda rows: rows) -> list[Finding]:
    """All that does not fit, first things first; empty if the record holds.

    `expected_seal` is a seal that was once printed and kept elsewhere: it must still stand in the chain. `watch` wraps
    what is read row by row, e.g. in a progress bar.
    """
    with one_moment():  # an act between two questions would look like an alteration
        return _verify(expected_seal, watch)


def _verify(expected_seal: str, watch) -> list[Finding]:
    replay = Replay()
    # Entries first: where one is missing, much of what rests on it does not fit either.
    chain = sorted(_chain(replay, expected_seal, watch))
    rows = sorted([*_editions(replay, watch), *_reviews(replay), *_pages(replay)])
    if not chain and not rows:  # what follows trusts the rows above
        rows = sorted([*_unapproved(replay), *_half_approved(replay), *_last_reviewed(replay), *_listings()])
    guards = []
    if dropped := triggers.missing(connection):
        names = ", ".join(dropped[:8]) + (f" and {len(dropped) - 8} more" if len(dropped) > 8 else "")
        guards = [
            Finding(
                inf, f"The database's own guards are not in place ({names}). Run `manage.py migrate` to put them back."
            )
        ]
    return [*chain, *rows, *guards]


def _chain(replay: Replay, expected_seal: str, watch) -> Iterator[Finding]:
    keys = dict(Page.objects.values_list("pk", "key"))
    uids = {pk: str(uid) for pk, uid in Edition.objects.values_list("pk", "uid")}
    review_uids = {pk: str(uid) for pk, uid in Review.objects.values_list("pk", "uid")}
    outcomes = {str(uid): outcome for uid, outcome in Review.objects.values_list("uid", "outcome")}
    seals_seen = {seals.GENESIS}
    last_at = ""
    nameless, named = [], []
    for row in watch(Entry.objects.order_by("position").values().iterator()):
        here = row["position"]
        if here != replay.entries + 1:
            gap = replay.entries + 1
            missing = f"Entry {gap} was removed" if here == gap + 1 else f"Entries {gap} to {here - 1} were removed"
            yield Finding(gap, f"{missing}: entry {here} stands where {'it' if here == gap + 1 else 'they'} stood.")
        elif row["previous_seal"] != replay.newest:
            yield Finding(
                here, f"Entry {here} does not rest on the seal of entry {here - 1}: one of the two was altered."
            )
        statement = _read(row["statement"])
        if statement is None or row["seal"] != seals.seal(row["previous_seal"], row["statement"]):
            yield Finding(here, f"Entry {here} was altered: its seal does not fit what it says.")
        if statement is not None:
            facts = {
                "its number": (here, statement.get("position")),
                "its act": (row["act"], statement.get("act")),
                "its page": (keys.get(row["page_id"]), statement.get("page")),
                "its edition": (uids.get(row["edition_id"]), (statement.get("edition") or {}).get("uid")),
                "its review": (review_uids.get(row["review_id"]), (statement.get("review") or {}).get("uid")),
                "its subject": (row["subject"], statement.get("subject")),
                "its moment": (seals.moment(row["at"]), statement.get("at")),
                "the moment from which it holds": (seals.moment(row["holds_from"]), statement.get("holds_from")),
                "the person": (row["by_id"], statement.get("person")),
            }
            for name, (stored, sealed) in facts.items():
                # An edition or review that is gone is named below, with its own sentence.
                if stored != sealed and not (stored is None and name in {"its edition", "its review"}):
                    yield Finding(here, f"Entry {here} was altered: {name} is not what was sealed.")
            if row["by_name"] or row["by_salt"]:
                named.append(here)
                if seals.name_hash(row["by_name"], row["by_salt"]) != statement.get("by"):
                    yield Finding(here, f"Entry {here} was altered: the name beside it is not the one that was sealed.")
            else:
                nameless.append(here)
            if (statement.get("at") or "") <= last_at:
                yield Finding(here, f"Entry {here} is not later than the one before it.")
            last_at = statement.get("at") or ""
            yield from _replay(replay, here, statement, outcomes)
        replay.entries, replay.newest = here, row["seal"]
        seals_seen.add(row["seal"])
    for here in nameless:
        if here not in replay.removed_names:
            yield Finding(here, f"Entry {here} was altered: its name was taken away without a request in the record.")
    for here in named:
        if here in replay.removed_names:
            yield Finding(here, f"Entry {here} was altered: a name stands beside it that was removed on request.")
    yield from _end_of_chain(replay, expected_seal, seals_seen)


def _end_of_chain(replay: Replay, expected_seal: str, seals_seen: set[str]) -> Iterator[Finding]:
    row = Record.objects.filter(pk=1).values("entries", "head").first() or {"entries": 0, "head": seals.GENESIS}
    if row["entries"] > replay.entries:
        yield Finding(
            replay.entries + 1,
            f"Entry {row['entries']} was removed: the record counts {row['entries']} entries and holds {replay.entries}.",
        )
    elif (row["entries"], row["head"]) != (replay.entries, replay.newest):
        yield Finding(replay.entries, f"Entry {replay.entries} was inserted, or the record's own count was altered.")
    if expected_seal and expected_seal not in seals_seen:
        yield Finding(replay.entries + 1, _not_there(expected_seal, seals_seen))


def _not_there(expected: str, seals_seen: set[str]) -> str:
    for seal in seals_seen - {seals.GENESIS}:
        if 0 < (slips := sum(one != other for one, other in zip(expected, seal, strict=False))) <= _SLIPS:
            return (
                f"The expected seal {expected[:16]}… is not in the record, but another is that differs in {slips} of 64 "
                f"letters, {seal}: look at your copy again."
            )
    return f"The expected seal {expected[:16]}… is not in the record: entries were removed or altered since it was printed."


_SLIPS = 4  # two seals that have nothing to do with one another differ in about sixty letters
_STATEMENT = {
    "position",
    "act",
    "page",
    "edition",
    "review",
    "subject",
    "at",
    "holds_from",
    "by",
    "person",
    "details",
}


def _read(statement: str) -> dict[str, Any] | None:
    try:
        value = json.loads(statement)
    except ValueError:
        return None
    holds = isinstance(value, dict) and value.keys() == _STATEMENT and isinstance(value["details"], dict)
    return value if holds else None


def _replay(replay: Replay, here: int, statement: dict, outcomes: dict[str, str]) -> Iterator[Finding]:
    act, page, details = statement["act"], statement["page"], statement["details"]
    if edition := statement["edition"]:
        uid = edition["uid"]
        replay.editions.setdefault(uid, here)
        if replay.edition_digests.setdefault(uid, edition["digest"]) != edition["digest"]:
            yield Finding(here, f"Entry {here} knows its edition by another hash than the entry before it.")
        if act in PUBLISHING:
            number = replay.numbers.get(page, 0) + 1
            if details.get("number") != number:
                yield Finding(here, f"Entry {here} gives {page} the number {details.get('number')}; {number} was next.")
            replay.numbers[page] = details.get("number", number)
            replay.placed[uid] = {
                "act": act,
                "number": details.get("number"),
                "live_from": statement["holds_from"],
                "published_at": statement["at"],
                "published_by_id": statement["person"],
            }
            if act == Act.PUBLISHED and replay.verdicts.get(uid) != Outcome.APPROVED:
                replay.unapproved[here] = f"Edition {details.get('number')} of {page}"
        elif act == Act.UNSCHEDULED:
            replay.placed.pop(uid, None)
            replay.numbers[page] = replay.numbers.get(page, 1) - 1
    if review := statement["review"]:
        replay.reviews[review["uid"]] = here
        replay.review_digests[review["uid"]] = review["digest"]
        replay.persons[review["uid"]] = statement["person"]
        if edition:
            replay.verdicts[edition["uid"]] = outcomes.get(review["uid"], "")
    if act == Act.CARRIED_OVER:
        replay.carried[page] = details.get("reviewed_on", "")
    elif act == Act.MOVED:
        replay.slugs[page] = details["to"]
        replay.former.add((page, details["from"]))
        replay.former.discard((page, details["to"]))
    elif act == Act.NAME_REMOVED:
        replay.removed_names.update(details.get("reviews", []), details.get("entries", []))


def _editions(replay: Replay, watch) -> Iterator[Finding]:
    pages = {page["id"]: page for page in Page.objects.values()}
    ties: dict[int, set[tuple[str, str]]] = {}
    for edition_id, relation, target in Mention.objects.values_list("edition_id", "relation", "target"):
        ties.setdefault(edition_id, set()).add((relation, target))
    seen = set()
    for row in watch(Edition.objects.order_by("pk").values().iterator()):
        uid = str(row["uid"])
        seen.add(uid)
        here = replay.editions.get(uid, inf)
        page = pages.get(row["page_id"])
        if page is None:
            yield Finding(here, f"The page of edition {uid} was removed.")
            continue
        placed = replay.placed.get(uid)
        name = f"Edition {row['number']} of {page['key']}" if row["number"] else f"An edition of {page['key']} ({uid})"
        named_as_sealed = f"Edition {placed['number']} of {page['key']}" if placed else name
        edition = Edition(**{key: value for key, value in row.items() if key != "page_id"}, page=Page(**page))
        digest = edition.compute_digest()
        if digest != row["digest"] or digest != replay.edition_digests.get(uid, digest):
            yield Finding(
                here, f"{named_as_sealed} was altered: its content or its change note is not what was sealed."
            )
        if row["changes_at_freeze"] > page["changes"]:
            yield Finding(here, f"{named_as_sealed} counts more changes than its page has seen.")
        if row["progress"] != Progress.PUBLISHED:
            verdict = replay.verdicts.get(uid, "")
            if placed:
                yield Finding(here, f"{named_as_sealed} was altered: the record says that it is published.")
            elif row["progress"] == Progress.APPROVED and verdict != Outcome.APPROVED:
                yield Finding(
                    here, f"{name} was altered: it counts as approved, and its newest review does not say so."
                )
            elif row["progress"] == Progress.IN_REVIEW and verdict == Outcome.CHANGES_REQUESTED:
                yield Finding(
                    here, f"{name} was altered: it counts as in review, and a review in the record asks for changes."
                )
        elif not placed:
            yield Finding(here, f"{name} was inserted: no entry of the record publishes it.")
        else:
            stored = {
                "number": row["number"],
                "live_from": seals.moment(row["live_from"]),
                "published_at": seals.moment(row["published_at"]),
                "published_by_id": row["published_by_id"],
            }
            words = {
                "number": "number",
                "live_from": "live date",
                "published_at": "day of publication",
                "published_by_id": "publisher",
            }
            for key, value in stored.items():
                if value != placed[key]:
                    yield Finding(here, f"{named_as_sealed} was altered: its {words[key]} is not what was sealed.")
        if digest == row["digest"] and f"{page['kind']}/" == page["key"][: len(page["kind"]) + 1]:
            wanted = {tuple(tie) for tie in kinds.kind(page["kind"]).mentions(edition.content)}
            if wanted != ties.get(row["id"], set()):
                yield Finding(here, f"{named_as_sealed}: the list of what it mentions does not fit its content.")
    for uid in replay.editions.keys() - seen:
        placed = replay.placed.get(uid)
        number = f"Edition {placed['number']}" if placed else "An edition"
        where = replay.editions[uid]
        yield Finding(where, f"{number} ({uid}), which entry {where} speaks of, was removed.")


def _reviews(replay: Replay) -> Iterator[Finding]:
    editions = {row["id"]: row for row in Edition.objects.values("id", "uid", "submitted_by_id", "contributors")}
    seen = set()
    for row in Review.objects.order_by("pk").values().iterator():
        uid = str(row["uid"])
        seen.add(uid)
        here = replay.reviews.get(uid, inf)
        edition = editions.get(row["edition_id"])
        if here == inf:
            yield Finding(here, f"Review {uid} was inserted: no entry of the record speaks of it.")
            continue
        if edition is None:
            yield Finding(here, f"The edition of review {uid} (entry {here}) was removed.")
            continue
        review = Review(
            **{key: value for key, value in row.items() if key != "edition_id"}, edition=Edition(uid=edition["uid"])
        )
        if review.compute_digest() != replay.review_digests[uid]:
            yield Finding(
                here, f"Review {uid} (entry {here}) was altered: its verdict or its words are not what was sealed."
            )
        if row["reviewer_id"] != replay.persons[uid]:
            yield Finding(here, f"Review {uid} (entry {here}) was altered: its reviewer is not the one who made it.")
        if row["reviewer_name"] or row["name_salt"]:
            if uid in replay.removed_names:
                yield Finding(here, f"Review {uid} (entry {here}) carries a name that was removed on request.")
            if seals.name_hash(row["reviewer_name"], row["name_salt"]) != row["name_hash"]:
                yield Finding(
                    here, f"Review {uid} (entry {here}) was altered: the reviewer's name is not what was sealed."
                )
        elif uid not in replay.removed_names:
            yield Finding(here, f"Review {uid} (entry {here}) was altered: its name was taken away without a request.")
        if (row["reviewer_id"] or row["invited_by_id"]) in {edition["submitted_by_id"], *edition["contributors"]}:
            yield Finding(here, f"Review {uid} (entry {here}) is by somebody who submitted the edition or wrote in it.")
    for uid in replay.reviews.keys() - seen:
        here = replay.reviews[uid]
        yield Finding(here, f"Review {uid}, which entry {here} speaks of, was removed.")


def _pages(replay: Replay) -> Iterator[Finding]:
    former: set[tuple[str, str]] = set()
    keys = {}
    for page in Page.objects.values():
        keys[page["id"]] = page["key"]
        kind_name, _, born = page["key"].partition("/")
        if page["kind"] != kind_name or not born:
            yield Finding(inf, f"The page {page['key']} was altered: its kind or its key is not what it was born with.")
        elif page["slug"] != replay.slugs.get(page["key"], born):
            yield Finding(inf, f"The page {page['key']} was altered: its address is not the one in the record.")
    for row in FormerSlug.objects.values():
        key = keys.get(row["page_id"], "")
        former.add((key, row["slug"]))
        if key and row["kind"] != key.partition("/")[0]:
            yield Finding(inf, f"The former address “{row['slug']}” of {key} was altered: it is of another kind.")
    for key, slug in sorted(former ^ replay.former):
        yield Finding(inf, f"The former address “{slug}” of {key} does not fit the record.")
    counts = dict(Page.objects.values_list("pk", "changes"))
    for tie in Contribution.objects.values():
        if tie["last_change"] > counts.get(tie["page_id"], 0):
            yield Finding(
                inf, f"A contribution to {keys.get(tie['page_id'])} is newer than the page's count of changes."
            )


def _unapproved(replay: Replay) -> Iterator[Finding]:
    for here, edition in replay.unapproved.items():
        yield Finding(
            here, f"{edition} was published without a review that approves it: the newest before it does not."
        )


def _half_approved(replay: Replay) -> Iterator[Finding]:
    """Editions that passed as approved though a kind of review that they need was never given."""
    given: dict[str, set[str]] = {}
    for edition, kinds_given in Review.objects.filter(outcome=Outcome.APPROVED).values_list("edition__uid", "kinds"):
        given.setdefault(str(edition), set()).update(kinds_given)
    for uid, progress, needed in Edition.objects.values_list("uid", "progress", "reviews_needed"):
        placed = replay.placed.get(str(uid))
        was_approved = placed["act"] == Act.PUBLISHED if placed else progress == Progress.APPROVED
        lacking = set(needed) - given.get(str(uid), set())
        if was_approved and lacking and str(uid) in given:
            words = ", ".join(ReviewKind(kind).label for kind in sorted(lacking))
            here = replay.editions.get(str(uid), inf)
            yield Finding(here, f"Edition {uid} was approved without a review that it needs: {words}.")


_MOST_NAMED = 100  # listings whose pages are named: where one is wrong, most are


def _listings() -> Iterator[Finding]:
    """The times at which lists show editions, against what the entries give."""
    wrong = [pk for pk, *_ in Listing.objects.wrong_times()]
    rows = Listing.objects.filter(pk__in=wrong[:_MOST_NAMED]).order_by("edition__page__key")
    lacking = Edition.objects.filter(listing=None).order_by("page__key")
    keys = [*rows.values_list("edition__page__key", flat=True), *lacking.values_list("page__key", flat=True)]
    for key in dict.fromkeys(keys):
        yield Finding(inf, f"{key}: lists show it at other times than the record says. Run rebuild_derived.")


def _last_reviewed(replay: Replay) -> Iterator[Finding]:
    """“Last reviewed” as visitors read it now, against what the entries give."""
    site = PublishedSite()
    newest: dict[str, tuple[int, date]] = {
        key: (0, date.fromisoformat(day)) for key, day in replay.carried.items() if day
    }
    whole = Review.objects.filter(scope=Scope.WHOLE_PAGE, outcome=Outcome.APPROVED).select_related("edition__page")
    for review in whole.iterator():
        placed = replay.placed.get(str(review.edition.uid))
        if placed is None or str(review.uid) not in replay.reviews:
            continue
        overruled = placed["act"] == Act.PUBLISHED_URGENTLY and seals.moment(review.made_at) < placed["published_at"]
        if datetime.fromisoformat(placed["live_from"]) <= site.at and not overruled:
            key, read = review.edition.page.key, (placed["number"], london_day(review.made_at))
            newest[key] = max(newest.get(key, read), read)
    kept = Listing.objects.live(site.at).values_list(
        "edition__page__key", "last_reviewed", "review_due", "awaits_review"
    )
    dates = {key: known for key, *known in kept}
    for page in site.everything():
        if dates[page.key] != [page.last_reviewed, page.review_due, page.awaits_review]:
            yield Finding(inf, f"{page.key}: the desk knows other dates than the record gives. Run rebuild_derived.")
        if page.last_reviewed != newest.get(page.key, (0, None))[1]:
            yield Finding(inf, f"{page.key}: “last reviewed” does not follow from the record.")
