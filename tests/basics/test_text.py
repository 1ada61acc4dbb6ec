"""Which characters text may hold."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from basics.text import ForbiddenCharacter, is_forbidden, legible, tidy


@pytest.mark.parametrize(
    "text",
    ["10 µg", "−5 °C", "≥ 18 years", "a\u00a0b", "naïve", "é", "PDGFR-α", "1–3", "tab\there", "two\nlines", "日本"],
)
def test_units_signs_and_letters_are_kept(text):
    assert tidy(text) == text


@pytest.mark.parametrize(
    "character",
    ["\x00", "\x0b", "\x0c", "\x1b", "\x7f", "\x85", "\u202e", "\u2066", "\u200f", "\u200b", "\ufeff", "\u2028"],
)
def test_characters_that_hide_or_reorder_text_are_refused_with_their_place(character):
    with pytest.raises(ForbiddenCharacter, match=f"U\\+{ord(character):04X}.*after “take ”"):
        tidy(f"take {character}10 mg")


def test_no_control_character_half_or_private_one_of_all_that_unicode_has_is_let_through():
    every = (chr(point) for point in range(sys.maxunicode + 1))
    refused = {one for one in every if unicodedata.category(one) in {"Cc", "Cs", "Co"} and one not in "\t\n"}
    assert len(refused) > 100_000
    assert all(map(is_forbidden, refused))


def test_line_ends_become_line_feeds_and_accents_are_composed():
    assert tidy("one\r\ntwo\rthree") == "one\ntwo\nthree"
    assert tidy("e\u0301") == "é"


@given(st.text())
def test_tidied_text_holds_nothing_forbidden_and_is_tidy_already(text):
    try:
        tidied = tidy(text)
    except ForbiddenCharacter:
        return
    assert not any(map(is_forbidden, tidied))
    assert tidy(tidied) == tidied


def test_what_others_wrote_is_made_legible():
    assert legible(" one\r\n two\x00three\u202e\u200b ", 50) == "one two three"
    assert legible("e\u0301", 5) == "é" and legible("123456", 5) == "1234…" and legible("12345", 5) == "12345"
