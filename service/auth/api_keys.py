"""Callers: API keys, what they may do, and until when their actors have access. No FastAPI here.

A key is ``dck_<id>_<secret>``, shown once. Of the secret, 32 random bytes, only the SHA-256 is kept: there is nothing
to guess, so that a slow hash would only slow down every request.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import re
import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from sqlalchemy import Engine, Row, bindparam, select, update

from classifier.errors import InputError
from service.errors import ForbiddenError, UnauthenticatedError
from service.records.database import translated
from service.records.tables import access, access_ends, keys, moment, stamp
from service.records.transaction import Transaction

Role = Literal["agent", "reviewer", "admin", "auditor"]
ROLES: tuple[Role, ...] = get_args(Role)
# Seconds for which a key that was looked up is believed; whatever changes something looks again when it is committed.
BELIEVED = 1.0
_KEY = re.compile(r"dck_([0-9a-f]{16})_([A-Za-z0-9_-]{43})")
_ACTOR = re.compile(r"[^\x00-\x1f\x7f*]{1,200}")


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose key came with a request."""

    key_id: str
    actor: str
    roles: frozenset[str]
    access_ends_at: datetime | None = None

    def require(self, *allowed: Role) -> None:
        """Refuse a caller that has none of these roles.

        Raises
        ------
        ForbiddenError
        """
        if not self.roles & set(allowed):
            raise ForbiddenError(f"this needs a key with the role {' or '.join(allowed)}")

    def require_access(self, now: datetime) -> None:
        """Refuse a caller whose access has ended.

        Raises
        ------
        ForbiddenError
        """
        if self.access_ends_at and self.access_ends_at <= now:
            raise ForbiddenError("this actor's access has ended")


def same_person(one: str, other: str) -> bool:
    """Tell whether two actors' names are one: case and white space around them make no other person of anybody."""
    return one.strip().casefold() == other.strip().casefold()


# --- what the command line does --------------------------------------------------------------------------------------


def create_key(transaction: Transaction, actor: str, roles: Iterable[Role]) -> str:
    """Make a key and return it: the only time that it is seen.

    Raises
    ------
    InputError
        If the actor's name or the roles cannot be used.
    """
    named = [role for role in ROLES if role in set(roles)]
    if not named:
        raise InputError(f"must be one or more of {', '.join(ROLES)}", field="role")
    if not _ACTOR.fullmatch(actor):
        raise InputError('must have 1 to 200 characters, none of them a control character or "*"', field="actor")
    name, secret = secrets.token_hex(8), secrets.token_urlsafe(32)
    row = {"id": name, "digest": _digest(secret), "actor": actor, "roles": " ".join(named)}
    row["created_at"] = transaction.stamp
    transaction.record(keys, "key_created", name, row, actor=actor, roles=named)
    return f"dck_{name}_{secret}"


def revoke_key(transaction: Transaction, key_id: str) -> None:
    """Take a key out of force, for good.

    Raises
    ------
    InputError
        If there is no such key in force.
    """
    if not transaction.read(select(keys.c.id).where(keys.c.id == key_id, keys.c.revoked.is_(None))):
        raise InputError("is no key in force; 'doublecheck keys list' shows them", field="key_id")
    entry = transaction.log("key_revoked", key_id)
    transaction.change(_REVOKE, which=key_id, entry=entry.seq)


_REVOKE = update(keys).where(keys.c.id == bindparam("which")).values(revoked=bindparam("entry"))


def end_access(transaction: Transaction, actor: str, ends_at: datetime | None) -> None:
    """Register when an actor's access ends; ``None``: no end is known."""
    row = {"actor": actor, "access_ends_at": None if ends_at is None else stamp(ends_at)}
    transaction.record(access_ends, "access_end_set", "actor", row, **row)


def list_keys(engine: Engine) -> list[Row[Any]]:
    """Return all keys with their actors' ends of access, the oldest first."""
    query = select(keys, access.c.access_ends_at).outerjoin(access, keys.c.actor == access.c.actor).order_by(keys.c.seq)
    with translated(), engine.connect() as connection:
        return list(connection.execute(query))


# --- what every request does -----------------------------------------------------------------------------------------


class Callers:
    """Finds the caller of a request. What was found is believed for ``BELIEVED`` seconds."""

    def __init__(self, engine: Engine, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._engine = engine
        self._clock = clock
        self._known: dict[str, tuple[float, Caller]] = {}

    async def of(self, key: str) -> Caller:
        """Return the caller whose key this is; what was found just now needs no look at the database.

        Raises
        ------
        UnauthenticatedError, RecordsError
            As ``find``.
        """
        at, caller = self._known.get(key, (0.0, None))
        if caller and self._clock() - at < BELIEVED:
            return caller
        return await asyncio.to_thread(self.find, key)

    def find(self, key: str) -> Caller:
        """Return the caller whose key this is.

        Raises
        ------
        UnauthenticatedError
            If it is nobody's, or not in force any more.
        RecordsError
            If the database cannot be asked.
        """
        parts = _KEY.fullmatch(key)
        row = self._row(parts[1]) if parts else None
        if parts is None or row is None or not hmac.compare_digest(row.digest, _digest(parts[2])):
            raise UnauthenticatedError("this is no API key in force; 'doublecheck keys create' makes one")
        caller = Caller(
            row.id, row.actor, frozenset(row.roles.split()), row.access_ends_at and moment(row.access_ends_at)
        )
        if len(self._known) > 10_000:
            self._known.clear()
        self._known[key] = self._clock(), caller
        return caller

    def _row(self, key_id: str) -> Row[Any] | None:
        query = select(keys, access.c.access_ends_at).outerjoin(access, keys.c.actor == access.c.actor)
        with translated(), self._engine.connect() as connection:
            return connection.execute(query.where(keys.c.id == key_id, keys.c.revoked.is_(None))).one_or_none()


def key_id_of(key: str) -> str | None:
    """Return the id of what is written like a key, whether or not there is one; ``None`` for anything else."""
    parts = _KEY.fullmatch(key)
    return parts[1] if parts else None


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
