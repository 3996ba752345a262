"""A table in our own columns is told at a glance, and no differently than by asking every format."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from classifier.accounts.columns import REPORTED
from classifier.importers.formats.detect import _SIGNS, NATIVE, format_of

VALUES = st.sampled_from([None, "", "x", "user", 1, True, ["a"], {"acct": "a"}, {"username": "b"}, "snscrape.modules"])


@given(st.dictionaries(st.sampled_from([*REPORTED, "username", "acct", "did", "public_metrics"]), VALUES))
def test_a_row_has_the_format_of_the_first_that_knows_it(row: dict[str, Any]) -> None:
    assert format_of(row) == next((name for name, looks_like in _SIGNS.items() if looks_like(row)), None)


def test_our_columns_are_a_sign_of_no_other_format() -> None:
    assert format_of(dict.fromkeys(REPORTED)) == NATIVE
    assert not any(looks_like(dict.fromkeys(REPORTED)) for name, looks_like in _SIGNS.items() if name != NATIVE)
