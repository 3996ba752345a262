"""The key that signs is followed where it goes, and never made a second time."""

import pytest

from classifier.utils.keyring import KeyRing
from service.errors import RecordsError
from service.signing import Signer


@pytest.fixture
def ring(tmp_path):
    return KeyRing(tmp_path / "home" / "keys")


def test_a_rotated_key_signs_without_a_restart_and_the_old_one_stays_trusted(ring):
    signer = Signer(ring)
    before = signer.present().key_id
    ring.rotate()
    assert signer.present().key_id != before
    assert {before, signer.present().key_id} == set(signer.public())


def test_a_key_that_is_gone_is_not_replaced_by_a_new_one(ring, tmp_path):
    """A home directory that is not mounted now comes back, and what another key signed meanwhile nobody would trust."""
    signer = Signer(ring)
    before = signer.present()
    away = (tmp_path / "home").rename(tmp_path / "away")
    for ask in (signer.present, signer.public, signer.jwks, lambda: signer.sign(b"")):
        with pytest.raises(RecordsError, match="gone"):
            ask()
    assert not (tmp_path / "home").exists()
    away.rename(tmp_path / "home")
    assert signer.present() == before
