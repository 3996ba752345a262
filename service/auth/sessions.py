"""Sessions of people who signed in on the pages, with an API key or by a provider (``auth.oidc``). No FastAPI here.

A session is 32 random bytes, of which the database has the SHA-256. It holds no rights of its own: what its key may do
is looked up each time, so that a key that is revoked ends it. It ends when it was not used for a while, at the latest
some hours after it began, and when the person signs out.

References
----------
OWASP, Session Management Cheat Sheet:
https://cheatsheetseries.owasp.org/cheatsheets/Session_Management_Cheat_Sheet.html
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, Row, bindparam, delete, or_, select, update

from service.auth.api_keys import Caller
from service.errors import UnauthenticatedError
from service.records.database import translated
from service.records.group_commit import GroupCommitter
from service.records.people import People, people_by
from service.records.tables import keys, moment, sessions, stamp
from service.records.transaction import Answer, Transaction, Unit

# How stale the note of when a session was last used may be: it is not worth a write for each page.
NOTED = timedelta(minutes=1)
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class SessionTimes:
    """How long a session lasts: unused, and at most."""

    idle: timedelta = timedelta(minutes=30)
    longest: timedelta = timedelta(hours=8)


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who is signed in.

    Attributes
    ----------
    token : str
        What the cookie holds.
    demo : bool
        Whether it is one of the invented people of the demonstration.
    by_provider : bool
        Whether the provider of the sign-in (``auth.oidc``) said who it is.
    """

    token: str
    caller: Caller
    demo: bool
    by_provider: bool = False

    @property
    def csrf(self) -> str:
        """What every form of this session holds, and no other site can know."""
        return hmac.new(self.token.encode(), b"csrf", hashlib.sha256).hexdigest()


class Sessions:
    """Begins, finds and ends sessions.

    Parameters
    ----------
    clock : callable
        The time, aware.
    """

    def __init__(
        self, engine: Engine, committer: GroupCommitter, times: SessionTimes, *, clock: Callable[[], datetime]
    ) -> None:
        self.times = times
        self._engine = engine
        self._committer = committer
        self._clock = clock

    async def begin(self, caller: Caller, *, demo: bool = False) -> str:
        """Begin a session and return its token: the only time that it is seen here.

        Raises
        ------
        UnauthenticatedError, RecordsError
            If the caller's key is not in force any more; if nothing can be written.
        """
        token = secrets.token_urlsafe(32)

        def write(transaction: Transaction) -> Answer:
            transaction.log("signed_in", caller.key_id, actor=caller.actor)
            at = transaction.stamp
            transaction.add(
                sessions, digest=_digest(token), key_id=caller.key_id, demo=int(demo), began_at=at, used_at=at
            )
            return Answer("")

        await self._committer.answer(Unit(write, caller.key_id, caller.actor))
        return token

    async def find(self, token: str) -> Session:
        """Return the session of a token, and note that it is used.

        Raises
        ------
        UnauthenticatedError
            If there is none, or it has ended.
        RecordsError
            If the database cannot be asked.
        """
        found = await asyncio.to_thread(self._row, token) if _TOKEN.fullmatch(token) else None
        now = self._clock()
        if found is None or self._has_ended(found[0], now):
            raise UnauthenticatedError("the session has ended: sign in again")
        row, people = found
        if now - moment(row.used_at) > NOTED:
            await self._committer.answer(Unit(lambda transaction: _use(transaction, row.digest)))
        return Session(token, Caller.of(row, people), bool(row.demo), row.subject is not None)

    async def end(self, session: Session) -> None:
        """End a session for good."""

        def write(transaction: Transaction) -> Answer:
            transaction.log("signed_out", session.caller.key_id, actor=session.caller.actor)
            transaction.change(delete(sessions).where(sessions.c.digest == _digest(session.token)))
            return Answer("")

        await self._committer.answer(Unit(write))

    def forget(self, transaction: Transaction) -> None:
        """Remove what has ended by itself."""
        unused, old = transaction.now - self.times.idle, transaction.now - self.times.longest
        transaction.change(
            delete(sessions).where(or_(sessions.c.used_at < stamp(unused), sessions.c.began_at < stamp(old)))
        )

    def _has_ended(self, row: Row[Any], now: datetime) -> bool:
        return now - moment(row.used_at) >= self.times.idle or now - moment(row.began_at) >= self.times.longest

    def _row(self, token: str) -> tuple[Row[Any], People] | None:
        with translated(), self._engine.connect() as connection:
            row = connection.execute(_FIND, {"which": _digest(token)}).one_or_none()
            return None if row is None else (row, people_by(connection))


_FIND = (
    select(sessions, keys.c.id, keys.c.actor, keys.c.roles, keys.c.subject)
    .join(keys, keys.c.id == sessions.c.key_id)
    .where(sessions.c.digest == bindparam("which"), keys.c.revoked.is_(None))
)
_USE = update(sessions).where(sessions.c.digest == bindparam("which")).values(used_at=bindparam("now"))


def _use(transaction: Transaction, digest: str) -> Answer:
    transaction.change(_USE, which=digest, now=transaction.stamp)
    return Answer("")


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
