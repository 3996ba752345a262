import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.accounts.account import Account, ProtectedAccount, as_reported, canonical
from classifier.batch.score_rows import SCHEMA, Answerer, Asked
from classifier.importers.readers.raw_row import RawRow
from classifier.model_store.training_result import Training
from classifier.registry.registry import Registry
from classifier.scoring.assessment import Assessment
from classifier.scoring.policy import Policy, decide
from classifier.scoring.scorer import Scorer
from classifier.simulation import simulate
from tests.classifier.batch.rows import NOW, FakeScorer, answerer, asked, part, unreadable

POLICY = Policy()


@pytest.fixture(scope="module")
def small(small_training: Training, registry: Registry) -> Scorer:
    return Scorer(small_training.model, "small", registry)


@pytest.fixture(scope="module")
def accounts(president: ProtectedAccount, registry: Registry) -> list[Account]:
    """The president, attacks and genuine cases around some accounts."""
    known = [president, *registry.accounts[:3]]
    return [as_reported(president), *(case.account for case in simulate(known, seed=6))]


def rows_of(accounts: list[Account]) -> list[Asked]:
    """The accounts, and every ninth row unreadable."""
    found = [Asked("a", "doublecheck", RawRow(row, canonical(one))) for row, one in enumerate(accounts, start=1)]
    return [unreadable(one.raw.number, "a") if one.raw.number % 9 == 0 else one for one in found]


def answers(rows: list[Asked], scorer: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = Answerer(scorer, POLICY, NOW).answer(rows).to_pylist()
    return found


@given(st.lists(st.booleans(), max_size=9))
def test_one_row_comes_out_for_every_row_in_order(pattern: list[bool]) -> None:
    rows = [asked(number) if good else unreadable(number) for number, good in enumerate(pattern, start=1)]
    found = part(rows).to_pylist()
    assert [row["row"] for row in found] == list(range(1, len(pattern) + 1))
    assert [row["error"] is None for row in found] == pattern
    for row, readable in zip(found, pattern, strict=True):
        assert row["model_id"] == "fake"
        assert row["handle"] == (f"h{row['row']}" if readable else None)


@pytest.mark.parametrize(
    ("row", "reason", "error"),
    [
        (unreadable(3), "not_csv", "row 3: the row is not CSV: quote it"),
        (asked(3, handle=" "), "handle_missing", "row 3, field 'handle': the handle is missing: every row needs one"),
    ],
)
def test_a_row_in_error_has_no_answer_and_says_what_is_wrong(row: Asked, reason: str, error: str) -> None:
    (found,) = part([row]).to_pylist()
    assert (found["error_reason"], found["error"]) == (reason, error)
    assert found["reasons"] == "[]"
    for name in ("relation", "verdict", "target_handle", "impersonation_probability"):
        assert found[name] is None


def test_a_row_at_which_scoring_fails_is_one_error_without_its_text_and_the_others_are_answered() -> None:
    scorer = FakeScorer(fails_at="h2")
    found = answerer(scorer).answer([asked(1), asked(2), asked(3)]).to_pylist()
    assert [row["verdict"] for row in found] == ["needs_review", None, "needs_review"]
    assert found[1]["error_reason"] == "not_scored"
    assert found[1]["error"].startswith("row 2: the row could not be scored (ValueError)")
    assert "must not be repeated" not in found[1]["error"]


def test_a_row_holds_the_assessment_and_what_the_policy_would_say(small: Scorer, accounts: list[Account]) -> None:
    rows = [Asked("a", "doublecheck", RawRow(row, canonical(one))) for row, one in enumerate(accounts, start=1)]
    for account, row in zip(accounts, answers(rows, small), strict=True):
        expected = small.assess(account)
        verdict = decide(expected, "suspend", None, now=NOW, policy=POLICY)
        assert (row["relation"], row["verdict"]) == (expected.relation, verdict.verdict)
        assert row["impersonation_probability"] == expected.impersonation_probability
        assert row["clearing_probability"] == expected.clearing_probability
        assert row["inauthentic_probability"] == expected.inauthentic_probability
        assert (row["inauthentic"], row["inauthentic_reason"]) == (expected.inauthentic, expected.inauthentic_reason)
        assert row["target_handle"] == (expected.target.handle if expected.target else None)
        assert row["target_id"] == (expected.target.account_id if expected.target else None)
        assert json.loads(row["reasons"]) == [{"code": one.code, "text": one.text} for one in verdict.reasons]


def test_the_columns_say_of_the_account_alone_whether_and_why_not(small: Scorer) -> None:
    assert SCHEMA.names[7:12] == [
        "impersonation_probability", "clearing_probability", "inauthentic_probability", "inauthentic",
        "inauthentic_reason",
    ]  # fmt: skip
    people = [
        asked(row, "qzkxvw83", platform=name, followers=1, posts=2) for row, name in enumerate(["x", "mastodon"], 1)
    ]
    bought, elsewhere = answers(people, small)
    assert (bought["inauthentic"], bought["inauthentic_reason"], bought["verdict"]) == (True, None, "needs_review")
    assert (elsewhere["inauthentic"], elsewhere["inauthentic_reason"]) == (None, "out of what it knows: platform")


def test_a_protected_account_is_refused_in_a_batch_too(small: Scorer, president: ProtectedAccount) -> None:
    (row,) = answers([Asked("a", "doublecheck", RawRow(1, canonical(as_reported(president))))], small)
    assert (row["relation"], row["verdict"], row["target_id"]) == ("is_protected", "refused", president.account_id)


@pytest.mark.parametrize("size", [1, 2, 7])
def test_answers_do_not_depend_on_the_rows_beside_them(small: Scorer, accounts: list[Account], size: int) -> None:
    rows = rows_of(accounts)
    cut = [answers(rows[first : first + size], small) for first in range(0, len(rows), size)]
    assert [row for block in cut for row in block] == answers(rows, small)


def test_answers_do_not_depend_on_the_order_of_the_rows(small: Scorer, accounts: list[Account]) -> None:
    rows = rows_of(accounts)
    assert answers(rows[::-1], small) == answers(rows, small)[::-1]


def test_a_second_model_answers_in_columns_of_its_own() -> None:
    shadow = FakeScorer(model_id="other", doubts="fake1")
    found = answerer(shadow=shadow).answer([asked(1, "fake1"), asked(2, "fake2"), unreadable(3)]).to_pylist()
    assert [row["verdict"] for row in found] == ["cleared", "cleared", None]
    assert [row["shadow_verdict"] for row in found] == ["needs_review", "cleared", None]
    assert [row["shadow_relation"] for row in found] == ["unrelated", "impersonation", None]
    assert found[0]["model_id"] == "fake"


def test_a_second_model_that_fails_costs_no_answer_of_the_first() -> None:
    found = answerer(shadow=FakeScorer(fails_at="fake1")).answer([asked(1, "fake1"), asked(2)]).to_pylist()
    assert [row["verdict"] for row in found] == ["cleared", "needs_review"]
    assert [row["shadow_verdict"] for row in found] == [None, "needs_review"]


def test_only_imitators_leave_traces() -> None:
    found = part([asked(1, "fake1", bio="Chair of Northwind"), asked(2), unreadable(3)]).to_pylist()
    assert [row["account"] is not None for row in found] == [True, False, False]
    assert [row["target_platform"] for row in found] == ["x", None, None]


class RelatedScorer(FakeScorer):
    """Answers with one relation."""

    def __init__(self, relation: str) -> None:
        super().__init__()
        self.relation: Any = relation

    def _assessment(self, account: Account) -> Assessment:
        found = replace(super()._assessment(account), relation=self.relation)
        return replace(found, target=None) if self.relation == "no_target" else found


PARODY = {"display_name": "Parody: Jane Roe", "bio": "No affiliation."}


@pytest.mark.parametrize(
    ("relation", "account", "requirements", "offer"),
    [
        (
            "parody_or_fan", {}, "label_position=unmet picture_same=unknown platform_label=unknown",
            "label_at_start label_in_bio",
        ),
        ("parody_or_fan", PARODY, "label_position=met picture_same=unknown platform_label=unknown", None),
        ("same_owner", {}, None, None),
        ("is_protected", {}, None, None),
        ("no_target", {}, None, None),
    ],
)  # fmt: skip
def test_a_row_says_what_the_platform_asks_and_which_change_fits(
    relation: str, account: dict[str, str], requirements: str | None, offer: str | None
) -> None:
    """As single checks do; but nothing is offered to what may be the owner's: a batch does not know whose it is."""
    found = answerer(RelatedScorer(relation)).answer([asked(1, "fake1", platform="x", **account)]).to_pylist()
    assert (found[0]["requirements"], found[0]["offer"]) == (requirements, offer)


def test_a_row_in_error_asks_and_offers_nothing() -> None:
    (found,) = part([unreadable(3)]).to_pylist()
    assert (found["requirements"], found["offer"]) == (None, None)
