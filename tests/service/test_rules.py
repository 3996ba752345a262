"""The ten rules of the design that may never break, over the running service and on both databases.

``tests/test_rules.py`` proves what the classifier can; here is what needs records, clearances and two people.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import event, select

from classifier.accounts.account import Account, ProtectedAccount, as_protected, as_reported, canonical
from classifier.certification.neyman_pearson import Certificate
from classifier.errors import RegistryError, SignatureError
from classifier.model_store import ModelStore
from classifier.registry.registry import Registry
from classifier.scoring.policy import ACTIONS, Policy
from classifier.scoring.scorer import Scorer
from classifier.storage.home import registry_store
from service.auth.api_keys import end_access, revoke_key
from service.decisions.current_scorer import FixedScorer, FollowedScorer
from service.records.tables import clearances, decisions, log
from service.server.bootstrap import load_scorer, open_check_service
from service.settings import Settings
from tests.conftest import PRESIDENT
from tests.service.conftest import AGENT, ASSESSMENTS, NO_HOME, NOW, TARGET, UNLIMITED, Client, Clock, body, canned

REVIEWERS = (("rev-1", "reviewer"), ("rev-2", "reviewer"))
ADMIN = ("boss", "admin")
FAKE = body()["account"]
# A name with a Cyrillic letter: with the handle it makes two kinds of evidence, so that either may be taken away.
DISGUISED = "\u041ellivander Brask"


def serving(scorer: Scorer, url: str, clock: Clock | None = None) -> Client:
    """A service around a real scorer."""
    return Client(FixedScorer(scorer), Settings(home=NO_HOME, database_url=url, **UNLIMITED), clock or Clock())


def reported(account: Account, **changes: object) -> dict[str, object]:
    return body(account=canonical(replace(account, **changes)))


def cleared(client: Client, **changes: object) -> dict[str, object]:
    """The answer to a check that is cleared."""
    answer = client.check(**changes).json()
    assert answer["verdict"] == "cleared", answer["reasons"]
    return answer


def redeem(client: Client, answer, *, by=AGENT, actor=None, **changes):
    given = {"token": answer["clearance"]["token"], "account": FAKE | changes} | ({"actor": actor} if actor else {})
    return client.post("/v1/clearances/redeem", json=given, by=by)


def refusals(response) -> set[str]:
    """The codes of the reasons for which a clearance was refused."""
    assert response.status_code == 409, response.text
    assert response.json()["code"] == "clearance_refused"
    return {reason["code"] for reason in response.json()["reasons"]}


def approve(client: Client, check_id: str, by: tuple[str, ...], answer: str = "approve"):
    """Look at the evidence, then answer."""
    assert client.get(f"/v1/checks/{check_id}", by=by).status_code == 200
    return client.post(f"/v1/checks/{check_id}/approvals", json={"answer": answer, "reason": "seen"}, by=by)


def clearance(client: Client, check_id: str, by=AGENT):
    return client.post(f"/v1/checks/{check_id}/clearance", by=by)


# --- R1: a protected account, or a declared secondary of one, is never cleared, whatever the model says -------------


@pytest.mark.parametrize("action", ACTIONS)
def test_rule_1_protected_accounts_are_refused(
    scorer: Scorer, president: ProtectedAccount, database_url: str, action: str
) -> None:
    client = serving(scorer, database_url)
    real = as_reported(president)
    for account in (real, replace(real, handle="renamed_since"), Account(platform="x", handle="PresVelmoria")):
        demands = ["other_name"] if action == "require_change" else None
        answer = client.check(account=canonical(account), action=action, demands=demands).json()
        assert (answer["verdict"], answer["clearance"], answer["required_approvals"]) == ("refused", None, 0)
    client.check_service.close()


def test_rule_1_no_approvals_change_that(make_client, database_url) -> None:
    client = make_client("is_protected", database_url=database_url)
    check_id = client.check().json()["check_id"]
    for reviewer in REVIEWERS:
        assert approve(client, check_id, reviewer).json()["code"] == "review_refused"
    assert "review_not_needed" in refusals(clearance(client, check_id))


def test_rule_1_an_account_protected_since_is_not_acted_on(recorded) -> None:
    answer = cleared(recorded)
    recorded.scorer.answer = ASSESSMENTS["is_protected"]
    assert "is_protected" in refusals(redeem(recorded, answer))


# --- R2: the genuine account is never the imitator of its imitator --------------------------------------------------


def test_rule_2_the_genuine_account_reported_by_its_imitator_is_not_cleared(stored, database_url: str) -> None:
    genuine = Account(
        platform="x", account_id="1", handle="OllivanderBrask", display_name="Ollivander Brask", followers=44_000_000,
        bio="President of Velmoria.",
        verified=True, created_at=datetime(2009, 3, 18, tzinfo=UTC), observed_at=NOW,
    )  # fmt: skip
    imitator = replace(
        genuine, account_id="2", handle="OIIivanderBrask", display_name=DISGUISED, links=("https://t.me/ollivanderbrask",),
        followers=12, verified=False, created_at=datetime(2026, 4, 25, tzinfo=UTC),
    )  # fmt: skip
    for protected, accused, expected in ((genuine, imitator, "cleared"), (imitator, genuine, "needs_review")):
        client = serving(Scorer(stored.model, "m", Registry([as_protected(protected)])), database_url)
        answer = client.check(account=canonical(accused)).json()
        assert answer["verdict"] == expected, answer["reasons"]
        assert (answer["relation"] == "impersonation") == (expected == "cleared")
        client.check_service.close()


# --- R3: anything that fails yields no clearance; errors are never verdicts ------------------------------------------


def failing_model(client, monkeypatch):
    client.scorer.answer = ZeroDivisionError("model")


def failing_registry(client, monkeypatch):
    def fail(_):
        raise RegistryError("unreadable")

    monkeypatch.setattr(type(client.check_service.current), "__call__", fail)


def failing_signature(client, monkeypatch):
    def fail():
        raise SignatureError("no key")

    monkeypatch.setattr(client.check_service.signer, "present", fail)


def failing_commit(client, monkeypatch):
    def fail(connection):
        raise OSError("no space left on device")

    event.listen(client.check_service.engine, "commit", fail)


def failing_clock(client, monkeypatch):
    def fail():
        raise OSError("no clock")

    monkeypatch.setattr(client.check_service._committer, "now", fail)


@pytest.mark.parametrize("break_", [failing_model, failing_registry, failing_signature, failing_commit, failing_clock])
def test_rule_3_whatever_fails_clears_nothing(recorded, break_, monkeypatch) -> None:
    recorded.key(*AGENT)
    break_(recorded, monkeypatch)
    response = recorded.check()
    assert response.status_code >= 500
    assert not {"verdict", "clearance"} & response.json().keys()


@pytest.mark.parametrize("account", [{}, {"handle": " "}, {"handle": 1}, {"handle": "a", "followers": -1}, "a", None])
def test_rule_3_malformed_input_clears_nothing(recorded, account) -> None:
    response = recorded.check(account=account)
    assert response.status_code == 422
    assert not {"verdict", "clearance"} & response.json().keys()


# --- R4: no clearance without a durable decision record written first -----------------------------------------------


def test_rule_4_what_is_answered_is_in_the_database(recorded) -> None:
    answer = cleared(recorded)
    with recorded.check_service.engine.connect() as other:
        row = other.execute(select(decisions).where(decisions.c.id == answer["check_id"])).one()
        given = other.execute(select(clearances).where(clearances.c.decision == row.id)).one()
        entry = other.execute(select(log).where(log.c.seq == row.seq)).one()
    assert (row.verdict, given.id) == ("cleared", answer["clearance"]["clearance_id"])
    assert (entry.seq, entry.hash) == (answer["entry"]["seq"], answer["entry"]["hash"])


def test_rule_4_a_commit_that_fails_leaves_neither_record_nor_clearance(recorded) -> None:
    recorded.key(*AGENT)
    failures = [OSError("no space left on device")]

    @event.listens_for(recorded.check_service.engine, "commit")
    def fail_once(connection):
        if failures:
            raise failures.pop()

    assert recorded.check().status_code == 503
    with recorded.check_service.engine.connect() as other:
        assert not other.execute(select(decisions)).all()
        assert not other.execute(select(clearances)).all()
    cleared(recorded)  # and it recovers by itself


# --- R5: a clearance is bound to all it rests on, used once, and checked again when it is redeemed ------------------

LATER = NOW + timedelta(minutes=5)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"account_id": "9002"}, "other_account"),
        ({"platform": "instagram"}, "other_account"),
        ({"handle": "JaneRo3"}, "renamed"),
        ({"followers": 5_000}, "audience_grown"),
        ({"verified": True}, "verified_since"),
        ({"bio": "Parody."}, "profile_changed"),
        ({"bio": ""}, "profile_changed"),
        ({"bio": None}, "profile_incomplete"),
        ({"location": "elsewhere"}, "profile_changed"),
        ({"links": ["https://elsewhere.example"]}, "profile_changed"),
        ({"avatar_pdq": "f0" * 32}, "profile_changed"),
        ({"created_at": "2026-04-20T08:00:01Z"}, "profile_changed"),
        ({"created_at": None}, "profile_incomplete"),
        ({"platform_labels": ["parody"]}, "profile_changed"),
        ({"leads_to": ["x:JaneRoe"]}, "profile_changed"),
        ({"verification": "paid"}, "profile_changed"),
        ({"followers": None}, "profile_incomplete"),
        ({"verified": None}, "profile_incomplete"),
        ({"display_name": "Somebody Else"}, "profile_changed"),
    ],
)
def test_rule_5_the_account_as_it_is_now_must_be_the_one_that_was_checked(recorded, changes, reason) -> None:
    answer = cleared(recorded)
    assert reason in refusals(redeem(recorded, answer, **changes))
    again = redeem(recorded, answer)
    if reason in {"other_account", "profile_incomplete"}:
        assert again.status_code == 200, "nothing was seen of this one"
    else:
        assert refusals(again) == {"seen_at_redemption"}, "what was seen is not forgotten by the next try"


@pytest.mark.parametrize("changes", [{"followers": 40}, {"posts": 77}, {"following": 3}, {"listed": 2}])
def test_rule_5_what_changes_every_minute_does_not_matter(recorded, changes) -> None:
    assert redeem(recorded, cleared(recorded), **changes).status_code == 200


def test_rule_5_no_field_is_left_out_to_hide_a_change(recorded) -> None:
    """Whoever sends a stub is told what to send, and all that is missing; nothing is spent."""
    answer = cleared(recorded)
    stub = {"account": {name: FAKE[name] for name in ("platform", "account_id", "handle")}}
    response = recorded.post("/v1/clearances/redeem", json={"token": answer["clearance"]["token"]} | stub)
    assert "profile_incomplete" in refusals(response)
    [reason] = [reason for reason in response.json()["reasons"] if reason["code"] == "profile_incomplete"]
    for said in ("display name", "bio", "followers", "created at", "verified", "Send the whole profile as it is now"):
        assert said in reason["text"]
    assert redeem(recorded, answer).status_code == 200


def test_rule_5_a_platforms_own_format_is_compared_as_columns_are(recorded) -> None:
    user = {"id": "9001", "username": "JaneR0e", "name": "Jane Roe", "description": "Chair of Northwind."}
    user |= {"location": "Tarnholt", "verified": False, "created_at": "2026-04-20T08:00:00.000Z"}
    user |= {"public_metrics": {"followers_count": 12, "following_count": 3, "tweet_count": 400, "listed_count": 0}}
    answer = cleared(recorded, account=user, format="x-v2")

    def spend(**changes):
        given = {"token": answer["clearance"]["token"], "format": "x-v2", "account": user | changes}
        return recorded.post("/v1/clearances/redeem", json=given)

    for changes in ({"description": ""}, {"location": None}, {"public_metrics": {"followers_count": 12}}):
        assert "profile_incomplete" in refusals(spend(**changes))
    assert "profile_incomplete" in refusals(redeem(recorded, answer, bio=None)), "another format with less in it"
    assert spend().status_code == 200
    answer = cleared(recorded, account=user, format="x-v2")
    assert "profile_changed" in refusals(spend(description="Parody."))


def test_rule_5_it_is_used_once(recorded) -> None:
    answer = cleared(recorded)
    assert redeem(recorded, answer).json()["check_id"] == answer["check_id"]
    assert refusals(redeem(recorded, answer)) == {"spent"}


def test_rule_5_it_is_valid_for_minutes(recorded) -> None:
    answer = cleared(recorded)
    recorded.clock.at = NOW + timedelta(minutes=15)
    assert refusals(redeem(recorded, answer)) == {"expired"}


def test_rule_5_it_can_be_revoked(recorded) -> None:
    answer = cleared(recorded)
    path = f"/v1/clearances/{answer['clearance']['clearance_id']}/revoke"
    assert recorded.post(path, by=REVIEWERS[0]).json()["state"] == "revoked"
    assert refusals(redeem(recorded, answer)) == {"revoked"}


def test_rule_5_it_is_spent_by_the_actor_it_was_given_to(recorded) -> None:
    answer = cleared(recorded)
    assert refusals(redeem(recorded, answer, by=("agent-18", "agent"))) == {"other_actor", "other_key"}
    assert refusals(redeem(recorded, answer, actor="agent-18")) == {"other_actor"}
    assert refusals(redeem(recorded, answer, by=("the-tool", "executor"))) == {"other_actor"}
    assert refusals(redeem(recorded, answer, by=("the-tool", "executor"), actor="agent-18")) == {"other_actor"}
    assert redeem(recorded, answer, by=("the-tool", "executor"), actor="agent-17").status_code == 200


@pytest.mark.parametrize("by", [("the-tool", "agent"), ("agent-17", "agent", "auditor"), ("AGENT-17", "agent")])
def test_rule_5_to_hold_the_token_and_name_its_owner_is_not_enough(recorded, by) -> None:
    answer = cleared(recorded)
    assert refusals(redeem(recorded, answer, by=by, actor="agent-17")) == {"other_key"}
    assert redeem(recorded, answer).status_code == 200, "the key that asked may"


def test_rule_5_the_key_that_got_it_may_spend_it(recorded) -> None:
    answer = recorded.post("/v1/checks", json=body(), by=("the-tool", "agent")).json()
    own = {"clearance": clearance(recorded, answer["check_id"], by=("Agent-17", "agent")).json()}
    assert refusals(redeem(recorded, own)) == {"other_key"}, "another key of the same person did not get it"
    assert redeem(recorded, own, by=("Agent-17", "agent")).status_code == 200


def test_rule_5_a_clearance_goes_with_the_key_that_got_it(recorded) -> None:
    check_id = cleared(recorded)["check_id"]
    own = {"clearance": clearance(recorded, check_id, by=("Agent-17", "agent")).json()}
    key_id = recorded.key("Agent-17", "agent").split("_")[1]
    recorded.commit(lambda transaction: revoke_key(transaction, key_id))
    by_tool = redeem(recorded, own, by=("the-tool", "executor"), actor="agent-17")
    assert refusals(by_tool) == {"actor_without_right"}


@pytest.mark.parametrize(("hours", "reason"), [(-1, "access_ended"), (1, "access_ending")])
def test_rule_5_an_end_of_access_that_is_named_when_it_is_redeemed_counts(recorded, hours, reason) -> None:
    answer = cleared(recorded)
    ends = (NOW + timedelta(hours=hours)).isoformat()
    assert refusals(redeem(recorded, answer, actor={"actor_id": "agent-17", "access_ends_at": ends})) == {reason}
    far = {"actor_id": "agent-17", "access_ends_at": "2030-01-01T00:00:00Z"}
    assert redeem(recorded, answer, actor=far).status_code == 200


def test_rule_5_another_model_or_policy_takes_it_back(recorded) -> None:
    answer = cleared(recorded)
    recorded.scorer.answer = canned(model_id="another")
    recorded.check_service.rules = replace(recorded.check_service.rules, policy=Policy(version="another"))
    assert refusals(redeem(recorded, answer)) == {"model_withdrawn", "policy_withdrawn"}


def test_rule_5_it_is_asked_again_of_the_policy(recorded) -> None:
    answer = cleared(recorded)
    recorded.scorer.answer = canned(impersonation_probability=0.4)
    assert refusals(redeem(recorded, answer)) == {"below_threshold"}


def test_rule_5_an_actor_without_the_right_or_leaving_does_not_act(recorded) -> None:
    answer = cleared(recorded)
    recorded.commit(lambda transaction: end_access(transaction, "agent-17", LATER + timedelta(hours=1)))
    recorded.clock.at = LATER
    assert refusals(redeem(recorded, answer)) == {"access_ending"}
    recorded.commit(lambda transaction: end_access(transaction, "agent-17", LATER))
    assert refusals(redeem(recorded, answer)) == {"access_ended"}


def test_rule_5_a_key_that_was_revoked_takes_it_back(recorded) -> None:
    answer = cleared(recorded)
    key_id = recorded.key(*AGENT).split("_")[1]
    recorded.commit(lambda transaction: revoke_key(transaction, key_id))
    assert redeem(recorded, answer).status_code == 401
    by_tool = redeem(recorded, answer, by=("the-tool", "executor"), actor="agent-17")
    assert refusals(by_tool) == {"actor_without_right"}


def test_rule_5_a_clearance_that_is_given_anew_makes_the_one_before_void(recorded) -> None:
    first = cleared(recorded)
    second = {"clearance": clearance(recorded, first["check_id"]).json()}
    assert refusals(redeem(recorded, first)) == {"revoked"}
    assert redeem(recorded, second).status_code == 200
    assert "spent" in refusals(clearance(recorded, first["check_id"]))


def test_rule_5_what_was_cleared_stays_so_for_the_time_of_one_clearance(recorded) -> None:
    check_id = cleared(recorded)["check_id"]
    recorded.clock.at = NOW + timedelta(minutes=15)
    assert refusals(clearance(recorded, check_id)) == {"check_outlived"}


def test_rule_5_what_was_cleared_is_asked_about_once_more_when_its_clearance_is_given(recorded) -> None:
    check_id = cleared(recorded)["check_id"]
    recorded.commit(lambda transaction: end_access(transaction, "agent-17", recorded.clock.at + timedelta(hours=1)))
    assert "access_ending" in refusals(clearance(recorded, check_id))


@pytest.mark.parametrize("forge", ["payload", "key", "none", "text"])
def test_rule_5_a_forged_token_is_none(recorded, forge) -> None:
    answer = cleared(recorded)
    token = answer["clearance"]["token"]
    header, payload, signature = token.split(".")
    claims = jwt.decode(token, options={"verify_signature": False})
    kid = jwt.get_unverified_header(token)["kid"]
    typed = {"kid": kid, "typ": "doublecheck-clearance+jwt"}
    forged = {
        "payload": ".".join((header, payload[:-2] + "AA", signature)),
        "key": jwt.encode(claims, Ed25519PrivateKey.generate(), algorithm="EdDSA", headers=typed),
        "none": jwt.encode(claims, None, algorithm="none", headers=typed),
        "text": "cleared",
    }[forge]
    assert refusals(redeem(recorded, {"clearance": {"token": forged}})) == {"bad_token"}
    assert redeem(recorded, answer).status_code == 200, "and spends nothing"


# --- R6: two different approvers, neither the requester, none about to lose access ----------------------------------


@pytest.fixture
def waiting(recorded):
    """A check of a high-impact account that waits for two people."""
    answer = recorded.check(account=FAKE | {"followers": 250_000}).json()
    assert (answer["verdict"], answer["clearance"], answer["required_approvals"]) == ("needs_review", None, 2)
    return answer["check_id"]


def test_rule_6_two_reviewers_make_a_clearance(recorded, waiting) -> None:
    assert "review_open" in refusals(clearance(recorded, waiting))
    assert approve(recorded, waiting, REVIEWERS[0]).json()["state"] == "open"
    assert "review_open" in refusals(clearance(recorded, waiting))
    assert approve(recorded, waiting, REVIEWERS[1]).json()["state"] == "approved"
    token = clearance(recorded, waiting).json()
    assert redeem(recorded, {"clearance": token}, followers=250_000).status_code == 200
    assert "spent" in refusals(clearance(recorded, waiting))


@pytest.mark.parametrize("roles", [("reviewer",), ("reviewer", "admin"), ("agent", "reviewer", "admin", "auditor")])
def test_rule_6_nobody_approves_twice_or_alone(recorded, waiting, roles) -> None:
    one = ("one", *roles)
    assert approve(recorded, waiting, one).json()["state"] == "open"
    assert "a different reviewer" in approve(recorded, waiting, one).json()["detail"]
    assert "a different reviewer" in approve(recorded, waiting, ("ONE", *roles)).json()["detail"]
    assert "review_open" in refusals(clearance(recorded, waiting))


@pytest.mark.parametrize("requester", ["agent-17", "Agent-17", "the-tool"])
def test_rule_6_whoever_asks_cannot_approve(recorded, requester) -> None:
    high = body(account=FAKE | {"followers": 250_000})
    check_id = recorded.post("/v1/checks", json=high, by=("the-tool", "agent")).json()["check_id"]
    assert "cannot approve" in approve(recorded, check_id, (requester, "reviewer")).json()["detail"]


@pytest.mark.parametrize("role", ["agent", "admin", "auditor"])
def test_rule_6_no_other_role_approves(recorded, waiting, role) -> None:
    given = {"answer": "approve", "reason": "because"}
    refused = recorded.post(f"/v1/checks/{waiting}/approvals", json=given, by=("somebody", role))
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")


def test_rule_6_the_evidence_comes_before_the_answer(recorded, waiting) -> None:
    given = {"answer": "approve", "reason": "unseen"}
    for path, status in (("/v1/checks", 200), (f"/v1/checks/{waiting}/statement", 409)):  # neither shows any
        assert recorded.get(path, by=REVIEWERS[0]).status_code == status
        refused = recorded.post(f"/v1/checks/{waiting}/approvals", json=given, by=REVIEWERS[0])
        assert "look at the evidence first" in refused.json()["detail"]


@pytest.mark.parametrize("hours", [-1, 1, 23])
def test_rule_6_a_reviewer_about_to_leave_approves_nothing(recorded, waiting, hours) -> None:
    recorded.commit(lambda transaction: end_access(transaction, "rev-1", NOW + timedelta(hours=hours)))
    key = recorded.key(*REVIEWERS[0])
    assert key
    given = {"answer": "approve", "reason": "leaving"}
    refused = recorded.post(f"/v1/checks/{waiting}/approvals", json=given, by=REVIEWERS[0])
    assert refused.status_code in {403, 409}
    assert "access" in refused.json()["detail"]


@pytest.mark.parametrize("lost", ["access", "key", "time"])
def test_rule_6_an_approval_counts_only_as_long_as_its_reviewer_may_give_it(recorded, waiting, lost) -> None:
    for reviewer in REVIEWERS:
        approve(recorded, waiting, reviewer)
    token = clearance(recorded, waiting).json()
    if lost == "access":
        recorded.commit(lambda transaction: end_access(transaction, "rev-2", NOW + timedelta(hours=2)))
    elif lost == "key":
        key_id = recorded.key(*REVIEWERS[1]).split("_")[1]
        recorded.commit(lambda transaction: revoke_key(transaction, key_id))
    else:
        recorded.clock.at = NOW + timedelta(hours=24)
    assert "approvals_lost" in refusals(redeem(recorded, {"clearance": token}, followers=250_000))
    assert "review_open" in refusals(clearance(recorded, waiting))


def test_rule_6_one_who_declines_is_enough(recorded, waiting) -> None:
    assert approve(recorded, waiting, REVIEWERS[0], "decline").json()["state"] == "declined"
    assert "declined" in approve(recorded, waiting, REVIEWERS[1]).json()["detail"]
    assert "review_declined" in refusals(clearance(recorded, waiting))


def test_rule_6_the_clearance_goes_to_whom_asked_for_it(recorded, waiting) -> None:
    for reviewer in REVIEWERS:
        approve(recorded, waiting, reviewer)
    assert clearance(recorded, waiting, by=("agent-18", "agent")).status_code == 404
    assert clearance(recorded, waiting).status_code == 200


# --- R7: more followers, greater age, a verification never raise the probability ------------------------------------


def test_rule_7_standing_never_raises_the_probability_that_is_answered(scorer: Scorer, database_url: str) -> None:
    client = serving(scorer, database_url)
    account = Account(
        platform="x", account_id="5", handle="OIIivanderBrask", display_name="Ollivander Brask", followers=50,
        verified=False, created_at=datetime(2026, 1, 1, tzinfo=UTC), observed_at=NOW,
    )  # fmt: skip
    both = ("impersonation_probability", "clearing_probability")
    first = client.check(account=canonical(account)).json()
    for better in (
        *({"followers": 10**power} for power in range(2, 9)),
        {"verified": True},
        *({"created_at": datetime(year, 1, 1, tzinfo=UTC)} for year in range(2008, 2026)),
    ):
        found = client.check(account=canonical(replace(account, **better))).json()
        assert all(found[name] <= first[name] + 1e-12 for name in both), better
    client.check_service.close()


# --- R8: missing is neither match nor mismatch ----------------------------------------------------------------------


@pytest.mark.parametrize("hidden", ["account_id", "followers", "verified", "platform"])
def test_rule_8_what_is_not_given_clears_nothing_and_is_no_evidence(scorer: Scorer, database_url: str, hidden) -> None:
    client = serving(scorer, database_url)
    account = {
        "platform": "x", "account_id": "5", "handle": "OIIivanderBrask", "display_name": DISGUISED,
        "links": ["https://t.me/ollivanderbrask"], "avatar_pdq": PRESIDENT.avatar_pdq, "bio": PRESIDENT.bio,
        "followers": 12, "verified": False, "created_at": "2026-04-25T00:00:00Z", "observed_at": "2026-05-01T00:00:00Z",
    }  # fmt: skip
    assert client.check(account=account).json()["verdict"] == "cleared"
    del account[hidden]
    answer = client.check(account=account).json()
    assert answer["verdict"] == "needs_review"
    assert hidden not in {item["feature"] for item in answer["evidence"]}
    client.check_service.close()


# --- R9: a threshold is certified or there is none ------------------------------------------------------------------


@pytest.mark.parametrize("probability", [0.51, 0.9, 0.999999, 1.0])
def test_rule_9_without_a_certificate_nothing_is_cleared(recorded, probability) -> None:
    recorded.scorer.answer = canned(certificate=None, impersonation_probability=probability)
    answer = recorded.check().json()
    assert (answer["verdict"], answer["clearance"], answer["certificate"]) == ("needs_review", None, None)


@pytest.mark.parametrize(("threshold", "verdict"), [(0.950, "cleared"), (0.951, "needs_review"), (1.0, "needs_review")])
def test_rule_9_only_above_the_certified_threshold(recorded, threshold, verdict) -> None:
    certificate = Certificate(alpha=0.01, delta=0.05, n=900, errors=0, threshold=threshold, population="invented")
    recorded.scorer.answer = canned(certificate=certificate)
    assert recorded.check().json()["verdict"] == verdict


@pytest.mark.parametrize("clearing", [0.0, 0.9])
def test_rule_9_a_single_kind_of_evidence_clears_nothing(recorded, clearing) -> None:
    recorded.scorer.answer = canned(impersonation_probability=0.9999, clearing_probability=clearing)
    answer = recorded.check().json()
    assert (answer["verdict"], answer["clearance"]) == ("needs_review", None)
    assert [reason["code"] for reason in answer["reasons"]] == ["single_kind_of_evidence"]
    assert (answer["clearing_probability"], answer["strongest_kind"]) == (clearing, "handle")
    found = recorded.get(f"/v1/checks/{answer['check_id']}").json()
    assert found["check"]["clearing_probability"] == clearing


def test_rule_9_what_came_to_rest_on_a_single_kind_is_not_redeemed(recorded) -> None:
    answer = recorded.check().json()
    assert answer["verdict"] == "cleared"
    recorded.scorer.answer = canned(clearing_probability=0.4)
    assert refusals(redeem(recorded, answer)) == {"single_kind_of_evidence"}


# --- R10: nothing is read as a model before its manifest's signature and digests are verified -----------------------


@pytest.fixture
def own_home(home: Path, tmp_path: Path) -> Path:
    """A home of its own with a model and a registry of one."""
    own = tmp_path / "home"
    shutil.copytree(home, own)
    registry_store(own).replace(Registry([TARGET]))
    return own


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize("name", ["model.json", "manifest.json"])
def test_rule_10_a_changed_model_stops_the_start(own_home: Path, name: str, database_url: str) -> None:
    flip(own_home / "models" / ModelStore(own_home).current_id() / name)
    with pytest.raises(Exception, match=r"manifest|signed"):
        open_check_service(Settings(home=own_home, database_url=database_url))


def test_rule_10_a_changed_model_that_is_promoted_serves_nothing(own_home: Path, database_url: str) -> None:
    settings = Settings(home=own_home, database_url=database_url, **UNLIMITED)
    current = load_scorer(settings)
    assert isinstance(current, FollowedScorer)
    client = Client(current, settings, Clock())
    assert client.check().status_code == 200
    store = ModelStore(own_home)
    bad = "0123456789abcdef"
    shutil.copytree(own_home / "models" / store.current_id(), own_home / "models" / bad)
    before = (own_home / "models" / "current").read_text()
    (own_home / "models" / "current").write_text(bad)
    os.sync()
    current.look()
    refused = client.check()
    assert (refused.status_code, refused.json()["code"]) == (503, "bad_registry")
    (own_home / "models" / "current").write_text(before)
    current.look()
    assert client.check().status_code == 200, "and it recovers by itself"
    current.stop()
    client.check_service.close()
