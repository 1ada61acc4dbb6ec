"""The search reads live editions only: never a draft, a scheduled edition from its moment on, the past as it was."""

from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.db import DatabaseError, OperationalError, connection
from django.db.models.query import QuerySet
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from basics.days import london_day
from drugs.models import DrugName
from editions import actions
from editions.models import EmptySearch, SearchEntry
from editions.search import empty, entries, live
from editions.search.query import read
from editions.site import PublishedSite
from tests.desk import Desk
from tests.factories import a_drug, a_guide, approved, changed, published

pytestmark = pytest.mark.django_db


def found(typed: str, site: PublishedSite | None = None) -> list[str]:
    return [hit.page.key for hit in (site or PublishedSite()).search(typed).hits[:]]


def moving(**days) -> time_machine.travel:
    return time_machine.travel(timezone.now() + timedelta(**days), tick=True)


# Rule 1


def test_a_word_of_a_draft_is_never_found_and_one_of_an_edition_only_while_it_is_live(team, author):
    drug = a_drug("imatinib", by=author, about="<p>Wordone.</p>")
    assert found("wordone") == [] and found("imatinib") == []
    edition = approved(drug, author=team["author"], reviewer=team["reviewer"])
    assert found("wordone") == [] and PublishedSite().names_starting("ima") == []

    actions.publish(edition, by=team["publisher"])
    assert found("wordone") == found("imatinib") == ["drug/imatinib"]

    drug = changed(drug, about="<p>Wordtwo.</p>", name="imatinibnew")
    in_review = actions.submit(drug, by=author, change_note="Another word.")
    assert found("wordtwo") == found("imatinibnew") == []
    actions.take_back(in_review, by=author)
    published(drug, **team)
    assert found("wordone") == [] and found("wordtwo") == found("imatinibnew") == ["drug/imatinib"]


def test_no_search_asks_for_a_working_copy(client, team):
    published(a_drug("imatinib", about="<p>Wordone.</p>"), **team)
    with CaptureQueriesContext(connection) as asked:
        for address in ("/search/?q=wordone", "/search/?q=imatinab", "/search/names.json?q=ima"):
            assert client.get(address).status_code == 200
    assert not [query["sql"] for query in asked if '"drugs_' in query["sql"] or '"references_' in query["sql"]]


def test_a_scheduled_edition_is_found_from_its_moment_on_and_its_day_can_be_searched_later(client, team):
    drug = a_drug("imatinib", about="<p>Wordone.</p>")
    published(drug, **team)
    first_day = london_day(timezone.now())
    drug = changed(drug, about="<p>Wordtwo.</p>")
    published(drug, live_from=timezone.now() + timedelta(days=3), **team)
    assert found("wordtwo") == [] and found("wordone") == ["drug/imatinib"]
    with moving(days=4):
        assert found("wordtwo") == ["drug/imatinib"] and found("wordone") == []
        past = PublishedSite.as_of(first_day)
        assert found("wordone", past) == ["drug/imatinib"] and found("wordtwo", past) == []
        text = client.get(f"/as-of/{first_day}/search/?q=wordone").text
        assert f'href="/as-of/{first_day}/drugs/imatinib/"' in text and "<mark>Wordone</mark>" in text
        assert client.get(f"/as-of/{first_day}/search/names.json?q=im").json()["names"][0]["name"] == "imatinib"


def test_a_withdrawn_page_is_found_by_its_name_only_says_why_and_stands_last(client, team):
    drug = a_drug("imatinib", about="<p>Wordone.</p>")
    published(drug, **team)
    published(a_drug("imatinib two", slug="imatinib-two", about="<p>About imatinib.</p>"), **team)
    actions.withdraw_page(drug.page, by=team["publisher"], reason="Its licence <ended>.")
    assert found("wordone") == []
    assert found("imat") == ["drug/imatinib-two", "drug/imatinib"]
    text = client.get("/search/?q=imat").text
    assert "Its licence &lt;ended&gt;." in text and "Wordone" not in text and "withdrawn</span>" in text


def test_every_name_of_a_withdrawn_page_is_offered_as_withdrawn(client, team):
    drug = a_drug("sunitinib")
    DrugName.objects.create(drug=drug, name="Sutent", kind="brand")
    published(drug, **team)
    actions.withdraw_page(drug.page, by=team["publisher"], reason="Its licence ended.")
    offered = {typed: client.get(f"/search/names.json?q={typed}").json()["names"] for typed in ("sut", "sun")}
    assert [one["what"] for one in offered["sut"]] == ["a brand name of sunitinib, withdrawn"]
    assert [one["what"] for one in offered["sun"]] == ["drug, withdrawn"]
    assert "a brand name of sunitinib, withdrawn" in client.get("/search/?q=sutant").text
    assert "Sutent is a brand name of sunitinib." in client.get("/search/?q=sutent").text


# Derived rows


def test_everything_can_be_made_anew_and_nothing_is_lost(team, capsys):
    drug = a_drug("imatinib", about="<p>Wordone.</p>")
    published(drug, **team)
    drug = changed(drug, about="<p>Wordtwo.</p>")
    published(drug, live_from=timezone.now() + timedelta(days=3), **team)
    published(a_guide(drugs=[drug]), **team)
    before = list(SearchEntry.objects.order_by("edition").values_list("edition", "title", "body_words", "passages"))

    SearchEntry.objects.all().delete()
    assert found("wordone") == []
    call_command("rebuild_derived")
    assert "3 editions can be listed and searched" in capsys.readouterr().out
    assert (
        list(SearchEntry.objects.order_by("edition").values_list("edition", "title", "body_words", "passages"))
        == before
    )
    assert found("wordone") == ["drug/imatinib"] and found("wordtwo") == []
    call_command("rebuild_derived")
    assert found("imatinib") == ["drug/imatinib", "guide/a-guide"]
    call_command("verify_editions")


def test_all_is_found_while_it_is_made_anew_some_editions_at_a_time(team, monkeypatch):
    monkeypatch.setattr(entries, "_AT_ONCE", 1)
    for name in ("imatinib", "sunitinib", "regorafenib"):
        published(a_drug(name, about="<p>Wordone.</p>"), **team)
    everything, seen = found("wordone"), []

    def watched(rows):
        for row in rows:
            yield row
            seen.append(found("wordone"))

    assert len(everything) == 3 and entries.rebuild(watched) == 3
    assert seen == [everything] * 3 and found("wordone") == everything


def test_what_an_older_version_left_out_or_wrote_otherwise_is_made_after_a_migrate(team):
    published(a_drug("imatinib", about="<p>Wordone.</p>"), **team)
    SearchEntry.objects.all().delete()
    call_command("migrate", verbosity=0)
    assert found("wordone") == ["drug/imatinib"]
    SearchEntry.objects.update(form=entries.FORM - 1, title="Otherwise")
    call_command("migrate", verbosity=0)
    assert SearchEntry.objects.get().title == "imatinib" and found("wordone") == ["drug/imatinib"]
    kept = SearchEntry.objects.get().pk
    call_command("migrate", verbosity=0)
    assert SearchEntry.objects.get().pk == kept  # nothing to do


def test_pages_are_read_once_for_what_is_public_and_kept_for_a_few_moments_only(team):
    published(a_drug("imatinib"), **team)
    first = live.live(PublishedSite())
    assert live.live(PublishedSite()) is first
    for day in range(8):
        live.live(PublishedSite(timezone.now() - timedelta(days=day)))
    assert len(live._kept) <= 4


# Searches that found nothing


def counted() -> dict[str, int]:
    return dict(EmptySearch.objects.values_list("text", "times"))


def test_what_is_not_found_is_counted_and_what_may_tell_of_a_person_is_not(client, team):
    published(a_drug("imatinib"), **team)
    for typed in ("Ponatinib", "ponatinib ", "PONATINIB?", "imatinab", "imatinib", ""):
        client.get("/search/", {"q": typed})
    client.head("/search/?q=head")
    client.get(f"/as-of/{london_day(timezone.now())}/search/?q=past")
    assert counted() == {"ponatinib": 3, "imatinab": 1}
    for typed in (
        "edith@example.org",
        "07700 900123",
        "+44 (0)20 7946 0958",
        "943 476 5919",
        "ward 01/02/1950",
        "SW1A 1AA",
        "Dr Shah",
        "https://example.org/x",
        "my mother lives alone and has had this pain",
        "q" * 61,
        "q" * 10_000,
    ):
        client.get("/search/", {"q": typed})
    assert counted() == {"ponatinib": 3, "imatinab": 1}


def test_however_much_is_asked_the_table_stays_small(monkeypatch):
    monkeypatch.setattr(empty, "MOST_NEW_A_DAY", 3)
    monkeypatch.setattr(empty, "MOST_ROWS", 4)
    today = timezone.localdate()
    old = today - timedelta(days=200)
    assert [empty.note(read(f"none {word}"), on=old) for word in "abcd"] == [True, True, True, False]
    assert empty.note(read("none d"), on=today - timedelta(days=2)) and EmptySearch.objects.count() == 4
    assert empty.note(read("none e"), on=today)  # those that nobody asked for in half a year made room
    assert set(counted()) == {"none d", "none e"}
    assert empty.note(read("none a"), on=today) and empty.note(read("none b"), on=today)
    assert not empty.note(read("none c"), on=today) and empty.note(read("none b"), on=today)
    assert EmptySearch.objects.count() == 4


@pytest.mark.parametrize("problem", [OperationalError("database is locked"), DatabaseError("broken")])
def test_a_count_that_fails_costs_no_reader_their_page(client, monkeypatch, problem):
    def fails(*args, **kwargs):
        raise problem

    monkeypatch.setattr(QuerySet, "update", fails)
    response = client.get("/search/?q=ponatinib")
    assert response.status_code == 200 and "We found nothing for “ponatinib”" in response.text
    assert EmptySearch.objects.count() == 0


def test_editors_see_what_was_not_found_and_put_it_away(author, administrator, client):
    client.get("/search/?q=ponatinib")
    client.get("/search/?q=ripretinib")
    desk = Desk(author)
    assert "ponatinib" in desk.client.get("/admin/").text
    listed = "/admin/editions/emptysearch/"
    row = EmptySearch.objects.get(text="ponatinib")
    chosen = {"action": "put_away", "_selected_action": row.pk}
    assert "ripretinib" in Desk(administrator).client.get(listed).text
    Desk(administrator).client.post(listed, chosen)  # is not offered it
    assert EmptySearch.objects.waiting().count() == 2
    assert desk.client.post(listed, chosen).status_code == 302
    row.refresh_from_db()
    assert row.put_away_by == author
    assert "ponatinib" not in desk.client.get(listed).text and "ponatinib" in desk.client.get(f"{listed}?away=yes").text
    client.get("/search/?q=ponatinib")
    assert counted()["ponatinib"] == 2 and "ponatinib" not in desk.client.get("/admin/").text
