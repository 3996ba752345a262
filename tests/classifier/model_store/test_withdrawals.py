"""A withdrawn certificate stays withdrawn, wherever the model goes; what cannot be trusted withdraws all."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from classifier.accounts.account import Account, ProtectedAccount
from classifier.batch.snapshot import Snapshot, pack, trusted_by
from classifier.model_store import ModelStore, Withdrawal
from classifier.model_store import withdrawals as module
from classifier.model_store.training_result import Training
from classifier.registry.registry import Registry
from classifier.scoring.scorer import Scorer
from classifier.storage.home import registry_store
from classifier.utils.signatures import signature
from tests.test_rules import CERTIFICATE, FAKE, NOW, TARGET, gullible, verdict_of

WITHDRAWAL = Withdrawal(
    model_id="", tier="high", at="2026-11-28T00:00:00.000000Z", code="bound_broken", text="Two of two.", by="monitor",
    figures={"genuine": 2, "errors": 2, "highest": 103.9},
)  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    store = ModelStore(tmp_path)
    store.promote(store.add(Training(gullible({"standard": CERTIFICATE, "high": CERTIFICATE}), {"seed": 1})))
    return store


@pytest.fixture
def withdrawal(store: ModelStore) -> Withdrawal:
    return replace(WITHDRAWAL, model_id=store.current_id())


def file_of(tmp_path: Path, store: ModelStore, tier: str = "high") -> Path:
    return tmp_path / "models" / store.current_id() / "withdrawn" / f"{tier}.json"


def test_a_model_is_loaded_without_its_withdrawn_certificate_and_says_why(
    store: ModelStore, withdrawal: Withdrawal
) -> None:
    assert set(store.load().model.certificates) == {"standard", "high"}
    assert store.withdraw(withdrawal)
    found = store.load()
    assert set(found.model.certificates) == {"standard"}
    assert found.withdrawn == {"high": "Its certificate was withdrawn on 2026-11-28 by monitor: Two of two."}
    assert found.manifest == store.verify(store.current_id()), "the artifact itself is as it was"


def test_what_was_decided_can_still_be_replayed(store: ModelStore, withdrawal: Withdrawal) -> None:
    store.withdraw(withdrawal)
    found = store.load(as_certified=True)
    assert (set(found.model.certificates), found.withdrawn) == ({"standard", "high"}, {})


def test_the_first_withdrawal_stays(store: ModelStore, withdrawal: Withdrawal) -> None:
    store.withdraw(withdrawal)
    assert not store.withdraw(replace(withdrawal, text="Something else.", by="somebody"))
    assert "Two of two" in store.withdrawn(store.current_id())["high"]


def test_storing_the_same_model_again_brings_no_certificate_back(store: ModelStore, withdrawal: Withdrawal) -> None:
    store.withdraw(withdrawal)
    again = store.add(Training(gullible({"standard": CERTIFICATE, "high": CERTIFICATE}), {"seed": 1}))
    store.promote(again)
    assert again == withdrawal.model_id
    assert set(store.load().model.certificates) == {"standard"}


def test_another_model_has_certificates_of_its_own(store: ModelStore, withdrawal: Withdrawal) -> None:
    store.withdraw(withdrawal)
    other = store.add(Training(gullible({"standard": CERTIFICATE, "high": CERTIFICATE}), {"seed": 2}))
    assert set(store.load(other).model.certificates) == {"standard", "high"}


def changed(content: bytes) -> dict[str, bytes]:
    found = json.loads(content)
    foreign = Ed25519PrivateKey.generate()
    signed = signature(module.KIND.content(found["withdrawal"]), foreign)
    return {
        "empty": b"",
        "cut off": content[:-20],
        "no JSON": b"\xff\xfe",
        "another kind of JSON": b"[]",
        "deep": b"[" * 100_000,
        "unsigned": json.dumps({"withdrawal": found["withdrawal"]}).encode(),
        "another text": content.replace(b"Two of two", b"One of two"),
        "foreign signature": json.dumps(found | {"signature": signed}).encode(),
        "no base64": json.dumps(found | {"signature": "ä"}).encode(),
        "a field more": json.dumps(found | {"withdrawal": found["withdrawal"] | {"lifted": True}}).encode(),
    }


@pytest.mark.parametrize("name", list(changed(json.dumps({"withdrawal": {}, "signature": ""}).encode())))
def test_a_withdrawal_that_cannot_be_trusted_withdraws_all(
    store: ModelStore, withdrawal: Withdrawal, tmp_path: Path, name: str
) -> None:
    store.withdraw(withdrawal)
    path = file_of(tmp_path, store)
    path.write_bytes(changed(path.read_bytes())[name])
    assert store.load().model.certificates == {}
    assert "cannot be trusted" in store.load().withdrawn["standard"]


def test_the_withdrawal_of_another_tier_or_model_in_its_place_withdraws_all(
    store: ModelStore, withdrawal: Withdrawal, tmp_path: Path
) -> None:
    store.withdraw(withdrawal)
    path = file_of(tmp_path, store)
    path.rename(path.with_name("standard.json"))
    assert store.load().model.certificates == {}
    path.with_name("standard.json").unlink()
    other = store.add(Training(gullible({"standard": CERTIFICATE}), {"seed": 3}))
    store.withdraw(replace(withdrawal, model_id=other))
    (tmp_path / "models" / other / "withdrawn" / "high.json").rename(path)
    assert store.load().model.certificates == {}


def test_what_is_no_withdrawal_withdraws_all(store: ModelStore, tmp_path: Path) -> None:
    directory = file_of(tmp_path, store).parent
    directory.write_text("a file in place of the directory")
    assert store.load().model.certificates == {}
    directory.unlink()
    directory.mkdir()
    (directory / "notes.txt").write_text("")
    assert store.load().model.certificates == {}


def test_a_batch_takes_withdrawals_with_it(store: ModelStore, withdrawal: Withdrawal, tmp_path: Path) -> None:
    """Its workers open a copy of the model, perhaps on another machine."""
    target = replace(TARGET, tier="high")
    registry_store(tmp_path).replace(Registry([target]))
    before = pack(tmp_path / "before", tmp_path, now=NOW)
    store.withdraw(withdrawal)
    after = pack(tmp_path / "after", tmp_path, now=NOW)

    def said(snapshot: Snapshot) -> str:
        return verdict_of(snapshot.open().scorer.assess(FAKE))

    assert (said(before), said(after)) == ("cleared", "needs_review")
    assert after.trusted == trusted_by(store)


def test_a_scorer_goes_without_withdrawn_certificates_and_tells_why(store: ModelStore, withdrawal: Withdrawal) -> None:
    store.withdraw(withdrawal)
    stored = store.load(as_certified=True)
    high = ProtectedAccount(platform="x", handle="JaneQuillon", account_id="1", tier="high")
    scorer = Scorer(stored.model, stored.model_id, Registry([high]), withdrawn=store.withdrawn(stored.model_id))
    found = scorer.assess(Account(platform="x", handle="JaneQuill0n", account_id="2"))
    assert (found.certificate, found.withdrawn) == (None, store.withdrawn(stored.model_id)["high"])
