"""Promotion: the gate measured and asked, and its answer acted on and logged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime

import pandas as pd

from classifier.errors import NoModelError, OldFormatError
from classifier.labels.sources import Rows
from classifier.model_store.promotion_log import SERVING
from classifier.model_store.store import ModelStore, StoredModel, Who
from classifier.promotion import measurements
from classifier.promotion.gate import Finding, decide
from classifier.promotion.paired_bootstrap import Paired
from classifier.promotion.questions import Answer
from classifier.registry.registry import Registry
from classifier.simulation import Case
from classifier.training.train import left_out


@dataclass(frozen=True, slots=True)
class Examination:
    """What the gate found, and what it looked at.

    Attributes
    ----------
    findings : tuple of Finding
        What it has against the version; none: it may serve.
    answers : tuple of Answer
        To its questions in the order of harm, on simulated cases first.
    not_compared : str
        Why it was compared with no other model; empty where it was.
    """

    findings: tuple[Finding, ...]
    answers: tuple[Answer, ...] = ()
    not_compared: str = ""

    def frame(self) -> pd.DataFrame:
        """Return the answers as a DataFrame, one row each, with the attributes of ``Answer`` as columns."""
        return pd.DataFrame([asdict(answer) for answer in self.answers], columns=[one.name for one in fields(Answer)])


def examine(
    store: ModelStore,
    model_id: str,
    *,
    registry: Registry | None = None,
    given: Sequence[Case] = (),
    pairs: Sequence[Rows] = (),
    kind: str | None = None,
    platform: str | None = None,
    progress: bool = False,
) -> Examination:
    """Ask the gate about a stored version; nothing is changed.

    Parameters
    ----------
    registry : Registry, optional
        The protected accounts that ``given`` and ``pairs`` are about; needed with either.
    given : sequence of Case
        The labels that the version learned from. They are counted slice by slice, and those that were left out of
        fitting and calibrating are held-out cases. Without them, what was last found against them is found again:
        a refusal is not undone by asking without the labels.
    pairs : sequence of Path or DataFrame
        Further labelled accounts, which it has not learned from.
    kind : str, optional
        One of ``votes.KINDS`` for all of them, where their columns do not tell.

    Raises
    ------
    ModelError
        If a version cannot be verified or loaded.
    InputError
        If the pairs cannot be read.
    """
    candidate, serving = _as_trained(store, model_id), _serving(store)
    if serving is not None and serving.model_id == model_id:
        return Examination((), not_compared="it is the one that serves")
    own = _own(candidate, serving, registry, given, pairs, kind, platform) if registry and serving else []
    evidence = measurements.evidence(candidate, serving, given=given, own=own, progress=progress)
    findings = decide(evidence)
    if not given:
        known = {finding.text for finding in findings}
        findings += tuple(one for one in _refused_for(store, model_id) if one.text not in known)
    answers = tuple(answer for measured in evidence.measured for answer in measured.answers)
    return Examination(findings, answers, evidence.not_compared)


def promote(
    store: ModelStore, model_id: str, findings: Sequence[Finding], *, who: Who, at: datetime | None = None
) -> bool:
    """Make a version serve unless something was found against it; either is logged. Return whether it serves now.

    Raises
    ------
    ModelError
        If it cannot be verified.
    """
    plain = [finding.plain() for finding in findings]
    if findings:
        store.refuse(model_id, who=who, findings=plain, at=at)
        return False
    store.promote(model_id, who=who, gate="passed", at=at)
    return True


def _serving(store: ModelStore) -> StoredModel | None:
    """Return what somebody made serve here; nothing where nobody did, or where this version cannot serve it any more.

    The model that ships with the package is nobody's choice until it has decided over something: what is trained for
    few protected accounts would have to be as good as what was trained for thousands.
    """
    try:
        return _as_trained(store, store.promoted_id())
    except (NoModelError, OldFormatError):
        return None


def _as_trained(store: ModelStore, model_id: str) -> StoredModel:
    """Return a version with all its certificates, and why some of them do not count any more."""
    return replace(store.load(model_id, as_certified=True), withdrawn=store.withdrawn(model_id))


def _refused_for(store: ModelStore, model_id: str) -> list[Finding]:
    """Return what the last refusal of a version found against its labels; nothing where it has served since."""
    for entry in reversed(store.log().entries):
        if entry["model"] == model_id and entry["event"] in SERVING:
            break
        if entry["model"] == model_id and entry["event"] == "refused":
            return [Finding(**finding) for finding in entry["findings"] if finding.get("of_labels")]
    return []


def _own(
    candidate: StoredModel,
    serving: StoredModel,
    registry: Registry,
    given: Sequence[Case],
    pairs: Sequence[Rows],
    kind: str | None,
    platform: str | None,
) -> list[Paired]:
    now = datetime.now(UTC)
    models = candidate.model, serving.model
    unseen = left_out(given, registry, seed=candidate.manifest["training"]["seed"]) if given else []
    found = [measurements.on_left_out(*models, unseen, registry)]
    if pairs:
        found.append(measurements.on_pairs(*models, pairs, registry, now=now, kind=kind, platform=platform))
    return [paired for paired in found if paired is not None]
