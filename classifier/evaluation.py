"""Evaluation: the whole path, account in and verdict out, measured on cases the model has never seen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score
from tqdm import tqdm

from classifier.accounts import Account
from classifier.errors import FileFormatError, InputError
from classifier.importers import import_account
from classifier.importers.files import RawRow, read_rows
from classifier.policy import Policy, decide
from classifier.scoring import Assessment, Scorer
from classifier.simulation import Case

# Bins of equal width for the calibration error, as in Guo et al. (2017), https://arxiv.org/abs/1706.04599
CALIBRATION_BINS = 10
_NOW = datetime(2025, 6, 30, tzinfo=UTC)
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Labelled:
    """A reported account with what it truly is.

    Attributes
    ----------
    target : str
        The handle of the protected account that the label is about.
    label : str
        "impersonation" or anything else, which counts as genuine.
    family : str
        What kind of case it is; figures are given by family.
    """

    account: Account
    target: str
    label: str
    family: str


def labelled_cases(cases: Iterable[Case]) -> list[Labelled]:
    """Return simulated cases as labelled accounts."""
    return [Labelled(case.account, case.protected.handle, case.label, case.family) for case in cases]


def read_labelled(path: Path, *, now: datetime, platform: str | None = None) -> list[Labelled]:
    """Read labelled accounts: the account columns and ``target_handle``, ``label`` and, if there, ``family``.

    Raises
    ------
    InputError
        If there are no rows, or one cannot be read or lacks its label or target: figures over a part would mislead.
    """
    labelled = [_labelled(raw, now, platform) for raw in read_rows(path)]
    if not labelled:
        raise FileFormatError(f"{path.name}: it has no rows")
    return labelled


def _labelled(raw: RawRow, now: datetime, platform: str | None) -> Labelled:
    if raw.values is None:
        raise raw.error or InputError("the row cannot be read", row=raw.number)
    imported = import_account(raw.values, "doublecheck", row_number=raw.number, now=now, default_platform=platform)
    if imported.account is None:
        raise imported.error or InputError("the row holds no account", row=raw.number)
    for column in ("target_handle", "label"):
        if not raw.values.get(column):
            raise InputError("is empty or missing; every labelled row needs it", field=column, row=raw.number)
    label = str(raw.values["label"])
    return Labelled(imported.account, str(raw.values["target_handle"]), label, str(raw.values.get("family") or label))


def assess_labelled(scorer: Scorer, labelled: Sequence[Labelled], *, progress: bool = False) -> pd.DataFrame:
    """Assess labelled accounts end to end.

    Returns
    -------
    DataFrame
        One row a case: ``family``, ``label``, ``relation``, ``probability``, ``right_target``, ``flagged`` (called
        impersonation), ``verdict``. No handle or text of an account is in it.
    """
    rows = []
    with tqdm(total=len(labelled), desc="assessing", unit="account", disable=None if progress else True) as bar:
        for start in range(0, len(labelled), _CHUNK):
            chunk = labelled[start : start + _CHUNK]
            found = scorer.assess_many([one.account for one in chunk])
            rows += [_row(one, assessment) for one, assessment in zip(chunk, found, strict=True)]
            bar.update(len(chunk))
    return pd.DataFrame(rows)


def _row(one: Labelled, assessment: Assessment) -> dict[str, Any]:
    target = assessment.target
    return {
        "family": one.family,
        "label": one.label,
        "relation": assessment.relation,
        "probability": assessment.impersonation_probability,
        "right_target": target is not None and target.handle.casefold() == one.target.casefold(),
        "flagged": assessment.relation == "impersonation",
        "verdict": decide(assessment, "suspend", None, now=_NOW, policy=Policy()).verdict,
    }


def by_family(results: pd.DataFrame) -> pd.DataFrame:
    """Return for each label and family the number of cases and the shares, in [0, 1], of what was said of them."""
    results = results.assign(
        found=results["flagged"] & results["right_target"], cleared=results["verdict"] == "cleared"
    )
    grouped = results.groupby(["label", "family"], sort=False)
    shares = grouped[["right_target", "flagged", "found", "cleared"]].mean()
    return shares.assign(cases=grouped.size())[["cases", "right_target", "flagged", "found", "cleared"]].reset_index()


def figures(results: pd.DataFrame) -> dict[str, float | int | None]:
    """Return the figures of a whole set, shares in [0, 1]; ``None`` where a class is missing."""
    is_attack = results["label"] == "impersonation"
    attacks, genuine = results[is_attack], results[~is_attack]
    both = len(attacks) > 0 and len(genuine) > 0
    return {
        "attacks": len(attacks),
        "genuine": len(genuine),
        "target_found": _share(attacks["right_target"]),
        "impersonation_with_right_target": _share(attacks["flagged"] & attacks["right_target"]),
        "attacks_cleared_for_suspension": _share(attacks["verdict"] == "cleared"),
        "genuine_called_impersonation": _share(genuine["flagged"]),
        "genuine_cleared_for_suspension": _share(genuine["verdict"] == "cleared"),
        "auc": float(roc_auc_score(is_attack, results["probability"])) if both else None,
        "calibration_error": calibration_error(results["probability"].to_numpy(), is_attack.to_numpy()),
    }


def calibration_error(probability: Sequence[float] | Any, happened: Sequence[bool] | Any) -> float:
    """Return the expected calibration error over ``CALIBRATION_BINS`` bins of equal width, in [0, 1].

    Examples
    --------
    >>> calibration_error([0.0, 1.0], [False, True])
    0.0
    """
    probability, happened = np.asarray(probability, dtype=float), np.asarray(happened, dtype=float)
    if not len(probability):
        return 0.0
    bins = np.minimum((probability * CALIBRATION_BINS).astype(int), CALIBRATION_BINS - 1)
    gaps = (
        abs(probability[bins == b].mean() - happened[bins == b].mean()) * np.mean(bins == b) for b in np.unique(bins)
    )
    return float(sum(gaps))


def report(scorer: Scorer, results: pd.DataFrame) -> dict[str, Any]:
    """Return everything measured as plain JSON values."""
    return {
        "model_id": scorer.model_id,
        "registry": {"version": scorer.registry.version, "accounts": len(scorer.registry)},
        "certificates": {tier: asdict(certificate) for tier, certificate in scorer.model.certificates.items()},
        "figures": figures(results),
        "families": by_family(results).to_dict(orient="records"),
    }


def _share(values: Any) -> float | None:
    return float(values.mean()) if len(values) else None
