"""A service at which everything has happened that can be recorded."""

import json

from service.auth.api_keys import Caller, draw_key, end_access, revoke_key
from service.decisions import key_changes
from service.decisions.erasure import Order, erase
from service.decisions.known_cases import hide
from service.decisions.queue_marks import mark
from service.schemas.reviews import ApprovalIn
from service.settings import Settings
from tests.service.conftest import NOW, appeal, body

REVIEWERS = (("rev-1", "reviewer"), ("rev-2", "reviewer"))
ADMINS = ("ada", "bob")


def live(client):
    """Let everything happen that can be recorded."""
    demand(client)
    mistyped = client.check(account=body()["account"] | {"account_id": "9007", "handle": "Jane.Roe7"}).json()[
        "check_id"
    ]
    withdrawn = client.post(f"/v1/checks/{mistyped}/withdrawal", json={"reason": "mistyped"})
    assert withdrawn.status_code == 200, withdrawn.text
    notice = {"reporter": "person", "reporter_id": "flagger-3"}
    answer = client.check().json()
    redeeming = {"token": answer["clearance"]["token"], "account": body()["account"]}
    client.post("/v1/clearances/redeem", json=redeeming)
    client.post("/v1/clearances/redeem", json=redeeming)
    account = body()["account"] | {"followers": 200_000}
    waiting = client.check(account=account, notice=notice).json()["check_id"]
    marking = Caller("k", "rev-1", frozenset({"reviewer"}))
    client.commit(lambda transaction: mark(transaction, "escalate", waiting, marking, Settings().rules(), "Ask Kim."))
    for reviewer in REVIEWERS:
        client.get(f"/v1/checks/{waiting}", by=reviewer)
        given = {"answer": "approve", "reason": "It is."}
        client.post(f"/v1/checks/{waiting}/approvals", json=given, by=reviewer)
    for _ in range(2):  # the second voids the first
        given = {"token": client.post(f"/v1/checks/{waiting}/clearance").json()["token"], "account": account}
    client.post("/v1/clearances/redeem", json=given)
    appeal(client, answer["check_id"])
    appeal(client, answer["check_id"], "upheld")
    appeal(client, waiting, "upheld")
    complain(client, answer["check_id"])
    lacking = {"source_type": "SOURCE_VOLUNTARY", "automated_detection": "Yes", "territorial_scope": ["DE"]}
    client.post(f"/v1/checks/{answer['check_id']}/statement", json=lacking, by=("ada", "admin"))
    proof = {"check_id": waiting, "proof": "domain", "note": "The site names it."}
    for _ in range(2):
        finding = client.post("/v1/findings", json=proof, by=REVIEWERS[0]).json()["findings"][0]["finding_id"]
    hire(client)
    client.post(f"/v1/findings/{finding}/end", json={"reason": "other"}, by=REVIEWERS[1])
    for check_id in (answer["check_id"], waiting):
        address, by = f"/v1/second-looks/{check_id}", ("blind", "reviewer")
        client.get(address, by=by)
        client.post(f"{address}/answer", json={"relation": "impersonation", "reason": "It is."}, by=by)
    assert client.commit(hide).body
    client.commit(lambda transaction: erase(transaction, [waiting], Order("officer", "request 7")))
    client.key("leaver", "agent")
    client.commit(lambda transaction: end_access(transaction, "leaver", NOW))
    client.commit(lambda transaction: revoke_key(transaction, client.key("leaver", "agent").split("_")[1]))


def demand(client):
    """Ask another account to change its name, and look whether it has."""
    account = body()["account"] | {"account_id": "9002", "handle": "Jane.R0e"}
    asked = client.check(account=account, action="require_change", demands=["other_name"]).json()
    client.post("/v1/clearances/redeem", json={"token": asked["clearance"]["token"], "account": account})
    [made] = client.get("/v1/demands", by=REVIEWERS[0]).json()["demands"]
    looked = client.post(f"/v1/demands/{made['demand_id']}/look", json={"account": account}, by=REVIEWERS[0])
    assert looked.status_code == 200, looked.text


def hire(client):
    """Have a key made for somebody new, which takes two admins."""
    rules, new = Settings().rules(), key_changes.NewKey("newcomer", ("agent",), None, None, "Starts today.")
    asking, other = (Caller(client.key(name, "admin").split("_")[1], name, frozenset({"admin"})) for name in ADMINS)
    asked = []
    client.commit(lambda unit: asked.append(key_changes.ask_key(unit, new, draw_key(), asking, rules)) or asked[0])
    given = ApprovalIn(answer="approve", reason="I know them.")
    client.commit(lambda unit: key_changes.answer(unit, json.loads(asked[0].body)["change_id"], given, other, rules))


def complain(client, check_id):
    """Let the person appeal, have the action lifted until that is decided, and decide it."""
    by, given = ("judge-2", "reviewer"), {"about": "action", "by": "person", "arguments": "It is me."}
    client.get(f"/v1/checks/{check_id}", by=by)
    case = client.post(f"/v1/checks/{check_id}/appeals", json=given, by=by).json()["appeal_id"]
    client.post(f"/v1/appeals/{case}/lift", by=by)
    found = {"found": "upheld", "reason": "impersonation", "note": "It is not."}
    client.post(f"/v1/appeals/{case}/decision", json=found, by=by)
