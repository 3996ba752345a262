"""Own genuine accounts, read and scored as a check would: what they say of a model's certificates.

1. A row that cannot be read is counted and listed, and stops nothing.
2. What is in the registry is left out: it is refused before any threshold. So is an account that came before, by id or
   handle, and one beyond what the certificates were measured on, of which nothing is cleared.
3. A file that the model learned from is refused: it says nothing of other accounts.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

import pandas as pd

from classifier.accounts.account import Account
from classifier.accounts.identity import identity_key
from classifier.certification.neyman_pearson import Certificate, OwnBound
from classifier.certification.own_accounts import OwnCertificate, own_bound
from classifier.errors import InputError
from classifier.importers import Imported, ImportReport, read_accounts
from classifier.labels.sources import Rows, digests, name_of
from classifier.model_store import StoredModel
from classifier.registry.dataframes import imported_accounts
from classifier.registry.registry import Registry
from classifier.scoring.assessment import Assessment
from classifier.scoring.policy import Policy, decide
from classifier.scoring.scorer import Scorer

# Accounts that are scored before the next are read.
_AT_ONCE = 1_000
# Rows of mistakes that are named.
_SHOWN = 20


class Found(NamedTuple):
    """One account that counts: its place, how near it came to being cleared, and the tier it would be cleared in."""

    place: str
    score: float | None
    cleared_in: str | None


@dataclass(frozen=True, slots=True)
class Measured:
    """What own accounts say, and what was read.

    Attributes
    ----------
    certificate : OwnCertificate
    report : ImportReport
        Of all rows.
    errors : mapping of str to tuple of str
        By tier file and row of the first that score above its threshold: look whether they are genuine.
    """

    certificate: OwnCertificate
    report: ImportReport
    errors: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def measure(
    genuine: Sequence[Rows],
    stored: StoredModel,
    scorer: Scorer,
    *,
    now: datetime,
    by: str,
    format: str | None = None,  # noqa: A002 - the option's name everywhere else
    platform: str | None = None,
    policy: Policy | None = None,
    progress: Any = iter,
) -> Measured:
    """Return what genuine accounts say of a model's certificates.

    Parameters
    ----------
    genuine : sequence of path or DataFrame
        Accounts that are genuine, in any format that is read.
    stored : StoredModel
        The model as it was certified.
    scorer : Scorer
        Of this model, over the registry.
    format, platform : str, optional
        Of the accounts; of rows that name none.
    progress : callable, optional
        Wraps the rows as they are read.

    Raises
    ------
    InputError
        If a file cannot be read or the model learned from it, if no account counts, or the model has no certificate.
    """
    inputs = _unseen(genuine, stored)
    if not stored.model.certificates:
        raise InputError(f"model {stored.model_id} has no certificate: own accounts could only make one stricter")
    policy, report, left_out = policy or Policy(), ImportReport(), Counter[str]()
    rows = progress(_imported(genuine, report, now=now, format=format, platform=platform))
    found = list(_scored(_counted(rows, scorer.registry, left_out), scorer, left_out, now, policy))
    if not found:
        raise InputError("no account counts: all were rejected or left out; give genuine ones that are not registered")
    tiers = stored.model.certificates
    certificate = OwnCertificate(
        model_id=stored.model_id,
        registry_version=scorer.registry.version,
        policy_version=policy.version,
        at=now.isoformat(timespec="seconds"),
        by=by,
        inputs=tuple(inputs),
        left_out=dict(left_out),
        tiers=_bounds(found, tiers, at=now.isoformat(timespec="seconds"), registry_version=scorer.registry.version),
    )
    return Measured(certificate, report, {tier: _above(found, simulated) for tier, simulated in tiers.items()})


def _bounds(found: Sequence[Found], tiers: Mapping[str, Certificate], **facts: str) -> dict[str, OwnBound]:
    scores = [one.score for one in found]
    cleared = Counter(one.cleared_in for one in found)
    return {tier: own_bound(scores, one, cleared=cleared[tier], **facts) for tier, one in tiers.items()}


def _unseen(genuine: Sequence[Rows], stored: StoredModel) -> list[str]:
    """Return the digests of the files; raise where the model learned from one of them."""
    inputs, facts = digests(genuine), json.dumps(stored.manifest["training"])
    if any(digest in facts for digest in inputs):
        raise InputError("the model learned from these accounts; give others, which it has not seen")
    return inputs


def _imported(
    genuine: Sequence[Rows],
    report: ImportReport,
    *,
    now: datetime,
    format: str | None,  # noqa: A002
    platform: str | None,
) -> Iterator[tuple[str, Imported]]:
    """Yield all rows with their places."""
    for source in genuine:
        found: Iterable[Imported] = (
            imported_accounts(source, now=now, platform=platform, format=format)
            if isinstance(source, pd.DataFrame)
            else read_accounts(source, format=format, now=now, default_platform=platform)
        )
        for imported in found:
            report.add(imported)
            yield f"{name_of(source)}, row {imported.row:,}", imported


def _counted(
    rows: Iterable[tuple[str, Imported]], registry: Registry, left_out: Counter[str]
) -> Iterator[tuple[str, Account]]:
    """Yield each account once that is not in the registry."""
    seen: set[tuple[str, str | None, str]] = set()
    for place, imported in rows:
        account = imported.account
        if account is None:
            left_out["rejected"] += 1
            continue
        keys = set(_keys(account))
        if keys & seen:
            left_out["repeated"] += 1
        elif registry.identify(account) is not None:
            left_out["in_registry"] += 1
        else:
            yield place, account
        seen |= keys


def _keys(account: Account) -> Iterator[tuple[str, str | None, str]]:
    yield "handle", account.platform, identity_key(account.handle)
    if account.account_id:
        yield "account_id", account.platform, account.account_id


def _scored(
    accounts: Iterator[tuple[str, Account]], scorer: Scorer, left_out: Counter[str], now: datetime, policy: Policy
) -> Iterator[Found]:
    while chunk := list(islice(accounts, _AT_ONCE)):
        assessments = scorer.assess_many([account for _, account in chunk], explain=False)
        for (place, _), assessment in zip(chunk, assessments, strict=True):
            if assessment.uncovered:
                left_out["beyond_the_certificate"] += 1
            else:
                yield Found(place, _score(assessment), _cleared_in(assessment, now, policy))


def _score(assessment: Assessment) -> float | None:
    """Return what ``training.genuine_scores`` counts, ``None`` where no protected account is resembled."""
    if assessment.target is None:
        return None
    return assessment.clearing_probability if assessment.relation == "impersonation" else 0.0


def _cleared_in(assessment: Assessment, now: datetime, policy: Policy) -> str | None:
    verdict = decide(assessment, "suspend", None, now=now, policy=policy).verdict
    return assessment.target.tier if assessment.target is not None and verdict == "cleared" else None


def _above(found: Iterable[Found], simulated: Certificate) -> tuple[str, ...]:
    places = [one.place for one in found if one.score is not None and one.score > simulated.threshold]
    return tuple(places[:_SHOWN])
