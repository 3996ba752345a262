from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from classifier.accounts.account import Account, ProtectedAccount
from classifier.registry.registry import Registry
from classifier.scoring.assessment import Assessment
from classifier.scoring.resemblance import newly_resembled

JANE = ProtectedAccount(platform="x", handle="JaneQuillon", account_id="1", display_name="Jane Quillon")
NEW = ProtectedAccount(
    platform="x", handle="TamstadNews", account_id="2", display_name="Tamstad", aliases=("Jane Quillon", "J. Q."),
    followers=10**8, created_at=datetime(2006, 1, 1, tzinfo=UTC), verified=True, verification="government",
)  # fmt: skip


class Answers:
    """A scorer that finds Jane by what ``finds`` says of the account that it is asked about."""

    def __init__(self, finds: Any, registry: Registry | None = None) -> None:
        self.finds = finds
        self.registry = registry or Registry([JANE])

    def over(self, registry: Registry) -> "Answers":
        return Answers(self.finds, registry)

    def assess_many(self, accounts: Sequence[Account], *, explain: bool = True) -> list[Assessment]:  # noqa: ARG002
        return [self._assessed(account) for account in accounts]

    def _assessed(self, account: Account) -> Assessment:
        relation, probability = self.finds(account)
        known = {"account": account, "target": JANE, "model_id": "m", "registry_version": "r"}
        return Assessment(relation=relation, impersonation_probability=probability, **known)


def resembled(finds: Any, before: ProtectedAccount | None = None, account: ProtectedAccount = NEW) -> bool:
    return newly_resembled(Answers(finds), before, account) == [JANE]  # type: ignore[arg-type]


def test_it_is_asked_about_under_each_of_its_names() -> None:
    for name in (NEW.display_name, *NEW.aliases):
        assert resembled(lambda one, name=name: ("same_owner" if one.display_name == name else "unrelated", 0.0))
    assert not resembled(lambda one: ("same_owner" if one.display_name == "Somebody" else "unrelated", 0.0))


def test_what_it_claims_of_its_standing_hides_nothing() -> None:
    def by_standing(claims: bool) -> Any:
        def finds(one: Account) -> tuple[str, float]:
            told = (one.followers, one.created_at, one.verified, one.verification)
            return "parody_or_fan" if any(told) == claims and all(told) == claims else "unrelated", 0.0

        return finds

    assert resembled(by_standing(claims=False))
    assert resembled(by_standing(claims=True))


@pytest.mark.parametrize(
    ("relation", "probability", "alike"),
    [("unrelated", 0.49, False), ("unrelated", 0.5, True), ("no_target", 0.0, False), ("impersonation", 0.9, True),
     ("same_owner", 0.0, True), ("parody_or_fan", 0.0, True), ("is_protected", 0.0, True)],
)  # fmt: skip
def test_whatever_is_more_than_unrelated_resembles(relation: str, probability: float, alike: bool) -> None:
    assert resembled(lambda _: (relation, probability)) is alike


def test_whom_it_resembled_before_is_no_news() -> None:
    before = replace(NEW, aliases=("Jane Quillon",))
    scorer = Answers(lambda one: ("same_owner" if one.display_name == "J. Q." else "unrelated", 0.0))
    scorer.registry = Registry([JANE, before])
    assert newly_resembled(scorer, before, NEW) == [JANE]  # type: ignore[arg-type]
    assert newly_resembled(scorer, NEW, NEW) == []  # type: ignore[arg-type]
    only = Answers(lambda _: ("same_owner", 0.0), Registry([before]))
    assert newly_resembled(only, before, NEW) == []  # type: ignore[arg-type]
