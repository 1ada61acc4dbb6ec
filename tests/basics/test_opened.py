"""Who has a form open: a hint to the next, not a lock."""

from datetime import timedelta

import pytest
import time_machine
from django.db import OperationalError
from django.utils import timezone

from basics.models import OpenedForm
from tests.desk import Desk
from tests.factories import a_drug, a_person

pytestmark = pytest.mark.django_db
SAID = "Colin Reed opened this form at"


@pytest.fixture
def colin(db):
    return Desk(a_person("colin", "Author", public_name="Colin Reed"))


def test_who_opens_a_form_that_somebody_has_open_is_told(author, colin):
    drug, edith = a_drug("imatinib"), Desk(author)
    assert SAID not in edith.get(drug).text
    colin.get(drug)
    assert SAID in edith.get(drug).text
    assert SAID not in edith.get(a_drug("sunitinib")).text and SAID not in colin.get(drug).text


def test_saving_or_half_an_hour_ends_it(author, colin):
    drug, edith = a_drug("imatinib"), Desk(author)
    colin.save(drug, colin.form(drug) | {"summary": "Colin's."})
    assert SAID not in edith.get(drug).text
    colin.get(drug)
    with time_machine.travel(timezone.now() + timedelta(minutes=31)):
        assert SAID not in edith.get(drug).text


def test_who_may_only_read_has_nothing_open(author, reviewer):
    drug = a_drug("imatinib")
    Desk(reviewer).get(drug)
    assert not OpenedForm.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_busy_database_keeps_nobody_from_opening_a_form(author, monkeypatch):
    drug = a_drug("imatinib")

    def locked(*args, **kwargs):
        raise OperationalError("database is locked")

    from django.db import connection

    if connection.vendor != "sqlite":
        pytest.skip("Only SQLite has one writer for the whole database.")
    edith = Desk(author)
    monkeypatch.setattr(OpenedForm.objects, "update_or_create", locked)
    assert edith.get(drug).status_code == 200
