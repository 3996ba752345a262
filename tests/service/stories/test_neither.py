"""Cases that are neither genuine nor a fake: a hijacked original. On SQLite and PostgreSQL."""

from tests.service.conftest import body

TAKEN = {
    "created_at": "2019-04-20T08:00:00Z", "followers": 9_000, "former_handles": ["bakes_in_oslo"],
    "renamed_at": "2026-04-28T08:00:00Z",
}  # fmt: skip


def check(client, **changes):
    asked = body()
    return client.post("/v1/checks", json=asked | {"account": asked["account"] | changes}).json()


def test_a_hijacked_original_is_to_be_secured_and_two_people_look(recorded):
    assert check(recorded)["verdict"] == "cleared"
    assert check(recorded, **TAKEN | {"former_handles": [], "renamed_at": None})["verdict"] == "cleared"
    answer = check(recorded, **TAKEN)
    assert (answer["verdict"], answer["required_approvals"], answer["clearance"]) == ("needs_review", 2, None)
    assert answer["reasons"][0]["code"] == "maybe_hijacked"
    assert "secure it, do not suspend" in answer["reasons"][0]["text"]
    record = recorded.get(f"/v1/checks/{answer['check_id']}").json()
    assert record["account"]["former_handles"] == ["bakes_in_oslo"]


def test_a_clearance_does_not_hold_when_another_handle_before_comes_to_light(recorded):
    asked = body()
    token = recorded.post("/v1/checks", json=asked).json()["clearance"]["token"]
    spent = {"token": token, "account": asked["account"] | TAKEN | {"created_at": asked["account"]["created_at"]}}
    refused = recorded.post("/v1/clearances/redeem", json=spent)
    assert refused.status_code != 200
    assert "former handles (new)" in refused.text
