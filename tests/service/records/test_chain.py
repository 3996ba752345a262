"""The fast way to canonical JSON is RFC 8785's."""

import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from service.records.chain import canonical

_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
_WHOLE = st.integers(-(2**53) + 1, 2**53 - 1)
_VALUES = st.none() | st.booleans() | _TEXTS | _WHOLE | st.floats(allow_nan=False, allow_infinity=False)


@given(st.dictionaries(_TEXTS, _VALUES | st.lists(_TEXTS) | st.lists(_VALUES), max_size=6))
def test_the_short_way_writes_what_rfc_8785_says(data):
    assert canonical(data) == rfc8785.dumps(data).decode()
