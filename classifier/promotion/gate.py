"""The gate: may this model take the place of the one that serves? Pure; what it decides over was measured before.

1. A model whose features, code or libraries are not this installation's is refused: it would answer otherwise here.
2. A certificate that the serving model has must be there, with no higher alpha or delta, and speak of no less. None may
   have been withdrawn; where the serving model has lost its own so, there need be none, but one of higher rates is no
   remedy.
3. It must answer the ``questions`` in the order of harm: on cases that the gate simulates, each of them "no worse", for
   there can be as many cases as it takes; on given ones, none of them "worse". What given cases cannot tell is told.
4. No slice may get worse beyond noise: genuine accounts called impersonation or above the threshold, attacks missed.
5. Calibration must not break.
6. No slice of the labels it learned from may contradict a model far more often than the others: such labels were
   mistaken, or turned against somebody.

Every refusal has a stable code, and a sentence with the figure and the remedy. Questions are tested each at its own
level. After them all tests of one kind over all slices are one family at ``LEVEL`` by Holm's procedure, so that a model
no worse than the other is refused by chance at most once in 1 / ``LEVEL`` times for each kind.

References
----------
R. A. Fisher (1935), "The logic of inductive inference", Journal of the Royal Statistical Society 98, 39-82 (exact test)
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from scipy.stats import fisher_exact

from classifier.accounts.slices import TITLES
from classifier.promotion.paired_bootstrap import EVERYTHING, Difference, rejected
from classifier.promotion.questions import Answer
from classifier.utils.percent import share_percent

LEVEL = 0.01
# An absolute bound on the expected calibration error, on the simulated mix that probabilities are calibrated on.
MOST_CALIBRATION_ERROR = 0.1
# How much more often than elsewhere labels of a slice may contradict a model, in shares of the cases it is sure of.
CONTRADICTION_MARGIN = 0.02
_LEAST_SURE = 20
_ALONE = "the account alone"
_NAMES = {**TITLES, "family": "Kind of case", "slice": "Slice of the given cases"}
_HARMS = {
    "flagged": "of genuine accounts are called impersonation",
    "above": "of genuine accounts are above the certified threshold",
    "missed": "of attacks are missed",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason to refuse.

    Attributes
    ----------
    code, text : str
    of_labels : bool
        Whether it rests on the labels that the model learned from, which may not be at hand another time.
    """

    code: str
    text: str
    of_labels: bool = False

    def plain(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Installation:
    """What computes here."""

    features: tuple[str, ...]
    code: str
    libraries: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured on one set of held-out cases.

    Attributes
    ----------
    source : str
        Where the cases are from, as a phrase.
    differences : sequence of Difference
        Of the slices.
    calibration : tuple of (float, float, float)
        The expected calibration errors of serving model and candidate, and the p-value of its being worse.
    simulated : bool
        Whether the mix is the one that probabilities are calibrated on.
    of_labels : bool
        Whether the cases are labels that the model was given.
    answers : sequence of Answer
        To the questions in the order of harm.
    """

    source: str
    differences: Sequence[Difference] = ()
    calibration: tuple[float, float, float] | None = None
    simulated: bool = False
    of_labels: bool = False
    answers: Sequence[Answer] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that the gate decides over.

    Attributes
    ----------
    candidate, serving : mapping
        Manifests; ``None`` where nothing serves yet.
    labels : mapping of str to mapping
        For each model that was asked, ``label_noise.contradictions`` of the given labels.
    withdrawn : mapping of str to str
        Why certificates of the candidate were withdrawn, by tier.
    lost : collection of str
        The tiers whose certificate the serving model has lost by withdrawal.
    not_compared : str
        Why nothing was measured; empty where it was.
    """

    candidate: Mapping[str, Any]
    installation: Installation
    serving: Mapping[str, Any] | None = None
    measured: Sequence[Measured] = ()
    labels: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    withdrawn: Mapping[str, str] = field(default_factory=dict)
    lost: Collection[str] = ()
    not_compared: str = ""


def decide(evidence: Evidence) -> tuple[Finding, ...]:
    """Return all reasons to refuse; none: the model may serve."""
    findings = [*installed(evidence.candidate, evidence.installation), *withdrawals(evidence.withdrawn)]
    if evidence.serving is not None:
        settled = {*evidence.withdrawn, *evidence.lost}
        findings += certificates(evidence.candidate, evidence.serving, withdrawn=evidence.withdrawn, lost=evidence.lost)
        for measured in evidence.measured:
            findings += [*harms(measured, settled), *worse_slices(measured), *calibration(measured)]
    for model, table in evidence.labels.items():
        findings += contradicted(table, model)
    return tuple(findings)


def installed(candidate: Mapping[str, Any], here: Installation) -> Iterator[Finding]:
    """Yield what of the candidate is not this installation's."""
    if list(here.features) != candidate["features"]:
        other = sorted(set(here.features) ^ set(candidate["features"])) or ["their order"]
        yield Finding(
            "feature_mismatch",
            f"its features are not those that this version computes ({', '.join(other)}); "
            "train again with this version",
        )
    if candidate["code"] != here.code:
        yield Finding(
            "code_mismatch",
            f"it was trained by version {candidate['code']} and this is {here.code}; "
            "train again with this version, or install that one",
        )
    own = candidate["libraries"]
    other = [
        f"{name} {own.get(name, 'none')}, here {found}"
        for name, found in here.libraries.items()
        if own.get(name) != found
    ]
    if other:
        yield Finding(
            "library_mismatch",
            f"it was trained with other libraries ({'; '.join(other)}); install those of its manifest, or train again",
        )


def withdrawals(tiers: Mapping[str, str]) -> Iterator[Finding]:
    """Yield the certificates that were withdrawn: they do not count any more, whatever serves."""
    for tier, why in tiers.items():
        yield Finding("certificate_withdrawn", f"tier {tier}: {why.rstrip('.')}; train on newer data")


def certificates(
    candidate: Mapping[str, Any],
    serving: Mapping[str, Any],
    *,
    withdrawn: Collection[str] = (),
    lost: Collection[str] = (),
) -> Iterator[Finding]:
    """Yield the certificates that are missing or worse: of tiers in which the candidate's was not withdrawn."""
    certified = candidate["certificates"]
    pairs = {
        f"tier {tier}": (certified.get(tier), certificate)
        for tier, certificate in serving["certificates"].items()
        # Without a certificate nobody is cleared, as by the serving model since it lost its own.
        if tier not in withdrawn and (tier in certified or tier not in lost)
    }
    pairs[_ALONE] = _alone(candidate), _alone(serving)
    for name, (new, old) in pairs.items():
        if old is None:
            continue
        if new is None:
            yield Finding(
                "certificate_missing",
                f"{name}: it has no certificate, and the serving model has one of alpha "
                f"{old['alpha']:g} over {old['n']:,} genuine accounts; train on more protected accounts",
            )
            continue
        for rate in ("alpha", "delta"):
            if new[rate] > old[rate]:
                yield Finding(
                    "certificate_worse",
                    f"{name}: {rate} is {new[rate]:g}, and the serving model's is "
                    f"{old[rate]:g}; certify at the serving model's rate",
                )
        # What is said of the account alone clears nobody, and whoever gives own labelled accounts names other sources.
        if name != _ALONE and _claim(new) not in {_claim(old), _claim(old).replace("invented", "given")}:
            yield Finding(
                "certificate_worse",
                f"{name}: it speaks of '{_claim(new)}', and the serving model's of "
                f"'{_claim(old)}'; certify on the same kind of accounts",
            )


def harms(measured: Measured, settled: Collection[str] = ()) -> Iterator[Finding]:
    """Yield the questions, but for those of settled tiers, that were not answered as they must be."""
    for answer in measured.answers:
        is_open = answer.said == "cannot tell" and measured.simulated
        if answer.tier not in settled and (answer.said == "worse" or is_open):
            code = "certificate_worse" if answer.tier else "harm_not_excluded" if is_open else "harm_greater"
            yield Finding(code, _harm_text(answer), measured.of_labels)


def _harm_text(answer: Answer) -> str:
    shown = "" if answer.said == "worse" else "it is not shown that this is no worse; "
    return (
        f"{answer.question}: {share_percent(answer.candidate)}, and {share_percent(answer.serving)} by the serving "
        f"model ({answer.cases:,} cases {answer.source}; {points(answer.low, answer.high)} points, and "
        f"{100 * answer.margin:g} are allowed); {shown}look at the registry and the labels that it was trained on, or "
        "add more of either"
    )


def points(low: float, high: float) -> str:
    """Return the bounds of a difference of shares, in points.

    Examples
    --------
    >>> points(-0.0012, 0.031)
    '-0.1 to +3.1'
    """
    return f"{100 * low:+.1f} to {100 * high:+.1f}"


def worse_slices(measured: Measured) -> Iterator[Finding]:
    """Yield the slices that got worse beyond noise, the clearest first."""
    found = [change for change in measured.differences if change.harm in _HARMS]
    for change in sorted(_significant(found), key=lambda change: change.p):
        yield Finding(
            "slice_worse",
            f"{_named(change.column, change.value)}: {share_percent(change.candidate)} {_HARMS[change.harm]}, and "
            f"{share_percent(change.serving)} by the serving model ({change.cases:,} cases {measured.source}, "
            f"p = {change.p:.1g}); "
            "look at the labels of this slice, or add cases of it",
            measured.of_labels,
        )


def calibration(measured: Measured) -> Iterator[Finding]:
    """Yield whether calibration broke."""
    if measured.calibration is None:
        return
    before, after, p = measured.calibration
    if p <= LEVEL:
        yield Finding(
            "calibration_broke",
            f"its calibration error is {after:.3f}, and the serving model's {before:.3f} "
            f"({measured.source}, p = {p:.1g}); look at labels given for calibrating, or add accounts",
            measured.of_labels,
        )
    elif measured.simulated and after > MOST_CALIBRATION_ERROR:
        yield Finding(
            "calibration_broke",
            f"its calibration error is {after:.3f} ({measured.source}), and at most "
            f"{MOST_CALIBRATION_ERROR:g} is allowed; add protected accounts",
        )


def contradicted(table: Mapping[str, Any], model: str) -> Iterator[Finding]:
    """Yield the slices whose labels contradict a model far more often than those of the rest, the clearest first."""
    known = list(_label_tests(table))
    rejected_ones = rejected([p for *_, p in known], LEVEL)
    found = [test for test, is_rejected in zip(known, rejected_ones, strict=True) if is_rejected]
    for column, value, counts, rest, _ in sorted(found, key=lambda test: test[-1]):
        yield Finding(
            "labels_contradicted",
            f"{_named(column, value)}: {counts['contradicted']:,} of {counts['sure']:,} labels "
            f"({share_percent(counts['contradicted'] / counts['sure'])}) say impersonation where {model} is sure that "
            f"it is none, and {share_percent(rest[0] / max(rest[1], 1))} elsewhere; "
            "have the labels of this slice read again",
            of_labels=True,
        )


def _label_tests(table: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, int], tuple[int, int], float]]:
    for column, values in table.items():
        total = [sum(counts[name] for counts in values.values()) for name in ("contradicted", "sure")]
        for value, counts in values.items():
            # A kind of case that is labelled impersonation as a whole is one that the model does not know, no poison.
            if counts["sure"] < _LEAST_SURE or (column == "family" and counts["impersonation"] > counts["cases"] / 2):
                continue
            rest = total[0] - counts["contradicted"], total[1] - counts["sure"]
            expected = round(CONTRADICTION_MARGIN * counts["sure"])
            contingency = [[max(counts["contradicted"] - expected, 0), counts["sure"]], [rest[0], rest[1]]]
            p = fisher_exact([[a, b - a] for a, b in contingency], alternative="greater").pvalue if rest[1] else 1.0
            yield column, value, counts, rest, float(p)


def _significant(found: Sequence[Difference]) -> list[Difference]:
    beyond_noise = rejected([change.p for change in found], LEVEL)
    return [change for change, is_rejected in zip(found, beyond_noise, strict=True) if is_rejected]


def _named(column: str, value: str) -> str:
    return "all cases" if column == EVERYTHING else f"{_NAMES.get(column, column)} = {value}"


def _alone(manifest: Mapping[str, Any]) -> Mapping[str, Any] | None:
    return (manifest.get("account") or {}).get("certificate")


def _claim(certificate: Mapping[str, Any]) -> str:
    """Return what a certificate speaks of, without the version of the registry: that may grow."""
    return str(certificate["population"]).split(", registry ")[0]
