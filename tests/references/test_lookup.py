"""Records of publications, asked of those who keep them. Here, a server on this machine plays doi.org and PubMed."""

import socket
from dataclasses import replace

import pytest

from references import lookup
from references.fetching import Gate, NoNetwork, NotFetched
from references.identifiers import NotAnIdentifier, doi_address
from references.lookup import AskedTooOften, NotKnown
from tests.references.servers import OPEN

DOI = "10.3390/ijms19030739"
MEDLINE = b"\nPMID- 29510588\nTI  - The title\n"


@pytest.fixture
def keeper(site, monkeypatch):
    """The site, in the place of doi.org and PubMed."""
    monkeypatch.setattr(lookup.identifiers, "doi_address", lambda doi: site.address(f"/{doi}", host="doi.org"))
    monkeypatch.setattr(lookup, "_EFETCH", site.address("/efetch", host="ncbi.example"))
    return site


EFETCH = "/efetch?db=pubmed&id=29510588&rettype=medline&retmode=text"


def test_a_doi_brings_its_record_wherever_its_agency_keeps_it(keeper):
    keeper.says(f"/{DOI}", 302, Location="/crossref")
    keeper.says("/crossref", body=b'{"DOI": 1}', Content_Type=lookup.CSL_JSON)
    got = lookup.by_doi(f"https://doi.org/{DOI.upper()}", site="https://www.example.org", gate=OPEN)
    assert got == b'{"DOI": 1}'
    assert {headers["Accept"] for headers in keeper.headers} == {lookup.CSL_JSON}
    assert keeper.headers[0]["User-Agent"] == "ReferenceLookup/1.0 (+https://www.example.org)"


def test_a_pubmed_number_brings_its_record(keeper):
    keeper.says(EFETCH, body=MEDLINE, Content_Type="text/plain")
    assert lookup.by_pmid("29510588", gate=OPEN) == MEDLINE


@pytest.mark.parametrize(
    ("status", "headers", "error", "sentence"),
    [
        (404, {}, NotKnown, "not known at doi.org"),
        (429, {"Retry_After": "30"}, AskedTooOften, "Wait 30 seconds"),
        (429, {}, AskedTooOften, "Wait a few minutes"),
        (406, {}, NotKnown, "Type it in by hand"),
        (200, {"Content_Type": "text/html"}, NotKnown, "gives no record"),
        (503, {}, NotFetched, "status 503"),
    ],
)
def test_what_is_in_the_way_of_a_doi_is_told_in_a_sentence(keeper, status, headers, error, sentence):
    keeper.says(f"/{DOI}", status, **headers)
    with pytest.raises(error, match=sentence):
        lookup.by_doi(DOI, gate=OPEN)


@pytest.mark.parametrize(("status", "body"), [(400, b"Error"), (200, b"\n"), (200, b"Error occurred: cannot get")])
def test_an_unknown_pubmed_number_is_told(keeper, status, body):
    keeper.says(EFETCH, status, body)
    with pytest.raises(NotKnown, match="29510588 is not known at PubMed"):
        lookup.by_pmid("29510588", gate=OPEN)


@pytest.mark.parametrize("number", [socket.EAI_AGAIN, socket.EAI_NONAME])
def test_a_machine_without_a_network_says_so(keeper, number):
    def nobody_answers(host, port):
        raise socket.gaierror(number, "no answer")

    with pytest.raises(NoNetwork, match="this machine has no network"):
        lookup.by_doi(DOI, gate=replace(OPEN, resolve=nobody_answers))


@pytest.mark.parametrize("ask", [lookup.by_doi, lookup.by_pmid])
@pytest.mark.parametrize("text", ["", "nonsense"])
def test_what_is_no_identifier_is_not_asked_for(ask, text):
    with pytest.raises(NotAnIdentifier):
        ask(text, gate=Gate(resolve=lambda host, port: pytest.fail("asked")))


def test_the_odd_characters_of_a_doi_reach_the_resolver():
    odd = "10.1002/(sici)1097-0142(19991001)86:7<1287::aid-cncr1>3.0.co;2-#"
    assert doi_address(odd).endswith("86:7%3C1287::aid-cncr1%3E3.0.co;2-%23")
