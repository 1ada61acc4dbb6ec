"""From the site to a bundle, and from a bundle to a file."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from pydantic import ValidationError

from basics.whole_files import written_whole
from drugs import content
from drugs.bundles import Watch, drafts, schema
from drugs.models import Mechanism
from editions.bundles import drawing
from editions.models import Edition, Page
from editions.record import now
from references.models import Reference


class NoSuchPage(ValueError):
    """No page has this key."""


@dataclass(frozen=True)
class Drawn:
    """A bundle, and the drafts that are not in it, each with the reason in a sentence."""

    bundle: schema.Bundle
    left_out: tuple[str, ...]


@transaction.atomic
def whole_site(watch: Watch = lambda items: items) -> Drawn:
    """The record with all that it rests on, every draft, and the whole library."""
    drawing.hold_still()
    pages = Page.objects.order_by("pk")
    found, left_out = _contents(pages, watch, with_live=False)
    return Drawn(
        schema.Bundle(
            format=schema.FORMAT,
            version=schema.VERSION,
            references=tuple(one.to_source() for one in Reference.objects.prefetch_related("authors")),
            mechanisms=tuple(_mechanism(row) for row in Mechanism.objects.all()),
            contents=found,
            record=drawing.draw(watch),
        ),
        left_out,
    )


@transaction.atomic
def some_pages(keys: Iterable[str], watch: Watch = lambda items: items) -> Drawn:
    """What these pages say, live and in their drafts, with what they cite and how their drugs work. No record: cut out of
    it, entries would have gaps. Raises NoSuchPage."""
    drawing.hold_still()
    wanted = sorted(set(keys))
    pages = Page.objects.filter(key__in=wanted).order_by("pk")
    if unknown := sorted(set(wanted) - {page.key for page in pages}):
        raise NoSuchPage(f"There is no page with the key {', '.join(unknown)}. A key looks like drug/imatinib.")
    found, left_out = _contents(pages, watch, with_live=True)
    said = [plain for one in found for plain in (one.live, one.draft) if plain]
    cited = {source["key"] for plain in said for source in plain["sources"]}
    ways = {one["key"] for plain in said for one in plain.get("mechanisms", [])}
    library = Reference.objects.filter(key__in=cited).prefetch_related("authors")
    return Drawn(
        schema.Bundle(
            format=schema.FORMAT,
            version=schema.VERSION,
            references=tuple(one.to_source() for one in library),
            mechanisms=tuple(_mechanism(row) for row in Mechanism.objects.filter(key__in=ways)),
            contents=found,
        ),
        left_out,
    )


def _mechanism(row: Mechanism) -> content.Mechanism:
    return content.Mechanism(key=row.key, name=row.name, text=row.text)


def _contents(pages, watch: Watch, *, with_live: bool) -> tuple[tuple[schema.PageContents, ...], tuple[str, ...]]:
    live: dict[int, Edition] = {}
    if with_live:
        live = {one.page_id: one for one in Edition.objects.live(now()).filter(page__in=pages).select_related("page")}
    found, left_out = [], []
    for page in watch(pages):
        draft = None
        working = page.kind_of_page.working_copy(page)
        try:
            draft = drafts.drawn(working) if working else None
        except ValidationError as problem:
            left_out.append(drafts.left_out(page, problem))
        edition = live.get(page.pk)
        said = edition.content.model_dump(mode="json") if edition else None
        if said or draft:
            found.append(schema.PageContents(page=page.key, live=said, draft=draft))
    return tuple(found), tuple(left_out)


def write(bundle: schema.Bundle, path: Path, *, over: bool = False) -> int:
    """Store a bundle as a file that only its owner reads, wholly or not at all; return its size in bytes.

    Raises FileExistsError unless `over`, OSError if it cannot be written.
    """
    return write_json(bundle.model_dump(mode="json"), path, over=over)


def write_json(value: Any, path: Path, *, over: bool = False) -> int:
    """Store plain data as JSON, as `write` does."""
    with written_whole(path, over=over) as part, part.open("w", encoding="utf-8") as file:
        json.dump(value, file, ensure_ascii=False, indent=1)
        file.write("\n")
        return file.tell()
