"""Health: whether the certificates of the model that serves still hold, in one verdict.

What withdraws, and what only warns:

1. Evidence against the error bound withdraws the tier's certificate (``bound``). Nothing else does. Nor does evidence
   that rests on one person's word: the bound must be broken with what any one person alone says taken away
   (``others``), as no clearance rests on one kind of evidence. Until then it warns, and says what to do.
2. A population that moved warns: the bound speaks of genuine accounts, so it can hold while the mix of reports changes.
   It tells where to look, and why the bound may break soon.
3. Probabilities that do not agree with outcomes warn: outcomes are a selected sample.
4. More accounts beyond what the certificates were measured on warn: none of them is cleared anyway.

What counts as a trial of a tier's bound: an account that resembled a protected one of the tier, that the certificate
speaks of, and that became known to be genuine: a decision on it was overturned, or a reviewer declined it and no appeal
upheld it. It is an error if it was called an impersonation with a clearing probability above the threshold, whether or
not it was cleared. Each account counts once, where it first became known, and as an error if any of its decisions was
one. There are outcomes only of checks that were acted on.

One person, by mistake or on purpose, can therefore withdraw nothing alone, whatever share of the work is that person's;
two can, each of whom found enough, or one of whom confirmed what the other found by recording the same outcome. What is
left without a person is still a fair bet where the bound holds, so the promise of ``bound`` stays: a certificate that
holds is withdrawn with probability ``delta`` at most. It even stays where one person says whatever that person likes,
because the others' evidence has to break the bound without it. What it costs is time: of three people who share the
work two thirds of the evidence count (``tests/statistical/test_monitoring.py``). Where only one person decides appeals
nothing is withdrawn by itself; an operator who believes the warning does it by hand, by ``doublecheck monitor
--withdraw``.

Its bias: accounts that were cleared, and so score above the threshold, are appealed and looked at more than others;
those that nobody ever acts on rarely become known. The observed rate is therefore too high rather than too low: this
withdraws early. It would be late where wrongly suspended people do not appeal, or where reviewers decline true
impersonators that score below the threshold: then errors are missing, or trials that are none dilute them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from classifier.certification.monitoring.calibration_drift import Reliability, reliability
from classifier.certification.monitoring.error_bound import DELTA, Bound, watch_bound
from classifier.certification.monitoring.population_drift import Drift, Outside, drift, outside, spreads
from classifier.certification.neyman_pearson import Certificate
from classifier.utils.percent import share_percent

State = Literal["holds", "watch", "withdrawn"]
# Evidence from which somebody should look: what one early mistake leads to is above it.
WATCHED = 3.0
# Recent values from which drift is spoken of: with fewer, chance explains nearly anything.
FEWEST = 100


@dataclass(frozen=True, slots=True)
class Observed:
    """A decision as watching sees it.

    Attributes
    ----------
    account : str
        Tells accounts apart; it is not shown.
    tier : str or None
        Of the target; ``None`` without one.
    is_impersonation : bool
        Whether it was called so.
    probability : float
        Of impersonation, in [0, 1].
    clearing_probability : float or None
        With the strongest kind of evidence taken away; ``None`` of a decision that compared ``probability`` itself.
    values : mapping of str to float
        Features, as far as the record shows them.
    is_outside : bool
        Whether it lies beyond what the certificates were measured on.
    is_attack : bool or None
        What became known of it.
    said_by : frozenset of str
        The people who say so.
    """

    account: str
    tier: str | None
    is_impersonation: bool
    probability: float
    values: Mapping[str, float] = field(default_factory=dict)
    is_outside: bool = False
    is_attack: bool | None = None
    clearing_probability: float | None = None
    said_by: frozenset[str] = frozenset()

    @property
    def score(self) -> float:
        """How near it came to being cleared, as certificates count it: 0 unless it was called impersonation."""
        if not self.is_impersonation:
            return 0.0
        return self.probability if self.clearing_probability is None else self.clearing_probability


@dataclass(frozen=True, slots=True)
class TierHealth:
    """Whether one tier's certificate holds, in one sentence, and what it rests on.

    Attributes
    ----------
    others : float
        The highest evidence against the bound with what one person alone says taken away: the person with whom most of
        it goes.
    """

    tier: str
    state: State
    sentence: str
    bound: Bound | None
    others: float = 1.0


@dataclass(frozen=True, slots=True)
class Health:
    """Whether the certificates of a model hold.

    Attributes
    ----------
    state : {"holds", "watch", "withdrawn"}
        The worst of all tiers; "watch" also where something warns; "withdrawn" where there is no certificate at all.
    sentence : str
        The same in one sentence.
    warnings : tuple of str
        One sentence each: what warns and does not withdraw.
    decisions : int
        Recent decisions that were looked at.
    """

    model_id: str
    state: State
    sentence: str
    tiers: tuple[TierHealth, ...]
    warnings: tuple[str, ...]
    drifts: tuple[Drift, ...]
    reliability: Reliability
    outside: Outside
    decisions: int


def examine(
    model_id: str,
    certificates: Mapping[str, Certificate],
    *,
    recent: Sequence[Observed],
    known: Sequence[Observed],
    reference: Mapping[str, Any] | None = None,
    withdrawn: Mapping[str, str] | None = None,
    delta: float = DELTA,
) -> Health:
    """Compare what was decided with what the certificates rest on.

    Parameters
    ----------
    certificates : mapping of str to Certificate
        As they were certified, by tier.
    recent : sequence of Observed
        Decisions of this model whose population is compared.
    known : sequence of Observed
        All decisions of this model of which something became known, in the order in which it did.
    reference : mapping, optional
        The training's, as ``baseline.reference`` made it.
    withdrawn : mapping of str to str, optional
        Why certificates were withdrawn before, by tier.

    Raises
    ------
    ValueError
        If ``reference`` is none.
    """
    before = withdrawn or {}
    tiers = tuple(_tier(tier, one, known, before.get(tier), delta) for tier, one in sorted(certificates.items()))
    drifts = tuple(_drifts(recent, known, reference)) if reference else ()
    told = [case for case in known if case.is_attack is not None]
    agrees = reliability([case.probability for case in told], [bool(case.is_attack) for case in told])
    then = reference["outside"] if reference else {"share": 0.0, "n": 0}
    beyond = outside(sum(case.is_outside for case in recent), len(recent), float(then["share"]), int(then["n"]))
    warnings = tuple(_warnings(drifts, agrees, beyond, has_reference=bool(reference)))
    state = _worst(tiers, warnings)
    sentence = _sentence(model_id, state, tiers, warnings, len(recent))
    return Health(model_id, state, sentence, tiers, warnings, drifts, agrees, beyond, len(recent))


def trials(tier: str, certificate: Certificate, known: Iterable[Observed]) -> list[bool]:
    """Return, for each account known to be genuine that the certificate speaks of, whether it was an error."""
    errors: dict[str, bool] = {}
    for case in known:
        if case.tier == tier and case.is_attack is False and not case.is_outside:
            errors[case.account] = errors.get(case.account, False) or certificate.covers(case.score)
    return list(errors.values())


def without_one(tier: str, certificate: Certificate, known: Sequence[Observed], *, delta: float = DELTA) -> float:
    """Return the evidence against a bound that is left without one person: the one with whom most of it goes.

    What two people say of a case is not taken away with one of them.
    """
    people = {person for case in known for person in case.said_by}
    left = [
        watch_bound(
            trials(tier, certificate, [case for case in known if case.said_by != {person}]),
            certificate.alpha,
            delta=delta,
        )
        for person in people
    ]
    return min((bound.highest for bound in left), default=1.0)


def _tier(
    tier: str, certificate: Certificate, known: Sequence[Observed], before: str | None, delta: float
) -> TierHealth:
    found = watch_bound(trials(tier, certificate, known), certificate.alpha, delta=delta)
    others = without_one(tier, certificate, known, delta=delta)
    counted = (
        f"of {found.genuine:,} accounts known to be genuine {found.errors:,} scored above the threshold, where "
        f"{share_percent(certificate.alpha)} may; evidence {found.highest:.3g} of {1 / found.delta:g}"
    )
    if before is not None:
        return TierHealth(tier, "withdrawn", before, found, others)
    if found.is_broken and others >= 1 / delta:
        return TierHealth(tier, "withdrawn", f"The bound does not hold any more: {counted}.", found, others)
    if found.is_broken:
        alone = (
            f"The evidence against the bound rests on one person's word: {counted}, and {others:.3g} without it. A "
            "second person should look at the outcomes and record what they find, or an operator withdraw the "
            "certificate: doublecheck monitor --withdraw"
        )
        return TierHealth(tier, "watch", f"{alone} {tier}.", found, others)
    if found.highest >= WATCHED:
        text = f"There is evidence against the bound, not enough yet: {counted}."
        return TierHealth(tier, "watch", text, found, others)
    return TierHealth(tier, "holds", f"Nothing speaks against the bound: {counted}.", found, others)


def _drifts(recent: Sequence[Observed], known: Sequence[Observed], reference: Mapping[str, Any]) -> Iterator[Drift]:
    genuine = [case for case in known if case.is_attack is False and case.tier is not None]
    for among, some in (("decisions", [case for case in recent if case.tier is not None]), ("genuine", genuine)):
        if len(some) < FEWEST:
            continue
        for name, then in spreads(reference[among]).items():
            found = drift(f"{name} of {among}", then, _column(name, some, among))
            if found is not None:
                yield found


def _column(name: str, some: Sequence[Observed], among: str) -> list[float]:
    if name == "score":
        return [case.score if among == "genuine" else case.probability for case in some]
    return [case.values.get(name, float("nan")) for case in some]


def _warnings(drifts: Sequence[Drift], agrees: Reliability, beyond: Outside, *, has_reference: bool) -> Iterator[str]:
    if not has_reference:
        yield "The model keeps no reference to compare the population with: train it again."
    moved = sorted((shift for shift in drifts if shift.is_shift), key=lambda shift: -shift.index)
    if moved:
        named = ", ".join(f"{shift.name} ({shift.index:.2f})" for shift in moved[:3])
        more = f" and {len(moved) - 3} more" if len(moved) > 3 else ""
        yield f"The population is not that of the training: {named}{more}; stability index, 0.25 is a shift."
    if agrees.is_off:
        yield f"Probabilities do not agree with the outcomes of {agrees.n:,} decisions: z = {agrees.z:.1f}."
    if beyond.is_more:
        yield (
            f"{share_percent(beyond.outside / beyond.of)} of decisions lie beyond what the certificates were measured "
            f"on, where the training had {share_percent(beyond.expected)}."
        )


def _worst(tiers: Sequence[TierHealth], warnings: Sequence[str]) -> State:
    states = {tier.state for tier in tiers}
    if not tiers or "withdrawn" in states:
        return "withdrawn"
    return "watch" if warnings or "watch" in states else "holds"


def _sentence(model_id: str, state: State, tiers: Sequence[TierHealth], warnings: Sequence[str], decisions: int) -> str:
    if not tiers:
        return f"model {model_id}: it has no certificate, so nothing is cleared"
    each = ", ".join(f"{tier.tier} {'is WITHDRAWN' if tier.state == 'withdrawn' else 'holds'}" for tier in tiers)
    watched = (
        f"; watch it: {len(warnings) or 'some'} warning{'' if len(warnings) == 1 else 's'}" if state == "watch" else ""
    )
    return f"model {model_id}: certificate of {each}, after {decisions:,} recent decisions{watched}"
