"""Signatures: one spelling, and only those of keys that are trusted."""

import base64
import string

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from classifier.utils.signatures import is_signed, signature

KEY, OTHER = (Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32) for number in (1, 2))


def test_a_signature_is_what_ed25519_makes_in_base64() -> None:
    assert signature(b"text", KEY) == base64.b64encode(KEY.sign(b"text")).decode()


def test_any_trusted_key_will_do_and_no_other() -> None:
    made = signature(b"text", KEY)
    assert is_signed(b"text", made, [OTHER.public_key(), KEY.public_key()])
    assert not is_signed(b"text", made, [OTHER.public_key()])
    assert not is_signed(b"text", made, [])


def test_another_text_is_not_signed() -> None:
    assert not is_signed(b"texts", signature(b"text", KEY), [KEY.public_key()])


def test_the_signature_has_one_spelling() -> None:
    made = signature(b"text", KEY)
    raw = base64.b64decode(made)
    last = made[85]
    others = [made[:85] + one + "==" for one in string.ascii_letters + string.digits + "+/" if one != last]
    same = [one for one in others if base64.b64decode(one) == raw]
    assert len(same) == 15  # four bits stand for nothing
    for spelled in (*same, f" {made}", f"{made}\n", "ä", "a"):
        with pytest.raises(ValueError):  # noqa: PT011 - whatever it says, callers say it in their own words
            is_signed(b"text", spelled, [KEY.public_key()])


def test_a_signature_of_another_length_is_none() -> None:
    assert not is_signed(b"text", base64.b64encode(b"short").decode(), [KEY.public_key()])
