import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from classifier import plots
from classifier.thresholds import Certificate

mpl.use("Agg")


def frame(n: int) -> pd.DataFrame:
    rng = np.random.default_rng(1)
    return pd.DataFrame({
        "family": ["typo", "fan"] * n, "label": ["impersonation", "parody_or_fan"] * n,
        "relation": ["impersonation", "parody_or_fan"] * n, "probability": rng.random(2 * n), "right_target": True,
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
    assert "No certificate" in plots.plot_scores(frame(10), None, axes()).get_title()


@pytest.mark.parametrize("label", ["impersonation", "unrelated", None])
@pytest.mark.parametrize("n", [1, 2_000])
def test_every_picture_can_be_drawn_of_any_set(label: str | None, n: int) -> None:
    results = frame(n) if label is None else frame(n).assign(label=label)
    for draw in (plots.plot_families, plots.plot_relations, plots.plot_roc, plots.plot_calibration, plots.plot_scores):
        draw(results, axes=axes()).figure.draw_without_rendering()
    plots.plot_slices(results, "script", axes()).figure.draw_without_rendering()


def test_evidence_is_drawn_up_to_where_a_certificate_is_withdrawn() -> None:
    found = plots.plot_evidence([False] * 20 + [True] * 5, 0.01, axes())
    assert found.get_title() == "The certificate does not hold any more"
    line, mistakes, limit = found.get_lines()
    assert (len(line.get_xdata()), list(mistakes.get_xdata())) == (25, [21, 22, 23, 24, 25])
    assert list(limit.get_ydata()) == [20.0, 20.0]
    assert plots.plot_evidence([], 0.01, axes()).get_title() == "The certificate holds"
