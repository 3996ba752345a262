"""What is drawn is chance's choice alone, at the share that was set: by simulation, without the web."""

import random
from typing import get_args
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from classifier.accounts.account import Account
from classifier.scoring.assessment import Relation
from classifier.scoring.policy import Policy, Verdict, VerdictName
from classifier.scoring.reason import Reason
from service.auth.api_keys import ROLES, Caller
from service.decisions.check import Reading, answer
from service.decisions.second_looks import is_drawn, may_know
from service.limits import Quotas, Rules
from service.settings import Settings
from tests.service.conftest import ASSESSMENTS, NOW, canned

RUNS = 20_000
# How often a test of chance may fail for nothing: never, as far as CI is concerned.
NEVER = 1e-9


def response(assessment, verdict="cleared"):
    """The answer to an invented check."""
    decided = Verdict(verdict, (Reason("invented", "Invented."),), 0, Policy().version)
    return answer(Reading(Account(handle="invented", platform="x"), ()), assessment, decided, NOW)


def within(found, share, runs=RUNS):
    low, high = binom.ppf([NEVER, 1 - NEVER], runs, share)
    return low <= found <= high


@pytest.mark.parametrize("share", [0.01, 0.3])
def test_the_share_that_is_drawn_is_the_one_that_was_set(share):
    one = response(canned())
    assert within(sum(is_drawn(one, share) for _ in range(RUNS)), share)


@pytest.mark.parametrize("verdict", get_args(VerdictName))
@pytest.mark.parametrize("name", ["impersonation", "below_threshold", "parody_or_fan", "unrelated", "same_owner"])
def test_neither_verdict_nor_relation_matters(verdict, name):
    one = response(ASSESSMENTS[name], verdict)
    assert within(sum(is_drawn(one, 0.1) for _ in range(2_000)), 0.1, 2_000)


@given(st.sampled_from(get_args(VerdictName)), st.uuids(), st.integers(0, 10**6), st.floats(0.0, 1.0))
def test_the_same_chance_draws_the_same_whatever_was_answered(verdict, number, seed, share):
    """What is drawn depends on the random number alone: neither on the verdict nor on the check's number."""
    plain, other = (
        response(canned()),
        response(ASSESSMENTS["unrelated"], verdict).model_copy(update={"check_id": number}),
    )
    chances = random.Random(seed), random.Random(seed)  # noqa: S311 -- so that both are the same
    assert is_drawn(plain, share, chances[0].random) == is_drawn(other, share, chances[1].random)


def test_two_draws_of_one_check_are_not_the_same_draw():
    """Whoever knows the check's number cannot work out whether it was drawn."""
    one = response(canned())
    assert {is_drawn(one, 0.5) for _ in range(100)} == {True, False}


def test_nothing_and_everything_are_shares_too():
    one = response(canned())
    assert not any(is_drawn(one, 0.0) for _ in range(1_000))
    assert all(is_drawn(one, 1.0) for _ in range(1_000))


@pytest.mark.parametrize("relation", get_args(Relation))
def test_what_has_no_target_or_is_protected_is_never_drawn(relation):
    one = response(canned(relation=relation, target=None if relation == "no_target" else canned().target))
    assert is_drawn(one, 1.0) == (relation not in {"no_target", "is_protected"})
    assert not is_drawn(one.model_copy(update={"target": None}), 1.0)


def test_one_of_a_hundred_is_drawn_unless_somebody_says_otherwise():
    assert Rules(Policy(), Quotas()).second_look_share == Settings().rules().second_look_share == 0.01
    assert Settings(second_look_share=0.5).rules().second_look_share == 0.5


@given(st.sets(st.sampled_from(ROLES), min_size=1))
def test_who_asks_acts_or_judges_never_knows(roles):
    knows = may_know(Caller(str(uuid4()), "somebody", frozenset(roles)))
    assert knows == (roles <= {"admin", "auditor"})
