"""The figures of the report: those of ``plots``, drawn small enough for a phone, inside the page."""

from __future__ import annotations

import base64
import io
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import matplotlib as mpl
import pandas as pd
from matplotlib.figure import Figure

from classifier.accounts.slices import TITLES
from classifier.certification.neyman_pearson import Certificate
from classifier.reports import plots

# Inches. A phone shows this width at about its own size, so that letters stay as large as they are drawn.
_WIDTH = 4.6
_STYLE: Any = {
    "font.size": 9.0,
    "axes.titlesize": 10.0,
    "text.parse_math": False,  # a family's name is text, also with two "$" in it
    "svg.hashsalt": "doublecheck",  # the same figures give the same picture
}


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as a data address, and what it shows in words."""

    source: str
    alt: str


def pictures(measured: Mapping[str, Any], results: pd.DataFrame) -> dict[str, Picture]:
    """Return the pictures by name; those of slices are named ``slice_...``."""
    certificates = [Certificate(**certificate) for certificate in measured["certificates"].values()]
    lowest = min(certificates, key=lambda certificate: certificate.threshold, default=None)
    bars = min(len(measured["families"]), 2 * plots.MOST_FAMILIES)
    drawn = {
        "roc": _picture(partial(plots.plot_roc, results), 3.9, "ROC curve, false positives on a logarithmic scale."),
        "families": _picture(
            partial(plots.plot_families, results), 1.3 + 0.27 * bars, "Bars: share called impersonation by family."
        ),
        "relations": _picture(
            partial(plots.plot_relations, results), 3.9, "Bars: recall and precision of each relation."
        ),
        "calibration": _picture(
            partial(plots.plot_calibration, results), 3.9, "Share that was impersonation by the probability said."
        ),
        "scores": _picture(
            partial(plots.plot_scores, results, lowest),
            3.4,
            "Histogram: probabilities without the strongest kind of evidence, of attacks and of genuine accounts, and "
            "the lowest certified threshold.",
        ),
    }
    for name, title in TITLES.items():
        height = 1.4 + 0.32 * len(measured["slices"][name])
        draw = partial(plots.plot_slices, results, name)
        drawn[f"slice_{name}"] = _picture(draw, height, f"Attacks found and genuine accounts called so by: {title}.")
    return drawn


def _picture(draw: Callable[..., Any], height: float, alt: str) -> Picture:
    with mpl.rc_context(_STYLE), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing from", UserWarning)  # shown as a box, named in the table
        figure = Figure(figsize=(_WIDTH, height), layout="constrained")
        draw(axes=figure.subplots())
        file = io.BytesIO()
        figure.savefig(file, format="svg", metadata={"Date": None})
    encoded = base64.b64encode(file.getvalue()).decode()
    return Picture(f"data:image/svg+xml;base64,{encoded}", f"{alt} The table beside it gives the same figures.")
