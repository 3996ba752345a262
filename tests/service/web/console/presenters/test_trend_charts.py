"""Geometry of the overview's pictures: within the picture, in proportion, and what is not nothing can be seen."""

import pytest

from service.decisions.overview import Rate
from service.web.console.presenters.trend_charts import bars, columns, interval


def test_parts_are_stacked_from_below_and_stay_within():
    drawn = columns(["a", "b"], [[6, 2], [1, 0]], ["cleared", "refused"])
    first, second, third = drawn.parts
    assert (first.y, first.height, second.y, second.height) == (25.0, 75.0, 0.0, 25.0)
    assert third.height == 12.5
    assert (drawn.top, drawn.first, drawn.last) == ("8", "a", "b")
    assert all(part.x >= 0 and part.x + part.width <= 100 for part in drawn.parts)


def test_one_among_thousands_is_seen_and_nothing_is_not():
    drawn = columns(["a", "b"], [[10_000], [1]], ["x"])
    assert drawn.parts[1].height == 1.5
    assert columns(["a"], [[0]], ["x"]).parts == ()
    assert columns([], [], ["x"]).parts == ()


def test_a_limit_lies_within_whatever_the_values():
    for values in ([0.05], [0.9]):
        drawn = columns(["a"], [values], ["x"], limit=0.25)
        assert 0 < drawn.limit < 100


def test_the_largest_bar_fills_the_width():
    assert [bar.length for bar in bars(["a", "b", "c"], [2, 4, 0], "x")] == [50.0, 100.0, 0.0]
    assert [bar.length for bar in bars(["a"], [0], "x")] == [0.0]


@pytest.mark.parametrize("rate", [Rate(0, 1), Rate(1, 1), Rate(2, 40), Rate(1, 100_000)])
def test_an_interval_holds_its_share_on_its_scale(rate):
    drawn = interval(rate)
    assert 0 <= drawn.low <= drawn.at <= drawn.high <= 100


def test_nothing_counted_is_no_interval():
    assert interval(Rate(0, 0)) is None
