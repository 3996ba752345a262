"""The story this project exists for: on 2 November 2017 a worker, an hour before he left, took the real one for a fake.

Everything runs on the default model, which ships with the package, and a registry with one very high-profile account.
All people are invented.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from classifier.accounts.account import Account, ProtectedAccount, as_reported
from classifier.scoring.assessment import Assessment
from classifier.scoring.policy import Actor, Policy, Verdict, decide
from classifier.scoring.scorer import Scorer
from service.decisions.current_scorer import FixedScorer
from service.settings import Settings
from tests.service.conftest import Client, Clock

NOW = datetime(2017, 11, 2, 18, 59, tzinfo=UTC)
WORKER = Actor("worker-1", access_ends_at=NOW + timedelta(hours=1))
COLLEAGUE = Actor("worker-2")
TARGET = "OllivanderBrask"
NAME = "Ollivander Brask"
BIO = "45th President of Velmoria. Building harbours, bridges and a quiet country."


def reported(handle: str, name: str | None, bio: str | None, **more: object) -> Account:
    """A reported account as support tooling sends it: a young one with few followers unless said otherwise."""
    usual = {
        "platform": "x",
        "account_id": "900100200",
        "handle": handle,
        "display_name": name,
        "bio": bio,
        "followers": 120,
        "following": 300,
        "posts": 40,
        "created_at": datetime(2017, 9, 1, tzinfo=UTC),
        "observed_at": NOW,
        "verified": False,
    }
    return Account(**usual | more)  # type: ignore[arg-type]


def ask(scorer: Scorer, account: Account, actor: Actor = COLLEAGUE) -> tuple[Assessment, Verdict]:
    assessment = scorer.assess(account)
    return assessment, decide(assessment, "deactivate", actor, now=NOW, policy=Policy())


def test_the_worker_proposes_to_deactivate_the_real_one(scorer: Scorer, president: ProtectedAccount) -> None:
    assessment, verdict = ask(scorer, as_reported(president), WORKER)
    assert assessment.relation == "is_protected"
    assert assessment.target == president
    assert verdict.verdict == "refused"
    assert "This IS the protected account" in verdict.reasons[0].text
    assert verdict.required_approvals == 0, "nobody can approve it either"


def test_the_declared_second_account_is_as_safe(scorer: Scorer) -> None:
    assessment, verdict = ask(scorer, reported("PresVelmoria", "President of Velmoria", None))
    assert (assessment.relation, verdict.verdict) == ("same_owner", "refused")


FAKES = {
    "a typo": reported("OllivanderBrsak", NAME, BIO),
    "a capital I for an l": reported("OIIivanderBrask", NAME, BIO),
    "Cyrillic letters": reported("ОllivаnderBrаsk", "Оllivаnder Brаsk", BIO),
    "an added 'official'": reported("OllivanderBrask_official", f"{NAME} Official", f"{BIO} DM me on Telegram."),
    "the name under a random handle": reported("xkqjw84121", NAME, BIO),
    "a claimed role": reported(
        "mvutte5521", "President of Velmoria", f"{NAME}. Message me on Telegram for a giveaway."
    ),
}


@pytest.mark.parametrize("kind", FAKES)
def test_a_fake_is_called_impersonation_of_the_right_account(scorer: Scorer, kind: str) -> None:
    assessment, verdict = ask(scorer, FAKES[kind])
    assert assessment.target is not None
    assert (assessment.relation, assessment.target.handle) == ("impersonation", TARGET)
    assert assessment.evidence, "a verdict comes with its reasons"
    assert verdict.verdict in {"cleared", "needs_review"}


@pytest.mark.parametrize("kind", FAKES)
def test_whoever_leaves_within_the_hour_clears_nothing(scorer: Scorer, kind: str) -> None:
    _, verdict = ask(scorer, FAKES[kind], WORKER)
    assert verdict.verdict == "needs_review"
    assert "access_ending" in {reason.code for reason in verdict.reasons}


GENUINE = {
    "a declared parody": reported("BraskParody", f"Parody {NAME}", f"Parody account. Not {NAME}.", followers=8_000),
    "a namesake": reported(
        "olli_brask_bakes", NAME, "Baker in Tamstad. Sourdough, rye and small cakes.",
        created_at=datetime(2010, 5, 4, tzinfo=UTC), followers=412, posts=3_100,
    ),
    "the undeclared campaign account": reported(
        "TeamBrask2020", f"{NAME} Campaign", f"Campaign account of {NAME}. Volunteer with us!", followers=91_000,
        links=("https://www.brask.example",), created_at=datetime(2016, 1, 9, tzinfo=UTC), posts=5_200,
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", GENUINE)
def test_a_genuine_account_near_it_is_not_called_impersonation_and_never_cleared(scorer: Scorer, kind: str) -> None:
    assessment, verdict = ask(scorer, GENUINE[kind])
    assert assessment.relation != "impersonation"
    assert verdict.verdict != "cleared"


def test_at_least_one_plain_fake_is_cleared(scorer: Scorer) -> None:
    """A gate that never opens is a gate nobody asks: the second failure that DESIGN.md names."""
    verdicts = {kind: ask(scorer, account)[1].verdict for kind, account in FAKES.items()}
    assert "cleared" in verdicts.values()


def test_support_tooling_gets_the_same_answer_over_http(scorer: Scorer, president: ProtectedAccount) -> None:
    """The whole service around the story: the real one is refused in words that a worker in a hurry reads."""
    client = Client(FixedScorer(scorer), Settings(), Clock(NOW))
    body = {"account": {"platform": "x", "handle": president.handle}, "action": "deactivate", "actor": "worker-1"}
    answer = client.post("/v1/checks", json=body, by=("worker-1", "agent")).json()
    assert (answer["verdict"], answer["relation"]) == ("refused", "is_protected")
    assert answer["target"]["handle"] == president.handle
    assert "This IS the protected account" in answer["reasons"][0]["text"]
    assert answer["clearance"] is None
    client.check_service.close()
