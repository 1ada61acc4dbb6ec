"""Keys that are suggested for new sources."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from references.content import Author, Source, SourceType
from references.formats.finishing import kept_key
from references.keys import suggest
from tests.references.sources import sources


def a_source(author=None, title="Targeted drugs in sarcoma", issued="2018-03"):
    authors = (author,) if author else ()
    return Source(key="x", type=SourceType.ARTICLE, title=title, authors=authors, issued=issued)


@pytest.mark.parametrize(
    ("author", "issued", "key"),
    [
        (Author(family="Moroncini", given="Gianluca"), "2018-03-05", "moroncini-2018"),
        (Author(family="Müller-Öztürk"), "2018", "muller-ozturk-2018"),
        (Author(family="Łódź O'Brien"), "2018", "lodz-obrien-2018"),
        (Author(family="Straßner"), "2018", "strassner-2018"),
        (Author(family="van der Graaf", given="W"), "2018", "van-der-graaf-2018"),
        (Author(family="Smith Jr.", given="J"), "2018", "smith-2018"),
        (Author(corporate="National Institute for Health and Care Excellence"), "2017", "nice-2017"),
        (Author(corporate="The European Medicines Agency"), "", "ema-nd"),
        (Author(corporate="Invented Sarcoma Network (ISN)"), "2017", "isn-2017"),
        (Author(corporate="Children's Oncology Group"), "2017", "childrens-oncology-2017"),
        (Author(family="中野"), "2017", "targeted-drugs-2017"),
        (None, "2017", "targeted-drugs-2017"),
    ],
)
def test_a_key_is_the_first_author_or_the_title_and_the_year(author, issued, key):
    assert suggest(a_source(author, issued=issued)) == key


def test_a_title_in_another_script_gives_a_key_all_the_same():
    assert suggest(a_source(title="肉腫")) == "source-2018"


def test_a_key_that_is_taken_is_counted_on():
    berry = a_source(Author(family="Berry"))
    assert suggest(berry, {"berry-2018"}) == "berry-2018-b"
    assert suggest(berry, {"berry-2018", "berry-2018-b"}) == "berry-2018-c"
    everything = {"berry-2018", *(f"berry-2018-{letter}" for letter in "bcdefghijklmnopqrstuvwxyz")}
    assert suggest(berry, everything) == "berry-2018-27"


@given(sources(), st.sets(st.sampled_from(["a-nd", "a-nd-b", "source-nd"])))
def test_every_key_can_be_kept(source, taken):
    key = suggest(source, taken)
    assert kept_key(key) == key
    assert key not in taken
