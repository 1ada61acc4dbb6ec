"""Identifiers are checked and brought into one form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from references import identifiers
from references.identifiers import NotAnIdentifier


@pytest.mark.parametrize(
    ("check", "given_as", "stored"),
    [
        (identifiers.doi, "10.3390/IJMS19030739", "10.3390/ijms19030739"),
        (identifiers.doi, "https://doi.org/10.3390/ijms19030739", "10.3390/ijms19030739"),
        (identifiers.doi, "doi: 10.1002/(SICI)1097-0142(19991001)86:7<1287::AID-CNCR1>3.0.CO;2-#", None),
        (identifiers.doi, "", ""),
        (identifiers.pmid, " PMID: 29510588", "29510588"),
        (identifiers.pmid, "https://pubmed.ncbi.nlm.nih.gov/29510588/", "29510588"),
        (identifiers.pmcid, "5485075", "PMC5485075"),
        (identifiers.pmcid, "https://pmc.ncbi.nlm.nih.gov/articles/PMC5485075/", "PMC5485075"),
        (identifiers.url, "https://www.nice.org.uk/guidance/ta488 ", "https://www.nice.org.uk/guidance/ta488"),
    ],
)
def test_each_spelling_becomes_one(check, given_as, stored):
    assert check(given_as) == stored if stored is not None else check(given_as).startswith("10.1002/")


@pytest.mark.parametrize(
    ("check", "text", "looks_like"),
    [
        (identifiers.doi, "11.3390/x", "10.3390"),
        (identifiers.doi, "10.3390", "10.3390"),
        (identifiers.pmid, "2951O588", "digits only"),
        (identifiers.pmid, "0123", "digits only"),
        (identifiers.pmid, "２９５１", "digits only"),
        (identifiers.pmcid, "PMCX12", "PMC5485075"),
        (identifiers.url, "javascript:alert(1)", "https://"),
        (identifiers.url, "www.nice.org.uk", "https://"),
        (identifiers.url, "https://user@host/", "https://"),
        (identifiers.url, "http://[broken", "https://"),
    ],
)
def test_anything_else_is_refused_with_an_example(check, text, looks_like):
    with pytest.raises(NotAnIdentifier, match=looks_like):
        check(text)


@given(st.sampled_from([identifiers.doi, identifiers.pmid, identifiers.pmcid, identifiers.url]), st.text(max_size=40))
def test_what_is_accepted_once_is_accepted_unchanged_again(check, text):
    try:
        stored = check(text)
    except NotAnIdentifier:
        return
    assert check(stored) == stored
