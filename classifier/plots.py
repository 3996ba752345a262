"""Pictures of an evaluation. Needs the extra ``doublecheck[notebook]``, which brings matplotlib.

Every function draws on the axes it is given, or on new ones, from the DataFrame of ``evaluation.assess_labelled``,
and returns the axes.
"""

from __future__ import annotations

from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.patches import Patch
from sklearn.metrics import roc_curve

from classifier.evaluation import CALIBRATION_BINS, by_family
from classifier.thresholds import Certificate

# Okabe and Ito's palette, told apart by the colour-blind: https://jfly.uni-koeln.de/color/
ATTACK, GENUINE, NEUTRAL = "#D55E00", "#0072B2", "#999999"


def plot_families(results: pd.DataFrame, axes: Any = None) -> Any:
    """Draw, for every family of cases, the share that is called impersonation."""
    axes = axes or plt.subplots(figsize=(8, 5), layout="constrained")[1]
    families = by_family(results).iloc[::-1]
    is_attack = families["label"] == "impersonation"
    bars = axes.barh(families["family"], families["flagged"], color=np.where(is_attack, ATTACK, GENUINE))
    axes.bar_label(bars, labels=[f"{share:.0%}" for share in families["flagged"]], padding=3)
    axes.set(xlim=(0, 1.1), xlabel="share called impersonation", title="Attacks should be caught, genuine accounts not")
    axes.legend(
        [Patch(color=color) for color in (ATTACK, GENUINE)],
        ["attack", "genuine"],
        loc="lower right",
    )
    return _plain(axes)


def plot_roc(results: pd.DataFrame, axes: Any = None) -> Any:
    """Draw the share of attacks found against the share of genuine accounts flagged, on a logarithmic scale."""
    axes = axes or plt.subplots(figsize=(5.5, 5), layout="constrained")[1]
    is_attack = results["label"] == "impersonation"
    false_positives, true_positives, _ = roc_curve(is_attack, results["probability"])
    floor = 1 / max(1, int((~is_attack).sum()))
    axes.step(np.maximum(false_positives, floor), true_positives, where="post", color=ATTACK)
    axes.plot(np.geomspace(floor, 1, 50), np.geomspace(floor, 1, 50), color=NEUTRAL, linestyle=":", label="chance")
    axes.set(
        xscale="log",
        ylim=(0, 1.02),
        xlabel="genuine accounts above the threshold",
        ylabel="attacks above the threshold",
    )
    axes.set_title("What matters is the left edge")
    axes.legend(loc="lower right")
    return _plain(axes)


def plot_calibration(results: pd.DataFrame, axes: Any = None) -> Any:
    """Draw how often what was said with a probability was so; the area of a dot is the number of accounts."""
    axes = axes or plt.subplots(figsize=(5.5, 5), layout="constrained")[1]
    bins = np.minimum((results["probability"] * CALIBRATION_BINS).astype(int), CALIBRATION_BINS - 1)
    grouped = results.assign(happened=results["label"] == "impersonation").groupby(bins)
    means = grouped[["probability", "happened"]].mean()
    axes.plot([0, 1], [0, 1], color=NEUTRAL, linestyle=":", label="perfect")
    axes.scatter(
        means["probability"], means["happened"], s=20 + 600 * grouped.size() / len(results), color=ATTACK, alpha=0.8
    )
    axes.set(xlim=(-0.03, 1.03), ylim=(-0.03, 1.03), xlabel="probability said", ylabel="share that was impersonation")
    axes.set_title("Is a probability what it says?")
    axes.legend(loc="upper left")
    return _plain(axes)


def plot_scores(results: pd.DataFrame, certificate: Certificate | None = None, axes: Any = None) -> Any:
    """Draw how the probabilities of attacks and of genuine accounts are spread, and the certified threshold."""
    axes = axes or plt.subplots(figsize=(8, 3.5), layout="constrained")[1]
    is_attack = results["label"] == "impersonation"
    bins = np.linspace(0, 1, 41).tolist()
    for share, color, name in ((is_attack, ATTACK, "attacks"), (~is_attack, GENUINE, "genuine accounts")):
        axes.hist(results.loc[share, "probability"], bins=bins, color=color, alpha=0.6, label=name)
    if certificate is not None:
        label = f"certified: at most {certificate.alpha:.1%} of genuine accounts above"
        axes.axvline(certificate.threshold, color="black", linestyle="--", label=label)
    axes.set(yscale="log", xlabel="probability of impersonation", ylabel="accounts")
    axes.set_title("Nothing left of the dashed line is ever cleared")
    axes.legend()
    return _plain(axes)


def _plain(axes: Any) -> Any:
    axes.spines[["top", "right"]].set_visible(False)
    return axes
