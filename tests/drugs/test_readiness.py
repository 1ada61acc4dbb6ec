"""What keeps a page from being submitted, where a template's own places are concerned."""

import re

import pytest
from django.conf import settings

from drugs import readiness
from tests.factories import a_drug, an_indication

pytestmark = pytest.mark.django_db


def problems_with(key: str) -> list[str]:
    drug = a_drug()
    an_indication(drug, key=key)
    return [one.sentence for one in readiness.drug_problems(drug, []) if one.field == "indications"]


@pytest.mark.parametrize("key", ["questions", "where-it-stands", "main", "who-title", "word-sarcoma", "source-1"])
def test_a_key_that_names_a_part_of_every_page_is_refused(key):
    assert any("which its page uses already" in said for said in problems_with(key))


def test_other_keys_are_not():
    assert problems_with("advanced-gist") == []


def test_every_place_that_the_templates_draw_is_known():
    """A part with a new place of its own has to be added to what keys may not be called."""
    drawn = set()
    for name in ["base.html", "drugs/_*.html", "drugs/drug_detail.html", "components/_*.html", "editions/_*.html"]:
        for path in (settings.BASE_DIR / "templates").glob(name):
            if not path.name.startswith("_pathway"):  # on condition pages, whose parts have no keys
                drawn |= set(re.findall(r' id="([a-z0-9-]+)"', path.read_text()))
    assert {one for one in drawn if not readiness.is_taken(one)} == readiness.ON_A_DRUG
