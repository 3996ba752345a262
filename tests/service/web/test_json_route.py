import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.utils.strict_json import MAX_DEPTH, parse_json

NUMBERS = st.integers(-(2**63), 2**63) | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(), children, max_size=3),
    max_leaves=10,
)


@given(VALUES)
def test_reads_what_json_writes(value):
    assert parse_json(json.dumps(value).encode()) == value


@given(st.binary(max_size=50))
def test_any_bytes_are_a_value_or_a_value_error(data):
    with suppress(ValueError):
        parse_json(data)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "line 1"),
        (b"{'a': 1}", "line 1, column 2"),
        (b"\xff\xfe{\x00}\x00", "not UTF-8"),
        (b'{"handle": "a", "handle": "b"}', "names a member twice"),
        (b"NaN", "not a JSON number"),
        (b"[-Infinity]", "not a JSON number"),
        (b"9" * 5000, "integer"),
        (b"1e999", "too large"),
        (b"[-1e400]", "too large"),
        (b"[" * 10_000 + b"]" * 10_000, "deeper"),
        (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, "deeper"),
        (b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1), "deeper"),
    ],
)
def test_refuses_what_has_no_or_no_single_meaning(data, message):
    with pytest.raises(ValueError, match=message):
        parse_json(data)


def test_the_greatest_depth_is_read():
    parse_json(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH)
