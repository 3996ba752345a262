"""An overturned appeal stops everything about that account, and what a redemption saw is not forgotten."""

import asyncio
import inspect
import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from classifier.importers import import_account
from classifier.scoring import hijacked, same_account
from classifier.scoring import impact as impact_module
from classifier.scoring import policy as policy_module
from classifier.scoring.reason import Reason
from service.decisions import account_warnings
from service.decisions.outcomes import carry_over
from service.decisions.recorded import find_decision
from service.records.tables import clearances, log, outcomes, warnings
from service.records.transaction import Answer, Unit, commit
from service.records.verification import verify
from tests.service.conftest import AGENT, JUDGE, NOW, acted, appeal, body, canned
from tests.service.test_rules import approve, clearance, redeem, refusals

ACCOUNT = body()["account"]
LARGE = ACCOUNT | {"followers": 200_000}
AUDITOR = ("aud", "auditor")


def codes(answer):
    return [reason["code"] for reason in answer["reasons"]]


def detail(client, check_id):
    return client.get(f"/v1/checks/{check_id}", by=AUDITOR).json()


def account():
    return import_account(ACCOUNT, "doublecheck", now=NOW).account


def of(**changes):
    return {"account": ACCOUNT | changes}


@pytest.fixture
def overturned(recorded):
    """A service in which an action on the account was overturned, and the check of that action."""
    check_id = acted(recorded)
    assert appeal(recorded, check_id).status_code == 200
    return check_id


# --- an overturned appeal --------------------------------------------------------------------------------------------


def test_it_voids_every_clearance_of_the_account_in_the_same_transaction(recorded):
    check_id = acted(recorded)
    same, renamed, other = (
        recorded.check(**account).json() for account in ({}, of(handle="Renamed"), of(account_id="9002", handle="Joe"))
    )
    without_id = recorded.check(account={key: ACCOUNT[key] for key in ACCOUNT if key != "account_id"}).json()
    assert [one["verdict"] for one in (same, renamed, other, without_id)] == ["cleared"] * 3 + ["needs_review"]
    appeal(recorded, check_id)
    states = {one["check_id"]: detail(recorded, one["check_id"])["clearances"][0]["state"] for one in (same, renamed)}
    assert set(states.values()) == {"revoked"}
    assert detail(recorded, other["check_id"])["clearances"][0]["state"] == "valid"
    for answer in (same, renamed):
        assert refusals(redeem(recorded, answer)) >= {"revoked", "appeal_overturned"}
    assert redeem(recorded, other, account_id="9002", handle="Joe").status_code == 200
    with recorded.check_service.engine.connect() as connection:
        verify(connection, recorded.check_service.signer.public())
        ended = connection.execute(select(log).where(log.c.kind == "clearance_revoked")).all()
    assert [json.loads(row.data)["because"] for row in ended] == ["appeal_overturned"] * 2


def test_no_clearance_is_given_or_spent_that_was_not_voided(recorded):
    """The bar holds by itself, not only because clearances were voided."""
    check_id = acted(recorded)
    answer = recorded.check().json()
    recorded.check_service.clock.at = NOW + timedelta(minutes=1)
    appeal(recorded, check_id)
    with recorded.check_service.engine.begin() as connection:
        connection.execute(clearances.update().values(revoked=None))
    assert refusals(redeem(recorded, answer)) == {"appeal_overturned"}
    assert refusals(recorded.post(f"/v1/checks/{answer['check_id']}/clearance")) == {"appeal_overturned"}
    recorded.check_service.clock.at = NOW


def test_an_open_check_is_not_approved_and_an_approved_one_gets_no_clearance(recorded):
    check_id = acted(recorded)
    opened, approved = (recorded.check(account=LARGE).json()["check_id"] for _ in range(2))
    for number in (1, 2):
        assert approve(recorded, approved, (f"rev-{number}", "reviewer")).status_code == 200
    appeal(recorded, check_id)
    refused = approve(recorded, opened, ("rev-1", "reviewer"))
    assert (refused.status_code, refused.json()["code"]) == (409, "review_refused")
    assert codes(refused.json()) == ["appeal_overturned"]
    assert refusals(recorded.post(f"/v1/checks/{approved}/clearance")) == {"appeal_overturned"}
    assert [one["after"] for one in detail(recorded, opened)["warnings"]] == [True]


@pytest.mark.parametrize(
    "changes", [{"handle": "Renamed"}, {"account_id": "9009"}, {"handle": "JANER0E", "account_id": "9009"}]
)
def test_later_checks_need_two_people_and_show_the_appeal(recorded, overturned, changes):
    answer = recorded.check(**of(**changes)).json()
    assert (answer["verdict"], answer["required_approvals"], answer["clearance"]) == ("needs_review", 2, None)
    found = [] if "account_id" in changes else ["found_genuine_before"]
    assert codes(answer) == [*found, "appeal_overturned"]
    assert overturned in answer["reasons"][-1]["text"]
    [warning] = detail(recorded, answer["check_id"])["warnings"]
    assert (warning["code"], warning["check_id"], warning["after"]) == ("appeal_overturned", overturned, False)


@pytest.mark.parametrize(
    "changes",
    [
        {"handle": "Other", "account_id": "9009"},
        {"platform": "instagram"},
    ],
)
def test_other_accounts_are_not_warned_of(recorded, overturned, changes):
    assert "appeal_overturned" not in codes(recorded.check(**of(**changes)).json())


def test_two_people_who_read_of_it_may_still_decide_to_act(recorded, overturned):
    changed = of(bio="Chair of Acme")
    answer = recorded.check(**changed).json()
    for number in (1, 2):
        assert approve(recorded, answer["check_id"], (f"rev-{number}", "reviewer")).status_code == 200
    given = {"clearance": clearance(recorded, answer["check_id"]).json()}
    assert redeem(recorded, given, bio="Chair of Acme").status_code == 200


def test_what_is_refused_says_it_too(recorded, overturned):
    recorded.scorer.answer = canned(relation="is_protected")
    answer = recorded.check().json()
    assert (answer["verdict"], codes(answer)) == ("refused", ["found_genuine", "is_protected", "appeal_overturned"])


def test_a_batch_says_it_too(recorded, overturned):
    rows = [body(), body(**of(account_id="9002", handle="Joe"))]
    found = recorded.post("/v1/checks/batch", json={"checks": rows}).json()["results"]
    assert [row["verdict"] for row in found] == ["refused", "cleared"]
    assert codes(found[0]) == ["found_genuine", "appeal_overturned"]


def test_corrected_the_bar_falls_and_the_trace_stays(recorded, overturned):
    assert appeal(recorded, overturned, "upheld", note="The complaint was forged.").status_code == 200
    assert recorded.check().json()["verdict"] == "cleared"
    found = detail(recorded, overturned)
    assert found["warnings"] == []
    assert [(one["outcome"], one["note"]) for one in found["outcomes"]] == [
        ("overturned", "Looked into it."), ("upheld", "The complaint was forged."),
    ]  # fmt: skip
    assert [line["data"]["warning"] for line in found["history"] if line["kind"] == "warning_noted"] == [
        "overturned", "corrected",
    ]  # fmt: skip
    appeal(recorded, overturned)
    assert codes(recorded.check().json()) == ["found_genuine", "appeal_overturned"], "and it can rise again"


def test_the_same_outcome_again_warns_once(recorded, overturned):
    appeal(recorded, overturned, relation="same_owner")
    assert codes(recorded.check().json()) == ["found_genuine", "appeal_overturned"]
    with recorded.check_service.engine.connect() as connection:
        assert len(connection.execute(select(warnings.c.seq)).all()) == 1
        assert len(connection.execute(select(outcomes.c.seq)).all()) == 2


def test_of_two_appeals_one_that_falls_leaves_the_other(recorded):
    first = acted(recorded)
    second = acted(recorded, **of(handle="Renamed"))
    for check_id in (first, second):
        appeal(recorded, check_id)
    appeal(recorded, first, "upheld")
    answer = recorded.check().json()
    assert codes(answer) == ["found_genuine_before", "appeal_overturned"]
    assert second in answer["reasons"][1]["text"]


def test_an_idempotent_outcome_is_recorded_once(recorded):
    check_id = acted(recorded)
    sent = {"json": {"outcome": "overturned", "note": "Hers."}, "headers": {"Idempotency-Key": "o-1"}, "by": JUDGE}
    first, again = (recorded.post(f"/v1/checks/{check_id}/outcome", **sent) for _ in range(2))
    assert (first.status_code, first.content) == (200, again.content)
    assert len(detail(recorded, check_id)["outcomes"]) == 1


def test_a_check_in_the_same_commit_is_not_cleared_after_the_outcome(recorded):
    """Units of one commit see what those before them wrote, also where warnings were read before."""
    check_id, service = acted(recorded), recorded.check_service
    answers = []

    def outcome(transaction):
        account_warnings.standing(transaction, account_warnings.subject_of(account()))
        decision = find_decision(transaction.read, check_id)
        account_warnings.remember(transaction, decision, account_warnings.OVERTURNED)
        return Answer("")

    def ask(transaction):
        answers.append(
            [row.kind for row in account_warnings.standing(transaction, account_warnings.subject_of(account()))]
        )
        return Answer("")

    about = (account_warnings.subject_of(account()),)
    units = [Unit(work, about=about) for work in (ask, outcome, ask)]
    commit(service.engine, service.signer, units, now=recorded.clock)
    assert answers == [[], ["overturned"]]


def test_many_checks_at_once_with_the_outcome_are_cleared_before_it_or_not_at_all(recorded):
    check_id = acted(recorded)

    async def ask():
        checks = [recorded.send("POST", "/v1/checks", json=body()) for _ in range(12)]
        given = {"outcome": "overturned", "note": "Hers."}
        said = recorded.send("POST", f"/v1/checks/{check_id}/outcome", json=given, by=JUDGE)
        return await asyncio.gather(*checks[:6], said, *checks[6:])

    recorded.key(*AGENT), recorded.key(*JUDGE)
    answers = [answer.json() for answer in asyncio.run(ask())]
    [said] = [answer for answer in answers if "outcome" in answer]
    for answer in (one for one in answers if "verdict" in one):
        assert (answer["verdict"] == "cleared") == (answer["entry"]["seq"] < said["entry"]["seq"])
        assert answer["verdict"] != "cleared" or "appeal_overturned" in refusals(redeem(recorded, answer))


# --- what a refused redemption saw -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "code", "says"),
    [
        ({"followers": 300_000}, "audience_grown", "300,000 people follow the account now"),
        ({"verified": True}, "verified_since", "was verified since"),
        ({"bio": "Singer."}, "profile_changed", "bio"),
    ],
)
def test_what_was_seen_is_not_forgotten_by_the_next_try_or_check(recorded, changes, code, says):
    answer = recorded.check().json()
    assert code in refusals(redeem(recorded, answer, **changes))
    assert refusals(redeem(recorded, answer)) == {"seen_at_redemption"}, "as it was, and too late"
    assert refusals(recorded.post(f"/v1/checks/{answer['check_id']}/clearance")) == {"seen_at_redemption"}
    again = recorded.check().json()
    assert (again["verdict"], again["required_approvals"], codes(again)) == ("needs_review", 2, ["seen_at_redemption"])
    assert says in again["reasons"][0]["text"]
    assert "1 May 2026 at 12:00 UTC" in again["reasons"][0]["text"]
    for number in (1, 2):
        assert approve(recorded, again["check_id"], (f"rev-{number}", "reviewer")).status_code == 200
    assert redeem(recorded, {"clearance": clearance(recorded, again["check_id"]).json()}).status_code == 200
    assert codes(recorded.check().json()) == ["seen_at_redemption"], "it stays, for whoever acts next"


def test_a_protection_that_was_seen_is_remembered_when_it_is_withdrawn(recorded):
    answer, before = recorded.check().json(), recorded.scorer.answer
    recorded.scorer.answer = canned(relation="is_protected")
    assert "is_protected" in refusals(redeem(recorded, answer))
    recorded.scorer.answer = before
    assert codes(recorded.check().json()) == ["seen_at_redemption"]


def test_the_same_sight_is_remembered_once_and_another_besides(recorded):
    answer = recorded.check().json()
    for changes in ({"followers": 300_000}, {"followers": 400_000}, {"bio": "Singer."}):
        redeem(recorded, answer, **changes)
    with recorded.check_service.engine.connect() as connection:
        rows = connection.execute(select(warnings.c.kind, warnings.c.codes).order_by(warnings.c.seq)).all()
        verify(connection, recorded.check_service.signer.public())
    assert [row.kind for row in rows] == ["seen", "seen"]
    assert rows[1].codes == "profile_changed"
    assert codes(recorded.check().json()) == ["seen_at_redemption"] * 2


@pytest.mark.parametrize(
    "try_", [{"by": ("other", "agent")}, {"account_id": "1", "handle": "Joe", "bio": "Singer."}]
)  # fmt: skip
def test_a_refusal_that_saw_nothing_of_the_account_warns_of_nothing(recorded, try_):
    answer = recorded.check().json()
    refusals(redeem(recorded, answer, **try_))
    assert redeem(recorded, answer).status_code == 200
    assert recorded.check().json()["verdict"] == "cleared"


def test_every_fact_is_one_that_the_policy_states():
    source = "".join(map(inspect.getsource, (policy_module, impact_module, same_account, hijacked)))
    assert [code for code in account_warnings.FACTS if f'"{code}"' not in source] == []
    changed = (Reason("renamed", "a"), Reason("other_account", "b"), Reason("profile_incomplete", "c"))
    against = (Reason("below_threshold", "d"), Reason("access_ended", "e"), Reason("high_impact_verified", "f"))
    found = account_warnings.seen(account(), account(), changed, against)
    assert [reason.code for reason in found] == ["renamed", "high_impact_verified"]


# --- outcomes of before warnings were kept ---------------------------------------------------------------------------


def test_outcomes_of_before_are_warned_of_at_the_next_start(recorded):
    """Versions before 0003 of the tables wrote no warnings, and took outcomes of what was not acted on."""
    first, corrected, other = (recorded.check(**of(account_id=str(n), handle=f"J{n}")).json() for n in range(1, 4))

    def as_before(check_id, found):
        row = {"decision": check_id, "outcome": found, "relation": "unrelated", "note": "", "actor": "rev"}
        recorded.commit(
            lambda transaction: transaction.record(outcomes, "outcome", check_id, row | {"at": transaction.stamp})
        )

    for answer, found in ((first, "overturned"), (corrected, "overturned"), (corrected, "upheld"), (other, "upheld")):
        as_before(answer["check_id"], found)
    for _ in range(2):
        recorded.commit(carry_over)
    with recorded.check_service.engine.connect() as connection:
        assert [row.decision for row in connection.execute(select(warnings.c.decision))] == [first["check_id"]]
        verify(connection, recorded.check_service.signer.public())
    again = [recorded.check(**of(account_id=str(n), handle=f"J{n}")).json()["verdict"] for n in range(1, 4)]
    assert again == ["refused", "cleared", "cleared"]
    assert appeal(recorded, first["check_id"]).json()["reasons"][0]["code"] == "not_acted_on"
    assert appeal(recorded, first["check_id"], "upheld").status_code == 200
    assert recorded.check(**of(account_id="1", handle="J1")).json()["verdict"] == "cleared"
