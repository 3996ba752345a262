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
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from classifier.accounts.slices import TITLES
from classifier.evaluation.metrics import FIGURES
from classifier.features import FEATURES
from classifier.reports.evaluation_report import STYLE
from classifier.training.label_noise import SURE
from classifier.utils.percent import share_percent

_PAGES = Environment(
    loader=PackageLoader("classifier.reports", ""),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_HEADLINES = (
    "impersonation_with_right_target", "genuine_called_impersonation", "genuine_cleared_for_suspension", "auc",
    "calibration_error",
)  # fmt: skip

# Of many labellers, those who are contradicted most are shown.
LABELLERS_SHOWN = 20


def cards(manifest: Mapping[str, Any]) -> dict[str, bytes]:
    """Return the card as ``card.html`` and ``card.md``.

    Parameters
    ----------
    manifest : mapping
        As it is before the cards are named in it.
    """
    return {name: _filled(name, manifest).encode() for name in ("card.html", "card.md")}


def about_labels(given: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a manifest tells of given labels, as sentences: how many of which, and how far labellers agreed."""
    counts = ", ".join(f"{count:,} {label}" for label, count in given.get("labels", {}).items())
    yield f"{given['cases']:,} cases{f' ({counts})' if counts else ''}."
    if uses := given.get("uses"):
        yield about_uses(uses, given["weight"])
    agreement = given.get("agreement")
    if agreement is None:
        yield "Who labelled them is not known, so how far labellers agreed is not known either."
        return
    labellers, compared = len(agreement["labellers"]), agreement["compared"]
    if not compared:
        yield "Nobody labelled the same case as somebody else, so how far labellers agree is not known."
    else:
        alpha = agreement["alpha"]
        found = "is undefined, because all labels are the same" if alpha is None else f"is {alpha:.3f}"
        yield f"{compared:,} of {agreement['cases']:,} cases have the labels of two or more of {labellers:,} labellers."
        yield f"Over these, Krippendorff's alpha {found}: 1 is perfect agreement, and 0 what chance gives."
    if agreement["unclear"]:
        yield f"Left out as unclear: {agreement['unclear']:,}."


def about_uses(uses: Mapping[str, int], weight: float) -> str:
    """Return, as a sentence, what training did with given labels: ``uses`` as in its facts."""
    fitting, calibrating, left_out = (f"{uses[name]:,}" for name in ("fitting", "calibrating", "left_out"))
    return (
        f"{fitting} were fitted on, each as {weight:g} simulated ones, and {calibrating} calibrated on. {left_out} are "
        "of protected accounts that the certificate is measured around: the model has not seen them, and the gate asks "
        "it about them."
    )


def _most_contradicted(given: Mapping[str, Any] | None) -> Sequence[Mapping[str, Any]]:
    labellers = ((given or {}).get("agreement") or {}).get("labellers", ())
    return sorted(labellers, key=lambda labeller: -(labeller["contradicted_share"] or 0.0))[:LABELLERS_SHOWN]


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
        about_labels=about_labels,
        labellers=_most_contradicted(manifest["training"].get("given")),
        percent=share_percent,
        style=STYLE,
        style_hash=base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode(),
    )
