"""Export and replay: a decision with everything it rests on, and what the same model says of it now."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from classifier.accounts.account import ProtectedAccount, protected_from
from classifier.certification.neyman_pearson import OwnBound
from classifier.errors import ModelError
from classifier.model_store import ModelStore
from classifier.platform_rules.rule_files import PlatformRules, shipped_rules
from classifier.registry.registry import Registry
from classifier.scoring.policy import Actor, Policy, decide
from classifier.scoring.scorer import Scorer
from service.decisions import account_warnings, findings, notices, triage
from service.decisions.check import Reading, answer
from service.decisions.recorded import Decision, find_decision, reader
from service.records.tables import checkpoints, log, moment

# A registry cannot be empty. Where no protected account resembled the reported one, this one does not either.
_NOBODY = ProtectedAccount(platform="-", handle="-")
# What does not come from the model and the policy: numbers, times, versions and notes.
_OTHER = frozenset({"check_id", "checked_at", "registry_version", "policy_version", "notes", "reporter", "due"})
# What the policy says, which quotas and warnings may have changed.
_SAID = frozenset({"verdict", "reasons", "required_approvals"})


# What the platforms' rules say.
_OF_PLATFORMS = frozenset({"requirements", "offer", "platform_rules_version"})
_WARNINGS = frozenset(account_warnings.CODES.values()) | findings.CODES | notices.CODES | {triage.CODE}


class Replay(NamedTuple):
    """What the model and the policy say now of a recorded decision.

    Attributes
    ----------
    verdict : str
    differences : tuple of str
        The fields of the answer in which it differs from what was recorded.
    compared_policy : bool
        Whether verdict and reasons were compared: not where the policy is another now, or a quota or a warning had
        spoken.
    """

    verdict: str
    differences: tuple[str, ...]
    compared_policy: bool


def export(connection: Connection, check_id: str, models: ModelStore, trusted: Mapping[str, str]) -> dict[str, Any]:
    """Return a decision with everything to replay and to prove it, as plain JSON values.

    Parameters
    ----------
    trusted : mapping of str to str
        The public keys, in PEM, by id.

    Raises
    ------
    UnknownCheckError
    """
    decision = find_decision(reader(connection), check_id)
    own = connection.execute(select(log).where(log.c.subject == check_id).order_by(log.c.seq)).all()
    query = select(checkpoints).where(checkpoints.c.seq >= decision.row.seq).order_by(checkpoints.c.seq).limit(1)
    signed = connection.execute(query).one()
    chained = log.c.seq.between(decision.row.seq, signed.seq)
    chain = connection.execute(select(log).where(chained).order_by(log.c.seq)).all()
    return {
        "check_id": check_id,
        # As text: its SHA-256 is in the log. Of what an erasure left, its entry has the digest of the row.
        "record": decision.row.record,
        "erased": decision.row.erased,
        "history": [row._asdict() for row in own],
        "proof": {
            "chain": [row._asdict() for row in chain],
            "checkpoint": signed._asdict(),
            "keys": dict(trusted),
        },
        "model_manifest": _manifest(models, decision.answer["model_id"]),
    }


def _manifest(models: ModelStore, model_id: str) -> dict[str, Any] | None:
    try:
        return models.verify(model_id)
    except ModelError:
        return None


def replay(decision: Decision, models: ModelStore, policy: Policy, platforms: PlatformRules | None = None) -> Replay:
    """Run the model that decided on what it decided, and compare the answers.

    The registry is that of the record: the target, the likeliest and the steadiest candidate, and the others that the
    account resembles. No other protected account has a part in the answer, because the model scores each pair by
    itself. Records of before policy 5 name no others.

    Parameters
    ----------
    policy : Policy
        The one in force; it is asked at the time of the check.
    platforms : PlatformRules, optional
        Those in force, by default those that ship. What they say is compared where the check was asked under them.

    Raises
    ------
    ErasedError
        If the texts of the record were erased.
    ModelError
        If the model is not in the store, or does not pass its verification.
    RecordsError
        If the record cannot be read.
    """
    then, at, account = decision.answer, moment(decision.row.at), decision.account()
    stored = models.load(then["model_id"], as_certified=not _was_withdrawn(then))
    named = [*map(decision.record.get, ("target", "likeliest", "steadiest")), *decision.record.get("others", ())]
    protected = list(dict.fromkeys(protected_from(stored) for stored in named if stored))
    model = stored.model.with_own(_own(then))
    scorer = Scorer(model, stored.model_id, Registry(protected or [_NOBODY]), withdrawn=stored.withdrawn)
    lately: dict[str, Any] = {name: moment(time) for name, time in decision.record.get("lately", {}).items()}
    assessment = replace(scorer.assess_against(account, protected), **lately)
    actor = Actor(decision.row.actor, decision.named_end)
    verdict = decide(assessment, decision.row.action, actor, now=at, policy=policy)
    platforms = platforms or shipped_rules()
    answered = answer(Reading(account, ()), assessment, verdict, at, platforms)
    now = json.loads(answered.model_dump_json())
    now["evidence"] = _as_recorded(then["evidence"], now["evidence"])
    if then["certificate"] and now["certificate"]:  # records of before there were own certificates name none
        [now["certificate"]] = _as_recorded([then["certificate"]], [now["certificate"]])
    others = any(code.startswith("quota_") for code in decision.codes) or decision.codes & _WARNINGS
    same_policy = then["policy_version"] == policy.version and not others
    left_out = _OTHER if same_policy else _OTHER | _SAID
    if then.get("platform_rules_version") != platforms.version:
        left_out |= _OF_PLATFORMS
    return Replay(verdict.verdict, tuple(_differences(then, now, left_out)), same_policy)


def _own(then: Mapping[str, Any]) -> dict[str, OwnBound]:
    """Return what own accounts said of the target's tier when this was decided: the record has it."""
    own = (then["certificate"] or {}).get("own")
    return {} if own is None else {then["target"]["tier"]: OwnBound(**own)}


def _was_withdrawn(then: Mapping[str, Any]) -> bool:
    """Tell whether the certificate of the target's tier was withdrawn already, or never there, when this was decided.

    The record says by what it was decided, which times do not: workers take a withdrawal over within a second.
    """
    return then["target"] is not None and then["certificate"] is None


def _differences(then: Mapping[str, Any], now: Mapping[str, Any], left_out: frozenset[str]) -> Iterator[str]:
    yield from (name for name in then if name not in left_out and then[name] != now.get(name))


def _as_recorded(then: list[dict[str, Any]], now: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return evidence with the fields that it was recorded with: records of before policy 4 name no kind."""
    names = then[0].keys() if then else frozenset()
    return [{name: value for name, value in item.items() if name in names} for item in now]
