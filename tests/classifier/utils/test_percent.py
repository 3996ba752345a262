"""Nothing short of certain is 100 %, nothing that may happen 0 %."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.utils.percent import percent, share_percent


@given(st.floats(0, 1), st.integers(0, 6))
def test_no_probability_reads_as_certain_or_impossible(probability, digits):
    number = re.fullmatch(r"(?:above |below )?(\d+(?:\.\d+)?) %", percent(probability, digits))
    assert 0 < float(number[1]) < 100


@given(st.floats(0, 1, exclude_min=True, exclude_max=True))
def test_no_share_between_reads_as_all_or_nothing(share):
    number = re.fullmatch(r"(?:above |below )?(\d+(?:\.\d+)?) %", share_percent(share))
    assert 0 < float(number[1]) < 100


@pytest.mark.parametrize(
    ("share", "text"), [(1.0, "100 %"), (0.0, "0 %"), (0.9996, "99.96 %"), (0.99996, "above 99.99 %")]
)
def test_all_and_nothing_are(share, text):
    assert share_percent(share) == text
