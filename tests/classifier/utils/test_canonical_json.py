"""Canonical JSON: bytes that stored digests and signatures stand for, and so never change."""

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.utils.canonical_json import canonical_json, sha256

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()


@pytest.mark.parametrize(
    ("record", "written"),
    [
        ({}, b"{}"),
        ({"b": [1, 2.0, None], "a": True}, b'{"a":true,"b":[1,2.0,null]}'),
        ({"name": "é\u2028\U0001f600", "/": '"'}, b'{"/":"\\"","name":"\\u00e9\\u2028\\ud83d\\ude00"}'),
    ],
)
def test_the_bytes_are_these(record: dict[str, object], written: bytes) -> None:
    assert canonical_json(record) == written


@given(record=st.dictionaries(st.text(), SCALARS | st.lists(SCALARS)))
def test_what_is_read_of_them_is_written_the_same_in_any_order(record: dict[str, object]) -> None:
    written = canonical_json(record)
    assert canonical_json(dict(reversed(record.items()))) == canonical_json(json.loads(written)) == written


def test_the_hash_is_sha_256_in_hexadecimal() -> None:
    assert sha256(b"abc") == hashlib.sha256(b"abc").hexdigest()
    assert sha256(b"abc").startswith("ba7816bf")  # FIPS 180-2, appendix B.1
