"""The one scoring function of every engine: rows as a file has them in, answers as Arrow record batches out.

An answer depends on its row, the model, the registry and the policy, and on nothing else: not on the rows beside it,
the engine, the size of the blocks or the order. A row that cannot be read, or at which scoring itself fails, keeps its
place and carries its error; it never has a verdict.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

import pyarrow as pa

from classifier.accounts.account import Account
from classifier.batch.campaigns import TRACES, traces
from classifier.errors import DoublecheckError
from classifier.importers import Imported, import_account
from classifier.importers.readers.raw_row import RawRow
from classifier.importers.results import RowError
from classifier.platform_rules.requirements import MET, offer, requirements
from classifier.platform_rules.rule_files import shipped_rules
from classifier.scoring.assessment import Assessment
from classifier.scoring.policy import Policy, decide
from classifier.scoring.reason import Reason
from classifier.scoring.scorer import Scorer

# What an answer says, in order; ``reasons`` is a JSON list of {"code", "text"}.
ANSWER = pa.schema(
    [
        ("row", pa.int64()),
        ("platform", pa.string()),
        ("account_id", pa.string()),
        ("handle", pa.string()),
        ("relation", pa.string()),
        ("target_handle", pa.string()),
        ("target_id", pa.string()),
        ("impersonation_probability", pa.float64()),
        ("clearing_probability", pa.float64()),
        ("inauthentic_probability", pa.float64()),
        ("inauthentic", pa.bool_()),
        ("inauthentic_reason", pa.string()),
        ("verdict", pa.string()),
        ("reasons", pa.string()),
        ("model_id", pa.string()),
        ("error", pa.string()),
        ("error_reason", pa.string()),
    ]
)
# What the platform's rule that ships asks of a parody or fan account, as "code=met", and which demands fit, with spaces
# between. They came later, so they are the last columns of a file.
RULES = pa.schema([("requirements", pa.string()), ("offer", pa.string())])
SCHEMA = pa.schema([*ANSWER, *RULES])
# What a second model says of the same row.
SHADOW = pa.schema(
    [
        ("shadow_relation", pa.string()),
        ("shadow_target_handle", pa.string()),
        ("shadow_probability", pa.float64()),
        ("shadow_clearing_probability", pa.float64()),
        ("shadow_verdict", pa.string()),
    ]
)
# What a batch needs of a row beside its answer: to count it, and to find accounts that have something in common.
OF_A_ROW = pa.schema(
    [("source", pa.string()), ("notes", pa.list_(pa.string())), ("target_platform", pa.string()), *TRACES]
)
_Row = dict[str, Any]


class Asked(NamedTuple):
    """One row to answer: where it is from, in which format, and what the file has there."""

    source: str
    format: str
    raw: RawRow


@dataclass(frozen=True, slots=True)
class Answerer:
    """Answers rows with one model over one registry.

    Attributes
    ----------
    scorer : Scorer
    shadow : Scorer or None
        A second model that is asked too; its answers stand in the columns of ``SHADOW``.
    policy : Policy
    now : datetime
        The time of the batch, aware.
    platform : str or None
        For rows that name none.
    """

    scorer: Scorer
    policy: Policy
    now: datetime
    platform: str | None = None
    shadow: Scorer | None = None

    @property
    def schema(self) -> pa.Schema:
        """What ``answer`` returns: the columns of ``SCHEMA``, of ``SHADOW`` if there is one, and of ``OF_A_ROW``."""
        return pa.schema([*SCHEMA, *(SHADOW if self.shadow else ()), *OF_A_ROW])

    def answer(self, asked: Sequence[Asked]) -> pa.RecordBatch:
        """Return one row of ``schema`` for each row asked, in order; no row ever raises."""
        rows = self._answers([self._imported(raw) for raw in asked])
        for row, one in zip(rows, asked, strict=True):
            row["source"] = one.source
            row["reasons"] = f"[{', '.join(map(_as_json, row['reasons']))}]"
        schema = self.schema
        columns = ([row.get(name) for row in rows] for name in schema.names)
        return pa.RecordBatch.from_arrays(list(map(pa.array, columns, schema.types)), schema=schema)

    def rows(self, imported: Sequence[Imported]) -> list[_Row]:
        """Return one answer in plain values for each imported row, in order; ``reasons`` is a list of mappings."""
        rows = self._answers(imported)
        for row in rows:
            row["reasons"] = list(map(asdict, row["reasons"]))
        return rows

    def _answers(self, imported: Sequence[Imported]) -> list[_Row]:
        """Return the same with reasons as the policy gives them."""
        accounts = [result.account for result in imported if result.account is not None]
        found = _assessed(self.scorer, accounts)
        second = [None] * len(found) if self.shadow is None else _assessed(self.shadow, accounts)
        answers = iter(zip(found, second, strict=True))
        return [
            self._failed(result, result.error) if result.account is None else self._answered(result, *next(answers))
            for result in imported
        ]

    def _imported(self, asked: Asked) -> Imported:
        raw = asked.raw
        if raw.values is None:
            return Imported(raw.number, None, raw.error)
        return import_account(
            raw.values, asked.format, row_number=raw.number, now=self.now, default_platform=self.platform
        )

    def _answered(self, one: Imported, found: Assessment | Exception, second: Assessment | Exception | None) -> _Row:
        if isinstance(found, Exception):
            return self._failed(one, _unexpected(found, one.row))
        row = self._row(one, found)
        return row | self._shadowed(second) if isinstance(second, Assessment) else row

    def _row(self, one: Imported, assessment: Assessment) -> _Row:
        verdict = decide(assessment, "suspend", None, now=self.now, policy=self.policy)
        account, target = assessment.account, assessment.target
        row = {
            "row": one.row,
            "platform": account.platform,
            "account_id": account.account_id,
            "handle": account.handle,
            "relation": assessment.relation,
            "target_handle": target and target.handle,
            "target_id": target and target.account_id,
            "impersonation_probability": assessment.impersonation_probability,
            "clearing_probability": assessment.clearing_probability,
            "inauthentic_probability": assessment.inauthentic_probability,
            "inauthentic": assessment.inauthentic,
            "inauthentic_reason": assessment.inauthentic_reason,
            "verdict": verdict.verdict,
            "reasons": verdict.reasons,
            "model_id": assessment.model_id,
            "error": None,
            "error_reason": None,
            "notes": one.notes,
        }
        row.update(_asked_by_the_platform(assessment))
        if target is not None and assessment.relation == "impersonation":
            row["target_platform"] = target.platform
            row.update(traces(account, target))
        return row

    def _shadowed(self, assessment: Assessment) -> _Row:
        verdict = decide(assessment, "suspend", None, now=self.now, policy=self.policy)
        return {
            "shadow_relation": assessment.relation,
            "shadow_target_handle": assessment.target and assessment.target.handle,
            "shadow_probability": assessment.impersonation_probability,
            "shadow_clearing_probability": assessment.clearing_probability,
            "shadow_verdict": verdict.verdict,
        }

    def _failed(self, one: Imported, error: DoublecheckError | None) -> _Row:
        return dict.fromkeys(SCHEMA.names) | {
            "row": one.row,
            "model_id": self.scorer.model_id,
            "reasons": (),
            "error": str(error),
            "error_reason": error.reason if isinstance(error, RowError) else error and error.code,
            "notes": one.notes,
        }


@lru_cache(10_000)
def _as_json(reason: Reason) -> str:
    return json.dumps(asdict(reason), ensure_ascii=False)  # most rows have the reasons of others


def _asked_by_the_platform(assessment: Assessment) -> _Row:
    """Return the columns of ``RULES``.

    A batch explains nothing, and only the explanation tells an account that the platform says is the owner's: so
    nothing is offered where it may be the owner's at all (R1).
    """
    rule = shipped_rules().of(assessment.account.platform)
    asked = requirements(assessment.account, assessment.target, assessment.relation, rule)
    fits = None if assessment.relation == "same_owner" else offer(assessment, asked, rule)
    return {
        "requirements": " ".join(f"{one.code}={MET[one.met]}" for one in asked) or None,
        "offer": " ".join(fits.demands) if fits else None,
    }


def _assessed(scorer: Scorer, accounts: Sequence[Account]) -> Sequence[Assessment | Exception]:
    """Return an assessment of each account, or what went wrong at that one alone."""
    try:
        return scorer.assess_many(accounts, explain=False)
    except Exception:
        return [_alone(scorer, account) for account in accounts]


def _alone(scorer: Scorer, account: Account) -> Assessment | Exception:
    try:
        return scorer.assess(account)
    except Exception as error:
        return error


def _unexpected(error: Exception, row: int) -> RowError:
    """Name the kind of error only: its message may hold text of the account."""
    message = f"the row could not be scored ({type(error).__name__}): report it to us, and ask a second person"
    return RowError("not_scored", message, row=row)
