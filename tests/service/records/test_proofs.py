"""An entry is proved by what verifying the whole log would look at, and by nothing less."""

import pytest
from sqlalchemy import delete, update

from service.decisions.recorded import reader
from service.records.proofs import prove
from service.records.tables import checkpoints, decisions, log


@pytest.fixture
def checked(recorded):
    """The numbers of the entries of a check and what follows it, in a log with others around it."""
    recorded.check()
    check_id = recorded.check().json()["check_id"]
    recorded.check()
    history = recorded.get(f"/v1/checks/{check_id}").json()["history"]
    return [line["seq"] for line in history]


def proofs(recorded, seqs):
    with recorded.check_service.engine.connect() as connection:
        return prove(reader(connection), seqs, recorded.check_service.signer.public())


def change(recorded, statement):
    with recorded.check_service.engine.begin() as connection:
        connection.execute(statement)


def test_what_is_as_it_was_is_proved(recorded, checked):
    found = proofs(recorded, checked)
    assert list(found) == checked
    assert not [proof.fault for proof in found.values() if proof.fault]
    assert {proof.signed_seq for proof in found.values()} == {checked[-1]}
    assert {proof.key_id for proof in found.values()} == set(recorded.check_service.signer.public())


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        (lambda seq: update(log).where(log.c.seq == seq).values(data="{}"), "was changed"),
        (lambda seq: update(decisions).where(decisions.c.seq == seq).values(verdict="refused"), "another row"),
        (lambda seq: update(decisions).where(decisions.c.seq == seq).values(record="{}"), "another row"),
        (lambda seq: delete(checkpoints).where(checkpoints.c.seq >= seq), "not covered"),
        (lambda seq: update(checkpoints).where(checkpoints.c.seq >= seq).values(signature="AAAA"), "wrong signature"),
        (lambda seq: update(checkpoints).where(checkpoints.c.seq >= seq).values(signed_by="?"), "not trusted"),
        (lambda seq: update(log).where(log.c.seq == seq + 1).values(at="2020"), "was changed"),
    ],
)
def test_what_was_changed_is_not(recorded, checked, statement, fault):
    change(recorded, statement(checked[0]))
    assert fault in proofs(recorded, checked[:1])[checked[0]].fault


def test_a_change_elsewhere_does_not_touch_it(recorded, checked):
    change(recorded, update(log).where(log.c.seq == checked[0] - 1).values(data="{}"))
    assert proofs(recorded, checked[:1])[checked[0]].fault == ""
