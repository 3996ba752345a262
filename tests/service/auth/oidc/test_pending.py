"""A sign-in that has begun: only as this service sealed it, and for ten minutes."""

import base64
import json
from dataclasses import asdict
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.utils.keyring import KeyRing
from service.auth.oidc.pending import LONGEST, Pending, seal, unseal
from service.signing import Signer
from tests.service.conftest import NOW

TICK = timedelta(seconds=1)


@pytest.fixture(scope="module")
def signer(tmp_path_factory):
    return Signer(KeyRing(tmp_path_factory.mktemp("keys")))


@pytest.fixture
def pending():
    return Pending.begin("/reviews", "https://here.example/back", NOW)


def test_it_comes_back_as_it_was(pending, signer):
    assert unseal(seal(pending, signer), signer, NOW + LONGEST - TICK) == pending
    assert pending.is_answered_by(pending.state)


def test_no_two_are_alike(pending):
    other = Pending.begin("/reviews", "https://here.example/back", NOW)
    assert not pending.is_answered_by(other.state)
    assert len({getattr(one, name) for one in (pending, other) for name in ("state", "nonce", "verifier")}) == 6


@pytest.mark.parametrize("later", [LONGEST, timedelta(days=365), -TICK])
def test_it_is_for_ten_minutes_and_not_from_the_future(pending, signer, later):
    assert unseal(seal(pending, signer), signer, NOW + later) is None


def test_a_signature_of_ours_for_something_else_is_none(pending, signer):
    content = json.dumps(asdict(pending)).encode()
    key, signature = signer.sign(content)
    parts = [
        base64.urlsafe_b64encode(part).decode().rstrip("=") for part in (content, key.encode(), signature.encode())
    ]
    assert unseal(".".join(parts), signer, NOW) is None


def test_another_service_does_not_take_it(pending, signer, tmp_path):
    assert unseal(seal(pending, signer), Signer(KeyRing(tmp_path)), NOW) is None


@given(text=st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=60), at=st.integers(0, 400))
def test_whatever_is_changed_it_is_nobodys(signer, text, at):
    pending = Pending("s" * 43, "n" * 43, "v" * 43, "/", "https://here.example/back", NOW.timestamp())
    sealed = seal(pending, signer)
    changed = sealed[: at % len(sealed)] + text
    assert changed == sealed or unseal(changed, signer, NOW) is None
