"""The questions that lists, pages and the desk ask are answered by indexes on both databases: none reads a table through.

With `PLANS_DRUGS=5000` in the environment, the tables are so large that PostgreSQL has to choose the indexes by itself.
"""

import os
import re
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from bench.scale import enlarge
from drugs import starter
from drugs.models import Drug
from drugs.starter_files import read_starter
from editions import derived, generation, lists, record, waiting
from editions.models import Edition, Entry, Heading, Listing, Mention, Page, Review
from editions.site import PublishedSite

FEW = 300
DRUGS = int(os.environ.get("PLANS_DRUGS", FEW))
# Tables that grow with every edition and every save.
GROWING = {
    model._meta.db_table for model in (Edition, Entry, Heading, Listing, Mention, Page, Review, Drug.history.model)
}


@pytest.fixture(scope="module")
def _large(django_db_setup, django_db_blocker):
    """Four editions of each of many drugs, one drug with a thousand revisions; the database knows how many rows it has."""
    with django_db_blocker.unblock(), transaction.atomic():
        starter.load(read_starter())
        enlarge(drugs=DRUGS, editions=4)
        derived.bring_up_to_date()
        drug, history = Drug.objects.get(name="imatinib"), Drug.history.model
        kept = {field.attname: getattr(drug, field.attname) for field in history.tracked_fields}
        QuerySet(history).bulk_create(
            history(**kept | {"id": drug.pk + number % 50 * 1000}, history_date=timezone.now() - timedelta(days=number))
            for number in range(1000)
        )
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        yield
        transaction.set_rollback(True)


def plans(call) -> list[str]:
    """The plans of every question that a call asks."""
    asked: list[tuple[str, tuple]] = []

    def remember(execute, sql, params, many, context):
        if sql.startswith("SELECT"):
            asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(remember):
        call()
    explain = "EXPLAIN " if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN "
    found = []
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql" and DRUGS == FEW:
            # It rightly reads a table of some hundred rows through. So made dear, that is left only where no index serves.
            cursor.execute("SET LOCAL enable_seqscan = off")
        for sql, params in asked:
            cursor.execute(explain + sql, params)
            found.append(f"{sql}\n" + "\n".join(str(row[-1]) for row in cursor.fetchall()))
    return found


def read_through(plan: str) -> set[str]:
    """The growing tables that a plan reads from the first row to the last."""
    sql, _, steps = plan.partition("\n")
    names = dict(re.findall(r'"(\w+)" (U\d+|V\d+|W\d+)', sql))
    aliases = {alias: table for table, alias in names.items()}
    if connection.vendor == "postgresql":
        found = re.findall(r"Seq Scan on (\w+)", steps)
    else:
        found = [name for name, rest in re.findall(r"SCAN (\w+)(.*)", steps) if "INDEX" not in rest]
    return GROWING & {aliases.get(name, name) for name in found}


def the_site() -> PublishedSite:
    return PublishedSite()


QUESTIONS = {
    "the generation": lambda: generation.at(timezone.now()),
    "the record's clock": record.now,
    "a drug": lambda: the_site().page("drug", "imatinib"),
    "an edition": lambda: the_site().edition("drug", "imatinib", 1),
    "pages by their keys": lambda: the_site().outline_by_keys(["drug/imatinib", "condition/gist"]),
    "the history of a drug": lambda: the_site().history(the_site().page("drug", "imatinib")),
    "a part of the A–Z": lambda: the_site().names("drug")[:100],
    "names of a letter": lambda: the_site().names("drug", letter="q")[:100],
    "names for a condition": lambda: the_site().names("drug", also={"condition": "condition-7"})[:100],
    "the letters": lambda: list(the_site().letters("drug")),
    "pages of a kind": lambda: the_site().listed("condition")[:100],
    "which condition is a kind of which": lambda: list(the_site().ties("is a kind of")),
    "who treats a condition": lambda: the_site().mentioning("treats", "condition/condition-7"),
    "who cites a source": lambda: the_site().under("source", "nakano-2018")[:10],
    "where a source is frozen": lambda: lists.newest_under(the_site(), "source", ["nakano-2018"]),
    "the latest changes": lambda: the_site().changes(6),
    "what is open": lambda: list(Edition.objects.open()),
    "what nobody has read": lambda: list(Edition.objects.unread()),
    "late pages": lambda: list(waiting.due().filter(review_due__lt=timezone.localdate())[:12]),
    "the revisions of a drug": lambda: list(Drug.objects.get(name="imatinib").history.all()[:25]),
}


@pytest.mark.django_db
@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_is_answered_by_indexes(_large, question):
    found = plans(QUESTIONS[question])
    wrong = {plan: tables for plan in found if (tables := read_through(plan))}
    assert found and not wrong, "\n\n".join(wrong)


@pytest.mark.django_db
def test_a_part_of_a_long_list_is_read_in_its_order_and_not_sorted_as_a_whole(_large):
    (of_names,) = [plan for plan in plans(QUESTIONS["a part of the A–Z"]) if "editions_heading" in plan]
    assert "heading_in_order" in of_names
    assert not re.search(r"TEMP B-TREE|\bSort\b", of_names), of_names
