"""The report of an evaluation, as one HTML page that fetches nothing, or the same figures as JSON.

``page.html`` is the page and ``style.css`` its style; ``figures`` draws, ``mistakes`` picks the worst mistakes with
their evidence. The page is made of ``evaluate.measured``, so it holds what the JSON holds; only the mistakes, which
show accounts, are in the page alone.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined

from classifier.accounts.slices import TITLES
from classifier.errors import InputError
from classifier.evaluation.metrics import CONFIDENCE, FIGURES
from classifier.scoring.assessment import RELATIONS
from classifier.utils.atomic_files import atomic_path
from classifier.utils.percent import share_percent

if TYPE_CHECKING:
    from classifier.reports.mistakes import Mistakes

FORMATS = (".html", ".json")
# What the first screen shows.
_HEADLINES = (
    "impersonation_with_right_target", "genuine_called_impersonation", "genuine_cleared_for_suspension",
    "tpr_at_fpr_0.01", "auc", "calibration_error",
)  # fmt: skip
_SHOWN_EVIDENCE = 5  # what decides is among the weightiest; the rest is folded away

STYLE = (files("classifier.reports") / "style.css").read_text(encoding="utf-8")
_PAGES = Environment(
    loader=PackageLoader("classifier.reports", ""),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def checked_output(path: Path) -> Path:
    """Return ``path``; refuse what ``write_report`` could not write, before anything is measured for it.

    Raises
    ------
    InputError
        If the ending is none of ``FORMATS``, or it is HTML and matplotlib is not installed.
    """
    if path.suffix.lower() not in FORMATS:
        raise InputError(f"{path.name}: unknown ending; a report is written as {' or '.join(FORMATS)}")
    if path.suffix.lower() == ".html" and find_spec("matplotlib") is None:
        raise InputError(
            f"{path.name}: an HTML report needs matplotlib: pip install 'doublecheck[report]', or write a .json"
        )
    return path


def write_report(path: Path, measured: Mapping[str, Any], results: pd.DataFrame, mistakes: Mistakes | None) -> None:
    """Write the report to ``path``, whole or not at all, in the format of its ending.

    Parameters
    ----------
    measured : mapping
        Of ``evaluate.measured``.
    results : DataFrame
        Of ``evaluate.assess_labelled``, for the pictures.
    mistakes : Mistakes or None
        ``None`` to show no account. They are never written as JSON.
    """
    checked_output(path)
    is_page = path.suffix.lower() == ".html"
    text = page(measured, results, mistakes) if is_page else json.dumps(measured, indent=2) + "\n"
    with atomic_path(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def lines(measured: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a terminal shows: families, figures, bounds."""
    families = pd.DataFrame(measured["families"]).drop(columns="intervals")
    yield families.to_string(index=False, float_format="{:.3f}".format)
    for name, value in measured["figures"].items():
        yield f"{name:34} {f'{value:.4f}' if isinstance(value, float) else value}"
    for bound in measured["bounds"]:
        yield f"{'met' if bound['met'] else 'NOT MET':7}  {bound['bound']}  (measured: {bound['value']})"


def page(measured: Mapping[str, Any], results: pd.DataFrame, mistakes: Mistakes | None) -> str:
    """Return the HTML page."""
    from classifier.reports.figures import pictures  # noqa: PLC0415 - matplotlib is optional

    style_hash = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    return _PAGES.get_template("page.html").render(
        measured=measured,
        mistakes=mistakes,
        pictures=pictures(measured, results),
        style=STYLE,
        style_hash=style_hash,
        headlines=_HEADLINES,
        explained=FIGURES,
        relations=RELATIONS,
        slice_titles=TITLES,
        confidence=CONFIDENCE,
        percent=share_percent,
        shown_evidence=_SHOWN_EVIDENCE,
    )
