"""Evaluation: the whole path, account in and verdict out, measured on cases the model has never seen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields, is_dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from classifier.accounts.account import TIERS, Account
from classifier.accounts.slices import name_commonness, slice_values
from classifier.errors import InputError
from classifier.evaluation.metrics import (
    Family,
    Share,
    calibration,
    families,
    figure_shares,
    figures,
    is_attack,
    relations,
    roc,
    share_of,
)
from classifier.evaluation.requirements import Bound
from classifier.evaluation.slices import by_name, by_slice
from classifier.evaluation.targets import Target, Targets
from classifier.labels.adjudication import settle, with_label
from classifier.labels.sources import Rows
from classifier.labels.votes import read_votes
from classifier.registry.registry import Registry
from classifier.scoring.assessment import Assessment
from classifier.scoring.evidence import Evidence
from classifier.scoring.policy import Policy, decide
from classifier.scoring.scorer import Scorer
from classifier.simulation import Case, simulate
from classifier.utils.progress import bar

# This many identities are simulated around by default, of another seed than any that training uses.
IDENTITIES = 1_000
EVALUATION_SEED = 40_404
_NOW = datetime(2025, 6, 30, tzinfo=UTC)
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Labelled:
    """A reported account with what it truly is.

    Attributes
    ----------
    target : str
        The handle of the protected account that the label is about.
    target_platform : str or None
        That account's platform, where it is known. Otherwise see ``targets.Targets``.
    label : str
        "impersonation" or anything else, which counts as genuine.
    family : str
        What kind of case it is; figures are given by family.
    part : str or None
        What the column ``slice`` of a file says of it.
    place : (int, int) or None
        Which of the files it is from, from 0, and its row there, from 1.
    """

    account: Account
    target: str
    label: str
    family: str
    part: str | None = None
    target_platform: str | None = None
    place: tuple[int, int] | None = None


def labelled_cases(cases: Iterable[Case]) -> list[Labelled]:
    """Return simulated cases as labelled accounts."""
    return [
        Labelled(case.account, case.protected.handle, case.label, case.family, target_platform=case.protected.platform)
        for case in cases
    ]


def simulated_cases(registry: Registry, *, seed: int) -> list[Labelled]:
    """Return a case of every family around each of ``IDENTITIES`` protected accounts drawn from the registry."""
    drawn = np.random.default_rng(seed).permutation(len(registry))[:IDENTITIES]
    return labelled_cases(simulate([registry.accounts[index] for index in drawn], seed=seed))


def read_labelled(source: Rows | Sequence[Rows], *, now: datetime, platform: str | None = None) -> list[Labelled]:
    """Read labelled accounts as ``read_labelled_files`` does."""
    several = [source] if isinstance(source, Path | pd.DataFrame) else source
    return read_labelled_files(several, now=now, platform=platform)[0]


def read_labelled_files(
    sources: Sequence[Rows], *, kind: str | None = None, now: datetime, platform: str | None = None
) -> tuple[list[Labelled], list[str]]:
    """Read labelled accounts of any kind of ``classifier.labels.votes``; cases that are unclear are left out.

    Returns
    -------
    labelled : list of Labelled
        One a case; any label is taken, and so is a target that nobody protects.
    lines : list of str
        What was read and how far labellers agreed, for people.

    Raises
    ------
    InputError
        If there are no rows, or one that its kind does not forgive cannot be read or lacks its label or target: figures
        over a part would mislead.
    """
    votes, read = read_votes(sources, kind=kind, now=now, platform=platform)
    settled, agreement = settle(votes)
    labelled = [
        Labelled(vote.account, vote.target, vote.label, vote.family, vote.part, place=(vote.source, vote.row))
        for vote in with_label(settled)
    ]
    if not labelled:
        raise InputError("not one labelled case is clear: labellers disagree on every one, or call it unclear")
    return labelled, [*(source.line() for source in read), agreement.line()]


def assess_labelled(scorer: Scorer, labelled: Sequence[Labelled], *, progress: bool = False) -> pd.DataFrame:
    """Assess labelled accounts end to end.

    Returns
    -------
    DataFrame
        One row a case, in order: ``family``, ``label``, ``relation``, ``probability``, ``clearing_probability`` (what
        thresholds are compared with), ``right_target``, ``flagged`` (called impersonation), ``verdict``, ``above`` (the
        certified threshold), ``tier`` (of the target that the label is about), ``identity`` (that target's number, in
        order of appearance), ``name`` and the values of ``slice_values``. No handle or text of an account is in it.
    """
    return assess_labelled_beside([scorer], labelled, progress=progress)[0]


def assess_labelled_beside(
    scorers: Sequence[Scorer], labelled: Sequence[Labelled], *, progress: bool = False
) -> list[pd.DataFrame]:
    """Assess labelled accounts as ``assess_labelled`` does, with several scorers over one index: compared once."""
    first, *others = scorers
    rows: list[list[dict[str, Any]]] = [[] for _ in scorers]
    known = Targets(first.registry, [case.target for case in labelled])
    targets = [known.of(case.target, case.account.platform, named=case.target_platform) for case in labelled]
    numbers = {target: number for number, target in enumerate(dict.fromkeys(targets))}
    with bar(total=len(labelled), desc="assessing", unit="account", shown=progress) as assessed:
        for start in range(0, len(labelled), _CHUNK):
            chunk = labelled[start : start + _CHUNK]
            answers = first.assess_beside(others, [case.account for case in chunk])
            wanted = targets[start : start + _CHUNK]
            for own, found in zip(rows, answers, strict=True):
                own += [
                    _row(one, assessment, target, numbers[target])
                    for one, assessment, target in zip(chunk, found, wanted, strict=True)
                ]
            assessed.update(len(chunk))
    return [pd.DataFrame(own) for own in rows]


def _row(one: Labelled, assessment: Assessment, wanted: Target, identity: int) -> dict[str, Any]:
    target, certificate = assessment.target, assessment.certificate
    return {
        "family": one.family,
        "label": one.label,
        "relation": assessment.relation,
        "probability": assessment.impersonation_probability,
        "clearing_probability": assessment.clearing_probability,
        "right_target": target is not None and wanted.is_account(target.platform, target.handle),
        "flagged": assessment.relation == "impersonation",
        "verdict": decide(assessment, "suspend", None, now=_NOW, policy=Policy()).verdict,
        "above": certificate is not None and certificate.covers(assessment.clearing_probability),
        "tier": wanted.tier,
        "identity": identity,
        "name": name_commonness(one.account),
        **slice_values(one.account),
    }


def evidence_frame(assessment: Assessment) -> pd.DataFrame:
    """Return what one answer rests on, the weightiest first.

    Returns
    -------
    DataFrame
        ``feature``, ``explanation``, ``value``, ``reported`` and ``protected`` (what was compared, as text),
        ``contribution`` in log-odds, above 0 for impersonation, and ``kind``. It holds texts of both accounts.
    """
    columns = [field.name for field in fields(Evidence)]
    return pd.DataFrame([asdict(item) for item in assessment.evidence], columns=columns)


def measured(
    scorer: Scorer,
    results: pd.DataFrame,
    *,
    source: str,
    now: datetime,
    bounds: Sequence[Bound] = (),
    attacks: float | None = None,
) -> dict[str, Any]:
    """Return everything measured as plain JSON values; nothing of any account is among them.

    Parameters
    ----------
    results : DataFrame
        Of ``assess_labelled``.
    source : str
        Where the cases are from, as a phrase.
    now : datetime
        When they were measured, aware.
    attacks : float, optional
        As in ``metrics.figures``: for simulated cases ``simulation.SHARE_OF_ATTACKS``.
    """
    found = figures(results, attacks=attacks)
    return {
        "model_id": scorer.model_id,
        "registry": {"version": scorer.registry.version, "accounts": len(scorer.registry)},
        "source": source,
        "measured_at": now.isoformat(timespec="seconds"),
        "bounds": [bound.plain(found) for bound in bounds],
        "figures": found,
        "intervals": plain(figure_shares(results)),
        "certificates": {tier: certificate.plain() for tier, certificate in scorer.model.certificates.items()},
        "above_certified_threshold": plain(_above(results)),
        "families": [_family(family) for family in families(results)],
        "relations": plain(relations(results)),
        "roc": plain(roc(results)),
        "calibration": plain(calibration(results)),
        "slices": plain(by_slice(results)),
        "name_slices": plain(by_name(results)),
    }


def _family(family: Family) -> dict[str, Any]:
    shares = {name: getattr(family, name) for name in ("right_target", "flagged", "found", "cleared")}
    found = {name: share.share for name, share in shares.items()}
    return {
        "label": family.label,
        "family": family.family,
        "cases": family.found.of,
        **found,
        "intervals": plain(shares),
    }


def _above(results: pd.DataFrame) -> dict[str, dict[str, Share]]:
    """Return for each tier the attacks and the genuine accounts above its certified threshold."""
    attack = is_attack(results)
    return {
        tier: {
            "attacks": share_of(results.loc[attack & (results["tier"] == tier), "above"]),
            "genuine": share_of(results.loc[~attack & (results["tier"] == tier), "above"]),
        }
        for tier in TIERS
    }


def plain(value: Any) -> Any:
    """Return measured values as plain JSON values."""
    if isinstance(value, Share):
        return value.plain()
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list) else value
