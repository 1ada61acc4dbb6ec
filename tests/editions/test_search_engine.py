"""Search on OpenSearch or Elasticsearch, by a setting: finds what the database finds, and never less."""

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from editions import actions
from editions.models import SearchEntry
from editions.search import opensearch
from editions.search.engines import DatabaseEngine, engine
from editions.search.entries import rebuild
from editions.search.query import read
from editions.site import PublishedSite
from tests.factories import a_drug, an_imatinib, changed, published
from tests.search_engine import Engine

QUERIES = """imatinib|Glivec|glivec for gist|what is sunitinib for?|soft tissue sarcoma|kidney|IMC-3G3|tumors|PDGFR|Oesoph|
sara|ima|zzzz|drug that is no longer used|licence withdrawn|c-KIT positive|side effects of pazopanib|3 april 2018|desmoid"""


@pytest.fixture
def there(settings, monkeypatch):
    """The engine that SEARCH_URL names."""
    server = Engine()
    settings.SEARCH_URL = server.url
    settings.SEARCH_ENGINE = "editions.search.opensearch.OpenSearchEngine"
    monkeypatch.setattr(opensearch, "_ask_at", 0.0)
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """Do something in a transaction that ends well."""

    def done(act, *args, **details):
        with django_capture_on_commit_callbacks(execute=True):
            return act(*args, **details)

    return done


def matches(found: str, *, every: bool = True, by=None) -> set[int]:
    return set((by or engine()).matches(read(found).words, every=every))


def test_it_finds_the_same_editions_as_the_database(starter_content, there, committed):
    committed(rebuild)
    assert there.mappings["dynamic"] == "strict" and len(there.documents) == SearchEntry.objects.count() >= 20
    for query in QUERIES.replace("\n", "").split("|"):
        for every in (True, False):
            there.asked.clear()
            assert matches(query, every=every) == matches(query, every=every, by=DatabaseEngine()), query
            assert there.asked == [("POST", "_search")], query
    found = PublishedSite().search("glivec for gist")
    assert found.hits[0].page.key == "drug/imatinib"


def test_an_answer_in_several_parts_is_put_together(starter_content, there, committed, monkeypatch):
    committed(rebuild)
    monkeypatch.setattr(opensearch, "MOST", 3)
    there.asked.clear()
    found = matches("sarcoma")
    assert found == matches("sarcoma", by=DatabaseEngine()) and len(there.asked) == len(found) // 3 + 1 > 3


@pytest.mark.django_db
def test_an_edition_is_taken_up_when_its_transaction_ended_well_and_not_before(there, committed, author, team):
    drug = an_imatinib(by=author)
    edition = committed(actions.submit, drug, by=author, change_note="First.")
    assert list(there.documents) == [str(edition.pk)]
    assert there.documents[str(edition.pk)]["names_words"].split()[0] == "imatinib"
    assert matches("imatinib") == {edition.pk}
    count = len(there.asked)
    with pytest.raises(RuntimeError), transaction.atomic():
        actions.submit(a_drug("sunitinib", by=author), by=author, change_note="Never stored.")
        assert len(there.asked) == count  # nothing goes out in the middle of a transaction
        raise RuntimeError
    assert list(there.documents) == [str(edition.pk)]


@pytest.mark.django_db
@pytest.mark.parametrize("mood", ["broken", "late", "in part", "slow", "away"])
def test_where_it_fails_the_database_answers(there, committed, author, team, mood, monkeypatch, settings):
    monkeypatch.setattr(opensearch, "PATIENCE", 0.2)
    committed(published, an_imatinib(by=author), **team)
    there.documents["999999"] = {**next(iter(there.documents.values())), "edition": 999999}  # it would answer otherwise
    there.mood = mood
    if mood == "away":
        settings.SEARCH_URL = "http://127.0.0.1:1/pages"
    assert matches("imatinib") == matches("imatinib", by=DatabaseEngine()) != set()
    there.asked.clear()
    matches("imatinib")
    assert bool(there.asked) == (
        mood in {"broken", "late", "in part"}
    )  # what does not answer is left alone for a while


@pytest.mark.django_db
def test_a_failure_to_write_loses_nothing_and_is_told(there, committed, author, team, client):
    drug = an_imatinib(by=author)
    committed(published, drug, **team)
    assert client.get("/readyz").json()["warnings"] == []
    there.mood = "broken"
    newer = committed(published, changed(drug, summary="About melanocytes."), **team)  # staff are not troubled
    there.mood = "well"
    assert matches("melanocytes") == {newer.pk}  # by the database
    (warning,) = client.get("/readyz").json()["warnings"]
    assert "It holds 1 of 2 entries: run `manage.py rebuild_derived`." in warning
    committed(call_command, "rebuild_derived", verbosity=0)
    there.asked.clear()
    assert matches("melanocytes") == {newer.pk} and there.asked == [("POST", "_search")]
    assert client.get("/readyz").json()["warnings"] == []


@pytest.mark.django_db
def test_what_it_forgot_or_still_holds_of_another_site_is_noticed(there, committed, author, team):
    edition = committed(published, an_imatinib(by=author), **team)
    there.documents["999999"] = {**there.documents[str(edition.pk)], "edition": 999999, "entry": 999999}
    assert matches("imatinib") == {edition.pk}
    there.documents.clear()
    assert matches("imatinib") == {edition.pk}
    committed(rebuild)
    assert list(there.documents) == [str(edition.pk)]


@pytest.mark.django_db(transaction=True)
def test_rebuild_derived_says_what_the_engine_refused_and_a_migrate_goes_on(there, author, team):
    edition = published(an_imatinib(by=author), **team)
    there.refused = {str(edition.pk)}
    with pytest.raises(CommandError, match=r"It refused 1 of 1 entries: .*not known.* Run this again"):
        call_command("rebuild_derived", verbosity=0)
    assert matches("imatinib") == {edition.pk}
    SearchEntry.objects.update(form=0)
    call_command("migrate", verbosity=0)
    assert SearchEntry.objects.get().form and matches("imatinib") == {edition.pk}
