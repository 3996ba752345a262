"""What was certified on own accounts counts wherever the model goes; what cannot be trusted withdraws all."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from classifier.batch.snapshot import Snapshot, pack
from classifier.certification.own_accounts import OwnCertificate
from classifier.model_store import ModelStore, Who, Withdrawal, withdrawals
from classifier.model_store import own_certificates as module
from classifier.model_store.training_result import Training
from classifier.registry.registry import Registry
from classifier.storage.home import registry_store
from tests.classifier.certification.test_own_accounts import BOUND, RECORD
from tests.test_rules import CERTIFICATE, FAKE, NOW, TARGET, gullible, verdict_of

WHO = Who("ada")
# The probability that the gullible model gives is below it.
UNREACHED = 1.0


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    store = ModelStore(tmp_path)
    store.promote(store.add(Training(gullible({"standard": CERTIFICATE, "high": CERTIFICATE}), {"seed": 1})))
    return store


def record(
    store: ModelStore, threshold: float | None = 0.95, *, holds: bool = True, at: str = RECORD.at
) -> OwnCertificate:
    bound = replace(BOUND, threshold=threshold, holds=holds, at=at)
    return replace(RECORD, model_id=store.current_id(), at=at, tiers={"standard": bound})


def in_force(store: ModelStore) -> float:
    return store.load().model.certificates["standard"].in_force


def only_file(tmp_path: Path, store: ModelStore) -> Path:
    [path] = (tmp_path / "models" / store.current_id() / "own").iterdir()
    return path


def test_a_model_is_loaded_with_it_and_the_artifact_is_as_it_was(store: ModelStore) -> None:
    manifest = store.verify(store.current_id())
    store.certify(record(store), who=WHO, at=NOW)
    found = store.load()
    assert found.model.certificates["standard"].own == record(store).tiers["standard"]
    assert (in_force(store), found.model.certificates["high"].own) == (0.95, None)
    assert found.manifest == manifest
    assert store.load(as_certified=True).model.certificates["standard"].own is None


def test_it_is_logged_like_a_promotion_and_makes_nothing_serve(store: ModelStore) -> None:
    before = store.current_id()
    store.certify(record(store), who=WHO, at=NOW)
    entry = store.log().entries[-1]
    assert (entry["event"], entry["model"], entry["who"]["name"]) == ("certified", before, "ada")
    assert (store.log().damage, store.current_id()) == ((), before)


def test_of_several_the_strictest_holds_and_another_never_loosens(store: ModelStore) -> None:
    store.certify(record(store, 0.97), who=WHO, at=NOW)
    store.certify(record(store, 0.92, at="2027-01-01T00:00:00+00:00"), who=WHO, at=NOW)
    assert in_force(store) == 0.97
    store.certify(record(store, None, at="2027-02-01T00:00:00+00:00"), who=WHO, at=NOW)
    assert in_force(store) == 0.97


def test_where_they_contradict_it_nothing_of_the_tier_is_cleared(store: ModelStore) -> None:
    store.certify(record(store, None, holds=False), who=WHO, at=NOW)
    assert set(store.load().model.certificates) == {"high"}
    assert "On own genuine accounts" in store.withdrawn(store.current_id())["standard"]
    store.certify(record(store, 0.92, at="2027-01-01T00:00:00+00:00"), who=WHO, at=NOW)
    assert set(store.load().model.certificates) == {"high"}, "nothing takes it back"


def changed(content: bytes, store: ModelStore) -> dict[str, bytes]:
    found = json.loads(content)
    foreign = module.KIND.signed(found["certified"], Ed25519PrivateKey.generate())
    other = withdrawals.KIND.signed(found["certified"], store._keys.signing_key())["signature"]
    return {
        "empty": b"",
        "cut off": content[:-20],
        "no JSON": b"\xff\xfe",
        "another kind of JSON": b"[]",
        "deep": b"[" * 100_000,
        "unsigned": json.dumps({"certified": found["certified"]}).encode(),
        "a looser threshold": content.replace(b"0.95", b"0.05"),
        "foreign signature": json.dumps(foreign).encode(),
        "another purpose": json.dumps(found | {"signature": other}).encode(),
        "a field more": json.dumps(found | {"certified": found["certified"] | {"lifted": True}}).encode(),
    }


NAMES = ("empty", "cut off", "no JSON", "another kind of JSON", "deep", "unsigned", "a looser threshold",
         "foreign signature", "another purpose", "a field more")  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_what_cannot_be_trusted_withdraws_all(store: ModelStore, tmp_path: Path, name: str) -> None:
    store.certify(record(store), who=WHO, at=NOW)
    path = only_file(tmp_path, store)
    path.write_bytes(changed(path.read_bytes(), store)[name])
    assert store.load().model.certificates == {}
    assert "cannot be trusted" in store.load().withdrawn["high"]


def test_that_of_another_model_in_its_place_withdraws_all(store: ModelStore, tmp_path: Path) -> None:
    other = store.add(Training(gullible({"standard": CERTIFICATE}), {"seed": 2}))
    store.certify(replace(record(store), model_id=other), who=WHO, at=NOW)
    assert in_force(store) == 0.9, "what was certified of another model says nothing of this one"
    own = tmp_path / "models" / store.current_id() / "own"
    (tmp_path / "models" / other / "own").rename(own)
    assert store.load().model.certificates == {}


def test_what_is_no_record_withdraws_all(store: ModelStore, tmp_path: Path) -> None:
    (tmp_path / "models" / store.current_id() / "own").write_text("a file in place of the directory")
    assert store.load().model.certificates == {}


def test_a_file_that_was_deleted_counts_as_before(store: ModelStore, tmp_path: Path) -> None:
    store.certify(record(store), who=WHO, at=NOW)
    only_file(tmp_path, store).unlink()
    assert in_force(store) == 0.95


def test_a_withdrawal_counts_beside_it(store: ModelStore) -> None:
    store.certify(record(store), who=WHO, at=NOW)
    store.withdraw(Withdrawal(model_id=store.current_id(), tier="high", at=RECORD.at, code="x", text="T.", by="ada"))
    found = store.load()
    assert (set(found.model.certificates), in_force(store)) == ({"standard"}, 0.95)


def test_the_shipped_model_is_certified_in_the_home(tmp_path: Path) -> None:
    store = ModelStore(tmp_path)
    store.certify(record(store), who=WHO, at=NOW)
    assert in_force(store) == 0.95
    assert store.ids() == [store.current_id()]


@pytest.mark.parametrize("deleted", [False, True])
def test_a_batch_takes_it_along(store: ModelStore, tmp_path: Path, deleted: bool) -> None:
    """Its workers open a copy of the model, perhaps on another machine."""
    registry_store(tmp_path).replace(Registry([TARGET]))
    before = pack(tmp_path / "before", tmp_path, now=NOW)
    store.certify(record(store, UNREACHED), who=WHO, at=NOW)
    if deleted:
        only_file(tmp_path, store).unlink()
    after = pack(tmp_path / "after", tmp_path, now=NOW)

    def said(snapshot: Snapshot) -> str:
        return verdict_of(snapshot.open().scorer.assess(FAKE))

    assert (said(before), said(after)) == ("cleared", "needs_review")
