"""Differences word by word, and what stayed folded away."""

from hypothesis import given
from hypothesis import strategies as st

from basics.differences import Piece, folded, pieces

words = st.lists(st.sampled_from(["imatinib", "is", "a", "tablet.", "GIST", "–", "\n"]), max_size=300).map(" ".join)


@given(old=words, new=words)
def test_joined_the_pieces_are_both_texts_folded_or_not(old, new):
    for runs in (pieces(old, new), folded(pieces(old, new))):
        assert "".join(run.text for run in runs if run.kind != "added") == old
        assert "".join(run.text for run in runs if run.kind != "removed") == new


def test_a_long_run_that_stayed_is_folded_but_not_next_to_a_change():
    before, after = [f"w{n}" for n in range(200)], [f"v{n}" for n in range(100)]
    old = " ".join([*before, "twice", *after])
    new = " ".join([*before, "once", *after])
    runs = folded(pieces(old, new))
    assert [run.kind for run in runs] == ["folded", "same", "removed", "added", "same", "folded"]
    assert runs[0].length == 175 and runs[1].text.split()[-1] == "w199" and runs[-2].text.split()[0] == "v0"


def test_a_short_run_is_left_in_sight():
    runs = [Piece("same", "a few words "), Piece("added", "more")]
    assert folded(runs) == runs
