"""However many pages, editions and revisions there are, a page of the site or of the desk asks the same few questions."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from drugs import drug_list
from drugs.models import Condition, Drug, DrugName
from references.models import Reference
from tests.factories import a_condition, a_criterion, a_drug, a_person, a_reference, an_indication, changed, published

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]  # the numbers are those of the code

PUBLIC = {
    "/": 30,
    "/drugs/": 20,
    "/drugs/?letter=d": 20,
    "/drugs/?condition=gist": 20,
    "/drugs/drug-a0/": 30,
    "/drugs/drug-a0/history/": 20,
    "/drugs/drug-a0/editions/1/": 35,
    "/conditions/": 20,
    "/conditions/gist/": 40,
    "/references/": 20,
    "/references/shared-2018/": 25,
    "/updates/": 20,
    "/updates.atom": 20,
    "/record/": 20,
    "/search/?q=drug": 20,
    "/sitemap.xml": 30,
    "/api/v1/pages": 20,
    "/api/v1/references": 30,
    "/api/v1/eligibility": 25,
    "/api/v1/conditions/gist/pathway": 30,
    "/api/v1/changes": 20,
}
DESK = {
    "/admin/": 70,
    "/admin/drugs/drug/": 40,
    "/admin/drugs/condition/": 40,
    "/admin/drugs/indication/": 40,
    "/admin/references/reference/": 40,
    "/admin/editions/page/": 40,
    "/admin/editions/page/calendar/": 40,
    "/admin/editions/edition/": 40,
    "/admin/editions/entry/": 40,
    "/admin/editions/feedback/": 40,
    "/admin/staff/user/": 40,
    "/admin/drugs/drug/{drug}/history/": 40,
    "/admin/drugs/indication/{indication}/history/": 40,
    "/admin/editions/page/{page}/history/": 60,
    "/admin/editions/page/{page}/change/": 60,
}


def grow(team, *, letter: str, drugs: int) -> None:
    """Drugs with a name, two uses and a source each, which all share a condition and a source, in two editions."""
    shared = Reference.objects.filter(key="shared-2018").first() or a_reference("shared-2018")
    gist = Condition.objects.filter(page__slug="gist").first() or a_condition("GIST")
    for number in range(drugs):
        name = f"drug-{letter}{number}"
        own = a_reference(f"own-{letter}{number}-2018")
        of_own = a_condition(f"condition {letter}{number}", slug=f"condition-{letter}{number}", parent=gist)
        published(of_own, **team)
        drug = a_drug(name, about="".join(f'<p>Said.<cite data-ref="{one.key}"></cite></p>' for one in (shared, own)))
        for condition in (gist, of_own):
            a_criterion(an_indication(drug, condition))
        DrugName(drug=drug, name=f"Brand {letter}{number}", kind="brand").save()
        published(drug, **team)
        published(changed(Drug.objects.get(pk=drug.pk), summary="Said otherwise."), **team)


def save_often(drug: Drug, times: int) -> None:
    """Revisions of a drug, of one of its uses and of that one's criterion."""
    for number in range(times):
        use = drug.indications.first()
        changed(Drug.objects.get(pk=drug.pk), summary=f"Said in another way ({times}, {number}).")
        changed(use, text=f"<p>Said in another way ({times}, {number}).</p>")
        changed(use.criteria.first(), text=f"Said in another way ({times}, {number}).")


def asked(client: Client, address: str) -> int:
    """How many queries a page takes, once what a process keeps is there."""
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
        b"".join(response.streaming_content) if response.streaming else response.content
    assert response.status_code == 200, address
    return len(queries)


def test_a_public_page_asks_as_many_questions_of_many_pages_as_of_few(client, team, monkeypatch):
    grow(team, letter="a", drugs=2)
    published(Condition.objects.get(page__slug="gist"), **team)
    few = {address: asked(client, address) for address in PUBLIC}
    grow(team, letter="b", drugs=6)
    assert {address: asked(client, address) for address in PUBLIC} == few
    assert {address: number for address, number in few.items() if number > PUBLIC[address]} == {}
    # The lists of a site so large that they come in parts.
    for place in ("drugs.drug_list", "drugs.views", "sarcoma_site.views"):
        monkeypatch.setattr(f"{place}.MOST", 4)
    assert drug_list.MOST == 4
    long = {address: asked(client, address) for address in PUBLIC}
    assert {address: number for address, number in long.items() if number > PUBLIC[address]} == {}
    grow(team, letter="c", drugs=4)
    assert {address: asked(client, address) for address in PUBLIC} == long


def test_a_page_of_the_desk_asks_as_many_questions_of_many_pages_as_of_few(team):
    desk = Client()
    desk.force_login(a_person("every", "Author", "Clinical reviewer", "Publisher", "Administrator", is_superuser=True))
    grow(team, letter="a", drugs=2)
    published(Condition.objects.get(page__slug="gist"), **team)
    drug = Drug.objects.get(name="drug-a0")
    save_often(drug, 3)
    known = {"drug": drug.pk, "page": drug.page_id, "indication": drug.indications.first().pk}
    addresses = {address.format(**known): most for address, most in DESK.items()}
    few = {address: asked(desk, address) for address in addresses}
    grow(team, letter="b", drugs=6)
    save_often(drug, 12)
    many = {address: asked(desk, address) for address in addresses}
    assert {address: (number, few[address]) for address, number in many.items() if number > few[address]} == {}
    assert {address: number for address, number in few.items() if number > addresses[address]} == {}
