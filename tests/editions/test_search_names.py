"""What the search knows of names: what changed since is put into what was known, and comes to the same as reading all."""

from hypothesis import given
from hypothesis import strategies as st

from editions.search.called import Live, Place
from editions.search.document import Name
from editions.search.query import read
from editions.search.words import words

NAMES = [
    "imatinib",
    "Imatinib",
    "IMC-3G3",
    "IMC3G3",
    "soft tissue sarcoma",
    "soft sarcoma",
    "GIST",
    "gists",
    "Glivec 2",
]


@st.composite
def places(draw, edition: int) -> Place:
    title, *others = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=4))
    names = tuple(Name(text, "a name of", anchor=draw(st.sampled_from(["", "use"]))) for text in others)
    gone = draw(st.booleans())
    compared = dict.fromkeys(word for text in (title, *others) for word in words(text))
    digest = draw(st.sampled_from("abc"))
    return Place(edition, draw(st.integers(1, 3)), digest, "drug", title, names, tuple(compared), gone, gone)


@st.composite
def sites(draw) -> dict[int, Place]:
    return {edition: draw(places(edition)) for edition in draw(st.sets(st.integers(1, 8), max_size=6))}


@given(st.lists(sites(), min_size=2, max_size=5), st.sampled_from(["im", "soft", "sar", "3g3", "gist", "2"]))
def test_one_change_after_another_comes_to_what_reading_all_anew_gives(moments, typed):
    known = Live()
    for before, site in zip([{}, *moments], moments, strict=False):
        gone = [edition for edition, place in before.items() if site.get(edition) != place]
        come = [place for edition, place in site.items() if before.get(edition) != place]
        was, known = known, known.changed(gone, come)
        anew = Live.of(site.values())
        assert known == anew and known.states == anew.states
        assert known.starting(typed, 8) == anew.starting(typed, 8)
        assert known.named(read(typed).words) == anew.named(read(typed).words)
        assert was == Live.of(before.values())  # who reads it still reads the same
