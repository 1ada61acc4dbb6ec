"""Freeze and restore are inverse, for every kind of page and whatever content."""

import json

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drugs import content
from drugs.models import Drug
from editions import actions, seals
from editions.kinds import kind
from tests.contents import CONTENTS
from tests.examples import examples
from tests.factories import a_drug, a_reference, an_imatinib, changed

pytestmark = pytest.mark.django_db
_settings = settings(
    max_examples=examples(40), deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def _restored(name: str, value) -> object:
    """A working copy made from a content, in an address of its own."""
    page = actions.open_page(kind=name, slug="the-page-itself")
    return kind(name).restore(value, page=page)


class _RolledBack(Exception):
    pass


@pytest.mark.parametrize("name", list(CONTENTS))
@_settings
@given(data=st.data())
def test_freezing_what_was_restored_gives_the_same_content(name, data):
    value = data.draw(CONTENTS[name])
    with pytest.raises(_RolledBack), transaction.atomic():
        working = _restored(name, value)
        assert kind(name).freeze(working) == value
        raise _RolledBack


@pytest.mark.parametrize("name", list(CONTENTS))
@_settings
@given(data=st.data())
def test_a_working_copy_is_brought_from_any_content_to_any_other(name, data):
    first, second = data.draw(CONTENTS[name]), data.draw(CONTENTS[name])
    with pytest.raises(_RolledBack), transaction.atomic():
        working = _restored(name, first)
        again = kind(name).restore(second, page=working.page)
        assert again.pk == working.pk
        assert kind(name).freeze(kind(name).working_copy(working.page)) == second
        raise _RolledBack


@pytest.mark.parametrize("name", list(CONTENTS))
@_settings
@given(data=st.data())
def test_a_content_is_read_back_from_its_stored_text_unchanged(name, data):
    value = data.draw(CONTENTS[name])
    stored = seals.canonical(value.model_dump(mode="json"))
    assert kind(name).read(stored) == value
    assert seals.canonical(kind(name).read(stored).model_dump(mode="json")) == stored


def test_restoring_the_same_content_again_makes_no_revision():
    drug = an_imatinib()
    revisions = Drug.history.count()
    kind("drug").restore(kind("drug").freeze(drug), page=drug.page)
    assert Drug.history.count() == revisions


def test_restoring_leaves_a_reference_as_the_library_has_it():
    a_reference("nakano-2018", title="The right title")
    old = content.Source(key="nakano-2018", type="article-journal", title="The old title")
    value = content.DrugContent(
        name="imatinib", summary="A drug.", status="in_use", citations=[{"source": "nakano-2018"}], sources=[old]
    )
    working = _restored("drug", value)
    assert kind("drug").freeze(working).sources[0].title == "The right title"


def test_a_content_of_a_newer_format_is_refused_by_name():
    with pytest.raises(ValueError, match="format 99"):
        kind("drug").read('{"format": 99}')


def test_a_content_whose_citation_has_no_source_is_refused():
    with pytest.raises(ValueError, match=r"Missing: .*nobody-2018"):
        content.DrugContent(name="x", summary="x", status="in_use", citations=[{"source": "nobody-2018"}])


def test_an_older_format_is_brought_up_to_todays_step_by_step(monkeypatch):
    def renamed(old: dict) -> dict:
        return {"format": 1, "name": old["inn"], "summary": old["summary"]}

    monkeypatch.setitem(content.UPGRADES, 0, renamed)
    assert kind("condition").read('{"format": 0, "inn": "GIST", "summary": "A sarcoma."}').name == "GIST"


def test_an_edition_of_the_first_format_is_read_without_the_standing_of_its_sources():
    source = {"key": "nakano-2018", "type": "article-journal", "title": "A paper", "standing": "current"}
    stored = {
        "format": 1,
        "kind": "condition",
        "name": "GIST",
        "summary": "A sarcoma.",
        "sources": [source],
        "citations": [{"source": "nakano-2018"}],
    }
    value = kind("condition").read(json.dumps(stored))
    assert (value.format, value.sources[0].title) == (2, "A paper")


def test_words_that_look_like_a_citation_cite_nothing_where_no_rich_text_stands(author):
    drug = a_drug(summary='About <cite data-ref="nakano-2018"></cite>.', about='<cite data-ref="nakano-2018"></cite>')
    a_reference()
    assert content.cited_keys(kind("drug").freeze(drug)) == ["nakano-2018"]
    drug = changed(drug, about="")
    assert content.cited_keys(kind("drug").freeze(drug)) == []
