"""A large site, made straight in the database: thousands of drugs with ten editions each.

Its contents are those of the starter's drugs under invented names. The rows are put past the record's guards, so
its seals do not hold: it is for measuring what reads, and for nothing else.
"""

import itertools
import json
import random
from collections.abc import Iterator
from datetime import datetime, timedelta

_BEGINNINGS = (
    "ava",
    "bel",
    "cari",
    "dova",
    "eno",
    "fila",
    "gora",
    "ibe",
    "lume",
    "mavo",
    "nira",
    "ore",
    "pala",
    "rivo",
)
_MIDDLES = ("ci", "do", "fe", "li", "mo", "ne", "pra", "ro", "su", "ta", "ve", "xo", "zi")
_ENDINGS = ("tinib", "ciclib", "limus", "metinib", "parib", "rafenib", "tumab", "zomib")


def names() -> Iterator[str]:
    """Invented names that end as those of targeted drugs do: 17,000 different ones, in a fixed order."""
    made = ["".join(parts) for parts in itertools.product(_BEGINNINGS, _MIDDLES, _MIDDLES, _ENDINGS)]
    random.Random(1).shuffle(made)
    return iter(made)


def enlarge(drugs: int, editions: int) -> None:
    """Add so many drugs, each with so many published editions, to a site with the starter content.

    Editions went live some weeks apart up to yesterday; every second one was reviewed. Nothing is published by action.
    """
    from django.db import connection, transaction
    from django.db.models import QuerySet
    from django.utils import timezone

    from editions import triggers
    from editions.kinds import kind
    from editions.models import Edition, Entry, Mention, Page, Record, Review
    from staff.models import User

    chance, now = random.Random(2), timezone.now()
    someone = User.objects.create(username="somebody-large", public_name="Somebody")
    patterns = list(Edition.objects.filter(page__kind="drug", number=1).values_list("content_json", flat=True))
    conditions = [f"condition-{number}" for number in range(300)]
    drug = kind("drug")

    def content(name: str) -> str:
        value = json.loads(chance.choice(patterns)) | {"name": name}
        for indication in value["indications"]:
            one = chance.choice(conditions)
            indication["condition"] = {"page": f"condition/{one}", "name": one.replace("-", " ")}
        for number, other in enumerate(value["names"]):
            other["name"] = f"{name[:5].title()}{'aeiou'[number % 5]}{number // 5 or ''}"
        return json.dumps(value, ensure_ascii=False)

    def edition(page: Page, number: int, text: str) -> Edition:
        at: datetime = now - timedelta(days=1 + (editions - number) * 40, seconds=page.pk % 80_000)
        return Edition(
            page=page,
            content_json=text,
            change_kind="content",
            change_note=f"Round {number}.",
            review_interval_months=12,
            changes_at_freeze=number,
            contributors=[someone.pk],
            submitted_by=someone,
            submitted_at=at,
            digest="",
            progress="published",
            number=number,
            published_at=at,
            published_by=someone,
            live_from=at,
        )

    with transaction.atomic():
        triggers.remove(connection)
        position = Entry.objects.count()
        for chunk in _chunks(names(), 250, drugs):
            pages = QuerySet(Page).bulk_create(
                Page(kind="drug", slug=name, key=f"drug/{name}", changes=editions) for name in chunk
            )
            texts = {page.pk: content(page.slug) for page in pages}
            made = QuerySet(Edition).bulk_create(
                edition(page, number, texts[page.pk]) for page in pages for number in range(1, editions + 1)
            )
            ties = {page: set(drug.mentions(drug.read(text))) for page, text in texts.items()}
            Mention.objects.bulk_create(
                Mention(edition=one, relation=tie.relation, target=tie.target)
                for one in made
                for tie in ties[one.page_id]
            )
            reviews = QuerySet(Review).bulk_create(
                Review(
                    edition=one,
                    kinds=["clinical"],
                    scope="whole_page",
                    outcome="approved",
                    made_at=one.live_from,
                    reviewer=someone,
                    reviewer_name="Somebody",
                    name_salt="",
                    name_hash="",
                )
                for one in made
                if one.number % 2 == 0
            )
            entries = [("published", one, None) for one in made] + [("reviewed", one.edition, one) for one in reviews]
            QuerySet(Entry).bulk_create(
                Entry(
                    position=(position := position + 1),
                    act=act,
                    page_id=one.page_id,
                    edition=one,
                    review=review,
                    at=one.live_from,
                    holds_from=one.live_from,
                    statement='{"details":{}}',
                    by=someone,
                    by_name="Somebody",
                    by_salt="",
                    previous_seal="",
                    seal=f"invented {position}",
                )
                for act, one, review in entries
            )
        QuerySet(Record).update(entries=position, head=f"invented {position}")
        triggers.install(connection)


def _chunks(items: Iterator[str], size: int, most: int) -> Iterator[list[str]]:
    left = itertools.islice(items, most)
    while chunk := list(itertools.islice(left, size)):
        yield chunk
