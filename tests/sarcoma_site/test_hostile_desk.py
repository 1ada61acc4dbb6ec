"""Hostile words in the steps of the desk: refused or shown as text. Every field of every form: tests/hostile/."""

import pytest
from django.core import management
from django.core.files.uploadedfile import SimpleUploadedFile

from drugs.models import Drug
from editions import actions
from editions.models import Edition
from tests.desk import APPROVES, Desk, seen

pytestmark = pytest.mark.django_db

SCRIPT = '"><script>alert(1)</script><img src=x onerror=alert(2)>'
HOSTILE = [
    SCRIPT,
    "{{ 7|add:7 }}{% debug %}",
    "javascript:alert(1)",
    "' OR 1=1; DROP TABLE drugs_drug; --",
    "\x00",
    "a\x0bb",
    "\u202eevil",
    "\ud800",
    "＜script＞",
    "%s%n{0}",
    "x" * 20_000,
    "../../etc/passwd",
    "99999999999999999999",
    "-1",
    "NaN",
]


def runs(text: str) -> bool:
    return "<script>alert" in text or "<img src=x" in text or "onerror=alert(2)>" in text.replace("&gt;", "")


def test_words_that_look_like_markup_are_text_on_every_page_that_shows_them(
    starter_content, client, author, reviewer, publisher
):
    desk = Desk(author)
    imatinib = Drug.objects.get(name="imatinib")
    form = desk.form(imatinib)
    for name in ("name", "summary", "about", "drug_class", "targets", "form", "how_you_have_it", "research"):
        form[name] = SCRIPT
    form["names-0-name"] = form["decisions-0-subject"] = form["change_reason"] = SCRIPT
    assert desk.save(imatinib, form).status_code == 302
    desk.step(imatinib.page, "submit", change_note=SCRIPT)
    edition = Edition.objects.get(page=imatinib.page, progress="in_review")
    edition_page, page_page = desk.get(edition).text, desk.get(imatinib.page).text
    Desk(reviewer).step(edition, "review", **APPROVES, comment=SCRIPT)
    actions.publish(edition, by=publisher)
    shown = [
        edition_page,
        page_page,
        desk.get(edition).text,
        desk.get(imatinib).text,
        desk.get(imatinib, "history").text,
    ]
    for address in (
        "/admin/drugs/drug/",
        "/admin/drugs/indication/",
        "/admin/editions/edition/",
        "/admin/editions/review/",
        "/admin/editions/entry/",
        "/admin/editions/page/",
        f"/admin/editions/edition/{edition.pk}/preview/",
        f"/admin/editions/page/{imatinib.page_id}/preview/",
        "/",
        "/drugs/",
        "/drugs/imatinib/",
        "/drugs/imatinib/history/",
        "/drugs/imatinib/compare/1/2/",
        "/drugs/imatinib/editions/2/",
        "/conditions/gist/",
        "/guides/targeted-cancer-drugs-for-soft-tissue-sarcoma/",
    ):
        answer = desk.client.get(address)
        assert answer.status_code == 200, address
        shown.append(answer.text)
    assert not [text[:200] for text in shown if runs(text)]


def test_the_name_of_an_uploaded_file_is_text_and_leads_nowhere(starter_content, author):
    client = Desk(author).client
    for name in (f"{SCRIPT}.csv", "../../x.csv", "x.csv\x00.exe", "x" * 400 + ".csv", "no ending"):
        file = SimpleUploadedFile("x", b"drug,name\nimatinib,New name\n")
        file.name = file._name = name
        answer = client.post("/admin/drugs/drugname/import/", {"file": file})
        assert answer.status_code in {200, 422} and not runs(answer.text), name


# What a database may read otherwise than another: marks that it cannot store, numbers that it has no room for, quotes.
_OF_DATABASES = ("%s%n{0}", "\x00", "\ud800", "9" * 20, "-1", "NaN")


@pytest.mark.parametrize(
    "value", [one if one in _OF_DATABASES else pytest.param(one, marks=pytest.mark.one_database) for one in HOSTILE]
)
def test_hostile_values_in_every_step_end_in_a_page(starter_content, reviewer, publisher, author, value):
    value = value.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    page = Drug.objects.get(name="imatinib").page
    fields = ("change_note", "change_kind", "slug", "reason", "sentence", "note", "comment", "kind")
    posted = {**dict.fromkeys(fields, value), "outcome": value, "scope": value, "live_from": value}
    edition = page.editions.get()
    for person in (author, reviewer, publisher):
        desk = Desk(person)
        for step in ("submit", "mark-reviewed", "tell-doubt", "settle-doubt", "move", "withdraw"):
            for given in (posted, {**posted, **seen(page)}, {**posted, **dict.fromkeys(seen(page), value)}):
                answer = desk.client.post(f"/admin/editions/page/{page.pk}/step/{step}/", given)
                assert answer.status_code in {302, 403, 409, 422} and not runs(answer.text), step
        for step in ("review", "publish", "publish-urgently", "unschedule", "take-back"):
            answer = desk.client.post(f"/admin/editions/edition/{edition.pk}/step/{step}/", {**posted, **seen(page)})
            assert answer.status_code in {302, 403, 409, 422} and not runs(answer.text), step
    management.call_command("verify_editions")


@pytest.mark.parametrize("moment", ["2026-10-25T01:30", "2027-03-28T01:30", "0001-01-01T00:00", "9999-12-31T23:59"])
def test_moments_that_the_clock_in_london_has_twice_or_never_end_in_a_page(
    starter_content, author, reviewer, publisher, moment
):
    page = Drug.objects.get(name="imatinib").page
    edition = actions.submit(page.kind_of_page.working_copy(page), by=author, change_note="x")
    actions.review(edition, by=reviewer, outcome="approved")
    answer = Desk(publisher).step(edition, "publish", live_from=moment)
    assert answer.status_code in {302, 422}
    assert Desk(publisher).get(edition).status_code == 200
