"""``certify``: from a file of genuine accounts to the threshold that holds from then on."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from classifier.accounts.account import TIERS
from classifier.model_store import ModelStore
from classifier.model_store.training_result import Training
from classifier.promotion.promote import Examination
from classifier.registry.registry import Registry
from classifier.workbench import Workbench
from tests.classifier.cli.asking import Run, failed, succeeded
from tests.test_rules import CERTIFICATE, TARGET, gullible

NEAR = {"platform": "x", "display_name": "Jane Roe", "bio": "Chair.", "followers": 50, "verified": False,
        "created_at": "2024-05-01T00:00:00Z"}  # fmt: skip
EVERY_TIER = dict.fromkeys(TIERS, CERTIFICATE)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A model that takes whatever comes near Jane Roe for her imitator, with certainty."""
    store = ModelStore(tmp_path / "home")
    store.promote(store.add(Training(gullible(EVERY_TIER), {"seed": 1})))
    Registry([replace(TARGET, secondary_ids=("77",))]).save(tmp_path / "registry.jsonl")
    return tmp_path / "home"


def near(number: int) -> dict[str, Any]:
    return NEAR | {"account_id": str(1_000 + number), "handle": f"JaneRoe{number}"}


def far(number: int) -> dict[str, Any]:
    return {"platform": "x", "account_id": str(9_000 + number), "handle": f"qzkxvw{number}"}


def genuine(tmp_path: Path, *rows: dict[str, Any]) -> Path:
    path = tmp_path / "genuine.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def asked(tmp_path: Path, *rows: dict[str, Any]) -> list[object]:
    return ["certify", "--genuine", genuine(tmp_path, *rows), "--registry", tmp_path / "registry.jsonl"]


def in_force(home: Path) -> dict[str, float]:
    return {tier: one.in_force for tier, one in ModelStore(home).load().model.certificates.items()}


def test_too_few_change_nothing_and_are_told_how_many_it_takes(run: Run, home: Path, tmp_path: Path) -> None:
    result = run(*asked(tmp_path, *map(far, range(59))), home=home)
    succeeded(result, "59 genuine accounts", "at most 5.0 %", "0.9000 -> 0.9000: too few", "299 more that resemble")
    assert in_force(home) == dict.fromkeys(TIERS, 0.9)
    assert ModelStore(home).in_force(ModelStore(home).current_id()).own["standard"].n == 59


def test_enough_that_score_higher_raise_the_threshold(run: Run, home: Path, tmp_path: Path) -> None:
    result = run(*asked(tmp_path, *map(near, range(299))), home=home)
    succeeded(result, "299 above the simulated threshold", "and the stricter holds", "genuine.jsonl, row 1;")
    assert all(0.999 < threshold <= 1.0 for threshold in in_force(home).values())


def test_few_that_contradict_it_leave_nothing_to_clear(run: Run, home: Path, tmp_path: Path) -> None:
    result = run(*asked(tmp_path, *map(near, range(5))), home=home)
    failed(result, "does not hold for these accounts")
    assert "nothing of the tier is cleared" in result.stdout
    assert "Look whether the named rows are genuine" in result.stdout
    assert in_force(home) == {}


def test_a_dry_run_keeps_nothing(run: Run, home: Path, tmp_path: Path) -> None:
    result = run(*asked(tmp_path, *map(near, range(5))), "--dry-run", home=home)
    assert "nothing was kept" in result.stdout
    assert in_force(home) == dict.fromkeys(TIERS, 0.9)
    assert all(entry["event"] != "certified" for entry in ModelStore(home).log().entries)


def test_what_is_left_out_is_counted_and_bad_rows_stop_nothing(run: Run, home: Path, tmp_path: Path) -> None:
    rows = [
        far(1), far(1), far(1) | {"account_id": "5"}, {"platform": "x", "display_name": "nobody"},
        {"platform": "x", "handle": "janeroe"}, {"platform": "x", "account_id": "77", "handle": "herOther"}, far(2),
    ]  # fmt: skip
    result = run(*asked(tmp_path, *rows), "--json", home=home)
    succeeded(result)
    found = json.loads(result.stdout)
    assert found["left_out"] == {"repeated": 2, "rejected": 1, "in_registry": 2}
    assert found["tiers"]["standard"]["n"] == 2
    assert "handle_missing: 1 (row 4)" in result.stderr


def test_nothing_of_an_account_is_kept(run: Run, home: Path, tmp_path: Path) -> None:
    run(*asked(tmp_path, *map(near, range(3)), *map(far, range(3))), home=home)
    [path] = (home / "models" / ModelStore(home).current_id() / "own").iterdir()
    kept = (path.read_text() + (home / "models" / "promotions.jsonl").read_text()).casefold()
    assert not [text for text in ("jane", "qzkxvw", "1001", "9001", "genuine.jsonl") if text in kept]


def test_any_format_that_is_read_will_do(run: Run, home: Path, tmp_path: Path) -> None:
    user = {"id_str": "91", "screen_name": "qzkxvw9", "followers_count": 3, "verified": False,
            "created_at": "Wed May 01 00:00:00 +0000 2024"}  # fmt: skip
    succeeded(run(*asked(tmp_path, user), "--format", "x-v1", home=home), "1 genuine accounts")


def test_what_the_model_learned_from_is_refused(run: Run, tmp_path: Path) -> None:
    path = genuine(tmp_path, far(1))
    store = ModelStore(tmp_path / "home")
    bench = Workbench(tmp_path / "home")
    [digest] = bench.certify(path, registry=Registry([TARGET]), dry_run=True).measured.certificate.inputs
    store.promote(store.add(Training(gullible(EVERY_TIER), {"seed": 1, "given": {"sha256": digest}})))
    Registry([TARGET]).save(tmp_path / "registry.jsonl")
    failed(run(*asked(tmp_path, far(1)), home=tmp_path / "home"), "the model learned from these accounts")


def test_no_account_that_counts_and_no_certificate_are_errors(run: Run, home: Path, tmp_path: Path) -> None:
    failed(run(*asked(tmp_path, {"platform": "x", "handle": "JaneRoe"}), home=home), "no account counts")
    store = ModelStore(home)
    bare = store.add(Training(gullible({}), {"seed": 2}))
    failed(run(*asked(tmp_path, far(1)), "--model", bare, home=home), "has no certificate")


def test_the_same_in_a_notebook(home: Path, tmp_path: Path) -> None:
    bench = Workbench(home)
    frame = pd.DataFrame([*map(near, range(299)), *map(far, range(10))])
    found = bench.certify(frame, registry=Registry([TARGET]))
    assert repr(found).startswith("Certified(high: raises, 0.9000 -> ")
    assert found.table.loc["standard", ["n", "near", "errors"]].tolist() == [309, 299, 299]
    assert "<table" in found._repr_html_()
    again = bench.certify(frame.tail(10), registry=Registry([TARGET]), dry_run=True)
    assert repr(again).endswith("; not kept)")
    assert again.tiers["standard"].after == again.tiers["standard"].before > 0.999, "what was certified before stays"


def test_another_model_is_certified_anew_and_the_promotion_says_so(
    run: Run, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("classifier.cli.models.examine", lambda *_, **__: Examination(()))
    run(*asked(tmp_path, *map(far, range(3))), home=home)
    other = ModelStore(home).add(Training(gullible(EVERY_TIER), {"seed": 2}))
    result = run("models", "promote", other, home=home)
    succeeded(result, "is now serving")
    assert "certify" in result.stderr
    assert "own accounts" in run("models", "list", home=home).stdout
