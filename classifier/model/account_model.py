"""The account alone: a second head that says how likely a profile is bought, spam or automated, whoever it imitates.

It never clears anything by itself. It is a scorecard: each of ``PROFILE_FEATURES`` takes a fixed number of points off
or adds it, the points add up, and a sigmoid turns the sum into a probability. The points follow the count's power of
ten and are not fitted: on sources that were left out, fitted weights, and the other fields of a profile, found next to
nothing at a threshold that holds (``python -m tests.real_accounts`` prints the comparison). Only the sigmoid, the
threshold and the known ranges are learned, and none of them changes the order of two accounts: leaving a source out
leaves the threshold where the other sources' genuine accounts put it. What the certificate does not count in is that
these counts, their weights and ``AUDIENCE`` were chosen looking at the same sources.

Followers, listings and age only ever take suspicion away (R7), a missing count adds exactly nothing (R8), there is no
flag without a certificate (R9), and outside what it learned from there is no answer.

References
----------
R. M. Dawes (1979), "The robust beauty of improper linear models in decision making", American Psychologist 34(7),
https://doi.org/10.1037/0003-066X.34.7.571 (equal weights hold up on new data where fitted ones do not)
J. Platt (1999), "Probabilistic outputs for support vector machines" (the sigmoid)
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import compress

import numpy as np
from numpy.typing import NDArray

from classifier.accounts.account import Account
from classifier.certification.neyman_pearson import Certificate, certify
from classifier.errors import TrainingError
from classifier.model.account_features import COUNT_NAMES, PROFILE_FEATURES, ProfileFeature
from classifier.model.platt import Calibration

# The bound on wrong flags, and the probability of missing it: as strict as clearing an account of the high tier.
ALPHA, DELTA = 0.001, 0.05
# The flag is certified for genuine accounts that this many people follow. Smaller genuine ones, new or hardly used,
# look the same as bought ones, and the certificate does not speak of them: of those learned from, one in five is
# flagged. Certified for all genuine accounts, the threshold would find 1.5 % of the inauthentic ones instead of 70 %.
AUDIENCE = 100
# No step holds fewer accounts, so that a scorecard tells nothing of a single one.
MIN_STEP_ACCOUNTS = 50
# With fewer of ``COUNT_NAMES`` than this the others' silence would decide.
MIN_FIELDS = 2
NOT_CERTIFIED = "no certified threshold: it learned from too few genuine accounts"
# Where steps may begin: 0 1 2 3 5 7 10 20 30 ... 7,000,000,000; the importers let no count above 10^10 pass.
LADDER: tuple[int, ...] = (0, *(digit * int(10**power) for power in range(10) for digit in (1, 2, 3, 5, 7)))

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Steps:
    """The scorecard of one feature.

    Attributes
    ----------
    edges : tuple of int
        Where each step begins, rising from 0; a value equal to an edge belongs to the step above it. Without edges
        nothing was learned of the feature, and it says nothing.
    points : tuple of float
        Each step's points, never rising (never falling where the feature's weight is below 0); above 0 is suspicious,
        a missing count has 0.
    accounts : tuple of int
        How many of the accounts it was learned from each step holds, at least ``MIN_STEP_ACCOUNTS``.
    known : tuple of int
        The lowest and the highest value with an answer, both included.
    """

    edges: tuple[int, ...]
    points: tuple[float, ...]
    accounts: tuple[int, ...]
    known: tuple[int, int]

    def points_of(self, value: int | None) -> float:
        """Return the points of a count, 0 where it is missing."""
        return 0.0 if value is None or not self.edges else self.points[bisect_right(self.edges, value) - 1]

    def knows(self, value: int | None) -> bool:
        """Tell whether a count lies within what was learned from; a missing one does not lie outside."""
        return value is None or not self.edges or self.known[0] <= value <= self.known[1]


@dataclass(frozen=True, slots=True)
class LearnedFrom:
    """A source of accounts: how many genuine and inauthentic ones it gave, and where it is described."""

    source: str
    genuine: int
    inauthentic: int
    citation: str = ""


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one feature adds to the log-odds, and what the feature says. It holds no value of the account."""

    name: str
    explanation: str
    log_odds: float


@dataclass(frozen=True, slots=True)
class Authenticity:
    """What the account says by itself.

    Attributes
    ----------
    probability : float or None
        That it is bought, spam or automated, in (0, 1), if as many accounts are as are not; ``None`` without an answer.
    inauthentic : bool or None
        Whether the probability is above the certified threshold; ``None`` without an answer or without a certificate.
        True is no proof for an account with a small audience, which the certificate does not speak of.
    reason : str or None
        Why ``inauthentic`` is ``None``; ``None`` where it is not.
    contributions : tuple of Contribution
        One a feature, in their order; with ``AccountModel.baseline`` they add up to the log-odds. Empty without one.
    """

    probability: float | None
    inauthentic: bool | None
    reason: str | None
    contributions: tuple[Contribution, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountModel:
    """A scorecard a feature, the sigmoid, the certified threshold and what it was learned from.

    Attributes
    ----------
    steps : mapping of str to Steps
        One for each of ``PROFILE_NAMES``, in their order.
    calibration : Calibration
        Turns the sum of the points into log-odds.
    certificate : Certificate or None
        Of ``inauthentic``; without one nothing is flagged.
    platforms : frozenset of str
        Where it learned from accounts; on others counts mean something else.
    """

    steps: Mapping[str, Steps]
    calibration: Calibration
    certificate: Certificate | None
    platforms: frozenset[str]
    learned_from: tuple[LearnedFrom, ...] = ()

    @property
    def baseline(self) -> float:
        """The log-odds of an account of which nothing is known."""
        return self.calibration.offset

    def assess(self, account: Account) -> Authenticity:
        """Assess one account."""
        values = [(feature, self.steps[feature.name], feature.compute(account)) for feature in PROFILE_FEATURES]
        reason = self._why_not(account, values)
        if reason is not None:
            return Authenticity(None, None, reason)
        slope = self.calibration.slope
        contributions = tuple(
            Contribution(feature.name, feature.explanation, slope * steps.points_of(value))
            for feature, steps, value in values
        )
        probability = _sigmoid(self.baseline + sum(contribution.log_odds for contribution in contributions))
        if self.certificate is None:
            return Authenticity(probability, None, NOT_CERTIFIED, contributions)
        return Authenticity(probability, self.certificate.covers(probability), None, contributions)

    def assess_many(self, accounts: Iterable[Account]) -> list[Authenticity]:
        """Assess accounts, in order."""
        return [self.assess(account) for account in accounts]

    def _why_not(self, account: Account, values: Sequence[tuple[ProfileFeature, Steps, int | None]]) -> str | None:
        if account.platform is not None and account.platform not in self.platforms:
            return "out of what it knows: platform"
        unknown = [feature.name for feature, steps, value in values if not steps.knows(value)]
        if unknown:
            return f"out of what it knows: {', '.join(unknown)}"
        if sum(value is not None for feature, _, value in values if feature.name in COUNT_NAMES) < MIN_FIELDS:
            return f"too little is given: at least {MIN_FIELDS} of {', '.join(COUNT_NAMES)} are needed"
        return None


def _sigmoid(log_odds: float) -> float:
    """Return the probability of log-odds; points and slope are bounded, so that nothing overflows."""
    return 1.0 / (1.0 + math.exp(-log_odds))


# --- learning --------------------------------------------------------------------------------------------------------


def fit(
    accounts: Sequence[Account],
    labels: Sequence[bool],
    sources: Sequence[str],
    *,
    alpha: float = ALPHA,
    delta: float = DELTA,
    audience: int = AUDIENCE,
) -> AccountModel:
    """Learn sigmoid, threshold and known ranges. The points are fixed, so the same accounts give the same model.

    Parameters
    ----------
    accounts : sequence of Account
        Each from one source.
    labels : sequence of bool
        Whether the account is bought, spam or automated.
    sources : sequence of str
        What each account was collected with. Every source counts the same within its class, whatever its size, and
        as much for genuine as for inauthentic accounts.
    alpha, delta : float
        The bound of the certificate and the probability of missing it, both in (0, 1).
    audience : int
        The certificate speaks of genuine accounts with at least so many followers.

    Returns
    -------
    AccountModel
        Without a certificate where fewer of them are given than ``thresholds.smallest_sample`` asks for.

    Raises
    ------
    TrainingError
        If there are fewer than two sources, only one class, fewer than ``MIN_STEP_ACCOUNTS`` accounts with a count,
        or if the points do not rise with the share of inauthentic accounts.
    """
    if not len(accounts) == len(labels) == len(sources):
        raise TrainingError("accounts, labels and sources differ in length")
    fake = np.asarray(labels, dtype=bool)
    if len(set(sources)) < 2:
        raise TrainingError("one source alone does not show what transfers: give accounts of two sources or more")
    if not 0 < fake.sum() < len(fake):
        raise TrainingError("there is only one class: give genuine and inauthentic accounts")
    steps = {feature.name: _steps(feature, accounts, fake) for feature in PROFILE_FEATURES}
    model = AccountModel(
        steps=steps,
        calibration=_calibrate(steps, accounts, fake, sources),
        certificate=None,
        platforms=frozenset(account.platform for account in accounts if account.platform is not None),
        learned_from=_counted(fake, sources),
    )
    guarded = [not is_fake and (one.followers or 0) >= audience for one, is_fake in zip(accounts, fake, strict=True)]
    named = ", ".join(sorted(set(compress(sources, guarded))))
    certificate = certify(
        [
            assessed.probability or 0.0 for assessed in model.assess_many(compress(accounts, guarded))
        ],  # no answer, no flag
        alpha=alpha,
        delta=delta,
        population=f"genuine accounts that at least {audience} people follow, of {named}",
    )
    return replace(model, certificate=certificate)


def _steps(feature: ProfileFeature, accounts: Sequence[Account], fake: Flags) -> Steps:
    found = [(feature.compute(account), bool(is_fake)) for account, is_fake in zip(accounts, fake, strict=True)]
    values = [value for value, _ in found if value is not None]
    genuine = [value for value, is_fake in found if value is not None and not is_fake]
    if len(values) < MIN_STEP_ACCOUNTS or not genuine:
        if feature.start > 0:
            return Steps((), (), (), (0, 0))
        raise TrainingError(
            f"at least {MIN_STEP_ACCOUNTS} accounts with {feature.name} are needed, genuine ones among them"
        )
    edges, counts = _filled(values, [edge for edge in LADDER if edge == 0 or edge >= feature.start])
    ends = [*edges[1:], None]
    points = [feature.points(first, end) for first, end in zip(edges, ends, strict=True)]
    lowest = 0 if feature.standing or feature.start > 0 else _ladder_below(min(genuine))
    highest = LADDER[-1] if feature.only_clears else _ladder_above(max(genuine))
    return Steps(tuple(edges), tuple(points), tuple(counts), (lowest, highest))


def _filled(values: Sequence[int], ladder: Sequence[int]) -> tuple[list[int], list[int]]:
    """Return where steps begin so that none is too small, from below, and how many accounts each holds."""
    rungs = Counter(bisect_right(ladder, value) - 1 for value in values)
    edges, counts = [ladder[0]], [0]
    for rung, edge in enumerate(ladder):
        above = sum(count for other, count in rungs.items() if other >= rung)
        if counts[-1] >= MIN_STEP_ACCOUNTS and above >= MIN_STEP_ACCOUNTS:
            edges.append(edge)
            counts.append(0)
        counts[-1] += rungs[rung]
    return edges, counts


def _ladder_below(value: int) -> int:
    return LADDER[bisect_right(LADDER, value) - 1]


def _ladder_above(value: int) -> int:
    return LADDER[min(bisect_right(LADDER, value), len(LADDER) - 1)]


def _calibrate(
    steps: Mapping[str, Steps], accounts: Sequence[Account], fake: Flags, sources: Sequence[str]
) -> Calibration:
    points = [
        sum(steps[feature.name].points_of(feature.compute(account)) for feature in PROFILE_FEATURES)
        for account in accounts
    ]
    groups = list(zip(sources, fake.tolist(), strict=True))
    sizes, parts = Counter(groups), Counter(is_fake for _, is_fake in set(groups))
    weights = np.array([1.0 / (sizes[group] * parts[group[1]]) for group in groups])
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - serving fits nothing and goes without

    # The mild penalty of the default keeps the slope finite where the classes do not overlap.
    logistic = LogisticRegression().fit(np.array(points).reshape(-1, 1), fake, sample_weight=weights * len(groups) / 2)
    slope, offset = round(float(logistic.coef_[0, 0]), 4), round(float(logistic.intercept_[0]), 4)
    if not slope > 0:
        raise TrainingError("the points do not rise with the share of inauthentic accounts: check the labels")
    return Calibration(slope, offset)


def _counted(fake: Flags, sources: Sequence[str]) -> tuple[LearnedFrom, ...]:
    counts = Counter(zip(sources, fake.tolist(), strict=True))
    return tuple(LearnedFrom(source, counts[source, False], counts[source, True]) for source in sorted(set(sources)))
