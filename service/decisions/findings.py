"""Standing findings: what an appeal found of an account holds for later checks of it.

Rules:

1. An overturned appeal finds an account genuine where it has an id: a handle alone may be another's by now. The
   finding ends when the outcome is corrected, because the warning that it stands on does.
2. While the profile is what was judged, an action on the account is refused. Counts are left out: they move.
3. Once it changed, or cannot be compared any more, two people must agree, as under every warning.
4. A finding only adds caution: nothing is cleared by it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Row

from classifier.accounts.account import Account
from classifier.scoring.policy import Verdict
from classifier.scoring.reason import Reason
from service.decisions.account_warnings import OVERTURNED
from service.decisions.changes import changes
from service.decisions.recorded import Read, find_decision
from service.records.remembered import subject_of
from service.records.tables import moment

UNCHANGED, CHANGED = "found_genuine", "found_genuine_before"
CODES = frozenset({UNCHANGED, CHANGED})


def with_findings(read: Read, verdict: Verdict, account: Account, warned: Sequence[Row[Any]]) -> Verdict:
    """Return a verdict as it is under the findings that stand.

    Parameters
    ----------
    verdict : Verdict
        As it is under the warnings that stand: it is not ``cleared`` where there are any.
    account : Account
        As it is now.
    warned : sequence of Row
        The warnings that stand against the account.
    """
    reasons = tuple(_reasons(read, account, warned))
    if not reasons:
        return verdict
    if any(reason.code == UNCHANGED for reason in reasons):
        return Verdict("refused", (*reasons, *verdict.reasons), 0, verdict.policy_version)
    return Verdict(
        verdict.verdict, (*reasons, *verdict.reasons), verdict.required_approvals, verdict.policy_version
    )  # fmt: skip


def _reasons(read: Read, account: Account, warned: Sequence[Row[Any]]) -> Iterator[Reason]:
    account_id = subject_of(account).account_id
    for row in warned:
        if row.kind != OVERTURNED or not account_id or row.account_id != account_id:
            continue
        decision, day = find_decision(read, row.decision), f"{moment(row.at):%-d %B %Y}"
        if not decision.is_erased and is_same(decision.account(), account):
            yield Reason(UNCHANGED, f"An appeal found this account genuine on {day}, and its profile is as it was.")
        else:
            yield Reason(
                CHANGED,
                f"An appeal found this account genuine on {day}. Its profile is not known to be the same: two people "
                "must agree.",
            )


def is_same(then: Account, now: Account) -> bool:
    """Tell whether a profile is what was judged; counts are left out.

    Examples
    --------
    >>> is_same(Account(handle="jane", followers=9), Account(handle="jane", followers=9_000))
    True
    >>> is_same(Account(handle="jane", bio="Baker"), Account(handle="jane", bio="Chair of Acme"))
    False
    """
    return not any(True for _ in changes(_countless(then), _countless(now)))


def _countless(account: Account) -> Account:
    return replace(account, followers=None, posts=None)
