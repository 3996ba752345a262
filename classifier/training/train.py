"""Training: simulate over a registry, fit and calibrate on different identities, certify on yet others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score
from sklearn.utils.class_weight import compute_sample_weight
from threadpoolctl import threadpool_limits

from classifier.accounts.account import Tier
from classifier.certification.neyman_pearson import Certificate, certify
from classifier.errors import TrainingError
from classifier.evaluation.evaluate import assess_labelled, labelled_cases, plain
from classifier.evaluation.metrics import families, figures
from classifier.evaluation.slices import by_slice
from classifier.features import FEATURE_NAMES, MONOTONE
from classifier.labels.dataset import Labels
from classifier.labels.labelled_case import GIVEN
from classifier.model.account_model import AccountModel
from classifier.model.additive import AdditiveClassifier
from classifier.model.pair_model import CIRCUMSTANCES, IMPERSONATION_HEAD, OTHER_RELATIONS, PairModel
from classifier.model.platt import Calibration
from classifier.model.scorecard import default_account_model
from classifier.model_store.training_result import Training
from classifier.registry.registry import Registry
from classifier.retrieval.candidate_index import CandidateIndex
from classifier.scoring.scorer import Scorer
from classifier.simulation import CASES_EACH, GENUINE, SHARE_OF_ATTACKS, Case, make_case, simulate
from classifier.simulation.population import invent_registry
from classifier.training.baseline import reference
from classifier.training.label_noise import contradictions
from classifier.training.pairs import LabelledPairs, check_disjoint, chunks, identity, labelled_pairs, split_identities
from classifier.utils.progress import Stages

DEFAULT_SEED = 2017
# Invented identities of the default model: enough that the part for certifying holds the 2,995 genuine accounts that
# alpha 0.1 % at delta 5 % needs at least (``neyman_pearson.smallest_sample``), with room for a few errors.
DEFAULT_IDENTITIES = 6_000
SPLIT = (0.22, 0.08, 0.7)
# Comparing for fitting and for calibrating, fitting both kinds of heads, certifying, measuring; and counting labels.
_STAGES = 6
# What is real is worth more than what was simulated; this project's choice.
GIVEN_WEIGHT = 10.0
# With more, a few labels would outweigh the simulation as a whole.
MOST_WEIGHT = 1_000.0
# Identities of the part for certifying around which cases of every family are simulated to measure on; more would take
# noticeably longer than a few seconds.
HELD_OUT = 100
# How much more a parody counts than others that are no attacks: most declare themselves in few words, and a parody that
# is not seen is called unrelated. This project's choice, between parodies seen and others taken for parodies.
PARODIES = 3.0
DELTA = 0.05
# The bounds that are tried for each tier, the strictest first: few protected accounts certify the loosest only.
ALPHA: Mapping[Tier, tuple[float, ...]] = {"standard": (0.001, 0.01), "high": (0.001,)}


def train(
    registry: Registry | None = None,
    *,
    account: AccountModel | None = None,
    given: Labels | Sequence[Case] = (),
    weight: float = GIVEN_WEIGHT,
    seed: int = DEFAULT_SEED,
    progress: bool = False,
) -> Training:
    """Train a model.

    Parameters
    ----------
    registry : Registry, optional
        The protected accounts to simulate over; by default an invented population.
    account : AccountModel, optional
        The head for the account alone, as ``account_model.fit`` learns it; by default the package's scorecard.
    given : Labels or sequence of Case
        Real labelled accounts of targets in ``registry``; each goes to the part its target falls in, to be fitted on or
        calibrated on, or left out of both, for the gate to ask. Certificates stay with simulated accounts. What they
        were read from, how many went where and how far labellers agreed is kept in the facts under "given".
    weight : float
        How many simulated cases a given one counts as where it is fitted on, at least 1.
    seed : int
        The same seed, data and library versions give the same model to the byte, whatever the process, the number of
        cores and the processor's BLAS kernels (``rounding``). Another architecture of processor may add and multiply in
        one step where this one takes two, and so give another model; the manifest names the architecture.
    progress : bool
        Show a bar for each stage on standard error.

    Raises
    ------
    TrainingError
        If the registry is too small to be split into fitting, calibrating and certifying identities, or ``weight`` is
        below 1 or above ``MOST_WEIGHT``.
    """
    if not 1.0 <= weight <= MOST_WEIGHT:
        raise TrainingError(f"the weight of given labels must be from 1 to {MOST_WEIGHT:g}")
    labels = Labels.of(given)
    population = registry or invent_registry(DEFAULT_IDENTITIES, seed)
    fitting, calibrating, certifying = split_identities(population, SPLIT, seed=seed)
    stages = Stages("training", _STAGES + bool(labels.cases), shown=progress)
    # One thread: fitting these sizes gains nothing from more, and adding in one order gives the same bytes each time.
    with threadpool_limits(1):
        fit_on = _pairs(fitting, labels.cases, seed + 1, stages)
        calibrate_on = _pairs(calibrating, labels.cases, seed + 2, stages)
        check_disjoint(fit_on, calibrate_on)
        model = _fit(fit_on, calibrate_on, weight, seed, stages)
        scores = genuine_scores(
            Scorer(model, "uncertified", certifying),
            seed=seed + 3,
            watch=lambda cases: stages.watch(cases, "certifying", len(certifying), "case"),
        )
    certificates = _certificates(scores, population, registry is None)
    model = replace(
        model, certificates=certificates, ranges=_ranges(fit_on), account=account or default_account_model()
    )
    facts = _facts(model, population, fit_on, calibrate_on, seed)
    with stages.stage("measuring", 1, "set") as done:
        facts["held_out"] = _held_out(Scorer(model, "held out", certifying), seed + 4)
        done()
    facts["reference"] = reference(model, calibrate_on, scores)
    if labels.cases:
        watched = stages.watch(labels.cases, "counting labels", len(labels), "case")
        uses = _uses(labels.cases, fitting, calibrating)
        facts |= {
            "given": labels.facts() | {"weight": weight, "uses": uses},
            "labels_by_slice": contradictions(model, watched),
        }
    return Training(model, facts)


def left_out(given: Iterable[Case], registry: Registry, *, seed: int) -> list[Case]:
    """Return the given cases that ``train`` with this registry and seed neither fits nor calibrates on."""
    *_, certifying = split_identities(registry, SPLIT, seed=seed)
    own = {identity(account) for account in certifying.accounts}
    return [case for case in given if identity(case.protected) in own]


def _uses(given: Sequence[Case], fitting: Registry, calibrating: Registry) -> dict[str, int]:
    """Return what became of given cases: ``fitting``, ``calibrating`` and ``left_out``, which adds up to all."""
    own = {"fitting": fitting, "calibrating": calibrating}
    parts = {name: {identity(one) for one in part} for name, part in own.items()}
    used = {name: sum(identity(case.protected) in part for case in given) for name, part in parts.items()}
    return used | {"left_out": len(given) - sum(used.values())}


def genuine_cases(registry: Registry, *, seed: int) -> Iterator[Case]:
    """Yield one genuine case for every protected account, its family drawn evenly: what certificates speak of."""
    families = tuple(GENUINE)
    for place, account in enumerate(registry.accounts):
        rng = np.random.default_rng([seed, place])
        case = None
        while case is None:  # nobody may come near by chance: another family then
            case = make_case(rng, account, families[int(rng.integers(len(families)))])
        yield case


def genuine_scores(
    scorer: Scorer, *, seed: int, watch: Callable[[Iterable[Case]], Iterable[Case]] = iter
) -> list[float]:
    """Return how near each genuine case of the scorer's registry comes to being cleared.

    Returns
    -------
    list of float
        Its ``clearing_probability``; 0 where it is not called impersonation, because then nothing clears it.
    """
    scores: list[float] = []
    for chunk in chunks(watch(genuine_cases(scorer.registry, seed=seed))):
        found = scorer.assess_many([case.account for case in chunk], explain=False)
        scores += [
            assessment.clearing_probability if assessment.relation == "impersonation" else 0.0 for assessment in found
        ]
    return scores


def _pairs(registry: Registry, given: Sequence[Case], seed: int, stages: Stages) -> LabelledPairs:
    own = {identity(account) for account in registry.accounts}
    real = [case for case in given if identity(case.protected) in own]
    cases = chain(simulate(registry.accounts, seed=seed), real)
    most = CASES_EACH * len(registry) + len(real)
    return labelled_pairs(stages.watch(cases, "comparing", most, "case"), CandidateIndex(registry))


def _fit(fit_on: LabelledPairs, calibrate_on: LabelledPairs, weight: float, seed: int, stages: Stages) -> PairModel:
    is_attack = fit_on.labels == "impersonation"
    if not is_attack.any() or is_attack.all():
        raise TrainingError("the labelled pairs need impersonations and others")
    with stages.stage("fitting", 1, "head") as done:
        impersonation = AdditiveClassifier(monotone=MONOTONE, random_state=seed, **IMPERSONATION_HEAD).fit(
            fit_on.values, is_attack, sample_weight=_mixed(fit_on, weight)
        )
        done()
    # An account is judged by its likeliest target, and the likeliest of several is likelier than any one pair.
    log_odds = calibrate_on.highest(impersonation.decision_function(calibrate_on.values))
    calibration = Calibration.fit(log_odds, calibrate_on.is_attack, _of_cases(calibrate_on.is_attack))
    values, labels = fit_on.values[~is_attack], fit_on.labels[~is_attack]
    # Further candidates make most pairs unrelated. Half-way to balance: without, second accounts and parodies are
    # hardly ever recognised; with full balance, many ordinary accounts are taken for somebody's second one.
    weights = np.sqrt(compute_sample_weight("balanced", labels)) * np.where(labels == "parody_or_fan", PARODIES, 1.0)
    others = {
        relation: AdditiveClassifier(max_iter=100, learning_rate=0.2, random_state=seed)
        .fit(values, labels == relation, sample_weight=weights)
        .fitted_
        for relation in stages.watch(OTHER_RELATIONS, "fitting others", len(OTHER_RELATIONS), "head")
    }
    return PairModel(
        features=FEATURE_NAMES, impersonation=impersonation.fitted_, calibration=calibration, others=others
    )


def _mixed(pairs: LabelledPairs, weight: float) -> NDArray[np.float64]:
    """Return how much each pair counts: attacks in their share of reported accounts, real labels ``weight`` times."""
    of_cases = dict(zip(np.unique(pairs.cases).tolist(), _of_cases(pairs.is_attack).tolist(), strict=True))
    mixed = np.array([of_cases[case] for case in pairs.cases.tolist()])
    weights: NDArray[np.float64] = np.where(pairs.families == GIVEN, weight, 1.0) * mixed
    return weights


def _of_cases(is_attack: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return how many reported accounts each case stands for, so that attacks have their share; 1 on average."""
    share = float(is_attack.mean())
    weights: NDArray[np.float64] = np.where(
        is_attack, SHARE_OF_ATTACKS / share, (1.0 - SHARE_OF_ATTACKS) / (1.0 - share)
    )
    return weights


def _certificates(scores: list[float], population: Registry, invented: bool) -> dict[str, Certificate]:
    families = ", ".join(GENUINE)
    origin = "invented" if invented else "given"
    described = (
        f"simulated genuine accounts ({families}, evenly) around {origin} protected accounts, "
        f"registry {population.version[:12]}"
    )
    found = {tier: _strictest(scores, alphas, described) for tier, alphas in ALPHA.items()}
    return {tier: certificate for tier, certificate in found.items() if certificate is not None}


def _strictest(scores: list[float], alphas: Sequence[float], population: str) -> Certificate | None:
    """Return the certificate of the first bound that so many scores can hold."""
    found = (certify(scores, alpha=alpha, delta=DELTA, population=population) for alpha in alphas)
    return next((certificate for certificate in found if certificate is not None), None)


def _ranges(pairs: LabelledPairs) -> dict[str, tuple[float, float]]:
    """Return how far the circumstances of the genuine accounts go, who are drawn like those of the certificates."""
    is_genuine = np.isin([family.removesuffix("/other") for family in pairs.families.tolist()], list(GENUINE))
    columns = {name: pairs.values[is_genuine, FEATURE_NAMES.index(name)] for name in CIRCUMSTANCES}
    known = {name: column[~np.isnan(column)] for name, column in columns.items()}
    return {name: (float(found.min()), float(found.max())) for name, found in known.items() if len(found)}


def _held_out(scorer: Scorer, seed: int) -> dict[str, Any]:
    """Measure from report to verdict on cases around identities that were neither fitted nor calibrated on."""
    results = assess_labelled(scorer, labelled_cases(simulate(scorer.registry.accounts[:HELD_OUT], seed=seed)))
    found = figures(results, attacks=SHARE_OF_ATTACKS)
    rounded = {name: round(value, 4) if isinstance(value, float) else value for name, value in found.items()}
    return {"figures": rounded, "slices": plain(by_slice(results)), "families": plain(families(results))}


def _facts(
    model: PairModel, population: Registry, fit_on: LabelledPairs, calibrate_on: LabelledPairs, seed: int
) -> dict[str, Any]:
    labels = calibrate_on.labels == "impersonation"
    return {
        "seed": seed,
        "registry": population.version,
        "identities": len(population),
        "data": {"fitting": fit_on.digest(), "calibrating": calibrate_on.digest()},
        "pairs": {"fitting": len(fit_on.labels), "calibrating": len(calibrate_on.labels)},
        "metrics": {
            "calibrating_pair_auc": round(float(roc_auc_score(labels, model.probability(calibrate_on.values))), 4)
        },
    }
