"""The worst mistakes of an evaluation, with the accounts and the evidence: what to look at before anything else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from classifier.evaluation.evaluate import Labelled
from classifier.evaluation.metrics import is_attack, is_found
from classifier.scoring.assessment import Assessment
from classifier.scoring.evidence import Evidence
from classifier.scoring.scorer import Scorer

MOST = 10
# So many of them at most are attacks for which no target was found: they have no evidence, and one is like another.
_MOST_WITHOUT_TARGET = 3
# Log-odds that fill half of a bar: e^6 is odds of 400 to 1, beyond which nobody reads a difference.
FULL_BAR = 6.0
MISTAKE_COLUMNS = (
    "family", "label", "mistakes", "cases", "handle", "display_name", "target_handle", "relation", "probability",
    "speaks_for", "speaks_against",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bar:
    """One piece of evidence and its bar: start and width in units of 0 to 100, the middle is no contribution."""

    item: Evidence
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class Mistake:
    """One case that was answered wrongly."""

    case: Labelled
    assessment: Assessment
    verdict: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Mistakes:
    """The worst of each kind and how many there are of it.

    Attributes
    ----------
    genuine : list of Mistake
        Genuine accounts called impersonation: cleared ones first, then by probability, highest first.
    missed : list of Mistake
        Attacks not called impersonation of the right account, lowest probability first; only some of those without
        any target.
    missed_without_target : int
        How many missed attacks resembled no protected account at all.
    """

    genuine: list[Mistake]
    genuine_count: int
    missed: list[Mistake]
    missed_count: int
    missed_without_target: int


def worst_mistakes(scorer: Scorer, labelled: Sequence[Labelled], results: pd.DataFrame) -> Mistakes:
    """Assess the worst mistakes once more, for the evidence; an answer does not depend on the company.

    Parameters
    ----------
    results : DataFrame
        Of ``evaluate.assess_labelled`` for the same cases in the same order.
    """
    attack = is_attack(results)
    genuine = results[~attack & (results["flagged"] | (results["verdict"] == "cleared"))]
    genuine = genuine.assign(cleared=genuine["verdict"] == "cleared").sort_values(
        ["cleared", "probability"], ascending=False, kind="stable"
    )
    missed = results[attack & ~is_found(results)].sort_values("probability", kind="stable")
    alone = missed["relation"] == "no_target"
    few = missed[~alone | (alone.cumsum() <= _MOST_WITHOUT_TARGET)]
    return Mistakes(
        genuine=_explained(scorer, labelled, genuine.head(MOST)),
        genuine_count=len(genuine),
        missed=_explained(scorer, labelled, few.head(MOST)),
        missed_count=len(missed),
        missed_without_target=int(alone.sum()),
    )


def mistakes_by_family(
    scorer: Scorer, labelled: Sequence[Labelled], results: pd.DataFrame, *, each: int = 3
) -> pd.DataFrame:
    """Return the worst mistakes of every family of cases with what spoke for and against impersonation.

    Parameters
    ----------
    results : DataFrame
        Of ``evaluate.assess_labelled`` for the same cases in the same order.
    each : int
        Mistakes shown of a family at most.

    Returns
    -------
    DataFrame
        One row a mistake, the family with the most mistakes first and in it the worst first: ``family``, ``label``,
        ``mistakes`` (of the family), ``cases`` (of the family), ``handle``, ``display_name``, ``target_handle``,
        ``relation``, ``probability``, ``speaks_for`` and ``speaks_against`` (the two weightiest pieces of evidence,
        none where ``relation`` is "no_target": nothing was found that it resembles).
    """
    attack = is_attack(results)
    results = results.assign(cases=results.groupby(["label", "family"])["label"].transform("size"))
    wrong = results[(attack & ~is_found(results)) | (~attack & results["flagged"])]
    # How sure it was of what is wrong; those without a target come last, because they have no evidence.
    sure = wrong["probability"].where(~is_attack(wrong), 1.0 - wrong["probability"])
    worst = wrong.assign(sure=sure.where(wrong["relation"] != "no_target", -1.0))
    groups = worst.groupby(["label", "family"])["sure"]
    worst = worst.assign(mistakes=groups.transform("size"), rank=groups.rank(method="first", ascending=False))
    shown = worst[worst["rank"] <= each].sort_values(
        ["mistakes", "label", "family", "rank"], ascending=[False, True, True, True]
    )
    explained = _explained(scorer, labelled, shown)
    return pd.DataFrame(
        [
            {
                "family": row.family,
                "label": row.label,
                "mistakes": row.mistakes,
                "cases": row.cases,
                "handle": mistake.case.account.handle,
                "display_name": mistake.case.account.display_name,
                "target_handle": mistake.case.target,
                "relation": mistake.assessment.relation,
                "probability": row.probability,
                "speaks_for": _weightiest(mistake.assessment.evidence, 1.0),
                "speaks_against": _weightiest(mistake.assessment.evidence, -1.0),
            }
            for row, mistake in zip(shown.itertuples(), explained, strict=True)
        ],
        columns=MISTAKE_COLUMNS,
    )


def _weightiest(evidence: Sequence[Evidence], sign: float) -> str:
    found = [item for item in evidence if item.contribution * sign > 0.0]
    return "; ".join(f"{item.explanation} ({item.contribution:+.1f})" for item in found[:2])


def _explained(scorer: Scorer, labelled: Sequence[Labelled], worst: pd.DataFrame) -> list[Mistake]:
    cases = [labelled[place] for place in worst.index]
    assessments = scorer.assess_many([case.account for case in cases])
    return [
        Mistake(case, assessment, str(verdict), tuple(_bar(item) for item in assessment.evidence))
        for case, assessment, verdict in zip(cases, assessments, worst["verdict"], strict=True)
    ]


def _bar(item: Evidence) -> Bar:
    reach = 50 * min(abs(item.contribution), FULL_BAR) / FULL_BAR
    return Bar(item, start=round(50 - (reach if item.contribution < 0 else 0), 2), width=round(reach, 2))
