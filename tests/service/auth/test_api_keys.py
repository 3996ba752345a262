"""Who calls, as what, until when; a key is a secret that nobody but its owner ever sees again."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from classifier.errors import InputError
from service.auth.api_keys import (
    ROLES,
    Caller,
    Callers,
    create_key,
    end_access,
    list_keys,
    require_known,
    revoke_key,
    same_person,
)
from service.errors import UnauthenticatedError
from service.records.tables import keys, log
from tests.service.conftest import NOW

AUDITOR = ("aud", "auditor")
PATHS = [
    ("POST", "/v1/checks", {"agent"}),
    ("POST", "/v1/checks/batch", {"agent"}),
    ("GET", "/v1/checks", {"agent", "reviewer", "admin", "auditor"}),
    ("GET", "/v1/checks/{id}/notice", {"agent", "reviewer", "admin"}),
    ("GET", "/v1/demands", {"executor", "reviewer", "admin", "auditor"}),
    ("GET", "/v1/demands/{id}", {"agent", "executor", "reviewer", "admin", "auditor"}),
    ("POST", "/v1/demands/{id}/look", {"agent", "executor", "reviewer", "admin", "auditor"}),
    ("POST", "/v1/findings", {"reviewer"}),
    ("GET", "/v1/findings", {"reviewer", "admin", "auditor"}),
    ("GET", "/v1/findings/{id}", {"reviewer", "admin", "auditor"}),
    ("POST", "/v1/findings/{id}/end", {"reviewer"}),
    ("POST", "/v1/checks/{id}/appeals", {"agent", "executor", "reviewer", "admin"}),
    ("GET", "/v1/appeals", {"reviewer", "admin", "auditor"}),
    ("GET", "/v1/appeals/{id}", {"agent", "executor", "reviewer", "admin", "auditor"}),
    ("POST", "/v1/appeals/{id}/lift", {"reviewer"}),
    ("POST", "/v1/appeals/{id}/decision", {"reviewer"}),
    ("GET", "/v1/checks/{id}/statement", {"reviewer", "admin", "auditor"}),
    ("POST", "/v1/checks/{id}/statement", {"reviewer", "admin"}),
    ("POST", "/v1/checks/{id}/approvals", {"reviewer"}),
    ("POST", "/v1/checks/{id}/clearance", {"agent"}),
    ("POST", "/v1/checks/{id}/withdrawal", {"agent"}),
    ("POST", "/v1/checks/{id}/outcome", {"executor", "reviewer", "admin"}),
    ("POST", "/v1/clearances/redeem", {"agent", "executor"}),
    ("POST", "/v1/clearances/{id}/revoke", {"reviewer", "admin"}),
    ("GET", "/v1/handles/x/jane", {"agent", "executor", "reviewer", "admin"}),
    ("GET", "/v1/protected", {"agent", "reviewer", "admin", "auditor"}),
    ("PUT", "/v1/protected/x/jane", {"admin"}),
    ("DELETE", "/v1/protected/x/jane", {"admin"}),
    ("GET", "/v1/registry/changes", {"admin", "auditor"}),
    ("GET", "/v1/registry/changes/{id}", {"admin", "auditor"}),
    ("POST", "/v1/registry/changes/{id}/approvals", {"admin"}),
    ("GET", "/v1/reporters", {"reviewer", "admin", "auditor"}),
    ("GET", "/v1/second-looks", {"reviewer", "admin", "auditor"}),
    ("GET", "/v1/second-looks/report", {"admin", "auditor"}),
    ("GET", "/v1/second-looks/{id}", {"reviewer"}),
    ("POST", "/v1/second-looks/{id}/answer", {"reviewer"}),
    ("PUT", "/v1/gates/ozone", {"executor"}),
    ("GET", "/v1/models", {"agent", "reviewer", "admin", "auditor"}),
]
BODIES = {
    "/v1/checks/batch": {"checks": [1]},
    "/v1/checks/{id}/statement": {"source_type": "SOURCE_VOLUNTARY"},
    "/v1/checks/{id}/appeals": {"about": "action", "by": "person"},
    "/v1/appeals/{id}/decision": {"found": "upheld", "reason": "impersonation", "note": "a"},
    "/v1/demands/{id}/look": {"account": {"handle": "a"}},
    "/v1/findings": {"check_id": "00000000-0000-4000-8000-000000000000", "proof": "other", "note": "a"},
    "/v1/findings/{id}/end": {"reason": "other"},
    "/v1/checks/{id}/approvals": {"answer": "approve", "reason": "a"},
    "/v1/checks/{id}/withdrawal": {"reason": "mistyped"},
    "/v1/checks/{id}/outcome": {"outcome": "upheld", "note": "a"},
    "/v1/clearances/redeem": {"token": "t", "account": {"handle": "a"}},
    "/v1/protected/x/jane": {},
    "/v1/gates/ozone": {"waiting": 0},
    "/v1/second-looks/{id}/answer": {"relation": "unsure"},
    "/v1/registry/changes/{id}/approvals": {"answer": "approve", "reason": "a"},
}


def call(client, method, path, by, **headers):
    body = client_body() if path == "/v1/checks" and method == "POST" else BODIES.get(path)
    address = path.replace("{id}", "00000000-0000-4000-8000-000000000000")
    return client.request(method, address, json=body, by=by, headers=headers)


def client_body():
    return {"account": {"handle": "a"}, "action": "suspend", "actor": "agent-17"}


@pytest.mark.parametrize(("method", "path", "roles"), PATHS)
def test_every_route_asks_for_a_key_with_a_role(client, method, path, roles):
    refused = call(client, method, path, None)
    assert (refused.status_code, refused.json()["code"]) == (401, "unauthenticated")
    assert refused.headers["www-authenticate"] == "Bearer"
    for role in ROLES:
        allowed = call(client, method, path, (f"one-{role}", role)).status_code != 403
        assert allowed == (role in roles), role


def test_the_document_says_which_roles_a_route_takes(client):
    document = client.get("/openapi.json").json()
    for method, path, roles in PATHS:
        named = path.replace("x/jane", "{platform}/{handle}").replace("gates/ozone", "gates/{gate}")
        for kind in ("check", "clearance", "change", "demand", "finding", "appeal"):
            named = named.replace(f"{kind}s/{{id}}", f"{kind}s/{{{kind}_id}}")
        named = named.replace("second-looks/{id}", "second-looks/{check_id}")
        operation = document["paths"][named][method.lower()]
        assert set(operation["x-roles"]) == roles
        assert operation["security"]


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", "/.well-known/jwks.json", "/docs", "/"])
def test_probes_keys_and_pages_need_none(client, path):
    assert client.get(path, by=None).status_code == 200


@pytest.mark.parametrize(
    "header", [{"Authorization": "Bearer {}"}, {"authorization": "bearer {}"}, {"X-API-Key": "{}"}]
)
def test_a_key_comes_in_either_header(client, header):
    key = client.key(*AUDITOR)
    headers = {name: value.format(key) for name, value in header.items()}
    assert client.get("/v1/checks", by=None, headers=headers).status_code == 200


@pytest.mark.parametrize("key", ["", "x", "dck_0123456789abcdef_" + "a" * 43, "dck_" + "é" * 20, "a" * 5000, "%00"])
def test_what_is_no_key_is_refused_alike(client, key):
    refused = client.get("/v1/checks", by=None, headers={"Authorization": f"Bearer {key}".encode()})
    assert (refused.status_code, refused.json()["code"]) == (401, "unauthenticated")


def test_neither_a_key_nor_its_actor_is_logged(client, caplog):
    caplog.set_level("DEBUG", logger="service")
    key = client.key("Zanzibar-Quux", "agent")
    client.get("/v1/checks", by=("Zanzibar-Quux", "agent"))
    client.get("/v1/checks", by=None, headers={"X-API-Key": key[:-1]})
    assert key[20:] not in caplog.text
    assert "Zanzibar" not in caplog.text


def test_only_the_digest_of_a_key_is_kept(recorded):
    key = recorded.key("one", "agent", "reviewer")
    secret = key.split("_", 2)[2]
    with recorded.check_service.engine.connect() as connection:
        [row] = connection.execute(select(keys)).all()
        entries = connection.execute(select(log)).all()
    assert row.roles == "agent reviewer"
    assert secret not in str(row) + str(entries)
    assert recorded.check_service.callers.find(key).roles == {"agent", "reviewer"}


@pytest.mark.parametrize("change", [lambda key: key[:-1] + ("A" if key[-1] != "A" else "B"), lambda key: key + "A"])
def test_a_key_must_be_right_to_the_last_letter(recorded, change):
    with pytest.raises(UnauthenticatedError):
        recorded.check_service.callers.find(change(recorded.key("one", "agent")))


def test_a_revoked_key_is_in_force_for_a_second_at_most_and_changes_nothing_in_it(recorded):
    key = recorded.key("agent-17", "agent")
    recorded.check()
    recorded.commit(lambda transaction: revoke_key(transaction, key.split("_")[1]))
    assert recorded.check().status_code == 401, "found again where it is committed"
    with pytest.raises(UnauthenticatedError):
        recorded.check_service.callers.find(key)
    with pytest.raises(InputError, match="no key in force"):
        recorded.commit(lambda transaction: revoke_key(transaction, key.split("_")[1]))


def test_a_key_found_is_believed_for_a_second(recorded):
    at = [0.0]
    callers, key = Callers(recorded.check_service.engine, clock=lambda: at[0]), recorded.key("one", "agent")
    first = asyncio.run(callers.of(key))
    recorded.commit(lambda transaction: end_access(transaction, "one", NOW))
    assert asyncio.run(callers.of(key)) is first
    at[0] = 1.1
    assert asyncio.run(callers.of(key)).access_ends_at == NOW


def test_whose_access_has_ended_reads_nothing(recorded):
    recorded.key(*AUDITOR)
    recorded.commit(lambda transaction: end_access(transaction, "aud", NOW + timedelta(seconds=1)))
    assert recorded.get("/v1/checks", by=AUDITOR).status_code == 200
    recorded.clock.at = NOW + timedelta(seconds=1)
    refused = recorded.get("/v1/checks", by=AUDITOR)
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")


def test_a_check_by_somebody_whose_access_has_ended_is_refused_and_recorded(recorded):
    recorded.key("agent-17", "agent")
    recorded.commit(lambda transaction: end_access(transaction, "agent-17", NOW))
    answer = recorded.check().json()
    assert (answer["verdict"], answer["reasons"][0]["code"]) == ("refused", "access_ended")
    assert answer["entry"]


@pytest.mark.parametrize(("named", "by"), [("leaver", "the-tool"), ("somebody", "leaver")])
def test_the_end_of_the_actors_and_of_the_callers_access_both_count(recorded, named, by):
    recorded.commit(lambda transaction: end_access(transaction, "leaver", NOW + timedelta(hours=1)))
    given = {"account": {"platform": "x", "account_id": "9", "handle": "JaneR0e"}, "action": "suspend", "actor": named}
    answer = recorded.post("/v1/checks", json=given, by=(by, "agent")).json()
    assert "access_ending" in {reason["code"] for reason in answer["reasons"]}


@pytest.mark.parametrize("actor", ["", "*", "a\nb", "a" * 201])
def test_an_actors_name_is_plain(recorded, actor):
    with pytest.raises(InputError, match="actor"):
        recorded.commit(lambda transaction: create_key(transaction, actor, ["agent"]))


def test_a_key_needs_a_role(recorded):
    with pytest.raises(InputError, match="role"):
        recorded.commit(lambda transaction: create_key(transaction, "one", []))


def test_keys_are_listed_with_what_is_known_of_their_actors(recorded):
    recorded.key("one", "agent")
    recorded.commit(lambda transaction: end_access(transaction, "one", NOW))
    [(row, access_ends_at)] = list_keys(recorded.check_service.engine)
    assert (row.actor, row.roles, row.revoked, row.person) == ("one", "agent", None, None)
    assert access_ends_at == NOW


def test_a_spelling_makes_no_other_person():
    assert same_person(" Jane ", "j\u0430ne")
    assert not same_person("jane", "jane2")


def test_a_caller_goes_by_all_names_of_the_person(recorded):
    for actor in ("jane-day", "jane-night"):
        recorded.commit(lambda transaction, actor=actor: create_key(transaction, actor, ["agent"], person="P-7"))
    recorded.commit(lambda transaction: end_access(transaction, "JANE-NIGHT", NOW))
    key = recorded.commit(lambda transaction: create_key(transaction, "jane-day", ["agent"]))
    caller = recorded.check_service.callers.find(key)
    assert all(caller.is_called(name) for name in ("Jane-Day", "jane-night", "P-7"))
    assert not caller.is_called("P-8")
    assert caller.access_ends_at == NOW
    assert Caller("id", "jane", frozenset()).is_called("JANE"), "also one that was not looked up"


@pytest.mark.parametrize("name", ["J\u0430ne", "Ja\u200bne", " Jane", "\u200b"])
@pytest.mark.parametrize("field", ["actor", "person"])
def test_a_name_that_only_looks_like_another_gets_no_key(recorded, name, field):
    names = {"actor": "Jane", "person": None} | {field: name}
    with pytest.raises(InputError, match=f"'{field}': (must have no invisible|mixes)"):
        recorded.commit(lambda transaction: create_key(transaction, names["actor"], ["agent"], person=names["person"]))


def test_nobody_is_tied_to_two_ids(recorded):
    recorded.commit(lambda transaction: create_key(transaction, "Jane", ["agent"], person="P-7"))
    recorded.commit(lambda transaction: create_key(transaction, "JANE", ["reviewer"], person="p-7"))
    with pytest.raises(InputError, match="'person': must be 'P-7'"):
        recorded.commit(lambda transaction: create_key(transaction, "jane", ["agent"], person="P-8"))


def test_an_end_of_access_is_of_somebody_who_is_known(recorded):
    def known(name):
        return recorded.commit(lambda transaction: require_known(transaction, name))

    with pytest.raises(InputError, match=r"'actor': 'agent-17' has no key.*--new"):
        known("agent-17")
    recorded.post("/v1/checks", json=client_body(), by=("the-tool", "agent"))
    known("AGENT-17")
    known("The-Tool")
