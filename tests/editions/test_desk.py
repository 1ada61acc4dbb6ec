"""The desk of editions and pages: who may take which step, what it does, and what stands in its way."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from drugs.models import Drug
from editions import actions
from editions.models import Edition, Entry, Flag, Invitation, Page, Review, ReviewRequest
from editions.steps import EDITION_STEPS, PAGE_STEPS
from staff.models import User
from tests.desk import APPROVES, ASKS_FOR_CHANGES, Desk, seen
from tests.factories import a_drug, a_person, an_imatinib, approved, changed, published

pytestmark = pytest.mark.django_db

ROLES = ["Author", "Clinical reviewer", "Publisher", "Administrator", "nobody"]
# step → (which roles may take it, the state it needs, what the form asks for)
STEPS = {
    "review": (
        "Clinical reviewer",
        "in review",
        APPROVES,
    ),
    "ask": ("Author, Publisher", "in review", {"reviewer": "ravi"}),
    "invite": ("Clinical reviewer, Publisher", "in review", {"name": "G", "email": "g@example.org", "days": "9"}),
    "correct-note": ("Publisher", "live", {"note": "Put right.", "reason": "A slip."}),
    "publish": ("Publisher", "approved", {}),
    "publish-urgently": ("Publisher", "in review", {"reason": "It cannot wait."}),
    "unschedule": ("Publisher", "scheduled", {"reason": "Not yet."}),
    "take-back": ("Publisher", "in review", {}),
    "start-draft": ("Author", "live", {}),
    "submit": ("Author", "draft", {"change_note": "First.", "change_kind": "content"}),
    "mark-reviewed": ("Clinical reviewer", "live", {"kinds": ["clinical", "plain_english"]}),
    "tell-doubt": ("Publisher", "live", {"sentence": "We are checking this page."}),
    "settle-doubt": ("Publisher", "doubted", {"note": "It holds."}),
    "resolve-flag": ("Clinical reviewer, Publisher", "flagged", {"flag": "1", "note": "It holds."}),
    "care": ("Publisher", "live", {"owner": "", "stand_in": "", "review_interval_months": "6"}),
    "move": ("Publisher", "live", {"slug": "glivec"}),
    "withdraw": ("Publisher", "live", {"reason": "It is no longer made."}),
}
# state → the filter of the list that shows it, and no other does
AT = {"in review": "review", "approved": "publication", "refused": "changes", "scheduled": "scheduled", "live": "live"}


@pytest.fixture
def in_state(author, reviewer, publisher):
    """`in_state("approved")`: a page in a state, and the edition that it is about."""

    def made(state: str):
        drug = an_imatinib(by=author)
        if state == "draft":
            return drug.page, None
        if state in {"in review", "refused"}:
            edition = actions.submit(drug, by=author, change_note="First.")
            if state == "refused":
                actions.review(edition, by=reviewer, outcome="changes_requested", comment="Say for whom.")
            return drug.page, edition
        edition = approved(drug, author=author, reviewer=reviewer)
        if state == "approved":
            return drug.page, edition
        if state == "flagged":
            actions.publish(edition, by=publisher)
            flag = actions.raise_flag(drug.page, reason="feedback", sentence="A reader wrote.")
            type(flag).objects.update(raised_at=timezone.now() - timedelta(days=1))
            return drug.page, edition
        later = timezone.now() + timedelta(days=3) if state == "scheduled" else None
        edition = actions.publish(edition, by=publisher, live_from=later)
        if state == "doubted":
            actions.tell_doubt(drug.page, by=publisher, sentence="We are checking this page.")
        return drug.page, edition

    return made


def step_address(page, edition, step: str) -> str:
    if step in EDITION_STEPS:
        return reverse("admin:editions_edition_step", args=[edition.pk, step])
    return reverse("admin:editions_page_step", args=[page.pk, step])


def state_of_all() -> tuple:
    return (
        list(Edition.objects.values_list("progress", "number")),
        Entry.objects.count(),
        Review.objects.count(),
        Drug.history.count(),
        ReviewRequest.objects.count(),
        Invitation.objects.count(),
        list(Flag.objects.values_list("resolved_at", flat=True)),
        list(Page.objects.values_list("review_interval_months", flat=True)),
    )


def test_the_table_names_every_step():
    assert STEPS.keys() == EDITION_STEPS.keys() | PAGE_STEPS.keys()


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("step", STEPS)
def test_only_who_may_takes_a_step(in_state, step, role):
    who, state, asked = STEPS[step]
    page, edition = in_state(state)
    desk = Desk(a_person("somebody", *([] if role == "nobody" else [role])))
    address = step_address(page, edition, step)
    before = state_of_all()
    if step == "ask":
        asked = {"reviewer": User.objects.get(username="ravi").pk}
    if step == "resolve-flag":
        asked = {**asked, "flag": page.flags.get().pk}
    answer = desk.client.post(address, {**seen(page), **asked})
    if role in who.split(", "):
        assert answer.status_code == 302, answer.context and answer.context["form"].errors
        assert state_of_all() != before or step in {"start-draft", "move"}
    else:
        assert answer.status_code == 403
        assert state_of_all() == before


@pytest.mark.parametrize("step", STEPS)
def test_strangers_are_asked_to_sign_in(in_state, client, step):
    _, state, asked = STEPS[step]
    page, edition = in_state(state)
    before = state_of_all()
    answer = client.post(step_address(page, edition, step), asked)
    assert answer.status_code == 302 and "/admin/login/" in answer.url and state_of_all() == before


def test_an_edition_goes_live_from_a_moment_and_can_be_taken_off_before_it(in_state, client, publisher):
    _, edition = in_state("approved")
    paula = Desk(publisher)
    moment = timezone.localtime() + timedelta(days=2)
    assert paula.step(edition, "publish", live_from=f"{moment:%Y-%m-%dT%H:%M}").status_code == 302
    edition.refresh_from_db()
    assert timezone.localtime(edition.live_from) == moment.replace(second=0, microsecond=0)
    assert "scheduled for" in paula.get(edition).text and client.get("/drugs/imatinib/").status_code == 404
    assert "A preview for staff." in paula.client.get(f"/admin/editions/edition/{edition.pk}/preview/").text
    assert paula.step(edition, "unschedule", reason="Not yet.").status_code == 302
    edition.refresh_from_db()
    assert (edition.progress, edition.number) == ("approved", None)


@pytest.mark.parametrize(
    ("moment", "sentence"),
    [("2018-04-03T00:00", "That moment has passed"), ("soon", "Enter a valid date/time")],
)
def test_a_moment_that_cannot_be_is_refused_and_stays_in_the_form(in_state, publisher, moment, sentence):
    _, edition = in_state("approved")
    answer = Desk(publisher).step(edition, "publish", live_from=moment)
    assert answer.status_code == 422 and sentence in answer.text and moment in answer.text


@pytest.mark.parametrize(
    ("state", "step", "sentence"),
    [
        ("in review", "publish", "is in review; only an edition that is approved can be published"),
        ("in review", "submit", "Publish it or take it back before you submit another"),
        ("live", "take-back", "is published; only an edition that is in review"),
        ("live", "publish-urgently", "is published"),
        ("approved", "unschedule", "is not scheduled"),
        ("approved", "withdraw", "There is no live edition"),
        ("live", "settle-doubt", "No doubt is told"),
        ("approved", "tell-doubt", "Visitors do not read"),
    ],
)
def test_a_step_out_of_its_state_is_refused_with_a_sentence(in_state, state, step, sentence):
    page, edition = in_state(state)
    desk = Desk(a_person("chief", "Author", "Publisher", "Clinical reviewer"))
    answer = desk.client.post(step_address(page, edition, step), {**seen(page), **STEPS[step][2]})
    assert answer.status_code == 409 and sentence in answer.text


@pytest.mark.parametrize(
    "step", [step for step, (_, _, asked) in STEPS.items() if asked and step not in {"unschedule", "care"}]
)
def test_a_form_that_is_left_empty_is_refused_and_nothing_happens(in_state, step):
    page, edition = in_state(STEPS[step][1])
    desk = Desk(a_person("chief", "Author", "Publisher", "Clinical reviewer"))
    before = state_of_all()
    answer = desk.client.post(step_address(page, edition, step), {})
    assert answer.status_code == 422 and state_of_all() == before


def test_what_nobody_can_publish_is_refused_in_every_public_sentence(in_state, publisher):
    page, _ = in_state("live")
    for step, field in (("withdraw", "reason"), ("tell-doubt", "sentence")):
        answer = Desk(publisher).step(page, step, **{field: "All is \u202ewell."})
        assert answer.status_code == 422 and "U+202E" in answer.text
    assert not Entry.objects.filter(act__in=["withdrawn", "doubt_told"]).exists()


def test_what_is_done_to_a_page_is_what_visitors_read(in_state, client, publisher, reviewer):
    page, edition = in_state("approved")
    paula = Desk(publisher)
    paula.step(edition, "publish")
    assert "There is a high risk that your GIST will return." in client.get("/drugs/imatinib/").text
    Desk(reviewer).step(page, "mark-reviewed", kinds=["lay"])
    assert Review.objects.filter(edition=edition, kinds=["lay"], scope="whole_page", reviewer=reviewer).count() == 1
    paula.step(page, "tell-doubt", sentence="We are checking this page.")
    assert "We are checking this page." in client.get("/drugs/imatinib/").text
    paula.step(page, "settle-doubt", note="It holds.")
    assert "We are checking this page." not in client.get("/drugs/imatinib/").text
    paula.step(page, "move", slug="glivec")
    moved = client.get("/drugs/imatinib/")
    assert (moved.status_code, moved.url) == (301, "/drugs/glivec/")


def test_urgent_words_are_marked_as_unread_until_somebody_reviews_them(in_state, client, publisher, reviewer):
    _, edition = in_state("in review")
    Desk(publisher).step(edition, "publish-urgently", reason="It cannot wait.")
    assert "Published before review." in client.get("/drugs/imatinib/").text
    Desk(reviewer).step(edition, "review", **APPROVES)
    assert "Published before review." not in client.get("/drugs/imatinib/").text


def test_who_asks_for_changes_says_which(in_state, reviewer):
    _, edition = in_state("in review")
    ravi = Desk(reviewer)
    asked = ASKS_FOR_CHANGES
    assert ravi.step(edition, "review", **asked).status_code == 422 and not Review.objects.exists()
    ravi.step(edition, "review", **asked, comment="Say for whom.")
    assert Review.objects.get().comment == "Say for whom."


def test_who_submitted_takes_it_back_and_submits_again(in_state, author):
    page, edition = in_state("in review")
    edith = Desk(author)
    assert edith.step(edition, "take-back").status_code == 302
    assert edith.step(page, "submit", change_note="Again.", change_kind="content").status_code == 302
    assert list(Edition.objects.order_by("pk").values_list("progress", flat=True)) == ["taken_back", "in_review"]


def test_withdrawing_leaves_the_reason_and_the_history(in_state, client, publisher):
    page, _ = in_state("live")
    Desk(publisher).step(page, "withdraw", reason="It is no longer made.")
    answer = client.get("/drugs/imatinib/")
    assert answer.status_code == 410 and "It is no longer made." in answer.text


def test_an_edition_says_what_is_not_offered_and_why(in_state, author, reviewer):
    _, edition = in_state("in review")
    page = Desk(author).get(edition).text
    assert "Only a reviewer can do this." in page and "Only a publisher can do this." in page
    assert "This edition is in review." in Desk(a_person("chief", "Publisher")).get(edition).text
    both = a_person("both", "Author", "Clinical reviewer")
    own = actions.submit(a_drug("own", by=author), by=both, change_note="Mine.")
    assert "so somebody else has to review it" in Desk(both).get(own).text


def test_editions_reviews_entries_and_pages_are_read_and_not_written(in_state):
    page, edition = in_state("live")
    boss = a_person("boss")
    boss.is_superuser = True
    boss.save()
    desk = Desk(boss)
    before = state_of_all()
    for row in (edition, page, Review.objects.get(), Entry.objects.first()):
        name = row._meta.model_name
        assert desk.get(row).status_code == 200, name
        desk.client.post(desk.address(row), {"progress": "approved", "outcome": "changes_requested", "slug": "x"})
        assert desk.client.post(desk.address(row, "delete"), {"post": "yes"}).status_code == 403, name
        assert desk.client.get(f"/admin/editions/{name}/add/").status_code == 403, name
        assert desk.client.get(f"/admin/editions/{name}/").status_code == 200, name
    assert state_of_all() == before


@pytest.mark.parametrize("state", AT)
def test_the_list_of_editions_is_filtered_by_where_they_stand(in_state, publisher, state):
    in_state(state)
    paula = Desk(publisher).client
    for where in AT.values():
        shown = paula.get(f"/admin/editions/edition/?at={where}").context["cl"].result_list
        assert len(shown) == (where == AT[state]), where


def test_a_preview_is_the_public_page_for_staff_only_and_is_kept_nowhere(in_state, client, author):
    page, edition = in_state("in review")
    for address in (f"/admin/editions/edition/{edition.pk}/preview/", f"/admin/editions/page/{page.pk}/preview/"):
        drawn = Desk(author).client.get(address)
        assert drawn.status_code == 200 and "A preview for staff." in drawn.text
        assert "There is a high risk that your GIST will return." in drawn.text
        assert "noindex" in drawn["X-Robots-Tag"] and "no-store" in drawn["Cache-Control"]
        assert drawn["X-Frame-Options"] == "SAMEORIGIN" and "script-src" not in drawn["Content-Security-Policy"]
        assert "frame-ancestors 'self'" in drawn["Content-Security-Policy"]
        assert Desk(a_person(f"nobody{len(address)}")).client.get(address).status_code == 403
        assert client.get(address).status_code == 302
    assert client.get("/drugs/imatinib/").status_code == 404


def test_a_draft_that_cannot_be_drawn_says_what_is_missing(author):
    drug = a_drug("imatinib", by=author)
    changed(drug, summary="")
    answer = Desk(author).client.get(f"/admin/editions/page/{drug.page_id}/preview/")
    assert answer.status_code == 409 and "summary" in answer.text


def test_addresses_that_are_none_are_not_found(in_state, author):
    page, edition = in_state("live")
    client = Desk(author).client
    for address in (
        f"/admin/editions/edition/{edition.pk}/step/nothing/",
        f"/admin/editions/page/{page.pk}/step/review/",
        "/admin/editions/edition/999/change/",
        "/admin/editions/edition/x/change/",
        "/admin/editions/page/999/step/submit/",
        "/admin/editions/edition/999/preview/",
    ):
        assert client.get(address).status_code == 404, address


def test_where_each_page_stands_is_listed_in_a_fixed_number_of_queries(
    author, reviewer, publisher, django_assert_max_num_queries
):
    for number in range(12):
        published(a_drug(f"drug-{number}", by=author), author=author, reviewer=reviewer, publisher=publisher)
    desk = Desk(author)
    with django_assert_max_num_queries(15):
        drugs = desk.client.get("/admin/drugs/drug/")
    with django_assert_max_num_queries(21):
        pages = desk.client.get("/admin/editions/page/")
    with django_assert_max_num_queries(21):
        editions = desk.client.get("/admin/editions/edition/")
    assert editions.text.count('field-state">live<') == 12
    assert drugs.text.count("Edition 1 is live.") == pages.text.count("Edition 1 is live.") == 12
