"""Which model: ``python -m tests.benchmarks.models [DIRECTORY]`` fits each on the same simulated pairs and judges it.

Judged on real look-alike handles, which nothing was fitted on, and on simulated accounts of other identities. Prints
areas under the curve, what is found and flagged at a probability of one half, and what is found when 3 of the real
coincidences are flagged. The simplest within noise of the best is kept: half steps, half line.

Where ``interpret-core`` is installed its explainable boosting machine is judged too, additive and with the same signs.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from tqdm import tqdm

from classifier.accounts.account import ProtectedAccount
from classifier.accounts.normal_forms import View
from classifier.evaluation.evaluate import read_labelled
from classifier.features import MONOTONE, compute
from classifier.model.additive import AdditiveClassifier
from classifier.model.additive_tables import Floats
from classifier.model.platt import Calibration
from classifier.registry.registry import Registry
from classifier.retrieval.candidate_index import CandidateIndex
from classifier.simulation import simulate
from classifier.simulation.population import invent_registry
from classifier.training.pairs import LabelledPairs, labelled_pairs, split_identities
from classifier.training.train import DEFAULT_IDENTITIES, DEFAULT_SEED, SPLIT
from tests.real_data import DATA, NOW, public


def models() -> dict[str, Any]:
    steps = {"monotone": MONOTONE, "max_iter": 400, "learning_rate": 0.15}
    plain = make_pipeline(
        SimpleImputer(strategy="constant", fill_value=0, add_indicator=True),
        StandardScaler(),
        LogisticRegression(max_iter=1_000),
    )
    compared = {
        "plain logistic": plain,
        "line with signs": AdditiveClassifier(linear=1.0, **steps),
        "steps": AdditiveClassifier(**steps),
        "half steps, half line": AdditiveClassifier(linear=0.5, **steps),
        "boosting, interactions": HistGradientBoostingClassifier(monotonic_cst=MONOTONE, max_iter=300, random_state=0),
    }
    if find_spec("interpret"):
        from interpret.glassbox import ExplainableBoostingClassifier  # noqa: PLC0415 - it need not be installed

        compared["interpret's EBM"] = ExplainableBoostingClassifier(
            interactions=0, monotone_constraints=list(MONOTONE), n_jobs=1, random_state=0
        )
    return compared


def simulated() -> tuple[LabelledPairs, LabelledPairs]:
    parts = split_identities(invent_registry(DEFAULT_IDENTITIES, DEFAULT_SEED), SPLIT, seed=DEFAULT_SEED)
    fitting, calibrating = (
        labelled_pairs(tqdm(simulate(part.accounts, seed=seed), desc="cases"), CandidateIndex(part))
        for part, seed in zip(parts[:2], (DEFAULT_SEED + 1, DEFAULT_SEED + 2), strict=True)
    )
    return fitting, calibrating


def look_alikes(registry: Registry, data: Path) -> tuple[Floats, np.ndarray]:
    """Features of the real pairs, with what the registry knows of the target, and which are impersonations."""
    rows = read_labelled(data / "pairs" / "lookalike_handles.csv", now=NOW, platform="x")
    kept = [row for row in rows if row.label in ("impersonation", "unrelated")]
    known = {account.handle.casefold(): account for account in registry.accounts}
    targets = (known.get(row.target.casefold(), ProtectedAccount(platform="x", handle=row.target)) for row in kept)
    pairs = [(View(row.account), View(target)) for row, target in zip(kept, targets, strict=True)]
    return compute(pairs), np.array([row.label == "impersonation" for row in kept])


def main() -> None:
    data = Path(sys.argv[1]) if len(sys.argv) > 1 else DATA
    fit_on, calibrate_on = simulated()
    values, is_attack = look_alikes(public(data), data)
    print(f"{'':24} real: area  found  flagged  found at 3 flagged   simulated: area")
    for name, model in models().items():
        model.fit(fit_on.values, fit_on.labels == "impersonation")
        highest = calibrate_on.highest(model.decision_function(calibrate_on.values))
        calibration = Calibration.fit(highest, calibrate_on.is_attack)
        scores = model.decision_function(values)
        found = calibration.slope * scores + calibration.offset > 0
        strict = scores[is_attack] > np.sort(scores[~is_attack])[-4]
        area = roc_auc_score(calibrate_on.is_attack, highest)
        print(
            f"{name:24} {roc_auc_score(is_attack, scores):10.3f} {found[is_attack].mean():6.3f} "
            f"{found[~is_attack].mean():8.3f} {strict.mean():19.3f} {area:17.4f}"
        )


if __name__ == "__main__":
    main()
