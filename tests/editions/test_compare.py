"""Comparing two contents: nothing where they are the same, and every leaf named where they are not."""

from hypothesis import given, settings
from hypothesis import strategies as st

from basics.content import Value
from drugs import content
from drugs.content import Citation
from editions.compare import compare, in_words, side_by_side, unchanged
from tests.contents import CONTENTS

kinds = st.sampled_from(sorted(CONTENTS))


def leaves(value) -> set[str]:
    """Every word that a reader can find in a content."""
    if isinstance(value, Value):
        names = [name for name in type(value).model_fields if name not in {"format", "kind"}]
        return set().union(*(leaves(getattr(value, name)) for name in names))
    if isinstance(value, tuple):
        return set().union(*map(leaves, value))
    text = in_words(value)
    return {text} if text else set()


@settings(max_examples=40, deadline=None)
@given(data=st.data(), name=kinds)
def test_a_content_does_not_differ_from_itself(data, name):
    value = data.draw(CONTENTS[name])
    assert compare(value, value) == []


@settings(max_examples=60, deadline=None)
@given(data=st.data(), name=kinds)
def test_every_leaf_that_came_or_went_is_named(data, name):
    old, new = data.draw(CONTENTS[name]), data.draw(CONTENTS[name])
    found = compare(old, new)
    assert bool(found) == (old != new)
    came = "\n".join(one.new for one in found)
    went = "\n".join(one.old for one in found)
    for leaf in leaves(new) - leaves(old):
        assert leaf in came, leaf
    for leaf in leaves(old) - leaves(new):
        assert leaf in went, leaf


def a_drug(*criteria: content.Criterion, **fields) -> content.DrugContent:
    gist = content.Link(page="condition/gist", name="GIST")
    indication = content.Indication(key="gist", condition=gist, criteria=criteria)
    return content.DrugContent(
        name="imatinib", summary="A tablet.", status="in_use", indications=(indication,), **fields
    )


def needs(text: str) -> content.Criterion:
    return content.Criterion(kind="requires", text=text)


def said(old, new) -> list[tuple]:
    return [(" › ".join(one.place), one.kind, one.old, one.new) for one in compare(old, new)]


def test_a_changed_criterion_is_told_word_by_word_in_its_place():
    old = a_drug(needs("There is a high risk that your GIST will return."))
    new = a_drug(needs("There is a high risk that your GIST will come back."))
    (one,) = compare(old, new)
    assert one.place[:3] == ("indications", "GIST", "criteria") and one.kind == "changed"
    assert [piece for piece in one.pieces if piece.kind != "same"] == [("removed", "return"), ("added", "come back")]


def test_an_item_that_moved_is_not_said_to_have_gone_and_come():
    one, two, three = needs("You are an adult."), needs("You have had imatinib."), needs("Surgery is not possible.")
    found = said(a_drug(one, two, three), a_drug(three, one, two))
    assert found == [("indications › GIST › criteria › Surgery is not possible.", "moved", "3", "1")]


def test_items_that_came_and_went_are_named_whole():
    found = said(
        a_drug(needs("You are an adult.")), a_drug(needs("You are an adult."), needs("You have had imatinib."))
    )
    assert found == [
        (
            "indications › GIST › criteria › You have had imatinib.",
            "added",
            "",
            "you may have it if\nYou have had imatinib.",
        )
    ]


def test_fixed_words_are_told_by_their_labels_and_formatting_by_itself():
    assert said(a_drug(), a_drug(about="<p>New.</p>")) == [("about", "added", "", "New.")]
    bold = compare(a_drug(about="<p>One two.</p>"), a_drug(about="<p>One <strong>two</strong>.</p>"))
    assert [(one.kind, one.pieces) for one in bold] == [("changed", [])]
    old, new = a_drug(), a_drug().model_copy(update={"status": content.words.DrugStatus.NO_LONGER_USED})
    assert said(old, new) == [("status", "changed", "in use", "no longer used")]


def test_a_less_than_sign_is_a_sign():
    assert in_words("< 5 mg and > 2") == "< 5 mg and > 2"


@settings(max_examples=40, deadline=None)
@given(data=st.data(), name=kinds)
def test_every_leaf_is_among_what_differs_or_among_what_does_not(data, name):
    old, new = data.draw(CONTENTS[name]), data.draw(CONTENTS[name])
    found = side_by_side(old, new)
    shown = "\n".join([*(one.new for one in found.differences), *(one.words for one in found.unchanged)])
    for leaf in leaves(new) - leaves(old):
        assert leaf in shown, leaf
    everything = "\n".join(one.words for one in unchanged(new, new))
    for leaf in leaves(new):
        assert leaf in everything, leaf


def test_what_is_as_before_is_named_with_its_place():
    old, new = a_drug(needs("A high risk.")), a_drug(needs("A high risk."))
    new = new.model_copy(update={"summary": "A pill."})
    found = side_by_side(old, new)
    assert [one.place for one in found.differences] == [("summary",)]
    assert [one.place for one in found.unchanged][0] == ("name",)
    assert ("indications", "GIST") in [one.place for one in found.unchanged]


def test_what_moved_or_came_twice_is_not_said_to_be_as_before():
    alerts = tuple(content.Alert(date="2018", title=title, text="<p>Words.</p>") for title in ("A", "B", "C"))
    moved = unchanged(a_drug(alerts=alerts), a_drug(alerts=(alerts[2], *alerts[:2])))
    assert [one.place for one in moved if one.place[0] == "alerts"] == [("alerts", "A"), ("alerts", "B")]
    twice = unchanged(a_drug(alerts=alerts[:1]), a_drug(alerts=alerts[:1] * 2))
    assert [one.place for one in twice if one.place[0] == "alerts"] == [("alerts", "A")]


def test_days_are_told_in_words_and_sources_in_brackets():
    old, new = a_drug(status_as_of="2018-04-03"), a_drug(status_as_of="2019-07")
    assert [(one.old, one.new) for one in compare(old, new)] == [("3 April 2018", "July 2019")]
    assert in_words(("2018-02-30", "2018")) == "2018-02-30\n2018"
    assert in_words(Citation(source="ema-lartruvo-2019", locator="p. 3")) == "[ema-lartruvo-2019, p. 3]"
