from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.evaluation.metrics import (
    FIGURES,
    Share,
    by_family,
    calibration,
    calibration_error,
    families,
    figure_shares,
    figures,
    relations,
    roc,
    wilson,
)

ROWS = [
    # family, label, relation, probability, right_target, flagged, verdict
    ("typo", "impersonation", "impersonation", 0.95, True, True, "cleared"),
    ("typo", "impersonation", "impersonation", 0.85, False, True, "needs_review"),
    ("cloned_name", "impersonation", "unrelated", 0.15, True, False, "needs_review"),
    ("cloned_name", "impersonation", "no_target", 0.05, False, False, "needs_review"),
    ("fan", "parody_or_fan", "parody_or_fan", 0.25, True, False, "needs_review"),
    ("mention", "unrelated", "impersonation", 0.9, True, True, "cleared"),
]
RESULTS = pd.DataFrame(
    ROWS, columns=["family", "label", "relation", "probability", "right_target", "flagged", "verdict"]
)


def test_figures_are_shares_of_attacks_and_of_genuine_accounts() -> None:
    found = figures(RESULTS)
    assert list(found) == list(FIGURES)
    assert found == {
        "attacks": 4,
        "genuine": 2,
        "target_found": 0.5,
        "impersonation_with_right_target": 0.25,
        "attacks_cleared_for_suspension": 0.25,
        "genuine_called_impersonation": 0.5,
        "genuine_cleared_for_suspension": 0.5,
        "auc": 3 / 8,
        "calibration_error": pytest.approx((2 * 0.425 + 0.15 + 0.85 + 0.95 + 0.25) / 6),
        "tpr_at_fpr_0.001": None,
        "tpr_at_fpr_0.01": None,
        "tpr_at_fpr_0.05": None,
        "recall_impersonation": 0.5,
        "recall_same_owner": None,
        "recall_parody_or_fan": 1.0,
        "recall_unrelated": 0.0,
        "precision_impersonation": 2 / 3,
        "precision_same_owner": None,
        "precision_parody_or_fan": 1.0,
        "precision_unrelated": 0.0,
    }


@pytest.mark.parametrize(
    ("label", "absent"),
    [("impersonation", "genuine_called_impersonation"), ("unrelated", "target_found")],
)
def test_a_figure_over_nothing_is_none_and_not_zero(label: str, absent: str) -> None:
    found = figures(RESULTS.assign(label=label))
    assert found["attacks"] == (6 if label == "impersonation" else 0)
    assert (found["auc"], found[absent]) == (None, None)


def test_families_are_told_apart_by_label_and_keep_their_order() -> None:
    found = by_family(RESULTS)
    assert found.to_dict(orient="records") == [
        {"label": "impersonation", "family": "typo", "cases": 2, "right_target": 0.5, "flagged": 1.0, "found": 0.5,
         "cleared": 0.5},
        {"label": "impersonation", "family": "cloned_name", "cases": 2, "right_target": 0.5, "flagged": 0.0,
         "found": 0.0, "cleared": 0.0},
        {"label": "parody_or_fan", "family": "fan", "cases": 1, "right_target": 1.0, "flagged": 0.0, "found": 0.0,
         "cleared": 0.0},
        {"label": "unrelated", "family": "mention", "cases": 1, "right_target": 1.0, "flagged": 1.0, "found": 1.0,
         "cleared": 1.0},
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("probability", "happened", "error"),
    [
        ([], [], 0.0),
        ([0.0, 1.0], [False, True], 0.0),
        ([0.0, 1.0], [True, False], 1.0),
        ([0.5, 0.5], [True, False], 0.0),
        ([0.25] * 4, [True, False, False, False], 0.0),
        ([0.3] * 4, [True, False, False, False], 0.05),
        ([0.05, 0.95], [False, False], (0.05 + 0.95) / 2),
        ([0.62, 0.68], [True, False], 0.15),
    ],
)
def test_the_calibration_error_of_known_answers(probability: list[float], happened: list[bool], error: float) -> None:
    assert calibration_error(probability, happened) == pytest.approx(error)


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=40), st.randoms())
def test_the_calibration_error_is_a_share_and_does_not_depend_on_the_order(
    answers: list[tuple[float, bool]], random: Any
) -> None:
    found = calibration_error(*zip(*answers, strict=True)) if answers else calibration_error([], [])
    assert 0.0 <= found <= 1.0
    shuffled = random.sample(answers, len(answers))
    again = calibration_error(*zip(*shuffled, strict=True)) if shuffled else 0.0
    assert again == pytest.approx(found)


def test_calibrated_answers_have_almost_no_error() -> None:
    rng = np.random.default_rng(2)
    probability = rng.random(50_000)
    assert calibration_error(probability, rng.random(50_000) < probability) < 0.01
    assert calibration_error(probability, rng.random(50_000) < probability**2) > 0.1


# R. G. Newcombe (1998), "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17,
# 857-872, table I, method 3.
@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_s_interval_is_the_published_one(count: int, of: int, low: float, high: float) -> None:
    assert wilson(count, of) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(1, 5_000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_wilson_s_interval_holds_the_share_and_shrinks_with_more_cases(counts: tuple[int, int]) -> None:
    count, of = counts
    low, high = wilson(count, of)
    assert 0.0 <= low <= count / of <= high <= 1.0
    closer = wilson(4 * count, 4 * of)
    assert closer[1] - closer[0] < high - low


def test_a_share_of_nothing_is_none() -> None:
    assert Share(0, 0).plain() == {"count": 0, "of": 0, "share": None, "low": None, "high": None}


def test_every_share_among_the_figures_has_its_counts() -> None:
    shares = figure_shares(RESULTS)
    assert set(FIGURES) - set(shares) == {"attacks", "genuine", "auc", "calibration_error"}
    assert shares["impersonation_with_right_target"] == Share(1, 4)


def test_families_come_with_the_worst_first() -> None:
    assert [one.family for one in families(RESULTS)] == ["cloned_name", "typo", "mention", "fan"]
    assert families(RESULTS)[1].found == Share(1, 2)


def scored(attacks: list[float], genuine: list[float]) -> pd.DataFrame:
    labels = ["impersonation"] * len(attacks) + ["unrelated"] * len(genuine)
    return pd.DataFrame({"label": labels, "probability": [*attacks, *genuine]})


def test_the_left_edge_of_the_roc_curve_by_hand() -> None:
    """Of 100 genuine accounts, one may be above at 1 % and five at 5 %; 0.1 % of them cannot be measured."""
    genuine = [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, *[0.1] * 94]
    found = {point.rate: point for point in roc(scored([0.95, 0.85, 0.75, 0.45, 0.4], genuine))}
    assert found[0.001].threshold is None
    assert found[0.001].attacks == Share(0, 0)
    assert (found[0.01].threshold, found[0.01].attacks, found[0.01].genuine) == (0.8, Share(2, 5), Share(1, 100))
    assert (found[0.05].threshold, found[0.05].attacks, found[0.05].genuine) == (0.4, Share(4, 5), Share(5, 100))


def test_genuine_accounts_that_tie_are_all_kept_below() -> None:
    (_, point, _) = roc(scored([0.9, 0.5], [0.9] * 50 + [0.1] * 50))
    assert (point.threshold, point.attacks, point.genuine) == (0.9, Share(0, 2), Share(0, 100))


@given(st.lists(st.floats(0, 1), max_size=30), st.lists(st.floats(0, 1), max_size=300))
def test_no_more_genuine_accounts_are_above_than_the_rate_allows(attacks: list[float], genuine: list[float]) -> None:
    for point in roc(scored(attacks, genuine)):
        assert (point.threshold is None) == (len(genuine) < round(1 / point.rate))
        assert point.genuine.count <= point.rate * len(genuine) + 1e-9


def test_precision_and_recall_by_hand() -> None:
    said = {
        "impersonation": ["impersonation", "impersonation", "same_owner", "no_target"],
        "same_owner": ["same_owner", "impersonation"],
        "parody_or_fan": [],
        "unrelated": ["no_target", "unrelated", "unrelated", "parody_or_fan"],
        "something else": ["impersonation"],
    }
    rows = [(label, relation) for label, answers in said.items() for relation in answers]
    found = {one.relation: one for one in relations(pd.DataFrame(rows, columns=["label", "relation"]))}
    assert list(found) == ["impersonation", "same_owner", "parody_or_fan", "unrelated"]
    assert (found["impersonation"].recall, found["impersonation"].precision) == (Share(2, 4), Share(2, 3))
    assert (found["same_owner"].recall, found["same_owner"].precision) == (Share(1, 2), Share(1, 2))
    assert (found["parody_or_fan"].recall, found["parody_or_fan"].precision) == (Share(0, 0), Share(0, 1))
    assert (found["unrelated"].recall, found["unrelated"].precision) == (Share(3, 4), Share(3, 4))
    assert found["unrelated"].answered["no_target"] == 1
    assert sum(found["impersonation"].answered.values()) == 4


def test_the_bins_of_calibration_by_hand() -> None:
    low, top = calibration(scored([0.95, 1.0], [0.05, 0.9]))
    assert (low.low, low.high, low.said, low.happened) == (0.0, 0.1, 0.05, Share(0, 1))
    assert (top.low, top.high, top.happened) == (0.9, 1.0, Share(2, 3))
    assert top.said == pytest.approx(2.85 / 3)
