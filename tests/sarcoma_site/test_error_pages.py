"""The pages for what went wrong."""

import logging

import pytest
from django.db import IntegrityError, InterfaceError, OperationalError
from django.test import Client

from basics.models import VersionedRow
from editions.site import PublishedSite
from tests.desk import Desk, fields_of
from tests.factories import an_imatinib


@pytest.fixture(autouse=True)
def _in_earnest(client):
    """Errors become pages, as on a server, and are not printed into the tests' output."""
    client.raise_request_exception = False
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/nowhere/", "/drugs/NOT-A-slug!/", "/nowhere/%3Cscript%3Ealert(1)%3C/script%3E"])
def test_an_unknown_address_gets_a_page_in_our_own_words_that_leads_on(client, address):
    response = client.get(address)
    assert response.status_code == 404 and not response.cookies
    assert "There is nothing at this address" in response.text
    assert "The address may be misspelt, or the page was never there." in response.text
    assert 'href="/drugs/"' in response.text and "This is a demonstration." in response.text
    assert '<meta name="robots" content="noindex">' in response.text
    assert "alert(1)" not in response.text and "urlpatterns" not in response.text


@pytest.mark.django_db
def test_a_404_says_what_the_page_itself_has_to_say(client):
    assert "No page cites such a source." in client.get("/references/nobody-2018/").text


def test_a_404_needs_no_database(client):
    # None is open to this test.
    assert "There is nothing at this address" in client.get("/nowhere/").text


@pytest.mark.django_db
def test_an_error_gets_a_page_that_tells_nothing_of_it_and_whom_to_ring(client, monkeypatch):
    def broken(*args):
        raise RuntimeError("a secret of the server")

    monkeypatch.setattr(PublishedSite, "listed", broken)
    response = client.get("/drugs/")
    assert response.status_code == 500 and not response.cookies
    assert "Something went wrong on our side" in response.text and "ring your cancer team" in response.text
    assert "secret" not in response.text and "Traceback" not in response.text
    assert "<script" not in response.text and "<style" not in response.text


@pytest.mark.parametrize("address", ["/", "/drugs/imatinib/", "/references/", "/as-of/2018-12-31/drugs/"])
def test_the_page_for_an_error_works_without_a_database(client, address):
    # None is open to this test: the page fails, and the page that says so must not ask for one either.
    response = client.get(address)
    assert response.status_code == 500
    assert "Something went wrong on our side" in response.text


def test_the_page_for_an_error_falls_back_to_words_when_the_style_sheet_is_not_there(client, settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
    }
    response = client.get("/")
    assert (response.status_code, response["Content-Type"]) == (500, "text/plain")
    assert response.text == "Something went wrong on our side. Please try again later."


def test_a_request_to_a_host_that_is_not_ours_is_refused_in_words(client):
    response = client.get("/", headers={"host": "elsewhere.example"})
    assert response.status_code == 400
    assert "That request could not be read" in response.text and "elsewhere" not in response.text


@pytest.mark.django_db
def test_a_busy_database_costs_nobody_their_words(client, author, monkeypatch):
    drug = an_imatinib(by=author)
    edith = Desk(author)
    edith.client.raise_request_exception = False
    form = edith.form(drug) | {"summary": "An hour's <b>words</b>,\nin two lines.", "password": "secret"}

    def locked(*args, **kwargs):
        raise OperationalError("database is locked")

    with monkeypatch.context() as busy:
        busy.setattr(VersionedRow, "save", locked)
        answer = edith.save(drug, form)
    assert answer.status_code == 503 and "Nothing that you typed is lost." in answer.text
    assert "secret" not in answer.text and "locked" not in answer.text
    kept = fields_of(answer)
    assert kept["summary"] == form["summary"]
    assert edith.save(drug, kept).status_code == 302
    assert type(drug).objects.get().summary == form["summary"]


@pytest.mark.django_db
def test_a_page_that_is_only_read_says_when_to_come_back_if_the_database_cannot_answer(client, monkeypatch):
    for fault, status in {
        OperationalError("database is locked"): 503,
        OperationalError("connection to server at 10.0.0.1 failed: Connection refused"): 503,
        InterfaceError("the connection is closed"): 503,
        OperationalError("no such column: x"): 500,  # waiting does not mend it
        IntegrityError("sealed: an edition never changes"): 500,
    }.items():

        def broken(*args, fault=fault):
            raise fault

        monkeypatch.setattr(PublishedSite, "listed", broken)
        response = client.get("/drugs/")
        assert response.status_code == status, fault
        assert ("Retry-After" in response) == (status == 503) and not response.cookies
        said = "cannot be shown at this moment" if status == 503 else "Something went wrong on our side"
        assert said in response.text and "ring your cancer team" in response.text
        assert "10.0.0.1" not in response.text and "that you typed" not in response.text


@pytest.mark.django_db
def test_whose_session_ended_gets_every_word_back(author):
    drug = an_imatinib(by=author)
    edith = Desk(author)
    form = edith.form(drug) | {"summary": "An hour of words.", "csrfmiddlewaretoken": "x"}
    edith.client.cookies.clear()
    answer = edith.client.post(edith.address(drug), form)
    assert answer.status_code == 401 and "An hour of words." in answer.text and "no-store" in answer["Cache-Control"]
    assert "<button" not in answer.text  # it sends nothing by itself


@pytest.mark.django_db
def test_a_form_from_before_the_last_signing_in_gives_every_word_back(author):
    client = Client(enforce_csrf_checks=True)
    client.force_login(author)
    answer = client.post("/admin/drugs/drug/add/", {"summary": "An <b>hour</b> of words.", "password": "secret"})
    assert answer.status_code == 403 and "An &lt;b&gt;hour&lt;/b&gt; of words." in answer.text
    assert "secret" not in answer.text and "<button" not in answer.text


@pytest.mark.django_db
def test_a_full_disk_or_a_silent_database_keeps_every_word_and_is_not_taken_for_an_import(client, author, monkeypatch):
    edith = Desk(author)
    edith.client.raise_request_exception = False
    drug = an_imatinib(by=author)
    form = edith.form(drug) | {"summary": "New words."}
    for fault, said in {
        "database or disk is full": "The server’s disk is full",
        "server closed the connection unexpectedly": "The site’s database does not answer",
    }.items():

        def broken(*args, fault=fault, **kwargs):
            raise OperationalError(fault)

        with monkeypatch.context() as faulty:
            faulty.setattr(VersionedRow, "save", broken)
            answer = edith.save(drug, form)
        assert answer.status_code == 503 and said in answer.text and "import" not in answer.text
        assert fields_of(answer)["summary"] == "New words."
