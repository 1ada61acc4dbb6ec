"""The starter content: what the page of April 2018 said, what came later, and nothing that nobody could confirm."""

import re
import shutil
from datetime import date

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command

from basics.revisions import revising
from drugs import starter
from drugs.about_site import ABOUT_THE_SITE
from drugs.management.commands import load_starter_content
from drugs.models import Condition, Drug, DrugName, Indication
from drugs.starter_files import FOLDER, BadStarterFile, read_starter
from editions import actions, record
from editions.kinds import kind
from editions.models import Edition, Entry, Page, Review
from editions.site import PublishedSite
from editions.vocabulary import Act
from references.models import Reference
from staff.models import User
from tests.desk import Desk
from tests.factories import a_drug, changed, published

FIRST_DAY = date(2018, 4, 3)
GUIDE = "targeted-cancer-drugs-for-soft-tissue-sarcoma"
DRUGS = ["axitinib", "cediranib", "imatinib", "olaratumab", "pazopanib", "regorafenib", "ridaforolimus", "sunitinib"]
CONDITIONS = ["advanced-gist", "advanced-soft-tissue-sarcoma", "dfsp", "gist", "soft-tissue-sarcoma"]
FILES = "\n".join(file.read_text() for file in sorted(FOLDER.rglob("*.toml")))
# Words of a draft that no edition holds.
ONLY_IN_DRAFTS = [
    ("imatinib", "TA86"),
    ("olaratumab", "TA465"),
    ("pazopanib", "820/12"),
    ("regorafenib", "TA488"),
    ("ridaforolimus", "Jenzyl"),
    ("sunitinib", "TA179"),
]


def everything() -> dict[str, int]:
    """How many rows of each sort there are."""
    sorts = [Page, Edition, Entry, Review, Reference, Drug, Condition, Indication, Drug.history.model, User]
    return {sort.__name__: sort.objects.count() for sort in sorts}


def live(slug: str):
    return PublishedSite().page("drug", slug).content


@pytest.mark.django_db
def test_loading_twice_loads_once_and_says_what_it_did(capsys):
    call_command("load_starter_content")
    assert "19 pages, 20 editions, 7 drafts" in capsys.readouterr().out
    before, head = everything(), record.head()

    call_command("load_starter_content")
    assert "0 pages, 0 editions, 0 drafts and 0 references" in capsys.readouterr().out
    assert (everything(), record.head()) == (before, head)


@pytest.mark.django_db
def test_a_load_that_fails_in_the_middle_leaves_nothing():
    before, head = everything(), record.head()

    def breaking(pages):
        for place, page in enumerate(pages):
            if place == 8:
                assert Edition.objects.count() == 8
                raise OSError("The disk is full.")
            yield page

    with pytest.raises(OSError):
        starter.load(read_starter(), breaking)
    assert (everything(), record.head()) == (before, head)


@pytest.mark.parametrize(
    ("file", "words", "instead", "fault"),
    [
        ("2018/drugs/olaratumab.toml", 'status = "in_use"', "status = ", "2018/drugs/olaratumab.toml: "),
        ("2018/drugs/olaratumab.toml", 'status = "in_use"', 'status = "x"', "2018/drugs/olaratumab.toml, status: "),
        ("2018/drugs/sunitinib.toml", "key = ", "clef = ", "2018/drugs/sunitinib.toml, indications, 0, key: "),
        ("2018/guides/" + GUIDE + ".toml", "drug/cediranib", "cediranib", "sections, 7, drugs, 2, page: "),
        ("since/drugs/olaratumab.toml", "[publication]", "[other]", r"\[publication\] is missing"),
        ("drafts/drugs/pazopanib.toml", '"smc-820-12"', '"smc-999"', "drafts/drugs/pazopanib.toml.*smc-999"),
        ("references.toml", 'issued = "2018-03-05"', 'issued = "2018-13"', "references.toml, issued: "),
    ],
)
def test_a_file_that_does_not_hold_is_named_with_its_fault_and_nothing_is_loaded(
    db, tmp_path, monkeypatch, file, words, instead, fault
):
    folder = shutil.copytree(FOLDER, tmp_path / "starter")
    (folder / file).write_text((folder / file).read_text().replace(words, instead))
    with pytest.raises(BadStarterFile, match=fault):
        read_starter(folder)
    monkeypatch.setattr(load_starter_content, "read_starter", lambda: read_starter(folder))
    with pytest.raises(CommandError, match=fault):
        call_command("load_starter_content")
    assert not Page.objects.exists()


@pytest.fixture
def not_ready(tmp_path):
    """Files that read well, but a section of the guide, the fourteenth page, has nothing in it."""
    folder = shutil.copytree(FOLDER, tmp_path / "starter")
    with (folder / "2018" / "guides" / f"{GUIDE}.toml").open("a") as guide:
        guide.write('\n[[sections]]\nkey = "empty"\nheading = "Nothing here"\n')
    return read_starter(folder)


@pytest.mark.django_db
def test_a_page_that_is_not_ready_leaves_nothing_of_the_pages_before_it(not_ready):
    before = everything()
    with pytest.raises(actions.NotReady, match="“Nothing here” has neither text nor a drug"):
        starter.load(not_ready)
    assert everything() == before


@pytest.mark.django_db
def test_the_command_says_in_a_sentence_which_page_is_not_ready(not_ready, monkeypatch):
    monkeypatch.setattr(load_starter_content, "read_starter", lambda: not_ready)
    with pytest.raises(CommandError, match="“Nothing here” has neither text nor a drug"):
        call_command("load_starter_content")


@pytest.mark.django_db
def test_a_page_made_by_hand_is_not_written_over_but_named():
    a_drug("sunitinib", summary="Made by hand.")
    before = everything()
    with pytest.raises(CommandError, match=r"working copy of drug/sunitinib already.* Publish it or delete it"):
        call_command("load_starter_content")
    assert everything() == before
    assert Drug.objects.get().summary == "Made by hand."


@pytest.mark.parametrize(
    "unverified",
    [
        *("10.2147/OTT.S127609", "10.1007/s11523-017-0490-9", "10.1002/cncr.30661", "1031/15", "STI-571"),
        *("TA215", "676/11", "698/11", "TA555", "TA866"),  # the same drugs, but for another cancer
        *("Morincini", "meloecular", "protruberans", "trageted", "gastro intestinal"),  # misspelt at the source
    ],
)
def test_nothing_unverified_misspelt_or_of_another_cancer_stands_in_any_file(unverified):
    assert unverified.casefold() not in FILES.casefold()


@pytest.mark.usefixtures("starter_content")
class TestOnceLoaded:
    def test_the_record_holds_after_loading(self, capsys):
        call_command("verify_editions")
        assert f"The record holds: {Entry.objects.count()} entries" in capsys.readouterr().out

    def test_what_staff_changed_after_a_load_stays(self, author, team):
        reference = changed(Reference.objects.get(key="serrano-2017"), title="A title that somebody corrected")
        with revising(by=author, because="Clearer"):
            draft = changed(Drug.objects.get(name="imatinib"), summary="Edith is still working on this sentence.")
            drug = changed(Drug.objects.get(name="sunitinib"), summary="Edith published this sentence.")
        published(drug, **team)
        counted = everything()

        assert starter.load(read_starter()) == starter.Loaded()
        draft.refresh_from_db()
        reference.refresh_from_db()
        assert draft.summary == "Edith is still working on this sentence."
        assert reference.title == "A title that somebody corrected"
        assert live("sunitinib").summary == "Edith published this sentence."
        assert everything() == counted

    def test_nobody_signs_in_as_the_account_that_loaded(self):
        person = User.objects.get(username="starter-content")
        assert not person.is_active and not person.is_staff and not person.has_usable_password()
        assert authenticate(username="starter-content", password="") is None

    # The first editions

    def test_every_first_edition_is_live_from_3_april_2018_and_carried_over_with_no_reviewer(self):
        pages = PublishedSite.as_of(FIRST_DAY).everything()
        assert sorted((page.kind, page.slug) for page in pages) == sorted(
            [
                ("guide", GUIDE),
                ("glossary", "glossary"),
                *(("drug", slug) for slug in DRUGS),
                *(("condition", slug) for slug in CONDITIONS),
            ]
        )
        for page in pages:
            assert (page.number, page.live_from, page.last_reviewed, page.review) == (1, FIRST_DAY, FIRST_DAY, None)
            assert page.carried_over.source.startswith("Cancer Research UK")
        assert not Review.objects.exists()
        assert all(page.is_late for page in PublishedSite().everything() if page.key not in ABOUT_THE_SITE)
        assert PublishedSite.as_of(date(2018, 4, 2)).everything() == []

    def test_the_pages_about_the_site_are_live_with_no_review_claimed_until_somebody_reads_them(self, client, reviewer):
        pages = PublishedSite().by_keys(ABOUT_THE_SITE)
        assert pages.keys() == ABOUT_THE_SITE.keys()
        for page in pages.values():
            assert (page.number, page.last_reviewed, page.review_due, page.review) == (1, None, None, None)
            assert page.carried_over.source == starter.ABOUT_SOURCE and page.carried_over.reviewed_on is None
            text = client.get(page.url).text
            assert "Not reviewed yet" in text and "where nobody had reviewed it" in text
            assert "Before you change anything" not in text and "where nobody had" in client.get(page.history_url).text
        assert "Never reviewed (4)" in Desk(reviewer).client.get("/admin/").text

        privacy = Page.objects.get(key="guide/privacy")
        edition = privacy.editions.get()
        actions.mark_reviewed(privacy, by=reviewer, kinds=["plain_english"], seen_edition=edition.pk)
        page = PublishedSite().page("guide", "privacy")
        assert page.last_reviewed == date.today() and page.review.name == "Dr Ravi Shah"
        call_command("verify_editions")

    def test_the_foot_of_every_page_leads_to_those_of_them_that_are_live(self, client, publisher):
        privacy = Page.objects.get(key="guide/privacy")
        actions.move_page(privacy, by=publisher, slug="your-privacy", reason="Kinder.")
        actions.withdraw_page(Page.objects.get(key="guide/corrections"), by=publisher, reason="It was wrong.")
        today = f"/as-of/{PublishedSite().at:%Y-%m-%d}"
        for address in ("/", "/drugs/imatinib/", "/drugs/olaratumab/editions/1/", f"{today}/drugs/imatinib/"):
            foot = client.get(address).text.partition('<footer class="site-footer">')[2]
            assert re.findall(r'href="(?:/as-of/[0-9-]+)?(/guides/[^"]*)">([^<]*)', foot) == [
                ("/guides/how-we-write-and-review/", "How we write and review"),
                ("/guides/accessibility/", "Accessibility"),
                ("/guides/your-privacy/", "Privacy"),
            ], address
        assert "/guides/" not in client.get("/as-of/2018-12-31/drugs/imatinib/").text.partition("<footer")[2]
        assert "Accessibility statement" not in client.get("/").text.partition("<footer")[0]

    # Olaratumab

    def test_olaratumab_edition_2_is_urgent_published_before_review_and_carries_the_dated_notice(self):
        page = PublishedSite().page("drug", "olaratumab")
        assert (page.number, page.change_kind, page.changes_eligibility) == (2, "urgent safety change", True)
        assert page.awaits_review and page.last_reviewed == FIRST_DAY
        [notice] = page.content.alerts
        assert (notice.date, notice.title) == ("2019-07-19", "Doctors no longer start olaratumab")
        assert page.content.status == "no_longer_used"
        assert {one.certainty for one in page.content.indications} == {"no_longer_used"}
        assert [entry.page.slug for entry in Entry.objects.filter(act=Act.PUBLISHED_URGENTLY)] == ["olaratumab"]
        assert Edition.objects.awaiting_review().get().page.slug == "olaratumab"

    def test_anybody_who_may_review_can_review_olaratumabs_notice(self, reviewer):
        actions.review(Edition.objects.awaiting_review().get(), by=reviewer, outcome="approved")
        assert not PublishedSite().page("drug", "olaratumab").awaits_review

    # Drafts

    @pytest.mark.parametrize(("slug", "words"), ONLY_IN_DRAFTS)
    def test_later_facts_lie_in_a_working_copy_and_in_no_edition(self, slug, words):
        drug = Drug.objects.get(page__slug=slug)
        assert words in kind("drug").freeze(drug).model_dump_json()
        assert not Edition.objects.filter(content_json__contains=words).exists()

    def test_drafts_say_that_pazopanib_is_licensed_and_imatinib_treats_advanced_gist(self):
        assert (Drug.objects.get(name="pazopanib").status, live("pazopanib").status) == ("in_use", "being_studied")
        uses = Drug.objects.get(name="imatinib").indications
        assert list(uses.values_list("key", flat=True)) == ["gist", "advanced-gist", "dfsp"]
        assert [one.key for one in live("imatinib").indications] == ["gist", "dfsp"]

    @pytest.mark.parametrize("slug", sorted({slug for slug, _ in ONLY_IN_DRAFTS}))
    def test_every_draft_can_be_submitted_as_somebodys_first_task(self, author, slug):
        edition = actions.submit(Drug.objects.get(page__slug=slug), by=author, change_note="Later facts.")
        assert edition.progress == "in_review"

    # Facts and traps

    def test_the_five_sources_of_the_page_say_what_is_known_of_them_and_no_more(self):
        held = {one.key: one for one in Reference.objects.prefetch_related("authors")}
        bodies, moroncini, nakano, serrano, berry = (
            held[key] for key in ("nice-smc-2018", "moroncini-2018", "nakano-2018", "serrano-2017", "berry-2017")
        )
        assert (bodies.accessed, bodies.issued, bodies.url) == ("2018-04", "", "")
        assert [bool(author.corporate) for author in bodies.authors.all()] == [True, True]
        assert str(moroncini.authors.all()[0]) == "Moroncini Gianluca"
        assert (moroncini.doi, moroncini.pmid, moroncini.issue, moroncini.pages) == ("", "", "", "833-842")
        assert (nakano.article_number, nakano.issue, nakano.pages) == ("739", "3", "")
        assert (nakano.doi, nakano.pmid) == ("10.3390/ijms19030739", "29510588")
        for one, family in ((serrano, "Serrano"), (berry, "Berry")):
            assert [author.family for author in one.authors.all()] == [family] and one.et_al
            assert one.doi == ""
        assert (serrano.pmid, serrano.pmcid, serrano.url) == ("", "", "")
        assert (berry.issue, berry.pmcid) == ("12", "PMC5485075")

    def test_ridaforolimus_and_deforolimus_are_one_drug(self):
        assert not Drug.objects.filter(name="deforolimus").exists()
        assert ("deforolimus", "former") in {(one.name, one.kind) for one in live("ridaforolimus").names}
        assert DrugName.objects.get(name="deforolimus").drug.name == "ridaforolimus"

    def test_sunitinib_is_a_capsule_and_nowhere_a_tablet(self):
        assert live("sunitinib").form == "capsule"
        for value in (live("sunitinib"), kind("drug").freeze(Drug.objects.get(name="sunitinib"))):
            assert "tablet" not in value.model_dump_json().casefold()

    def test_dfsp_has_no_criteria_and_imatinib_only_may_be_used_for_it(self):
        for value in (live("imatinib"), kind("drug").freeze(Drug.objects.get(name="imatinib"))):
            [dfsp] = [one for one in value.indications if one.condition.page == "condition/dfsp"]
            assert (dfsp.certainty, dfsp.criteria, dfsp.setting) == ("may_be_used", (), "")

    def test_radiotherapy_counts_only_where_it_did_not_work_and_a_drug_where_either_reason_holds(self):
        page = PublishedSite.as_of(FIRST_DAY).page("drug", "olaratumab")
        [use] = page.content.indications
        prior = {one.prior.kind: (one.prior.drug, one.prior.outcome) for one in use.criteria if one.prior}
        assert prior == {"chemotherapy": (None, ""), "radiotherapy": (None, "did_not_work")}
        assert [partner.name for partner in use.partners] == ["doxorubicin"]
        after = [(one.prior.drug.name, one.prior.outcome) for one in live("regorafenib").indications[0].criteria[1:]]
        assert after == [("imatinib", "either"), ("sunitinib", "either")]

    def test_the_regosarc_trial_is_cited_for_research_and_not_for_gist(self):
        assert [page.kind for page in PublishedSite().mentioning("cites", "reference/berry-2017")] == ["guide"]

    @pytest.mark.parametrize("slug", DRUGS)
    def test_an_atc_code_and_a_status_carry_the_date_they_are_known_of(self, slug):
        for value in (live(slug), kind("drug").freeze(Drug.objects.get(page__slug=slug))):
            assert bool(value.atc_code) == bool(value.atc_as_of)
            assert value.status_as_of

    def test_a_decision_of_which_only_the_month_is_known_has_no_invented_day(self):
        drafts = [kind("drug").freeze(drug) for drug in Drug.objects.filter(name__in=["imatinib", "regorafenib"])]
        dates = {one.number or one.body: one.date for value in drafts for one in value.decisions}
        assert (dates["TA326"], dates["TA488"], dates["awmsg"]) == ("2014-11", "2017-11", "2015-07")
