"""Dates as precise as they are known."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from basics.dates import NotADate, PartialDate


@pytest.mark.parametrize(
    ("text", "words", "year_first", "first", "last"),
    [
        ("2018", "2018", "2018", date(2018, 1, 1), date(2018, 12, 31)),
        ("2018-04", "April 2018", "2018 Apr", date(2018, 4, 1), date(2018, 4, 30)),
        ("2018-04-03", "3 April 2018", "2018 Apr 3", date(2018, 4, 3), date(2018, 4, 3)),
        ("2020-02", "February 2020", "2020 Feb", date(2020, 2, 1), date(2020, 2, 29)),
    ],
)
def test_a_date_is_kept_and_shown_with_the_precision_that_is_known(text, words, year_first, first, last):
    when = PartialDate.parse(text)
    assert str(when) == text
    assert (when.in_words(), when.year_first()) == (words, year_first)
    assert (when.first_day(), when.last_day()) == (first, last)


@pytest.mark.parametrize(
    "text",
    ["", "18", "2018-4", "2018-13", "2018-02-30", "2018/04/03", "April 2018", "0999", "２０１８", "2018-04-03T00:00"],
)
def test_anything_else_is_refused_with_the_three_ways_to_write_one(text):
    with pytest.raises(NotADate, match="2018-04-03, a month as 2018-04, or a year as 2018"):
        PartialDate.parse(text)


@given(st.dates(min_value=date(1000, 1, 1), max_value=date(2999, 12, 31)))
def test_every_day_comes_back_as_it_went_in(day):
    assert PartialDate.parse(day.isoformat()).first_day() == day
