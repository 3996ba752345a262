"""Measuring for the gate: candidate and serving model on the same cases, which neither has learned from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import pandas as pd

from classifier import __version__
from classifier.evaluation.evaluate import Labelled, assess_labelled_beside, labelled_cases, read_labelled_files
from classifier.features import FEATURE_NAMES
from classifier.labels.sources import Rows, name_of
from classifier.model.pair_model import PairModel
from classifier.model_store import artifacts
from classifier.model_store.store import StoredModel
from classifier.promotion.gate import Evidence, Installation, Measured
from classifier.promotion.paired_bootstrap import Paired, calibration_worse, differences
from classifier.promotion.questions import answers
from classifier.registry.registry import Registry
from classifier.retrieval.candidate_index import CandidateIndex
from classifier.scoring.scorer import Scorer
from classifier.simulation import Case, simulate
from classifier.simulation.population import invent_registry
from classifier.training.label_noise import contradictions
from classifier.training.train import ALPHA

# Of protected accounts that no training and no evaluation invents.
GATE_SEED = 71_717
IDENTITIES = 400
_NOTHING_SERVES = "nobody has made a model serve here that this version can load"
_OTHER_FEATURES = "its features, or those of the serving model, are not those that this version computes"


def installation() -> Installation:
    """Return what computes here."""
    return Installation(FEATURE_NAMES, __version__, artifacts.libraries())


def evidence(
    candidate: StoredModel,
    serving: StoredModel | None,
    *,
    given: Sequence[Case] = (),
    own: Sequence[Paired] = (),
    progress: bool = False,
) -> Evidence:
    """Measure everything that the gate decides over.

    Parameters
    ----------
    candidate, serving : StoredModel
        With the certificates that were withdrawn, and why: without a threshold there is nothing to compare.
    given : sequence of Case
        The labelled cases that the candidate learned from, where they are at hand.
    own : sequence of Paired
        What both models said of the caller's own cases, as ``on_pairs`` and ``on_left_out`` return it.
    """
    facts = candidate.manifest["training"].get("labels_by_slice")
    labels = {"the model itself": facts} if facts else {}
    lost = () if serving is None else tuple(serving.withdrawn)
    if serving is None or not _is_of_here(candidate) or not _is_of_here(serving):
        # Nothing to compare with, or nothing that could be compared: rule 1 of the gate, and no time lost.
        return Evidence(
            candidate.manifest,
            installation(),
            None if serving is None else serving.manifest,
            labels=labels,
            withdrawn=candidate.withdrawn,
            lost=lost,
            not_compared=_NOTHING_SERVES if serving is None else _OTHER_FEATURES,
        )
    if given:
        labels["the serving model"] = contradictions(serving.model, given)
    alpha = largest_alpha(candidate)
    pairs = [on_simulated(candidate.model, serving.model, progress=progress), *own]
    measured = [compared(pair, alpha=alpha) for pair in pairs]
    return Evidence(
        candidate.manifest,
        installation(),
        serving.manifest,
        measured,
        labels,
        withdrawn=candidate.withdrawn,
        lost=lost,
    )


def compared(pair: Paired, *, alpha: float) -> Measured:
    """Hold what two models said of the same cases against each other; ``alpha`` is that of ``questions.answers``."""
    return Measured(
        pair.source,
        differences(pair),
        calibration_worse(pair),
        pair.simulated,
        pair.of_labels,
        answers(pair, alpha=alpha),
    )


def largest_alpha(stored: StoredModel) -> float:
    """Return what its certificates allow at most; without any nothing is cleared, and any will do."""
    return max((one.alpha for one in stored.model.certificates.values()), default=max(ALPHA["standard"]))


def gate_cases() -> tuple[Registry, list[Labelled]]:
    """Return the protected accounts that the gate invents, and cases of every family around them."""
    registry = invent_registry(IDENTITIES, GATE_SEED)
    return registry, labelled_cases(simulate(registry.accounts, seed=GATE_SEED))


def on_simulated(candidate: PairModel, serving: PairModel, *, progress: bool = False) -> Paired:
    """Compare on simulated cases of every family around invented protected accounts of the gate's own seed."""
    registry, cases = gate_cases()
    return _paired(candidate, serving, cases, registry, "simulated by the gate", progress=progress, simulated=True)


def on_pairs(
    candidate: PairModel,
    serving: PairModel,
    pairs: Sequence[Rows],
    registry: Registry,
    *,
    now: datetime,
    kind: str | None = None,
    platform: str | None = None,
) -> Paired:
    """Compare on labelled accounts, whose columns ``family`` and ``slice`` become slices.

    Raises
    ------
    InputError
        As ``evaluate.read_labelled_files``.
    """
    cases, _ = read_labelled_files(pairs, kind=kind, now=now, platform=platform)
    found = _paired(candidate, serving, cases, registry, f"of {', '.join(map(name_of, pairs))}")
    parts = pd.Series([case.part for case in cases], dtype=object)
    return replace(found, serving=found.serving.assign(slice=parts)) if parts.notna().any() else found


def on_left_out(candidate: PairModel, serving: PairModel, given: Sequence[Case], registry: Registry) -> Paired | None:
    """Compare on the given cases that fitting and calibrating left out; ``None`` where there are none."""
    cases = labelled_cases(given)
    if not cases:
        return None
    found = _paired(candidate, serving, cases, registry, "of the given labels left out of training")
    return replace(found, of_labels=True)


def _paired(
    candidate: PairModel,
    serving: PairModel,
    cases: Sequence[Labelled],
    registry: Registry,
    source: str,
    *,
    progress: bool = False,
    simulated: bool = False,
) -> Paired:
    index = CandidateIndex(registry)
    scorers = [Scorer(model, name, index) for model, name in ((serving, "serving"), (candidate, "candidate"))]
    before, after = assess_labelled_beside(scorers, cases, progress=progress)
    return Paired(after, before, source, simulated)


def _is_of_here(stored: StoredModel) -> bool:
    return stored.model.features == FEATURE_NAMES
