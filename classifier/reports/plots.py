"""Plots of an evaluation. Needs matplotlib, which the extra ``doublecheck[report]`` brings.

Every function draws on the axes it is given, or on new ones, and returns the axes; from the DataFrame of
``evaluate.assess_labelled`` where it says no other.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.patches import Patch
from matplotlib.ticker import PercentFormatter
from numpy.typing import ArrayLike
from sklearn.metrics import roc_curve

from classifier.accounts.slices import TITLES
from classifier.certification.monitoring.error_bound import DELTA
from classifier.certification.monitoring.error_bound import evidence as evidence_against
from classifier.certification.neyman_pearson import Certificate
from classifier.evaluation.metrics import Family, Share, calibration, families, is_attack, relations, roc
from classifier.evaluation.slices import Slice, by_slice
from classifier.utils.percent import share_percent

# Okabe and Ito's palette, told apart by the colour-blind: https://jfly.uni-koeln.de/color/
ATTACK, GENUINE, NEUTRAL, INK = "#D55E00", "#0072B2", "#999999", "#444444"
# Of attacks and of genuine accounts each; more cannot be read.
MOST_FAMILIES = 20
# Pieces of evidence drawn one by one.
MOST_EVIDENCE = 10


def plot_families(results: pd.DataFrame, axes: Any = None) -> Any:
    """Draw, for every family of cases, the share called impersonation: of many, the worst."""
    axes = axes or plt.subplots(figsize=(8, 5), layout="constrained")[1]
    both: tuple[list[Family], list[Family]] = ([], [])
    for family in families(results):
        both[family.label != "impersonation"].append(family)
    found = [*both[0][:MOST_FAMILIES], *both[1][:MOST_FAMILIES]]
    attack = [family.label == "impersonation" for family in found]
    shares = [family.found if is_one else family.flagged for family, is_one in zip(found, attack, strict=True)]
    _bars(axes, [family.family for family in found], shares, [ATTACK if is_one else GENUINE for is_one in attack])
    axes.set(xlabel="share called impersonation", title="Attacks should be caught, genuine accounts not")
    patches = [Patch(color=color) for color in (ATTACK, GENUINE)]
    _legend_below(axes, patches, ["attack, of the right account", "genuine"])
    return _plain(axes)


def plot_relations(results: pd.DataFrame, axes: Any = None) -> Any:
    """Draw recall and precision of each relation, with their intervals."""
    axes = axes or plt.subplots(figsize=(8, 4), layout="constrained")[1]
    found = relations(results)
    names = [f"{told.relation}\n{kind}" for told in found for kind in ("recall", "precision")]
    shares = [share for told in found for share in (told.recall, told.precision)]
    _bars(axes, names, shares, [NEUTRAL, INK] * len(found))
    axes.set(xlabel="share", title="How well each relation is told")
    return _plain(axes)


def plot_slices(results: pd.DataFrame, name: str, axes: Any = None) -> Any:
    """Draw, for each part of one slice, the share of attacks found and of genuine accounts called impersonation."""
    axes = axes or plt.subplots(figsize=(8, 4), layout="constrained")[1]
    parts: list[Slice] = by_slice(results)[name]
    for shift, color, title, shares in (
        (-0.12, ATTACK, "attacks found", [part.found for part in parts]),
        (0.12, GENUINE, "genuine called impersonation", [part.flagged for part in parts]),
    ):
        known = [(row + shift, share) for row, share in enumerate(shares) if share.of]
        middles = [share.share for _, share in known]
        errors = _errors([share for _, share in known])
        axes.errorbar(middles, [y for y, _ in known], xerr=errors, fmt="o", color=color, label=title)
    axes.set(xlim=(-0.02, 1.02), title=TITLES[name], ylim=(len(parts) - 0.5, -0.5))
    axes.set_yticks(range(len(parts)), [part.value for part in parts])
    axes.xaxis.set_major_formatter(PercentFormatter(1.0))
    _legend_below(axes, *axes.get_legend_handles_labels())
    return _plain(axes)


def _legend_below(axes: Any, handles: Sequence[Any], names: Sequence[str]) -> None:
    """Put the legend below the picture, where it hides nothing."""
    axes.figure.legend(handles, names, loc="outside lower center", ncols=2, frameon=False)


def _bars(axes: Any, names: Sequence[str], shares: Sequence[Share], colors: Sequence[str]) -> None:
    """Draw one bar a share, the first on top, with its interval and its number."""
    known = [row for row, share in enumerate(shares) if share.of]
    drawn = [shares[row] for row in known]
    lengths = [share.share or 0.0 for share in drawn]
    axes.barh(known, lengths, color=[colors[row] for row in known], height=0.7)
    axes.errorbar(lengths, known, xerr=_errors(drawn), fmt="none", ecolor="black", elinewidth=1, capsize=2)
    for row, share in zip(known, drawn, strict=True):
        axes.text((share.interval or (0, 0))[1] + 0.02, row, share_percent(share.share), va="center")
    axes.set_yticks(range(len(names)), names)
    axes.set(xlim=(0, 1.12), ylim=(len(names) - 0.5, -0.5))
    axes.set_xticks(np.linspace(0, 1, 6), [f"{share:.0%}" for share in np.linspace(0, 1, 6)])


def _errors(shares: Sequence[Share]) -> Any:
    """How far the intervals reach below and above the shares, of shape (2, n)."""
    ends = [(share.share or 0.0, *(share.interval or (0.0, 0.0))) for share in shares]
    return np.array([(middle - low, high - middle) for middle, low, high in ends]).reshape(-1, 2).T


def plot_roc(results: pd.DataFrame, axes: Any = None) -> Any:
    """Draw the share of attacks found against the share of genuine accounts flagged, on a logarithmic scale."""
    axes = axes or plt.subplots(figsize=(5.5, 5), layout="constrained")[1]
    attack = is_attack(results)
    floor = 1 / max(1, int((~attack).sum()))
    if attack.nunique() == 2:
        false_positives, true_positives, _ = roc_curve(attack, results["probability"])
        axes.step(np.maximum(false_positives, floor), true_positives, where="post", color=ATTACK)
    axes.plot(np.geomspace(floor, 1, 50), np.geomspace(floor, 1, 50), color=NEUTRAL, linestyle=":", label="chance")
    measured = [point for point in roc(results) if point.attacks.of]
    for point in measured:
        axes.plot(point.rate, point.attacks.share, "o", color=ATTACK)
        axes.annotate(f"{100 * point.rate:g}%", (point.rate, point.attacks.share), (-4, 5), textcoords="offset points",
                      ha="right")  # fmt: skip
    axes.set(
        xscale="log",
        ylim=(0, 1.02),
        xlabel="genuine accounts above the threshold",
        ylabel="attacks above the threshold",
    )
    axes.xaxis.set_major_formatter(lambda share, _: f"{100 * share:g}%")
    axes.yaxis.set_major_formatter(PercentFormatter(1.0))
    axes.set_title("What matters is the left edge")
    axes.legend(loc="lower right")
    return _plain(axes)


def plot_calibration(results: pd.DataFrame, axes: Any = None) -> Any:
    """Draw how often what was said with a probability was so, with intervals."""
    axes = axes or plt.subplots(figsize=(5.5, 5), layout="constrained")[1]
    bins = calibration(results)
    axes.plot([0, 1], [0, 1], color=NEUTRAL, linestyle=":", label="perfect")
    axes.errorbar(
        [probability_bin.said for probability_bin in bins],
        [probability_bin.happened.share for probability_bin in bins],
        yerr=_errors([probability_bin.happened for probability_bin in bins]),
        fmt="o",
        color=ATTACK,
        capsize=3,
    )
    axes.set(xlim=(-0.03, 1.03), ylim=(-0.03, 1.03), xlabel="probability said", ylabel="share that was impersonation")
    axes.set_title("Is a probability what it says?")
    axes.legend(loc="upper left")
    return _plain(axes)


def plot_scores(results: pd.DataFrame, certificate: Certificate | None = None, axes: Any = None) -> Any:
    """Draw how the clearing probabilities of attacks and of genuine accounts are spread, and the threshold."""
    axes = axes or plt.subplots(figsize=(8, 3.5), layout="constrained")[1]
    attack = is_attack(results)
    bins = np.linspace(0, 1, 41).tolist()
    for share, color, name in ((attack, ATTACK, "attacks"), (~attack, GENUINE, "genuine accounts")):
        axes.hist(results.loc[share, "clearing_probability"], bins=bins, color=color, alpha=0.6, label=name)
    if certificate is not None:
        label = f"certified: at most {100 * certificate.alpha:g} % above"
        axes.axvline(certificate.threshold, color="black", linestyle="--", label=label)
    axes.set(yscale="log", xlabel="probability without the strongest kind of evidence", ylabel="accounts")
    axes.yaxis.set_major_formatter(lambda count, _: f"{count:,.0f}")
    axes.set_title(
        "Nothing left of the dashed line is ever cleared" if certificate else "No certificate: nothing is cleared"
    )
    _legend_below(axes, *axes.get_legend_handles_labels())
    return _plain(axes)


def plot_evidence(evidence: pd.DataFrame, axes: Any = None) -> Any:
    """Draw what spoke for and against impersonation in one answer, the weightiest on top.

    Parameters
    ----------
    evidence : DataFrame
        Of ``evaluate.evidence_frame``.
    """
    shown = evidence.head(MOST_EVIDENCE)
    axes = axes or plt.subplots(figsize=(9, 1.6 + 0.5 * len(shown)), layout="constrained")[1]
    rest = float(evidence["contribution"].iloc[MOST_EVIDENCE:].sum())
    added = [*shown["contribution"], *([rest] if len(evidence) > len(shown) else [])]
    names = [textwrap.fill(explanation, 48) for explanation in shown["explanation"]]
    names += [f"{len(evidence) - len(shown)} smaller ones together"] * (len(added) > len(names))
    colors = [ATTACK if contribution > 0 else GENUINE for contribution in added]
    axes.barh(range(len(added)), added, color=colors, height=0.7)
    reach = max([abs(contribution) for contribution in added], default=1.0)
    for line, contribution in enumerate(added):
        end = contribution + np.sign(contribution) * 0.03 * reach
        axes.text(end, line, f"{contribution:+.1f}", va="center", ha="left" if contribution > 0 else "right")
    axes.axvline(0, color=INK, linewidth=0.8)
    axes.set_yticks(range(len(added)), names)
    axes.set(
        xlim=(-1.25 * reach, 1.25 * reach), ylim=(max(1, len(added)) - 0.5, -0.5), xlabel="contribution in log-odds"
    )
    axes.set_title("What speaks for and against impersonation")
    _legend_below(axes, [Patch(color=ATTACK), Patch(color=GENUINE)], ["for impersonation", "against"])
    return _plain(axes)


def plot_comparison(compared: pd.DataFrame, axes: Any = None) -> Any:
    """Draw both figures of each part as two dots, grey before and coloured after, the largest changes on top.

    Parameters
    ----------
    compared : DataFrame
        Of ``comparison.compare``.
    """
    shown = compared.head(MOST_FAMILIES)
    axes = axes or plt.subplots(figsize=(8, 1.8 + 0.3 * len(shown)), layout="constrained")[1]
    rows: list[Any] = list(shown.itertuples())
    for line, part in enumerate(rows):
        color = ATTACK if part.kind == "attacks found" else GENUINE
        axes.plot([part.before, part.after], [line, line], color=color, linewidth=2, alpha=0.5)
        axes.plot(part.before, line, "o", color="white", markeredgecolor=color, markersize=7)
        axes.plot(part.after, line, "o", color=color, markersize=7)
        noise = "" if part.better is not None else " (within noise)"
        text = f"{100 * part.difference:+.1f} points{noise}" if part.difference else "the same"
        axes.text(1.04, line, text, va="center", color=INK if part.better is not None else "#777777")
    axes.set_yticks(range(len(shown)), [str(part) for part in shown["part"]])
    axes.set(xlim=(-0.03, 1.03), ylim=(max(1, len(shown)) - 0.5, -0.5), xlabel="share called impersonation")
    axes.set_title("What changed: open before, filled after")
    axes.xaxis.set_major_formatter(PercentFormatter(1.0))
    axes.grid(axis="y", color="#eeeeee")
    axes.set_axisbelow(True)
    patches = [Patch(color=ATTACK), Patch(color=GENUINE)]
    _legend_below(axes, patches, ["attacks found: right is better", "genuine flagged: left is better"])
    return _plain(axes)


def plot_thresholds(costs: pd.DataFrame, axes: Any = None) -> Any:
    """Draw the attacks found at each certified alpha; where nothing can be certified, nothing is found.

    Parameters
    ----------
    costs : DataFrame
        Of ``comparison.trade_off``.
    """
    axes = axes or plt.subplots(figsize=(8, 4.5), layout="constrained")[1]
    certified = costs[costs["certified"].astype(bool)]
    reach = [certified["found"] - certified["found_low"], certified["found_high"] - certified["found"]]
    axes.errorbar(certified["alpha"], certified["found"], yerr=reach, fmt="o-", color=ATTACK, capsize=3,
                  label="attacks above the certified threshold")  # fmt: skip
    axes.plot(certified["alpha"], certified["genuine_above"], "s--", color=GENUINE, markersize=5,
              label="genuine accounts above it")  # fmt: skip
    points: list[Any] = list(certified.itertuples())
    for point in points:
        above = point.alpha, point.found_high
        axes.annotate(share_percent(point.found), above, (0, 4), textcoords="offset points", ha="center")
    without = costs[~costs["certified"].astype(bool)]
    axes.set(xscale="log", xlim=(costs["alpha"].min() / 1.6, costs["alpha"].max() * 1.6), ylim=(-0.03, 1.1))
    if len(without):
        edge = without["alpha"].max() * (1.25 if len(certified) else 1.6)
        axes.axvspan(
            axes.get_xlim()[0], edge, color=NEUTRAL, alpha=0.25, linewidth=0, label="no certificate: nothing is cleared"
        )
        axes.plot(without["alpha"], np.zeros(len(without)), "x", color=INK)
    axes.set_xticks(costs["alpha"], [f"{100 * alpha:g}%" for alpha in costs["alpha"]])
    axes.minorticks_off()
    axes.yaxis.set_major_formatter(PercentFormatter(1.0))
    axes.set(xlabel="alpha: genuine accounts that may be above the threshold", ylabel="share above the threshold")
    axes.set_title("What a stricter promise costs in missed impersonators")
    _legend_below(axes, *axes.get_legend_handles_labels())
    return _plain(axes)


def plot_bound(errors: ArrayLike, alpha: float, axes: Any = None) -> Any:
    """Draw the evidence against an error bound after each account known to be genuine, as ``monitoring.bound`` counts.

    Parameters
    ----------
    errors : array-like of bool, shape (n,)
        Whether each scored above the threshold, in the order in which they became known.
    alpha : float
        The certified rate.
    """
    axes = axes or plt.subplots(figsize=(8, 3.5), layout="constrained")[1]
    seen = np.asarray(errors, dtype=bool)
    capital, limit = evidence_against(seen, alpha), 1 / DELTA
    known = np.arange(1, len(seen) + 1)
    axes.plot(known, capital, color=GENUINE, drawstyle="steps-post", label="evidence against the bound")
    axes.plot(known[seen], capital[seen], "o", color=ATTACK, label="above the threshold")
    axes.axhline(limit, color="black", linestyle="--", label=f"withdrawn at {limit:g}")
    axes.set(yscale="log", xlabel="accounts known to be genuine", ylabel="evidence")
    broken = capital.max(initial=1.0) >= limit
    axes.set_title("The certificate does not hold any more" if broken else "The certificate holds")
    _legend_below(axes, *axes.get_legend_handles_labels())
    return _plain(axes)


def _plain(axes: Any) -> Any:
    axes.spines[["top", "right"]].set_visible(False)
    return axes
