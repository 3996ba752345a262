"""Sessions: what a person's cookie stands for, how long, and that it holds no right of its own."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from service.auth.api_keys import Caller, end_access, revoke_key
from service.errors import UnauthenticatedError
from service.records.tables import log, sessions

IDLE, LONGEST = timedelta(minutes=30), timedelta(hours=8)


@pytest.fixture
def check_service(recorded):
    """A service on each kind of database, with a clock to set."""
    recorded.clock.at = recorded.clock.at.replace(hour=12)
    return recorded.check_service


@pytest.fixture
def caller(recorded):
    return Caller(recorded.key("ada", "reviewer").split("_")[1], "ada", frozenset({"reviewer"}))


def rows(recorded, table=sessions):
    with recorded.check_service.engine.connect() as connection:
        return connection.execute(select(table)).all()


def ended(check_service, token):
    with pytest.raises(UnauthenticatedError, match="sign in again"):
        asyncio.run(check_service.sessions.find(token))
    return True


def test_a_session_is_its_keys_actor_and_roles(check_service, caller):
    found = asyncio.run(check_service.sessions.find(asyncio.run(check_service.sessions.begin(caller))))
    assert (found.caller, found.demo) == (caller, False)


def test_the_database_cannot_tell_the_token(recorded, check_service, caller):
    token = asyncio.run(check_service.sessions.begin(caller))
    assert token not in str([*rows(recorded), *rows(recorded, log)])


def test_the_csrf_token_is_of_one_session_and_does_not_give_the_session_away(check_service, caller):
    found = [
        asyncio.run(check_service.sessions.find(asyncio.run(check_service.sessions.begin(caller)))) for _ in range(2)
    ]
    assert found[0].csrf != found[1].csrf
    assert found[0].token not in found[0].csrf
    assert ended(check_service, found[0].csrf[:43])


def test_unused_it_ends_after_a_while_and_used_it_goes_on(recorded, check_service, caller):
    token = asyncio.run(check_service.sessions.begin(caller))
    for _ in range(4):
        recorded.clock.at += IDLE - timedelta(seconds=1)
        asyncio.run(check_service.sessions.find(token))
    recorded.clock.at += IDLE
    assert ended(check_service, token)


def test_used_it_ends_all_the_same_after_some_hours(recorded, check_service, caller):
    token, began = asyncio.run(check_service.sessions.begin(caller)), recorded.clock.at
    while recorded.clock.at < began + LONGEST - IDLE:
        recorded.clock.at += IDLE - timedelta(minutes=1)
        asyncio.run(check_service.sessions.find(token))
    recorded.clock.at = began + LONGEST
    assert ended(check_service, token)


def test_a_key_that_is_revoked_ends_its_sessions(recorded, check_service, caller):
    token = asyncio.run(check_service.sessions.begin(caller))
    recorded.commit(lambda transaction: revoke_key(transaction, caller.key_id))
    assert ended(check_service, token)
    with pytest.raises(UnauthenticatedError):
        asyncio.run(check_service.sessions.begin(caller))


def test_when_access_ends_is_known_at_once(recorded, check_service, caller):
    token, end = asyncio.run(check_service.sessions.begin(caller)), recorded.clock.at + timedelta(hours=1)
    recorded.commit(lambda transaction: end_access(transaction, "ada", end))
    assert asyncio.run(check_service.sessions.find(token)).caller.access_ends_at == end


def test_signing_out_ends_it_for_good_and_no_other(recorded, check_service, caller):
    one, other = (asyncio.run(check_service.sessions.begin(caller)) for _ in range(2))
    asyncio.run(check_service.sessions.end(asyncio.run(check_service.sessions.find(one))))
    assert ended(check_service, one)
    assert asyncio.run(check_service.sessions.find(other))


@pytest.mark.parametrize("token", ["", "a", "a" * 43, "ä" * 43, "a" * 10_000, "' OR 1=1 --"])
def test_what_is_no_token_is_no_session(check_service, token):
    assert ended(check_service, token)


def test_what_has_ended_is_forgotten(recorded, check_service, caller):
    asyncio.run(check_service.sessions.begin(caller))
    recorded.clock.at += IDLE - timedelta(seconds=1)
    kept = asyncio.run(check_service.sessions.begin(caller))
    recorded.clock.at += timedelta(seconds=2)
    asyncio.run(recorded.upkeep.prune())
    assert len(rows(recorded)) == 1
    assert asyncio.run(check_service.sessions.find(kept))


def test_the_log_says_who_signed_in_and_out(recorded, check_service, caller):
    asyncio.run(
        check_service.sessions.end(
            asyncio.run(check_service.sessions.find(asyncio.run(check_service.sessions.begin(caller))))
        )
    )
    kinds = [row.kind for row in rows(recorded, log) if row.subject == caller.key_id]
    assert kinds == ["key_created", "signed_in", "signed_out"]
