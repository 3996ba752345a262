"""Agreement: how far labellers who saw the same account and target said the same, and who is contradicted how often."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from classifier.utils.nominal_agreement import krippendorff_alpha
from classifier.utils.percent import share_percent

# Of many labellers, the pairs that have most cases in common are kept: a manifest is read by people.
PAIRS_KEPT = 100


@dataclass(frozen=True, slots=True)
class Judged:
    """What was said of one case.

    Attributes
    ----------
    said : tuple of (str, str)
        Labeller and label, each labeller once unless they contradict themselves.
    settled : str or None
        The label that counts; ``None`` where it is unclear.
    """

    said: tuple[tuple[str, str], ...]
    settled: str | None


@dataclass(frozen=True, slots=True)
class Labeller:
    """One labeller, by pseudonym.

    Attributes
    ----------
    labels : int
        Labels given.
    compared : int
        Those of them on cases that somebody else labelled too and whose label is not unclear.
    contradicted : int
        Those of the compared ones that are not the label that counts.
    """

    name: str
    labels: int
    compared: int
    contradicted: int

    @property
    def share(self) -> float | None:
        """The share of compared labels that the majority contradicts; ``None`` where nothing was compared."""
        return self.contradicted / self.compared if self.compared else None


@dataclass(frozen=True, slots=True)
class PairAgreement:
    """Two labellers, the cases that both labelled, and their alpha, ``None`` where it is undefined."""

    first: str
    second: str
    cases: int
    alpha: float | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """What labellers agreed on.

    Attributes
    ----------
    cases, compared, unclear : int
        All cases; those with two labels or more; those left out of fitting.
    alpha : float or None
        Krippendorff's, over all labels; 1 is perfect, 0 what chance gives; ``None`` where it is undefined.
    labels : tuple of (str, int)
        How often each label was given, sorted by label.
    labellers : tuple of Labeller
        Sorted by name.
    pairs : tuple of PairAgreement
        Labellers with cases in common, those with most first, at most ``PAIRS_KEPT``.
    """

    cases: int
    compared: int
    unclear: int
    alpha: float | None
    labels: tuple[tuple[str, int], ...]
    labellers: tuple[Labeller, ...]
    pairs: tuple[PairAgreement, ...]

    def facts(self) -> dict[str, Any]:
        """Return plain JSON values for a manifest."""
        return {
            "cases": self.cases,
            "compared": self.compared,
            "unclear": self.unclear,
            "alpha": _rounded(self.alpha),
            "labels": dict(self.labels),
            "labellers": [
                {
                    "name": labeller.name,
                    "labels": labeller.labels,
                    "compared": labeller.compared,
                    "contradicted_share": _rounded(labeller.share),
                }
                for labeller in self.labellers
            ],
            "pairs": [
                {"labellers": [pair.first, pair.second], "cases": pair.cases, "alpha": _rounded(pair.alpha)}
                for pair in self.pairs
            ],
        }

    def line(self) -> str:
        """Return the agreement in one line, for people."""
        if not self.compared:
            return f"nobody labelled the same case as somebody else, so agreement is unknown; unclear {self.unclear:,}"
        alpha = "undefined, all labels being the same" if self.alpha is None else f"{self.alpha:.3f}"
        worst = max((labeller.share or 0.0 for labeller in self.labellers), default=0.0)
        return (
            f"agreement of {len(self.labellers)} labellers: alpha {alpha} over {self.compared:,} cases with two labels "
            f"or more; unclear, left out {self.unclear:,}; most contradicted labeller {share_percent(worst)}"
        )


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def measure(judged: Sequence[Judged]) -> Agreement:
    """Measure the agreement over all cases."""
    labels = Counter(label for case in judged for _, label in case.said)
    return Agreement(
        cases=len(judged),
        compared=sum(len(case.said) > 1 for case in judged),
        unclear=sum(case.settled is None for case in judged),
        alpha=krippendorff_alpha([label for _, label in case.said] for case in judged),
        labels=tuple(sorted(labels.items())),
        labellers=_labellers(judged),
        pairs=_pairs(judged),
    )


def _labellers(judged: Sequence[Judged]) -> tuple[Labeller, ...]:
    labelled: Counter[str] = Counter()
    compared: Counter[str] = Counter()
    contradicted: Counter[str] = Counter()
    for case in judged:
        comparable = case.settled is not None and len({name for name, _ in case.said}) > 1
        for name, label in case.said:
            labelled[name] += 1
            compared[name] += comparable
            contradicted[name] += comparable and label != case.settled
    return tuple(Labeller(name, labelled[name], compared[name], contradicted[name]) for name in sorted(labelled))


def _pairs(judged: Sequence[Judged]) -> tuple[PairAgreement, ...]:
    common: defaultdict[tuple[str, str], list[list[str]]] = defaultdict(list)
    for case in judged:
        for first, second in combinations(sorted({name for name, _ in case.said}), 2):
            common[first, second].append([label for name, label in case.said if name in (first, second)])
    most = sorted(common, key=lambda names: (-len(common[names]), names))[:PAIRS_KEPT]
    return tuple(PairAgreement(*names, len(common[names]), krippendorff_alpha(common[names])) for names in most)
