"""What second looks say of the checks that were drawn in a period: agreement, and how many cleared ones are genuine.

Rules:

1. A check counts in the period in which it was drawn, with all answers until now.
2. Agreement is that of the first person who approved or declined with the first other person who judged blind and was
   not unsure. An approval of a demand says nothing of an impersonation, so it is left out; a decline may have had other
   grounds, which makes agreement look lower than it is, never higher.
3. The error bound is about what was cleared, or acted on other than by a demand. It is an error if one person at least
   calls it genuine. Checks with unsure answers only are in neither number.
4. Of fewer than ``FEW`` there are counts and no rates; the bound itself says how little a small sample shows.
5. No text, name or id of anybody is in it.

References
----------
J. Cohen (1960), "A coefficient of agreement for nominal scales", Educational and Psychological Measurement 20(1)
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Any, get_args

from sqlalchemy import Row, select

from classifier.accounts.account import Account
from classifier.accounts.slices import UNKNOWN, name_commonness, script_of
from classifier.certification.observed_bound import observed_bound
from classifier.utils.nominal_agreement import krippendorff_alpha
from service.decisions.recorded import Decision, Read
from service.decisions.second_looks import GENUINE, PEOPLE, answers_of
from service.records.people import People, people_of
from service.records.tables import approvals, clearances, decisions, second_looks, stamp
from service.schemas.second_looks import (
    AgreementOut,
    Dimension,
    ErrorsOut,
    FirstResult,
    LookReport,
    LookSliceOut,
    ResultOut,
    SecondRelation,
    SecondsOut,
)

# From how many on there is a rate: this project's choice.
FEW = 5
# Drawn checks that are looked at for a page.
MOST_BRIEF = 2_000
ERASED = "erased"


@dataclass(frozen=True, slots=True)
class Look:
    """A check that was drawn.

    Attributes
    ----------
    answers, reviews : sequence of Row
        Second answers, and approvals and declines, in order.
    acted : bool
        Whether its clearance was spent.
    """

    decision: Decision
    answers: Sequence[Row[Any]]
    reviews: Sequence[Row[Any]]
    acted: bool
    people: People

    @property
    def result(self) -> FirstResult:
        """What became of the check before anybody looked again."""
        verdict: FirstResult = self.decision.row.verdict
        if verdict in {"cleared", "refused"}:
            return verdict
        if any(row.answer == "decline" for row in self.reviews):
            return "declined"
        approved = {self.people.person(row.actor) for row in self.reviews}
        return "approved" if len(approved) >= max(1, self.decision.answer["required_approvals"]) else "open"

    @property
    def sure(self) -> list[Row[Any]]:
        """The second answers that are not unsure."""
        return [row for row in self.answers if row.relation != "unsure"]

    @property
    def is_demand(self) -> bool:
        """Whether something was demanded, which parodies may be asked for too."""
        return bool(self.decision.row.action == "require_change")

    @property
    def judged(self) -> bool:
        """Whether it is one of those that the error bound is about: rule 3."""
        rests = self.decision.row.verdict == "cleared" or (self.acted and not self.is_demand)
        return rests and bool(self.sure)

    @property
    def genuine(self) -> bool:
        """Whether somebody who looked blind calls it genuine."""
        return any(row.relation in GENUINE for row in self.answers)

    @property
    def compared(self) -> tuple[bool, bool] | None:
        """Whether the first person, and another who looked blind, took it for an impersonation: rule 2."""
        if self.is_demand or not self.reviews:
            return None
        first = self.reviews[0]
        other = next((row for row in self.sure if not self.people.same(row.actor, first.actor)), None)
        return None if other is None else (first.answer == "approve", other.relation == "impersonation")


def report(read: Read, begin: datetime, end: datetime) -> LookReport:
    """Return what second looks say of what was drawn from ``begin`` up to, and without, ``end``; both aware."""
    looks = looks_of(read, begin, end)
    alphas = [one.decision.answer["certificate"]["alpha"] for one in looks if one.judged and _certified(one)]
    return LookReport(
        begin=begin,
        end=end,
        drawn=len(looks),
        answered=sum(bool(one.answers) for one in looks),
        results=[_result(name, [one for one in looks if one.result == name]) for name in get_args(FirstResult)],
        agreement=_agreement(looks),
        errors=_errors(looks),
        certified_alpha=max(alphas, default=None),
        seconds=_seconds(looks),
        slices=list(_slices(looks)),
    )


def brief(read: Read, begin: datetime, end: datetime) -> tuple[AgreementOut, ErrorsOut]:
    """Return agreement and errors of what was drawn in a period, of very much the latest ``MOST_BRIEF``.

    No text of a check is read for it.
    """
    looks = brief_looks(read, begin, end)
    return _agreement(looks), _errors(looks)


def brief_looks(read: Read, begin: datetime, end: datetime) -> list[Look]:
    """Return the latest ``MOST_BRIEF`` checks that were drawn in a period, in order, without their texts."""
    drawn = second_looks.c.at >= stamp(begin), second_looks.c.at < stamp(end)
    columns = [column for column in decisions.c if column is not decisions.c.record]
    query = select(*columns).join(second_looks, second_looks.c.decision == decisions.c.id).where(*drawn)
    rows = read(query.order_by(second_looks.c.seq.desc()).limit(MOST_BRIEF))
    return _looks(read, [Decision(row, {}) for row in reversed(rows)])


def looks_of(read: Read, begin: datetime, end: datetime) -> list[Look]:
    """Return the checks that were drawn in a period, in order."""
    drawn = second_looks.c.at >= stamp(begin), second_looks.c.at < stamp(end)
    query = select(decisions).join(second_looks, second_looks.c.decision == decisions.c.id).where(*drawn)
    return _looks(read, [Decision.of(row) for row in read(query.order_by(second_looks.c.seq))])


def _looks(read: Read, found: Sequence[Decision]) -> list[Look]:
    ids = [one.row.id for one in found]
    answers, people = answers_of(read, ids), people_of(read)
    reviews: dict[str, list[Row[Any]]] = {check_id: [] for check_id in ids}
    for row in read(select(approvals).where(approvals.c.decision.in_(ids)).order_by(approvals.c.seq)):
        reviews[row.decision].append(row)
    spent = select(clearances.c.decision).where(clearances.c.decision.in_(ids), clearances.c.spent.is_not(None))
    acted = {row.decision for row in read(spent)}
    return [Look(one, answers[one.row.id], reviews[one.row.id], one.row.id in acted, people) for one in found]


def _certified(look: Look) -> bool:
    return look.decision.answer.get("certificate") is not None


def _result(name: FirstResult, looks: Sequence[Look]) -> ResultOut:
    said = Counter(row.relation for one in looks for row in one.answers)
    answers = {relation: said[relation] for relation in get_args(SecondRelation)}
    return ResultOut(result=name, drawn=len(looks), answered=sum(bool(one.answers) for one in looks), answers=answers)


def _agreement(looks: Sequence[Look]) -> AgreementOut:
    pairs = [pair for one in looks if (pair := one.compared)]
    twice = [[row.relation for row in one.sure] for one in looks if len(one.sure) == PEOPLE]
    agreed = sum(first == second for first, second in pairs)
    return AgreementOut(
        compared=len(pairs),
        agreed=agreed,
        share=_rate(agreed, len(pairs)),
        kappa=cohen_kappa(pairs) if len(pairs) >= FEW else None,
        judged_twice=len(twice),
        alpha=krippendorff_alpha(twice) if len(twice) >= FEW else None,
    )


def cohen_kappa(pairs: Sequence[tuple[bool, bool]]) -> float | None:
    """Return Cohen's kappa of two people's answers; ``None`` where all answers are the same.

    Examples
    --------
    >>> cohen_kappa([(True, True), (False, False), (True, False), (True, True)])
    0.5
    >>> cohen_kappa([(True, True)] * 9) is None
    True
    """
    from sklearn.metrics import cohen_kappa_score  # noqa: PLC0415 - who only serves checks goes without

    first, second = [one for one, _ in pairs], [other for _, other in pairs]
    return float(cohen_kappa_score(first, second)) if len({*first, *second}) > 1 else None


def _errors(looks: Sequence[Look], *, least: int = 1) -> ErrorsOut:
    """Return what the bound is of, as numbers; ``least``: from how many judged checks on there is a bound."""
    judged = [one for one in looks if one.judged]
    genuine, n = sum(one.genuine for one in judged), len(judged)
    bound = observed_bound(genuine, n) if n >= least else None
    return ErrorsOut(judged=n, genuine=genuine, share=_rate(genuine, n), bound=bound)


def _seconds(looks: Sequence[Look]) -> SecondsOut:
    taken = sorted(row.seconds for one in looks for row in one.answers)
    few = len(taken) < FEW
    nine_of_ten = None if few else float(taken[math.ceil(0.9 * len(taken)) - 1])
    return SecondsOut(answers=len(taken), median=None if few else float(median(taken)), p90=nine_of_ten)


def _rate(count: int, n: int) -> float | None:
    return count / n if n >= FEW else None


# --- parts -----------------------------------------------------------------------------------------------------------


def _slices(looks: Sequence[Look]) -> Iterator[LookSliceOut]:
    for dimension, value_of in _DIMENSIONS.items():
        values = [value_of(one.decision) for one in looks]
        for value in sorted(set(values)):
            yield _slice(dimension, value, [one for one, its in zip(looks, values, strict=True) if its == value])


def _slice(dimension: Dimension, value: str, looks: Sequence[Look]) -> LookSliceOut:
    agreement, seconds = _agreement(looks), _seconds(looks)
    return LookSliceOut(
        dimension=dimension,
        value=value,
        drawn=len(looks),
        answers=seconds.answers,
        compared=agreement.compared,
        agreed=agreement.agreed,
        agreement=agreement.share,
        errors=_errors(looks, least=FEW),
        median_seconds=seconds.median,
    )


def _language(decision: Decision) -> str:
    """Return the language of the notice; where nobody named one, the script of what the account wrote."""
    told = _noticed(decision, "language")
    if told or decision.is_erased:
        return told or ERASED
    account = decision.record["account"]
    return f"in {script_of(' '.join(filter(None, (account.get('display_name'), account.get('bio')))))}"


def _script(decision: Decision) -> str:
    return ERASED if decision.is_erased else script_of(decision.record["account"].get("display_name") or "")


def _name(decision: Decision) -> str:
    if decision.is_erased:
        return ERASED
    account = decision.record["account"]
    return name_commonness(Account(handle=account["handle"], display_name=account.get("display_name")))


def _noticed(decision: Decision, name: str) -> str | None:
    return (decision.record["request"].get("notice") or {}).get(name)


_DIMENSIONS: dict[Dimension, Callable[[Decision], str]] = {
    "language": _language,
    "script": _script,
    "region": lambda decision: _noticed(decision, "country") or UNKNOWN,
    "platform": lambda decision: decision.row.platform or UNKNOWN,
    "name": _name,
}
