"""A bundle on a site that has pages already: its contents arrive as drafts, and nothing is published."""

import json
import stat

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drugs.bundles import drafts, schema, writing
from drugs.models import Condition, Drug, Mechanism
from editions import actions, record
from editions.kinds import kind
from editions.models import Entry, Page
from editions.verification import verify
from references.models import Author, Reference
from tests.bundle_commands import everything, exported, imported, refused
from tests.bundles import another_site, drug, page, reword
from tests.contents import CONTENTS
from tests.examples import examples
from tests.factories import a_condition, a_drug, a_guide, a_reference, an_imatinib, an_indication, changed, published

pytestmark = pytest.mark.django_db


@pytest.fixture
def bundle(tmp_path):
    """Imatinib, whose text cites a source; its condition; and pages that only their names are known of."""
    file = tmp_path / "pages.json"
    with another_site():
        a_reference("nakano-2018", title="The title there")
        mechanism = Mechanism(key="blocking-kit", name="Blocking KIT", text="It blocks KIT.")
        mechanism.save()
        imatinib = an_imatinib(about='<p>It works.<cite data-ref="nakano-2018"></cite></p>')
        imatinib.mechanism_rows.model(drug=imatinib, mechanism=mechanism).save()
        partner = a_drug("doxorubicin", summary="")
        row = imatinib.indications.get()
        row.partner_rows.model(indication=row, drug=partner).save()
        a_guide(drugs=[imatinib])
        exported(file, "--page", "drug/imatinib", "drug/doxorubicin", "condition/gist", "guide/a-guide")
    return file


def altered(file, alter):
    whole = json.loads(file.read_text())
    alter(whole)
    file.write_text(json.dumps(whole))
    return file


def contents_of(whole, key):
    return next(one for one in whole["contents"] if one["page"] == key)


def test_contents_arrive_as_drafts_in_somebodys_name_and_nothing_is_published(bundle, author):
    said = imported(bundle, "--by", "edith")
    assert "4 drafts made, 0 changed, 0 were the same; 1 references added. Nothing was published." in said
    assert drug("imatinib").indications.get().partner_rows.get().drug.summary == ""
    assert not Entry.objects.exists() and record.head()[0] == 0 and verify() == []
    assert Reference.objects.get().to_source().authors[0].family == "Nakano"
    revisions = Drug.history.all()
    assert {one.history_user for one in revisions} == {author}
    assert all(one.history_change_reason.startswith("Bundle pages.json, SHA-256 ") for one in revisions)
    assert len({one.change_set for one in [*revisions, *Condition.history.all()]}) == 1


def test_the_same_bundle_a_second_time_changes_nothing(bundle, author):
    imported(bundle, "--by", "edith")
    before = everything()
    assert "0 drafts made, 0 changed, 4 were the same; 0 references added" in imported(bundle, "--by", "edith")
    assert everything() == before


def test_a_dry_run_says_the_same_and_writes_nothing(bundle, author):
    before = everything()
    said = imported(bundle, "--by", "edith", "--dry-run")
    assert said.startswith("Dry run, nothing was changed. 4 drafts made")
    assert everything() == before


def test_whoever_imports_contributed_and_does_not_review_what_arrived(bundle, author):
    imported(bundle, "--by", "edith")
    edition = actions.submit(drug("imatinib"), by=author, change_note="From elsewhere.")
    assert edition.contributors == [author.pk]


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        ([], "Give --by USERNAME of an author"),
        (["--by", "nobody"], "There is no account “nobody”"),
        (["--by", "ravi"], "Dr Ravi Shah may not change drafts"),
    ],
)
def test_somebody_who_may_write_has_to_be_named(bundle, reviewer, args, sentence):
    assert sentence in refused(bundle, *args)
    assert not Page.objects.exists()


def test_an_account_that_was_deactivated_imports_nothing(bundle, author):
    author.is_active = False
    author.save()
    assert "may not change drafts" in refused(bundle, "--by", "edith")


def test_a_draft_that_is_published_is_changed_as_one_change_set_and_visitors_see_nothing(bundle, team, author):
    published(an_imatinib(by=author, summary="Ours."), **team)
    head = record.head()
    assert "2 drafts made, 1 changed, 1 were the same" in imported(bundle, "--by", "edith")
    assert drug("imatinib").summary == "imatinib is a drug."
    assert record.head() == head and verify() == []
    newest = Drug.history.filter(name="imatinib").first()
    assert newest.history_user == author and newest.change_set


def test_a_draft_that_holds_something_unpublished_is_refused_by_name_and_so_is_everything_else(bundle, team, author):
    published(an_imatinib(by=author, summary="Ours."), **team)
    reword(drug("imatinib"), author, summary="Edith is still at it.")
    before = everything()
    said = refused(bundle, "--by", "edith")
    assert "contents[0].draft: The draft of drug/imatinib has changes that are in no edition yet." in said
    assert everything() == before and drug("imatinib").summary == "Edith is still at it."


def test_a_draft_whose_edition_waits_is_refused(bundle, author):
    actions.submit(an_imatinib(by=author, summary="Ours."), by=author, change_note="First.")
    assert "An edition of drug/imatinib waits for review or publication" in refused(bundle, "--by", "edith")


def test_a_reference_with_other_words_is_refused_by_its_fields_unless_ours_is_kept(bundle, author):
    a_reference("nakano-2018", title="Our title", issued="2019")
    said = refused(bundle, "--by", "edith")
    assert "references[0]: “nakano-2018” is here already, and differs in title, issued." in said
    assert not Drug.objects.exists()
    assert "Ours were kept where they differ: nakano-2018." in imported(bundle, "--by", "edith", "--keep-ours")
    assert Reference.objects.get().title == "Our title"
    before = everything()
    assert "4 were the same" in imported(bundle, "--by", "edith", "--keep-ours")
    assert everything() == before


def test_a_way_of_working_with_other_words_is_refused_unless_ours_is_kept(bundle, author):
    Mechanism(key="blocking-kit", name="Blocking KIT", text="Our words.").save()
    assert "mechanisms[0]: “blocking-kit” is here already, and differs in text." in refused(bundle, "--by", "edith")
    imported(bundle, "--by", "edith", "--keep-ours")
    assert Mechanism.objects.get().text == "Our words."


def test_all_that_stands_against_a_bundle_is_told_at_once(bundle, author):
    a_reference("other-2018", doi="10.1000/1")
    a_drug("imatinib", slug="glivec")

    def alter(whole):
        whole["references"][0]["doi"] = "10.1000/1"
        contents_of(whole, "condition/gist")["draft"]["name"] = "x" * 200

    said = refused(altered(bundle, alter), "--by", "edith")
    assert "references[0], nakano-2018: " in said
    assert "contents[0].draft: Drug with this INN already exists." in said
    # SQLite stores it and we say so; PostgreSQL does not store it, and says so itself.
    assert "name: Ensure this value has at most 160 characters" in said or "character varying(160)" in said
    assert "contents[3].draft: Drug with this INN already exists." in said  # the guide shows it
    assert not Page.objects.filter(key="drug/imatinib").exists()


def test_an_address_that_led_elsewhere_is_refused(bundle, publisher):
    other = a_drug("glivec", slug="imatinib-mesilate")
    changed(other, name="glivec")
    actions.move_page(page("drug/imatinib-mesilate"), by=publisher, slug="imatinib")
    publisher.is_superuser = True
    publisher.save()
    assert "There is a page at “drug/imatinib” already, or there was one" in refused(bundle, "--by", "paula")


def test_conditions_that_would_go_round_in_a_circle_are_refused(bundle, author):
    def alter(whole):
        gist = contents_of(whole, "condition/gist")["draft"]
        other = {**gist, "name": "other", "parent": {"page": "condition/gist", "name": gist["name"]}}
        gist["parent"] = {"page": "condition/other", "name": "other"}
        whole["contents"].append({"page": "condition/other", "draft": other})

    assert "that would go round in a circle" in refused(altered(bundle, alter), "--by", "edith")
    assert not Condition.objects.exists()


def test_the_live_words_arrive_where_a_page_has_no_draft(team, author, tmp_path):
    with another_site():
        working = published(an_imatinib(by=author), **team).page
        drug("imatinib").delete()
        exported(tmp_path / "live.json", "--page", working.key)
    imported(tmp_path / "live.json", "--by", "edith")
    assert drug("imatinib").summary == "imatinib is a drug."


# Whatever content


@pytest.mark.parametrize("name", list(CONTENTS))
@settings(max_examples=examples(25), deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_whatever_a_draft_says_comes_out_of_a_bundle_as_it_went_in(name, data, tmp_path_factory, author):
    value, file = data.draw(CONTENTS[name]), tmp_path_factory.mktemp("any") / "any.json"
    with another_site():
        there = actions.open_page(kind=name, slug="the-page-itself")
        kind(name).restore(value, page=there)
        exported(file)
    with another_site():
        imported(file)
        assert kind(name).freeze(kind(name).working_copy(page(there.key))) == value
    with another_site():
        a_condition("something here", slug="something-here")
        imported(file, "--by", "edith")
        assert kind(name).freeze(kind(name).working_copy(page(there.key))) == value


# The file


def test_a_file_that_is_there_is_replaced_only_if_asked(bundle):
    before = bundle.read_bytes()
    with pytest.raises(CommandError, match="is there already"):
        exported(bundle)
    assert bundle.read_bytes() == before
    exported(bundle, "--force")
    assert json.loads(bundle.read_text())["record"] is not None
    assert stat.S_IMODE(bundle.stat().st_mode) == 0o600


def test_an_export_that_fails_leaves_the_file_as_it_was_and_nothing_beside_it(bundle, monkeypatch):
    before = bundle.read_bytes()

    def breaking(*args):
        raise OSError("The disk is full.")

    monkeypatch.setattr("os.fsync", breaking)
    with pytest.raises(CommandError, match="The disk is full"):
        exported(bundle, "--force")
    assert bundle.read_bytes() == before
    assert list(bundle.parent.iterdir()) == [bundle]


def test_a_page_that_is_not_there_is_named(tmp_path):
    with pytest.raises(CommandError, match=r"There is no page with the key drug/nothing"):
        exported(tmp_path / "x.json", "--page", "drug/nothing")


def test_a_draft_that_cannot_be_drawn_is_named_with_its_reason(tmp_path):
    a_drug("imatinib", about='<p>It works.<cite data-ref="nobody-2018"></cite></p>')
    said = exported(tmp_path / "x.json")
    assert "1 drafts are not in it. drug/imatinib: its draft is not finished (" in said and "nobody-2018" in said
    assert json.loads((tmp_path / "x.json").read_text())["contents"] == []


def test_the_documented_schema_is_that_of_the_program(tmp_path):
    call_command("export_bundle", str(tmp_path / "schema.json"), "--schema")
    documented = writing.Path(__file__).parents[2] / "docs" / "bundle.schema.json"
    assert (tmp_path / "schema.json").read_text() == documented.read_text(), (
        "Run: manage.py export_bundle docs/bundle.schema.json --schema --force"
    )


def test_a_draft_without_a_summary_is_read_as_it_was_drawn():
    working = a_drug("imatinib", summary="")
    plain = drafts.drawn(working)
    assert plain["summary"] == "" and drafts.read("drug/imatinib", plain).summary == ""
    assert schema.PageContents(page="drug/imatinib", draft=plain).draft == plain
    assert not Author.objects.exists() and an_indication(working)
