"""Standing findings: what an appeal, or a proof of identity, found of an account holds for later checks of it.

Rules:

1. An overturned appeal finds an account genuine where it has an id: a handle alone may be another's by now. So does a
   proof of identity (``proven``), of each account that it names. A finding ends when the outcome is corrected, or the
   finding ended, because the warning that it stands on does.
2. While the profile is what was judged, an action on the account is refused. Counts are left out: they move.
3. Once it changed, or cannot be compared any more, two people must agree, as under every warning.
4. A finding only adds caution: nothing is cleared by it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Row, select

from classifier.accounts.account import Account
from classifier.importers import import_account
from classifier.scoring.policy import Verdict
from classifier.scoring.reason import Reason
from service.decisions.account_warnings import OVERTURNED, PROVEN
from service.decisions.changes import changes
from service.decisions.recorded import Read, find_decision
from service.records.remembered import subject_of
from service.records.tables import findings, moment

UNCHANGED, CHANGED = "found_genuine", "found_genuine_before"
CODES = frozenset({UNCHANGED, CHANGED})
# Who found it, by the kind of the warning that a finding stands on.
_BY = {OVERTURNED: "An appeal", PROVEN: "A proof of identity"}


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
        reasons = tuple(reason for reason in reasons if reason.code == UNCHANGED)  # what was found of it as it is now
        return Verdict("refused", (*reasons, *verdict.reasons), 0, verdict.policy_version)
    return Verdict(
        verdict.verdict, (*reasons, *verdict.reasons), verdict.required_approvals, verdict.policy_version
    )  # fmt: skip


def _reasons(read: Read, account: Account, warned: Sequence[Row[Any]]) -> Iterator[Reason]:
    account_id = subject_of(account).account_id
    found = [row for row in warned if row.kind in _BY and account_id and row.account_id == account_id]
    proofs = _proofs(read, [row.codes for row in found if row.kind == PROVEN])
    for row in found:
        then = _judged(read, row.decision) if row.kind == OVERTURNED else _proven(proofs.get(row.codes))
        day = f"{moment(row.at):%-d %B %Y}"
        if then is not None and is_same(then, account):
            yield Reason(
                UNCHANGED, f"{_BY[row.kind]} found this account genuine on {day}, and its profile is as it was."
            )
        else:
            yield Reason(
                CHANGED,
                f"{_BY[row.kind]} found this account genuine on {day}. Its profile is not known to be the same: two "
                "people must agree.",
            )


def _proofs(read: Read, ids: Sequence[str]) -> Mapping[str, Row[Any]]:
    rows = read(select(findings).where(findings.c.id.in_(ids))) if ids else ()
    return {row.id: row for row in rows}


def _judged(read: Read, check_id: str) -> Account | None:
    """Return the account of a check as it was, ``None`` where its texts were erased."""
    decision = find_decision(read, check_id)
    return None if decision.is_erased else decision.account()


def _proven(row: Row[Any] | None) -> Account | None:
    """Return the account of a finding as it was, ``None`` where that is not known any more."""
    if row is None or row.erased is not None:
        return None
    return import_account(json.loads(row.profile), "doublecheck", now=moment(row.at)).account


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
