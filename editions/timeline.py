"""All that ever happened to a page, as staff read it: change sets of its working copy, editions, reviews, flags."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ObjectDoesNotExist
from django.core.paginator import Page as PageOfList
from django.core.paginator import Paginator

from basics.history import Others, before_each, differences, histories
from editions.models import Edition, Entry, Flag, Page
from editions.vocabulary import Act

KINDS = {"change": "changes of the draft", "edition": "editions", "record": "the public record", "flag": "flags"}
PER_PAGE = 25
MOST_ROWS = 40  # of one change set that are shown; an import can have thousands


@dataclass
class Change:
    """One row of a change set: what it is, what was done to it, and the words that went and came."""

    what: str
    name: str
    done: str  # made, changed, deleted
    differences: list[dict[str, Any]]


@dataclass
class Happening:
    """One line of the timeline."""

    at: datetime
    kind: str  # a key of KINDS
    person: int | None
    who: str = ""
    title: str = ""
    reason: str = ""
    edition: int | None = None  # primary key, where the line leads to one
    rows: list[tuple[Any, int]] = field(default_factory=list)  # (model, history_id)
    changes: list[Change] = field(default_factory=list)

    @property
    def not_shown(self) -> int:
        return max(0, len(self.rows) - MOST_ROWS)


def timeline(page: Page, *, kind: str = "", person: int | None = None, number: str = "1") -> tuple[PageOfList, list]:
    """A page of the timeline, newest first, of one kind or person if they are given, and all people who are in it."""
    everything = [*_changes(page), *_editions(page), *_record(page), *_flags(page)]
    people = get_user_model().objects.in_bulk({one.person for one in everything if one.person})
    found = [one for one in everything if (not kind or one.kind == kind) and (person is None or one.person == person)]
    found.sort(key=lambda one: one.at, reverse=True)
    shown = Paginator(found, PER_PAGE).get_page(number)
    for one in shown:
        if not one.who:
            one.who = str(people[one.person]) if one.person in people else "no person"
    _fill_in(list(shown))
    return shown, sorted(people.values(), key=str)


def _changes(page: Page) -> Iterator[Happening]:
    """The change sets of the working copy: what was saved together is one."""
    model = page.kind_of_page.model
    keys = set(model.history.filter(page_id=page.pk).values_list("id", flat=True))
    sets: dict[Any, Happening] = {}
    for rows in histories(model, keys):
        columns = ("history_id", "history_date", "history_user_id", "history_change_reason", "change_set")
        for history_id, at, person, reason, change_set in rows.values_list(*columns):
            known = change_set or (rows.model, history_id)
            one = sets.setdefault(known, Happening(at, "change", person, reason=reason or ""))
            one.at = max(one.at, at)
            one.rows.append((rows.model, history_id))
    yield from sets.values()


def _editions(page: Page) -> Iterator[Happening]:
    for edition in Edition.objects.filter(page=page).defer("content_json"):
        title = f"submitted as {f'edition {edition.number}' if edition.number else 'an edition'}"
        yield Happening(
            edition.submitted_at,
            "edition",
            edition.submitted_by_id,
            title=title,
            reason=edition.change_note,
            edition=edition.pk,
        )


def _record(page: Page) -> Iterator[Happening]:
    for entry in Entry.objects.filter(page=page).select_related("edition", "review").defer("edition__content_json"):
        about = f"edition {entry.edition.number}" if entry.edition and entry.edition.number else ""
        said = entry.review.comment if entry.review else ""
        details = entry.details
        reason = said or next((details[one] for one in ("reason", "sentence", "note") if details.get(one)), "")
        outcome = f": {entry.review.get_outcome_display()}" if entry.review else ""
        yield Happening(
            entry.at,
            "record",
            entry.by_id,
            who=entry.by_name or "name removed on request",
            title=f"{Act(entry.act).label} {about}{outcome}".strip(),
            reason=reason,
            edition=entry.edition_id,
        )


def _flags(page: Page) -> Iterator[Happening]:
    for flag in Flag.objects.filter(page=page):
        yield Happening(
            flag.raised_at, "flag", flag.raised_by_id, title=f"flagged: {flag.reason_line}", reason=flag.sentence
        )
        if flag.resolved_at:
            yield Happening(
                flag.resolved_at,
                "flag",
                flag.resolved_by_id,
                title=f"flag resolved: {flag.reason_line}",
                reason=flag.note,
            )


def _fill_in(shown: list[Happening]) -> None:
    """Read the rows of the change sets that are shown, with what each changed."""
    wanted: dict[Any, list[int]] = {}
    for one in shown:
        for model, history_id in one.rows[:MOST_ROWS]:
            wanted.setdefault(model, []).append(history_id)
    records = {
        (model, record.history_id): record
        for model, numbers in wanted.items()
        for record in model._default_manager.filter(history_id__in=numbers)
    }
    before = {
        (model, number): record
        for model in wanted
        for number, record in before_each(record for (of, _), record in records.items() if of is model).items()
    }
    others = Others([*records.values(), *before.values()])
    done = {"+": "made", "~": "changed", "-": "deleted"}
    for one in shown:
        for known in one.rows[:MOST_ROWS]:
            record = records[known]
            changed = record.history_type == "~"
            one.changes.append(
                Change(
                    what=str(record.instance_type._meta.verbose_name),
                    name=_name_of(record, others),
                    done=done[record.history_type],
                    differences=differences(record, before.get(known), others) if changed else [],
                )
            )


def _name_of(record, others: Others) -> str:
    """What a row was called. One whose parent is gone for good cannot say it, and is named by its number."""
    try:
        return str(others.instance(record))
    except ObjectDoesNotExist:
        return f"number {record.id}"
