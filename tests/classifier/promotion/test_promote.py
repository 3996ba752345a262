"""Which model a new one is compared with: what serves here, if anybody made it serve and this version can."""

import base64
import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from classifier.errors import ModelError, OldFormatError
from classifier.model_store import ModelStore, artifacts
from classifier.model_store.shipped import default_id
from classifier.model_store.training_result import Training
from classifier.promotion import measurements
from classifier.promotion.promote import examine


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measurements, "IDENTITIES", 40)


def codes(store: ModelStore, model_id: str) -> set[str]:
    return {finding.code for finding in examine(store, model_id).findings}


def test_what_ships_is_compared_with_once_it_has_served_decisions(tmp_path: Path, small_training: Training) -> None:
    """A model of few protected accounts has no certificate of the high tier, as the shipped one has."""
    store = ModelStore(tmp_path)
    model_id = store.add(small_training)
    assert "certificate_missing" not in codes(store, model_id)
    store.first_start()
    assert "certificate_missing" in codes(store, model_id)


def test_what_ships_can_be_asked_for_like_any_other(tmp_path: Path, small_training: Training) -> None:
    store = ModelStore(tmp_path)
    store.promote(store.add(replace(small_training, model=replace(small_training.model, certificates={}))))
    assert "certificate_missing" not in codes(store, default_id())


def make_old(home: Path, model_id: str) -> str:
    """Make a stored version look as an older doublecheck left it, signed by the home's key; return its id then."""
    directory = home / "models" / model_id
    manifest = json.loads((directory / artifacts.MANIFEST).read_bytes()) | {"format": 2}
    content = json.dumps(manifest).encode()
    key = serialization.load_pem_private_key((home / "keys" / "signing.pem").read_bytes(), password=None)
    assert isinstance(key, Ed25519PrivateKey)
    (directory / artifacts.MANIFEST).write_bytes(content)
    (directory / artifacts.SIGNATURE).write_bytes(base64.b64encode(key.sign(content)))
    old = hashlib.sha256(content).hexdigest()[:16]
    directory.rename(directory.with_name(old))
    (home / "models" / "current").write_text(old + "\n")
    return old


def test_a_model_of_an_older_format_can_be_replaced_and_one_that_was_tampered_with_cannot(
    tmp_path: Path, small_training: Training
) -> None:
    """Otherwise 'doublecheck train', which the error names, would end with the same error."""
    store = ModelStore(tmp_path)
    first = store.add(small_training)
    store.promote(first)
    old = make_old(tmp_path, first)
    with pytest.raises(OldFormatError, match="doublecheck train"):
        store.load()
    new = store.add(small_training)
    assert "certificate_missing" not in codes(store, new)
    (tmp_path / "models" / old / artifacts.MANIFEST).write_bytes(b"{}")
    with pytest.raises(ModelError):
        codes(store, new)


def test_where_nothing_serves_it_is_said_that_nothing_was_compared(tmp_path: Path, small_training: Training) -> None:
    store = ModelStore(tmp_path)
    found = examine(store, store.add(small_training))
    assert (found.findings, found.answers) == ((), ())
    assert "nobody has made a model serve here" in found.not_compared


def test_a_model_that_clears_more_genuine_accounts_is_refused_by_the_first_question(
    tmp_path: Path, small_training: Training
) -> None:
    store = ModelStore(tmp_path)
    store.promote(store.add(small_training))
    model = small_training.model
    certificates = {tier: replace(one, threshold=0.2) for tier, one in model.certificates.items()}
    found = examine(store, store.add(replace(small_training, model=replace(model, certificates=certificates))))
    first, *others = found.answers
    assert (first.question, first.said) == ("genuine accounts cleared", "worse")
    assert {one.said for one in others} == {"no worse"}
    assert found.findings[0].code == "harm_greater"
