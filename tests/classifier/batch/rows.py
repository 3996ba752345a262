"""Rows to answer and a scorer that answers without a model, for the tests of this folder."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from classifier.accounts.account import Account, ProtectedAccount
from classifier.batch.score_rows import Answerer, Asked
from classifier.certification.neyman_pearson import Certificate
from classifier.features import KINDS
from classifier.importers.readers.raw_row import RawRow
from classifier.importers.results import RowError
from classifier.scoring.assessment import Assessment
from classifier.scoring.policy import Policy

NOW = datetime(2026, 1, 1, tzinfo=UTC)
TARGET = ProtectedAccount(
    platform="x",
    handle="JaneQuillon",
    account_id="7",
    followers=10_000,
    bio="Chair of Northwind",
    verified=True,
)
OTHER = ProtectedAccount(platform="x", handle="AdaBrask", account_id="8", followers=10_000, verified=True)
CERTIFICATE = Certificate(alpha=0.001, delta=0.05, n=5_000, errors=0, threshold=0.9, population="invented")


class FakeScorer:
    """Takes accounts whose handle begins with "fake" for imitators, clearly; can fail at one handle."""

    def __init__(self, fails_at: str | None = None, *, model_id: str = "fake", doubts: str | None = None) -> None:
        self.fails_at, self.model_id, self.doubts = fails_at, model_id, doubts
        self.sizes: list[int] = []

    def assess(self, account: Account) -> Assessment:
        return self.assess_many([account])[0]

    def assess_many(self, accounts: Sequence[Account], *, explain: bool = True) -> list[Assessment]:  # noqa: ARG002
        self.sizes.append(len(accounts))
        if any(account.handle == self.fails_at for account in accounts):
            raise ValueError("a handle that must not be repeated")
        return [self._assessment(account) for account in accounts]

    def _assessment(self, account: Account) -> Assessment:
        is_fake = account.handle.startswith("fake") and account.handle != self.doubts
        return Assessment(
            account=account,
            relation="impersonation" if is_fake else "unrelated",
            target=OTHER if account.handle.endswith("ada") else TARGET,
            impersonation_probability=0.99 if is_fake else 0.125,
            clearing_probability=0.95 if is_fake else 0.0625,
            strongest_kind="handle",
            kinds=dict.fromkeys(KINDS, 0.0) | {"handle": 1.5, "name": 1.0},
            relation_probabilities={"same_owner": 0.0, "parody_or_fan": 0.0},
            certificate=CERTIFICATE,
            direction=1,
            model_id=self.model_id,
            registry_version="r",
        )


def answerer(scorer: Any = None, *, shadow: Any = None) -> Answerer:
    return Answerer(scorer or FakeScorer(), Policy(), NOW, None, shadow)


def asked(number: int, handle: str | None = None, source: str = "in.csv", **values: Any) -> Asked:
    """A row that would be cleared if its handle begins with "fake"."""
    known = {"platform": "x", "account_id": str(1_000 + number), "handle": handle or f"h{number}", "followers": 12,
             "verified": False, "display_name": "N", "bio": "B"}  # fmt: skip
    return Asked(source, "doublecheck", RawRow(number, known | values))


def unreadable(number: int, source: str = "in.csv") -> Asked:
    error = RowError("not_csv", "the row is not CSV: quote it", row=number)
    return Asked(source, "doublecheck", RawRow(number, None, error))


def part(rows: Iterable[Asked], *, shadow: Any = None) -> pa.RecordBatch:
    return answerer(shadow=shadow).answer(list(rows))
