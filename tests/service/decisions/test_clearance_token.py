"""A token says what was put into it, to whoever has the key, and nothing else passes for one."""

from dataclasses import replace
from datetime import UTC, datetime

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from classifier.utils.keyring import KeyRing
from service.decisions.clearance_token import ALGORITHM, AUDIENCE, ISSUER, TYPE, Clearance, read_token, token_of
from service.errors import ClearanceError
from service.signing import Signer, SigningKey, clearance_keys, key_id

KEY = Ed25519PrivateKey.generate()
SIGNING = SigningKey(key_id(KEY.public_key()), KEY)
KEYS = {SIGNING.key_id: KEY.public_key()}
GIVEN = Clearance(
    clearance_id="c-1", check_id="k-1", account="x:9001", snapshot="ab" * 32, action="suspend", actor="agent-17",
    model_id="m", policy_version="2", registry_version="r", issued_at=datetime(2026, 5, 1, 12, tzinfo=UTC),
    expires_at=datetime(2026, 5, 1, 12, 15, tzinfo=UTC),
)  # fmt: skip
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@given(texts, texts, texts, st.datetimes(datetime(1971, 1, 1), datetime(2200, 1, 1)))  # noqa: DTZ001
def test_reads_what_was_written(account, actor, model_id, at):
    at = at.replace(microsecond=0, tzinfo=UTC)
    given_ = replace(GIVEN, account=account, actor=actor, model_id=model_id, issued_at=at, expires_at=at)
    assert read_token(token_of(given_, SIGNING), KEYS) == given_


@given(
    st.text(max_size=200)
    | st.from_regex(r"[A-Za-z0-9_-]{1,40}\.[A-Za-z0-9_-]{1,40}\.[A-Za-z0-9_-]{1,40}", fullmatch=True)
)
def test_nothing_else_is_a_token(text):
    with pytest.raises(ClearanceError):
        read_token(text, KEYS)


@given(st.data())
def test_no_letter_of_it_can_be_changed(data):
    token = token_of(GIVEN, SIGNING)
    place = data.draw(st.integers(0, len(token) - 2))  # the last letter has bits that mean nothing
    other = data.draw(st.sampled_from([c for c in "ABCDabcd0123_-" if c != token[place]]))
    changed = token[:place] + other + token[place + 1 :]
    with pytest.raises(ClearanceError):
        read_token(changed, KEYS)


@pytest.mark.parametrize(
    ("claims", "header"),
    [
        ({"aud": "others"}, {}),
        ({"iss": "others"}, {}),
        ({"jti": None}, {}),
        ({"exp": "soon"}, {}),
        ({"exp": 10**30}, {}),
        ({}, {"typ": "JWT"}),
        ({}, {"kid": "unknown"}),
        ({}, {"kid": None}),
    ],
)
def test_a_token_for_something_else_is_none(claims, header):
    good = jwt.decode(token_of(GIVEN, SIGNING), options={"verify_signature": False})
    wanted = {name: value for name, value in (good | claims).items() if value is not None}
    headers = {name: value for name, value in ({"kid": SIGNING.key_id, "typ": TYPE} | header).items() if value}
    with pytest.raises(ClearanceError):
        read_token(jwt.encode(wanted, KEY, algorithm=ALGORITHM, headers=headers), KEYS)


def test_a_public_key_is_no_secret_to_sign_with():
    """The classic confusion: the token says HS256, and the verifier's public key becomes the shared secret."""
    claims = {"iss": ISSUER, "aud": AUDIENCE, "jti": "c-1"}
    forged = jwt.encode(claims, "a" * 32, algorithm="HS256", headers={"kid": SIGNING.key_id, "typ": TYPE})
    with pytest.raises(ClearanceError):
        read_token(forged, KEYS)


def test_a_rotation_is_followed_and_older_tokens_stay_good(tmp_path):
    ring = clearance_keys(tmp_path)
    signer, other_process = Signer(ring), Signer(KeyRing(ring.directory))
    before = token_of(GIVEN, signer.present())
    ring.rotate()
    after = token_of(GIVEN, signer.present())
    assert jwt.get_unverified_header(before)["kid"] != jwt.get_unverified_header(after)["kid"]
    for token in (before, after):
        assert read_token(token, other_process.public()) == GIVEN
    assert {key["kid"] for key in signer.jwks()["keys"]} == set(signer.public())
    assert len(signer.public()) == 2


def test_a_key_that_is_trusted_no_longer_takes_its_tokens_with_it(tmp_path):
    ring = clearance_keys(tmp_path)
    signer = Signer(ring)
    token = token_of(GIVEN, signer.present())
    old = next((ring.directory / "trusted").iterdir())
    ring.rotate()
    old.unlink()
    with pytest.raises(ClearanceError):
        read_token(token, signer.public())


def test_the_key_set_is_what_a_verifier_reads(tmp_path):
    signer = Signer(clearance_keys(tmp_path))
    token = token_of(replace(GIVEN, expires_at=datetime(2100, 1, 1, tzinfo=UTC)), signer.present())
    key = jwt.PyJWKSet.from_dict(signer.jwks())[jwt.get_unverified_header(token)["kid"]]
    claims = jwt.decode(token, key, algorithms=["EdDSA"], audience=AUDIENCE, issuer=ISSUER)
    assert (claims["sub"], claims["actor"]) == ("x:9001", "agent-17")
