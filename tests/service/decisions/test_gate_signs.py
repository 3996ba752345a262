"""A gate is known from its first sign of life on, as long as its key is in force; a sign allows nothing."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from service.auth.api_keys import key_id_of, revoke_key
from service.decisions.gate_signs import known_gates
from service.decisions.recorded import reader
from service.records.tables import log
from service.records.verification import verify
from tests.service.conftest import NOW

GATE = ("ozone-gate", "agent", "executor")


@pytest.fixture
def service(make_client, database_url):
    return make_client(database_url=database_url)


def sign(service, waiting=0, *, name="ozone", by=GATE):
    return service.request("PUT", f"/v1/gates/{name}", json={"waiting": waiting}, by=by)


def known(service):
    with service.check_service.engine.connect() as connection:
        return known_gates(reader(connection))


def test_the_first_sign_is_logged_and_later_ones_move_the_time(service):
    first = sign(service, 3).json()
    assert first == {"gate": "ozone", "at": "2026-05-01T12:00:00Z", "silent_after_minutes": 10.0}
    service.clock.at = NOW + timedelta(minutes=5)
    assert sign(service, 1).status_code == 200
    [gate] = known(service)
    assert (gate.name, gate.actor, gate.at, gate.waiting) == ("ozone", "ozone-gate", service.clock.at, 1)
    with service.check_service.engine.connect() as connection:
        kinds = list(connection.execute(select(log.c.kind).where(log.c.subject == "gate:ozone")).scalars())
        assert verify(connection, service.check_service.signer.public()).entries
    assert kinds == ["gate_began"]


def test_each_key_has_a_gate_of_its_own_and_a_revoked_one_counts_no_more(service):
    sign(service)
    sign(service, by=("second-gate", "executor"))
    assert len(known(service)) == 2
    service.commit(lambda unit: revoke_key(unit, key_id_of(service.key(*GATE))))
    assert [gate.actor for gate in known(service)] == ["second-gate"]


@pytest.mark.parametrize("name", ["Ozone", "a" * 41, "1st", "o_zone"])
def test_a_name_is_plain(client, name):
    assert sign(client, name=name).status_code == 422


@pytest.mark.parametrize("body", [{"waiting": -1}, {"waiting": "many"}, {"waiting": 2**31}, {"handle": "JaneRoe"}])
def test_a_sign_holds_a_count_and_nothing_else(client, body):
    assert client.request("PUT", "/v1/gates/ozone", json=body, by=GATE).status_code == 422
