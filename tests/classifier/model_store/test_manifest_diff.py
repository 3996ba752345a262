"""What differs is told part by part; figures only where both were measured on the same cases."""

from typing import Any

from classifier.model_store.manifest_diff import OTHER_CASES, differences, lines


def manifest(seed: int, auc: float) -> dict[str, Any]:
    facts = {"seed": seed, "registry": "a" * 64, "identities": 700, "held_out": {"figures": {"auc": auc}}}
    return {"features": ["one"], "code": "1", "libraries": {}, "certificates": {}, "account": {}, "training": facts}


def named(rows: list[dict[str, Any]]) -> set[tuple[str, str]]:
    return {(row["part"], row["name"]) for row in rows}


def test_figures_on_the_same_cases_compare() -> None:
    assert named(differences(manifest(1, 0.9), manifest(1, 0.8))) == {("metrics", "held_out.figures.auc")}


def test_figures_on_other_cases_do_not_compare_and_that_is_said() -> None:
    rows = differences(manifest(1, 0.9), manifest(2, 0.8))
    assert named(rows) == {("seed", "seed"), OTHER_CASES}
    assert "seed 1, 700 of registry aaaaaaaaaaaa" in rows[-1]["a"]
    assert any("do not compare" in line for line in lines(rows, "a", "b"))
    assert not any("do not compare" in line for line in lines(rows[:1], "a", "b"))
