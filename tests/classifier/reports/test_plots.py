import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from classifier.certification.neyman_pearson import Certificate
from classifier.evaluation.comparison import trade_off
from classifier.reports import plots

mpl.use("Agg")


def frame(n: int) -> pd.DataFrame:
    rng = np.random.default_rng(1)
    return pd.DataFrame({
        "family": ["typo", "fan"] * n, "label": ["impersonation", "parody_or_fan"] * n,
        "relation": ["impersonation", "parody_or_fan"] * n, "probability": rng.random(2 * n), "right_target": True,
        "clearing_probability": np.full(2 * n, 0.25),
        "flagged": [True, False] * n, "verdict": "needs_review", "tier": "high", "script": "Latin", "age": "unknown",
        "followers": "unknown", "bio": "with bio",
    })  # fmt: skip


def axes():
    return Figure(layout="constrained").subplots()


def lengths(found) -> list[float]:
    return [bar.get_width() for bar in found.containers[0]]


def test_families_are_bars_as_long_as_their_shares() -> None:
    found = plots.plot_families(frame(10), axes())
    assert [label.get_text() for label in found.get_yticklabels()] == ["typo", "fan"]
    assert lengths(found) == [1.0, 0.0]


def test_one_family_of_both_kinds_is_two_bars() -> None:
    assert lengths(plots.plot_families(frame(10).assign(family="same"), axes())) == [1.0, 0.0]


def test_of_many_families_the_worst_are_drawn() -> None:
    results = frame(100)
    results["family"] = [f"family {n}" for n in range(200)]
    assert len(lengths(plots.plot_families(results, axes()))) == 2 * plots.MOST_FAMILIES


def test_relations_that_nobody_has_leave_their_place_empty() -> None:
    found = plots.plot_relations(frame(10), axes())
    assert len(found.get_yticklabels()) == 8
    assert lengths(found) == [1.0] * 4


def test_a_dashed_line_stands_at_the_certified_threshold() -> None:
    certificate = Certificate(0.01, 0.05, 300, 0, 0.75, "test")
    found = plots.plot_scores(frame(10), certificate, axes())
    assert found.lines[0].get_xdata()[0] == 0.75
    highest = max(bar.get_height() for bars in found.containers for bar in bars)
    assert highest == 10, "all have the same clearing probability, which is what the threshold is compared with"
    assert "No certificate" in plots.plot_scores(frame(10), None, axes()).get_title()


@pytest.mark.parametrize("label", ["impersonation", "unrelated", None])
@pytest.mark.parametrize("n", [1, 2_000])
def test_every_picture_can_be_drawn_of_any_set(label: str | None, n: int) -> None:
    results = frame(n) if label is None else frame(n).assign(label=label)
    for draw in (plots.plot_families, plots.plot_relations, plots.plot_roc, plots.plot_calibration, plots.plot_scores):
        draw(results, axes=axes()).figure.draw_without_rendering()
    plots.plot_slices(results, "script", axes()).figure.draw_without_rendering()


# --- evidence, comparisons, thresholds -------------------------------------------------------------------------------


def evidence(contributions: list[float]) -> pd.DataFrame:
    return pd.DataFrame({"explanation": [f"It has sign {n}" for n in range(len(contributions))],
                         "contribution": contributions})  # fmt: skip


def test_evidence_is_drawn_to_both_sides_and_what_is_small_is_one_bar() -> None:
    assert lengths(plots.plot_evidence(evidence([3.0, -2.0]), axes())) == [3.0, -2.0]
    many = lengths(plots.plot_evidence(evidence([1.0] * 13), axes()))
    assert many == [1.0] * plots.MOST_EVIDENCE + [3.0]
    plots.plot_evidence(evidence([]), axes()).figure.draw_without_rendering()


def test_a_change_within_noise_is_called_so() -> None:
    rows = [
        ("a", "attacks found", 9, 0.2, 0.7, 0.5, 0.3, 0.7, True),
        ("b", "genuine flagged", 9, 0.1, 0.2, 0.1, -0.1, 0.3, None),
    ]
    names = ["part", "kind", "cases", "before", "after", "difference", "low", "high", "better"]
    found = plots.plot_comparison(pd.DataFrame(rows, columns=names), axes())
    assert [text.get_text() for text in found.texts] == ["+50.0 points", "+10.0 points (within noise)"]


@pytest.mark.parametrize("n", [1, 100, 400, 8_000])
def test_where_nothing_can_be_certified_no_curve_is_drawn(n: int) -> None:
    costs = trade_off([0.2, 0.9], [0.1] * n)
    found = plots.plot_thresholds(costs, axes())
    found.figure.draw_without_rendering()
    certified = int(costs["certified"].sum())
    assert len(found.containers[0].lines[0].get_xdata()) == certified
    shaded = [label for label in found.get_legend_handles_labels()[1] if label.startswith("no certificate")]
    assert bool(shaded) == (certified < len(costs))


def test_evidence_is_drawn_up_to_where_a_certificate_is_withdrawn() -> None:
    found = plots.plot_bound([False] * 20 + [True] * 5, 0.01, axes())
    assert found.get_title() == "The certificate does not hold any more"
    line, mistakes, limit = found.get_lines()
    assert (len(line.get_xdata()), list(mistakes.get_xdata())) == (25, [21, 22, 23, 24, 25])
    assert list(limit.get_ydata()) == [20.0, 20.0]
    assert plots.plot_bound([], 0.01, axes()).get_title() == "The certificate holds"
