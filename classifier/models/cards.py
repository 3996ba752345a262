"""Model cards: what a model is for, what it rests on and what it cannot do, as a page and as text.

Both are made of the manifest alone, so the same model gives the same card; they are files of the version, and the
manifest holds their digests. A card therefore cannot name the version's id, which is the manifest's hash.

References
----------
M. Mitchell et al. (2019), "Model Cards for Model Reporting", FAT* '19, https://doi.org/10.1145/3287560.3287596
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from classifier.contradictions import SURE
from classifier.features import FEATURES
from classifier.measures import FIGURES
from classifier.report import STYLE, percent
from classifier.slices import TITLES

_PAGES = Environment(
    loader=PackageLoader("classifier.models", ""),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_HEADLINES = (
    "impersonation_with_right_target", "genuine_called_impersonation", "genuine_cleared_for_suspension", "auc",
    "calibration_error",
)  # fmt: skip


def cards(manifest: Mapping[str, Any]) -> dict[str, bytes]:
    """Return the card as ``card.html`` and ``card.md``.

    Parameters
    ----------
    manifest : mapping
        As it is before the cards are named in it.
    """
    return {name: _filled(name, manifest).encode() for name in ("card.html", "card.md")}


def _filled(name: str, manifest: Mapping[str, Any]) -> str:
    explained = {feature.name: feature.explanation for feature in FEATURES}
    return _PAGES.get_template(name).render(
        manifest=manifest,
        facts=manifest["training"],
        features=[(feature, explained.get(feature, "")) for feature in manifest["features"]],
        figures=FIGURES,
        headlines=_HEADLINES,
        slice_titles={**TITLES, "family": "Kind of case"},
        sure=SURE,
        percent=percent,
        style=STYLE,
        style_hash=base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode(),
    )
