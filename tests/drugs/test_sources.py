"""A source in all its places: where it is used, marks that stand on every page and edition, duplicates that become one."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.utils import timezone

from basics.revisions import revising
from drugs import models
from drugs.kinds import DrugKind
from drugs.merging import CannotMerge, merge
from drugs.where_used import where_used
from editions import actions
from editions.models import Entry, Flag
from editions.verification import verify
from references.models import LinkCheck, Reference
from tests.desk import Desk
from tests.factories import a_condition, a_drug, a_reference, an_imatinib, an_indication, changed, published

pytestmark = pytest.mark.django_db


def cited(key: str, locator: str = "") -> str:
    at = f' data-locator="{locator}"' if locator else ""
    return f'<p>It helps.<cite data-ref="{key}"{at}></cite></p>'


@pytest.fixture
def nakano():
    return a_reference(doi="10.1000/nakano")


@pytest.fixture
def imatinib(author, team, nakano):
    """Imatinib, whose live edition cites Nakano beside the drug and in its text."""
    drug = an_imatinib(by=author)
    with revising(by=author, because="x"):
        models.DrugCitation(drug=drug, reference=nakano, locator="table 2").save()
        drug = changed(drug, about=cited("nakano-2018", "p. 4"))
    published(drug, **team)
    return drug


def states(thing) -> dict[str, tuple[str, ...]]:
    return {use.page.slug: use.states for use in where_used(thing)}


# Where it is used


def test_every_state_that_mentions_a_source_is_named(imatinib, author, team, nakano):
    assert states(nakano) == {"imatinib": ("draft", "edition 1 (live)")}
    with revising(by=author, because="x"):
        imatinib.citations.get().delete()
        drug = changed(imatinib, about="<p>No source.</p>")
    actions.submit(drug, by=author, change_note="x")
    assert states(nakano) == {"imatinib": ("edition 1 (live)",)}
    edition = drug.page.editions.get(number=None)
    actions.review(edition, by=team["reviewer"], outcome="approved")
    actions.publish(edition, by=team["publisher"])
    assert states(nakano) == {"imatinib": ("edition 1",)}


def test_drugs_conditions_and_terms_say_where_they_are_used(author, team):
    gist = a_condition()
    imatinib, sunitinib = a_drug("imatinib", by=author), a_drug("sunitinib", by=author)
    indication = an_indication(sunitinib, gist)
    models.EligibilityCriterion(
        indication=indication,
        text="After imatinib.",
        prior_treatment="drug",
        prior_drug=imatinib,
        prior_outcome="either",
    ).save()
    edition = actions.submit(sunitinib, by=author, change_note="x")
    assert states(imatinib) == {"sunitinib": ("draft", "edition that is in review")}
    assert states(gist) == {"sunitinib": ("draft", "edition that is in review")}
    actions.take_back(edition, by=author)
    assert states(gist) == {"sunitinib": ("draft",)}
    glossary = models.Glossary(page=actions.open_page(kind="glossary", slug="glossary"), title="Words")
    glossary.save()
    term = models.Term(glossary=glossary, key="tki", name="kinase", definition="x")
    term.save()
    with revising(by=author, because="x"):
        changed(sunitinib, about="<p>It blocks kinases.</p>")
    assert states(term) == {"sunitinib": ("draft",)}


def test_the_page_that_says_where_is_for_staff_and_what_is_used_stays(imatinib, author, nakano, client):
    edith = Desk(author)
    assert edith.address(nakano, "where_used") in edith.get(nakano).text
    assert "edition 1 (live)" in edith.get(nakano, "where_used").text
    assert client.get(edith.address(nakano, "where_used")).status_code == 302
    gist = models.Condition.objects.get()
    answer = edith.client.post(edith.address(gist, "delete"), {"post": "yes"})
    assert answer.status_code in {403, 409} and models.Condition.objects.exists()
    unused = a_reference("nobody-2019")
    assert "No page mentions it" in edith.get(unused, "where_used").text
    assert (
        edith.get(unused, "delete").status_code == 200 and "cannot be deleted" not in edith.get(unused, "delete").text
    )


def test_where_a_source_is_used_takes_a_fixed_number_of_queries(
    imatinib, author, team, nakano, django_assert_max_num_queries
):
    for name in ("sunitinib", "regorafenib", "pazopanib"):
        drug = a_drug(name, by=author, about=cited("nakano-2018"))
        published(drug, **team)
    with django_assert_max_num_queries(40):
        assert len(where_used(nakano)) == 4


# Marks


def mark(person, reference, **typed):
    desk = Desk(person)
    address = desk.address(reference, "mark")
    return desk.client.post(
        address, {**desk.fields(address), "reason": "The journal took it back.", **typed}, follow=True
    )


def test_a_publisher_marks_a_source_and_past_editions_say_so_too(imatinib, author, team, publisher, nakano, client):
    with revising(by=author, because="x"):
        drug = changed(imatinib, summary="Second words.")
    published(drug, change_note="x", **team)
    before = timezone.localdate()
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        answer = mark(publisher, nakano, standing="retracted")
        assert "Marked. Every page that cites it says so" in answer.text
        for address in ("/drugs/imatinib/", "/drugs/imatinib/editions/1/", "/drugs/imatinib/editions/2/"):
            assert "The journal took it back." in client.get(address).text, address
        assert "took it back" not in client.get(f"/as-of/{before}/drugs/imatinib/").text
        assert Flag.objects.open().get(page=drug.page).subject == "reference/nakano-2018"
        assert verify() == []


def test_a_superseded_source_leads_to_the_one_that_took_its_place(imatinib, author, team, publisher, nakano, client):
    berry = a_reference("berry-2020")
    refused = mark(publisher, nakano, standing="retracted", superseded_by="berry-2020")
    assert refused.status_code == 422 and "Only a superseded source" in refused.text
    assert mark(publisher, nakano, standing="superseded", superseded_by="nobody-1").status_code == 422
    assert mark(publisher, nakano, standing="superseded", superseded_by="nakano-2018").status_code == 422
    assert mark(publisher, nakano, standing="superseded", superseded_by="berry-2020").status_code == 200
    assert Entry.objects.get(act="source_marked").details["superseded_by"] == "berry-2020"
    assert "superseded" in client.get("/drugs/imatinib/").text
    assert "took its place" not in client.get("/drugs/imatinib/").text  # nobody could read it here yet
    sunitinib = a_drug("sunitinib", by=author)
    models.DrugCitation(drug=sunitinib, reference=berry).save()
    published(sunitinib, **team)
    assert 'href="/references/berry-2020/">See the source that took its place' in client.get("/drugs/imatinib/").text


def test_the_form_proposes_what_a_dead_link_tells(imatinib, publisher, nakano):
    desk = Desk(publisher)
    assert "standing" not in desk.fields(desk.address(nakano, "mark"))
    LinkCheck.objects.create(
        reference=nakano,
        address=nakano.link,
        checked_at=datetime(2026, 5, 20, tzinfo=UTC),
        outcome="gone",
        said="x",
        failures=4,
        failing_since=datetime(2026, 5, 3, tzinfo=UTC),
    )
    form = desk.fields(desk.address(nakano, "mark"))
    assert (form["standing"], form["reason"]) == ("unreachable", "Its address has not opened since 3 May 2026.")


def test_who_did_not_see_a_colleagues_mark_is_told(imatinib, publisher, nakano):
    desk = Desk(publisher)
    form = desk.fields(desk.address(nakano, "mark"))
    actions.mark_source("nakano-2018", by=publisher, standing="corrected", reason="A table was wrong.")
    answer = desk.client.post(desk.address(nakano, "mark"), {**form, "standing": "current", "reason": "All is well."})
    assert answer.status_code == 409 and "Somebody marked this source" in answer.text and "All is well." in answer.text


def test_a_source_that_no_published_page_cites_is_not_marked(publisher, author):
    answer = mark(publisher, a_reference("nobody-2019"), standing="retracted")
    assert answer.status_code == 409 and "nothing to mark" in answer.text
    assert Desk(author).get(Reference.objects.get(), "mark").status_code == 403


# Duplicates


@pytest.fixture
def twin():
    return a_reference("nakano-2018-b", pmid="29510588", doi="10.1000/preprint")


def test_every_citation_moves_and_the_texts_too_in_one_change_set(imatinib, author, nakano, twin):
    indication = models.Indication.objects.get()
    with revising(by=author, because="x"):
        models.IndicationCitation(indication=indication, reference=nakano).save()
    before = imatinib.page.editions.get().content_json
    done = merge(nakano, twin, by=author)
    assert (done.citations, done.texts) == (2, 1)
    drug = models.Drug.objects.get()
    assert drug.about == cited("nakano-2018-b", "p. 4") and drug.citations.get().reference == twin
    assert drug.citations.get().locator == "table 2"
    assert len({one.change_set for one in (drug.history.first(), indication.citations.get().history.first())}) == 1
    assert drug.page.editions.get().content_json == before
    assert where_used(Reference.objects.get(key="nakano-2018"))[0].states == ("edition 1 (live)",)


def test_a_row_that_cites_both_cites_one_and_says_both_places(imatinib, author, nakano, twin):
    with revising(by=author, because="x"):
        models.DrugCitation(drug=imatinib, reference=twin, locator="p. 9", order=1).save()
    merge(nakano, twin, by=author)
    row = imatinib.citations.get()
    assert (row.reference, row.locator) == (twin, "p. 9; table 2")


def test_two_places_that_find_no_room_together_are_both_kept(imatinib, author, nakano, twin):
    with revising(by=author, because="x"):
        models.DrugCitation(drug=imatinib, reference=twin, locator="p" * 75, order=1).save()
    with pytest.raises(CannotMerge, match=r"A row of drug/imatinib cites both, and “p+; table 2” has more than 80"):
        merge(nakano, twin, by=author)
    assert {row.locator for row in imatinib.citations.all()} == {"table 2", "p" * 75}


def test_identifiers_that_the_other_lacks_come_with_it(author):
    paper = a_reference("paper-2018", doi="10.1000/a", pmid="1", url="https://a.example/", accessed="2018-04")
    other = a_reference("other-2018", pmcid="PMC77")
    merge(paper, other, by=author)
    paper.refresh_from_db()
    other.refresh_from_db()
    assert (other.doi, other.pmid, other.pmcid, paper.doi, paper.pmid) == ("10.1000/a", "1", "PMC77", "", "")
    assert (other.url, other.accessed, paper.url) == ("https://a.example/", "2018-04", "")


def test_the_address_of_a_duplicate_leads_on_once_no_live_edition_cites_it(
    imatinib, author, team, nakano, twin, client
):
    merge(nakano, twin, by=author)
    assert client.get("/references/nakano-2018/").status_code == 200
    published(models.Drug.objects.get(), change_note="One source, not two.", **team)
    answer = client.get("/references/nakano-2018/")
    assert (answer.status_code, answer.url) == (302, "/references/nakano-2018-b/")
    yesterday = client.get("/drugs/imatinib/editions/1/").text
    assert "The title of nakano-2018" in yesterday


def test_a_mark_on_a_duplicate_stands_on_the_source_that_it_became(
    imatinib, author, team, publisher, nakano, twin, client
):
    def says(standing: str, key: str = "nakano-2018", reason: str = "The journal took it back."):
        actions.mark_source(key, by=publisher, standing=standing, reason=reason)

    says("retracted")
    merge(nakano, twin, by=author)
    published(models.Drug.objects.get(), change_note="One source, not two.", **team)
    for address in ("/drugs/imatinib/", "/references/", "/references/nakano-2018-b/"):
        assert "The journal took it back." in client.get(address).text, address
    says("current")
    assert "took it back" not in client.get("/drugs/imatinib/").text
    says("retracted")
    says("current", "nakano-2018-b", "It was another paper.")
    assert "took it back" not in client.get("/drugs/imatinib/").text
    says("corrected", "nakano-2018-b", "A figure was put right.")
    says("current")
    assert "A figure was put right." in client.get("/drugs/imatinib/").text


def test_who_marks_a_source_marks_its_duplicates_where_they_are_still_cited(
    imatinib, author, team, publisher, nakano, twin, client
):
    merge(nakano, twin, by=author)
    sunitinib = a_drug("sunitinib", by=author, about=cited("nakano-2018-b"))
    published(sunitinib, **team)
    assert "Marked." in mark(publisher, twin, standing="retracted").text
    for address in ("/drugs/imatinib/", "/drugs/sunitinib/", "/references/nakano-2018/"):
        assert "The journal took it back." in client.get(address).text, address
    assert {flag.page for flag in Flag.objects.open()} == {imatinib.page, sunitinib.page}
    assert "Marked." in mark(publisher, twin, standing="current").text
    assert "took it back" not in client.get("/drugs/imatinib/").text


def test_nobody_cites_a_duplicate_anew(imatinib, author, nakano, twin):
    merge(nakano, twin, by=author)
    edith = Desk(author).client
    found = edith.get("/admin/references/reference/cite/?q=nakano").json()["references"]
    assert [one["key"] for one in found] == ["nakano-2018-b"]
    with revising(by=author, because="x"):
        drug = changed(models.Drug.objects.get(), about=cited("nakano-2018"))
    problems = [one.sentence for one in DrugKind().problems(drug)]
    assert "The text cites “nakano-2018”, which was merged into “nakano-2018-b”. Cite that one." in problems


def test_a_row_takes_no_duplicate_up_by_any_door(imatinib, author, nakano, twin, tmp_path):
    edition = imatinib.page.editions.get()
    merge(nakano, twin, by=author)
    edith = Desk(author)
    address = edith.address(imatinib)
    row = {"citations-TOTAL_FORMS": "2", "citations-1-reference": nakano.pk, "citations-1-drug": imatinib.pk}
    said = "“nakano-2018” was merged into “nakano-2018-b”. Cite that one."
    assert said in edith.client.post(address, {**edith.fields(address), **row}).text
    table = tmp_path / "drugs.csv"
    table.write_text("slug,sources\nimatinib,nakano-2018\n")
    with pytest.raises(CommandError, match=said):
        call_command("import_table", "drugs.drug", table, by="edith")
    assert [one.reference for one in imatinib.citations.all()] == [twin]

    kind = DrugKind()
    with revising(by=author, because="From edition 1."):
        drug = kind.restore(kind.read(edition.content_json), page=imatinib.page)
    assert "A row cites “nakano-2018”, which was merged into “nakano-2018-b”. Cite that one." in [
        one.sentence for one in kind.problems(drug)
    ]


def test_what_replaces_a_duplicate_of_a_duplicate_is_the_last(author):
    first, second, third = a_reference("one-2018"), a_reference("two-2018"), a_reference("three-2018")
    merge(first, second, by=author)
    with pytest.raises(CannotMerge, match="already"):
        merge(first, third, by=author)
    with pytest.raises(CannotMerge, match="Choose that one"):
        merge(third, first, by=author)
    merge(second, third, by=author)
    first.refresh_from_db()
    assert first.merged_into == third
    assert Reference.objects.get(key="three-2018").to_source().replaces == ("one-2018", "two-2018")


def test_a_merger_is_an_authors_and_counts_as_a_change_of_every_page_it_touches(
    imatinib, author, reviewer, nakano, twin
):
    with pytest.raises(PermissionDenied):
        merge(nakano, twin, by=reviewer)
    before = imatinib.page.changes
    merge(nakano, twin, by=author)
    imatinib.page.refresh_from_db()
    assert imatinib.page.changes > before
    assert imatinib.page.contributions.filter(user=author).exists()


def test_the_desk_merges_and_refuses_in_sentences(imatinib, author, nakano, twin):
    edith = Desk(author)
    address = edith.address(nakano, "merge")
    form = edith.fields(address)
    for wrong in ("", "nobody-2000", "nakano-2018", "nakano-2018-b\0"):
        assert edith.client.post(address, {**form, "into": wrong}).status_code == 422
    stale = edith.client.post(address, {**form, "into": "nakano-2018-b", "seen_version": "0"})
    assert stale.status_code == 409 and "Somebody changed this reference" in stale.text
    done = edith.client.post(address, {**form, "into": "nakano-2018-b"}, follow=True)
    assert "2 places cite that one instead" in done.text
    again = edith.client.post(address, {**form, "into": "nakano-2018-b"}, follow=True)
    assert "Your form came twice. It took effect once" in again.text
